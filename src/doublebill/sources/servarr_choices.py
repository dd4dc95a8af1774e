"""Which profile, folder and tags a wish gets: what was chosen, checked against what the service has.

Pure functions. What does not exist is a Conflict that names what does, so that a person can choose again.
"""

import re
from collections.abc import Iterable, Sequence

from doublebill.errors import Conflict
from doublebill.sources.servarr import Profile, RootFolder, Tag


def choose_profile(source: str, profiles: Sequence[Profile], wanted: int | str | None) -> Profile:
    """Give the profile of that name (in any case) or id; the first where none is wanted.

    A name is tried before an id: settings are texts, and a profile may well be called "1080".

    Raises: Conflict if there is no such profile, or none at all.
    """
    if not profiles:
        raise Conflict(f"{source} has no quality profile", hint=f"Make one in {source}: Settings, Profiles")
    if wanted is None:
        return profiles[0]
    text = str(wanted).strip().casefold()
    named = [] if isinstance(wanted, int) else [each for each in profiles if each.name.casefold() == text]
    found = named or [each for each in profiles if str(each.profile_id) == text]
    if not found:
        choices = ", ".join(f"{each.name} ({each.profile_id})" for each in profiles)
        raise Conflict(f"{source} has no quality profile {wanted}", hint=f"Choose one of: {choices}")
    return found[0]


def choose_root_folder(source: str, folders: Sequence[RootFolder], wanted: str | None) -> RootFolder:
    """Give the folder of that path; where none is wanted, the accessible one with most space, the first of equals.

    Raises: Conflict if there is no such folder, it is out of the service's reach, or no folder is within it.
    """
    open_folders = [folder for folder in folders if folder.is_accessible]
    if wanted is not None:
        return _named_folder(source, folders, wanted)
    if not open_folders:
        problem = "no root folder that it can reach" if folders else "no root folder"
        raise Conflict(f"{source} has {problem}", hint=f"Check {source}: Settings, Media Management, Root Folders")
    return max(open_folders, key=lambda folder: -1 if folder.free_bytes is None else folder.free_bytes)


def choose_tags(source: str, tags: Iterable[Tag], labels: Iterable[str]) -> tuple[list[int], tuple[str, ...]]:
    """Give the ids of the labels that exist, and the labels that have to be made; each once, in small letters.

    Raises: Conflict if a label has other characters than letters, digits and hyphens; neither service takes it.
    """
    wanted = list(dict.fromkeys(label.strip().lower() for label in labels))
    if bad := [label for label in wanted if not re.fullmatch("[a-z0-9-]+", label)]:
        hint = "A tag has letters a to z, digits and hyphens only"
        raise Conflict(f"{', '.join(map(repr, bad))} cannot be a tag in {source}", hint=hint)
    known = {tag.label: tag.tag_id for tag in tags}
    return [known[label] for label in wanted if label in known], tuple(each for each in wanted if each not in known)


def _named_folder(source: str, folders: Sequence[RootFolder], wanted: str) -> RootFolder:
    found = next((folder for folder in folders if _bare(folder.path) == _bare(wanted)), None)
    if found and found.is_accessible:
        return found
    choices = ", ".join(folder.path for folder in folders if folder.is_accessible) or f"{source} can reach none"
    problem = f"{source} cannot reach its root folder {wanted}" if found else f"{source} has no root folder {wanted}"
    raise Conflict(problem, hint=f"Choose one of: {choices}" if folders else f"{source} has no root folder at all")


def _bare(path: str) -> str:
    return path.strip().rstrip("/\\")
