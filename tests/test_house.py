"""The house style, as far as a program can check it; CONTRIBUTING.md says it in words."""

import ast
import re
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from typing import TypeAlias

import pytest
import typer

from doublebill import errors
from doublebill.cli import app
from doublebill.config import Settings

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "doublebill"
SOURCES = sorted(PACKAGE.rglob("*.py"))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
WRITTEN = [ROOT / name for name in ("src", "tests", "benchmarks", "docs", "packaging", ".ci")]

BLIND_CATCHERS = {"web/problems.py", "sync/runner.py"}
"""The boundary of a request and of a sync: where everything is caught, and logged with its traceback."""

PRINTERS = {"cli"}
OF_COMPOSE = {"PUID", "PGID"}
"""Read by docker compose alone."""

LAZY_IMPORTERS: set[str] = set()
"""Files that load an optional extra inside a function."""

NO_ROOM = {"utils", "util", "helpers", "helper", "common", "misc", "shared", "base"}
HTTP_METHODS = {"get", "post", "put", "patch", "delete"}

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def name_of(path: Path) -> str:
    return path.relative_to(PACKAGE if path.is_relative_to(PACKAGE) else ROOT).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), str(path))


def functions(tree: ast.AST) -> Iterator[Function]:
    return (node for node in ast.walk(tree) if isinstance(node, Function))


def lines_of(function: Function) -> int:
    return (function.end_lineno or function.lineno) - function.lineno + 1


def parameters_of(function: Function) -> int:
    given = function.args
    names = [each.arg for each in (*given.posonlyargs, *given.args, *given.kwonlyargs)]
    return len([name for name in names if name not in ("self", "cls")])


def found(seek: Callable[[ast.AST], bool], but_in: set[str]) -> list[str]:
    """Give file:line of every node that is sought, but for the files and folders that may have it."""
    return [
        f"{name_of(path)}:{getattr(node, 'lineno', 0)}"
        for path in SOURCES
        if name_of(path) not in but_in and name_of(path).split("/")[0] not in but_in
        for node in ast.walk(tree_of(path))
        if seek(node)
    ]


def documentation() -> str:
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs").rglob("*.md")))


# Sizes


def test_a_file_has_at_most_400_lines() -> None:
    pages = [path for end in ("js", "css", "html", "sql") for path in PACKAGE.rglob(f"*.{end}")]
    lengths = {name_of(path): len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES + TESTS + pages}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_the_median_file_has_at_most_150_lines() -> None:
    assert statistics.median(len(path.read_text(encoding="utf-8").splitlines()) for path in SOURCES) <= 150


def test_a_function_has_at_most_60_lines_and_6_parameters() -> None:
    sized = [
        (f"{name_of(path)}:{function.name}", lines_of(function), parameters_of(function))
        for path in SOURCES
        for function in functions(tree_of(path))
    ]
    assert [each for each in sized if each[1] > 60 or each[2] > 6] == []


