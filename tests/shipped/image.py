"""The image without Docker: every stage of the Dockerfile is followed in a tree of its own, by root and in a namespace.

What the base image would bring is this machine, seen through an overlay: it lies below, read-only, and what the steps
write lies above, in a folder that is then the content of the image. The steps run as they stand, in that tree as their
root.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from shipped.dockerfile import Instruction, Stage

PYTHON = Path(sys.base_prefix, "bin", f"python{sys.version_info.major}.{sys.version_info.minor}")
"""What the trees call python3; a virtual environment's own would not do."""

SYSTEM_PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
OURS = ("PYTHON", "VIRTUAL_ENV", "DOUBLEBILL", "COVERAGE")
"""Beginnings of variables that are this process's; how packages are installed here is in others."""


@dataclass(slots=True)
class Tree:
    """A root folder, the folder with what was written to it, and what later instructions go by."""

    root: Path
    written: Path
    workdir: str = "/"
    user: str = "0:0"
    variables: dict[str, str] = field(default_factory=lambda: {"PATH": SYSTEM_PATH})

    def inside(self, path: str) -> Path:
        """Give where a path of the tree is from outside."""
        return self.root / str(Path(self.workdir, path)).lstrip("/")


def build(stages: Sequence[Stage], context: Path, scratch: Path) -> Tree:
    """Follow all stages and give the tree of the last."""
    built: dict[str, Tree] = {}
    for stage in stages:
        tree = built[stage.name] = mount_base(scratch / stage.name)
        for instruction in stage.instructions:
            _follow(instruction, tree, context, built)
    return built[stages[-1].name]


def mount_base(folder: Path) -> Tree:
    """Mount a tree that shows this machine and keeps what is written in a folder of its own."""
    above, work, root = (folder / name for name in ("written", "work", "root"))
    for each in (above, work, root):
        each.mkdir(parents=True)
    _call("mount", "-t", "overlay", "overlay", "-o", f"lowerdir=/,upperdir={above},workdir={work}", root)
    _mount_kernel(root)
    _let_everybody_reach_python(root)
    return Tree(root, above)


def mount_read_only(tree: Tree, root: Path, data: Path) -> Tree:
    """Mount a built tree so that nothing of it can be changed but a data folder and /tmp."""
    root.mkdir()
    _call("mount", "-t", "overlay", "overlay", "-o", f"ro,lowerdir={tree.written}:/", root)
    _mount_kernel(root)
    _call("mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", root / "tmp")
    _call("mount", "--bind", data, root / "data")
    return Tree(root, tree.written, tree.workdir, tree.user, tree.variables)


def start(tree: Tree, words: Sequence[str], variables: Mapping[str, str], user: str | None = None) -> list[str]:
    """Give the command line that runs words in a tree as the user of its image, or another, without any privilege."""
    uid, gid = (user or tree.user).split(":")
    rights = [f"--reuid={uid}", f"--regid={gid}", "--clear-groups", "--no-new-privs", "--bounding-set=-all"]
    pairs = [f"{name}={value}" for name, value in (tree.variables | dict(variables)).items()]
    changed = ["sh", "-c", 'cd "$0" && exec "$@"', tree.workdir]
    return ["chroot", str(tree.root), "setpriv", *rights, "env", "-i", *pairs, *changed, *words]


def _follow(instruction: Instruction, tree: Tree, context: Path, built: Mapping[str, Tree]) -> None:
    print_line(f"{instruction.word} {instruction.rest}")
    match instruction.word:
        case "RUN":
            _run(instruction.rest, tree)
        case "COPY":
            _copy(instruction.words, tree, context, built)
        case "WORKDIR":
            tree.workdir = instruction.rest
            tree.inside(".").mkdir(parents=True, exist_ok=True)
        case "ENV":
            tree.variables |= {
                name: value.replace("$PATH", tree.variables["PATH"]) for name, value in instruction.pairs.items()
            }
        case "USER":
            tree.user = instruction.rest


def _run(command: str, tree: Tree) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    _call("chroot", tree.root, "sh", "-c", f"cd {tree.workdir} && {{ {command}\n}}", env=kept | tree.variables)


def _copy(words: Sequence[str], tree: Tree, context: Path, built: Mapping[str, Tree]) -> None:
    """Copy as Docker does: of a folder what is in it."""
    *sources, target = [word for word in words if not word.startswith("--")]
    stage = next((word.removeprefix("--from=") for word in words if word.startswith("--from=")), None)
    place = tree.inside(target)
    for source in sources:
        origin = built[stage].inside(source) if stage else context / source
        if origin.is_dir():
            shutil.copytree(origin, place, symlinks=True, ignore=shutil.ignore_patterns("*.egg-info"))
        else:
            into = place / origin.name if target.endswith("/") else place
            into.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(origin, into)


def _let_everybody_reach_python(root: Path) -> None:
    """Name the interpreter as the base image does; where it lies in a home, the tree's users may pass through."""
    for folder in PYTHON.resolve().parents:
        inner = root / str(folder).lstrip("/")
        inner.chmod(inner.stat().st_mode | 0o011)
    named = root / "usr/local/bin/python3"
    named.unlink(missing_ok=True)
    named.write_text(f'#!/bin/sh\nexec {PYTHON} "$@"\n', encoding="utf-8")
    named.chmod(0o755)


def _mount_kernel(root: Path) -> None:
    for name in ("proc", "sys", "dev"):
        _call("mount", "--rbind", f"/{name}", root / name)


def _call(*words: str | Path, env: Mapping[str, str] | None = None) -> None:
    subprocess.run(words, check=True, env=env, stdin=subprocess.DEVNULL)


def print_line(text: str) -> None:
    """Print a line at once, between those of the steps."""
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()