def test_most_functions_are_short() -> None:
    lengths = sorted(lines_of(function) for path in SOURCES for function in functions(tree_of(path)))
    assert statistics.median(lengths) <= 10
    assert lengths[len(lengths) * 95 // 100] <= 40


# Names, imports and what only some may do


def test_every_module_is_named_for_a_thing() -> None:
    assert [name_of(path) for path in SOURCES if path.stem.strip("_") in NO_ROOM] == []


def test_the_import_contracts_hold() -> None:
    # In a process of its own: import-linter silences every logger of the process it runs in.
    tool = Path(sys.executable).parent / "lint-imports"
    checked = subprocess.run([tool, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_imports_stand_at_the_top() -> None:
    late = [
        f"{name_of(path)}:{node.lineno}"
        for path in SOURCES
        if name_of(path) not in LAZY_IMPORTERS
        for function in functions(tree_of(path))
        for node in ast.walk(function)
        if isinstance(node, ast.Import | ast.ImportFrom)
    ]
    assert late == []


def test_everything_is_caught_at_the_two_edges_only() -> None:
    def is_blind(node: ast.AST) -> bool:
        if not isinstance(node, ast.ExceptHandler):
            return False
        caught = ast.walk(node.type) if node.type else iter(())
        names = {each.id for each in caught if isinstance(each, ast.Name)}
        return node.type is None or bool(names & {"Exception", "BaseException"})

    assert found(is_blind, but_in=BLIND_CATCHERS) == []


def test_only_config_reads_the_environment() -> None:
    readers = {"environ", "getenv", "environb", "putenv"}

    def reads(node: ast.AST) -> bool:
        if isinstance(node, ast.ImportFrom):
            return node.module == "os" and any(alias.name in readers for alias in node.names)
        return isinstance(node, ast.Attribute) and node.attr in readers and getattr(node.value, "id", None) == "os"

    # embedding only forbids onnxruntime to report its use, before anything can load it.
    assert found(reads, but_in={"config.py", "embedding/__init__.py"}) == []


def test_only_the_command_line_prints() -> None:
    def prints(node: ast.AST) -> bool:
        return isinstance(node, ast.Call) and getattr(node.func, "id", None) == "print"

    assert found(prints, but_in=PRINTERS) == []


# Docstrings and documents


def undocumented(node: ast.AST, name: str) -> Iterator[str]:
    """Name what is public in a module or class and has no docstring."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, Function | ast.ClassDef) and not child.name.startswith("_"):
            if not ast.get_docstring(child):
                yield f"{name}:{child.name}"
            if isinstance(child, ast.ClassDef):
                yield from undocumented(child, f"{name}:{child.name}")


@pytest.mark.parametrize("path", SOURCES, ids=name_of)
def test_what_is_public_has_a_docstring(path: Path) -> None:
    tree = tree_of(path)
    assert ast.get_docstring(tree), "the module has none"
    assert list(undocumented(tree, name_of(path))) == []


def our_errors() -> dict[str, type[errors.DoublebillError]]:
    return {
        name: each
        for name, each in vars(errors).items()
        if isinstance(each, type) and issubclass(each, errors.DoublebillError)
    }


def test_the_tree_of_errors_is_drawn_as_it_is() -> None:
    drawn: dict[str, str] = {}
    branch: list[str] = []
    for margin, name in re.findall(r"^ {4}([│├└─ ]*)(\w+)(?=  |\n)", errors.__doc__ or "", re.MULTILINE):
        branch[len(margin) // 4 :] = [name]
        drawn[name] = branch[-2] if len(branch) > 1 else "Exception"
    assert drawn == {name: each.__base__.__name__ for name, each in our_errors().items() if each.__base__}


def test_every_error_code_is_its_own_and_documented() -> None:
    codes = [each.code for each in our_errors().values()]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if f"`{code}`" not in documentation()] == []


@pytest.mark.parametrize("field", Settings.model_fields)
def test_every_setting_is_documented_as_the_code_says_it(field: str) -> None:
    setting = Settings.model_fields[field]
    default = "" if setting.default in (None, "") else f"`{setting.default}`"
    row = f"| `{setting.alias}` | {default} | {setting.description} |".replace("|  |", "| |")
    assert row in (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")


def test_the_example_names_every_setting_and_no_other() -> None:
    example = (ROOT / ".env.example").read_text(encoding="utf-8")
    named = set(re.findall(r"^#? ?([A-Z][A-Z_]+)=", example, re.MULTILINE))
    assert named - OF_COMPOSE == {str(setting.alias) for setting in Settings.model_fields.values()}


def test_every_command_is_documented() -> None:
    commands = typer.main.get_group(app).commands
    assert [name for name in commands if not re.search(rf"`doublebill {name}\b", documentation())] == []


def endpoints() -> Iterator[str]:
    """Give "METHOD /path" of every endpoint that the interface describes, as its decorator says it."""
    for path in sorted((PACKAGE / "web").rglob("*.py")):
        for call in (each for function in functions(tree_of(path)) for each in function.decorator_list):
            if (
                isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in HTTP_METHODS
                and not any(each.arg == "include_in_schema" for each in call.keywords)
            ):
                yield f"{call.func.attr.upper()} {ast.literal_eval(call.args[0])}"


def test_every_endpoint_is_documented() -> None:
    text = documentation()
    assert [each for each in endpoints() if not re.search(re.escape(each) + r"(?![\w/{-])", text)] == []


# The repository


def written_files() -> Iterator[tuple[Path, str]]:
    """Give every text file that people wrote; what tools and runs leave behind is not looked at."""
    loose = [path for path in ROOT.iterdir() if path.is_file() and path.name != ".env"]
    deep = [path for folder in WRITTEN for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"]
    for path in loose + deep:
        try:
            yield path, path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue


def test_no_file_names_a_machine_or_a_registry() -> None:
    # Put together here, so that this file passes its own test.
    homes = [r"/(?:home|Users)/[a-z][\w-]*/", "/" + r"root/", "/" + r"work/", r"[A-Z]:\\" + r"Users\\"]
    hosts = ["py" + r"pi\.org", "python" + "hosted", "npm" + r"js\.(?:org|com)", "debian" + r"\.org"]
    pattern = re.compile("|".join(homes + hosts))
    hits = [f"{name_of(path)}: {hit.group()}" for path, text in written_files() for hit in pattern.finditer(text)]
    assert hits == []


def test_every_target_of_make_has_a_line_of_help() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = re.search(r"^\.PHONY: (.*)$", makefile, re.MULTILINE)
    helped = re.findall(r"^([a-z0-9]+):[^#\n]*## \S", makefile, re.MULTILINE)
    assert targets
    assert targets[1].split() == helped
