import pytest

from doublebill.errors import Conflict
from doublebill.sources.servarr import Profile, RootFolder, Tag
from doublebill.sources.servarr_choices import choose_profile, choose_root_folder, choose_tags

PROFILES = [Profile(4, "HD-1080p"), Profile(1, "Any"), Profile(7, "4")]
FOLDERS = [
    RootFolder("/none", True, None),
    RootFolder("/small", True, 10),
    RootFolder("C:\\Films\\", True, 99),
    RootFolder("/same", True, 99),
    RootFolder("/away", False, 1000),
]


@pytest.mark.parametrize(
    ("wanted", "chosen"), [(None, 4), (1, 1), ("1", 1), ("any", 1), (" ANY ", 1), ("4", 7), (4, 4), ("hd-1080P", 4)]
)
def test_a_profile_is_chosen_by_name_then_by_id_else_the_first(wanted: int | str | None, chosen: int) -> None:
    assert choose_profile("Radarr", PROFILES, wanted).profile_id == chosen


def test_without_profiles_there_is_nothing_to_choose() -> None:
    with pytest.raises(Conflict, match="Radarr has no quality profile"):
        choose_profile("Radarr", [], None)


def test_the_accessible_folder_with_most_space_is_the_default_and_the_first_of_equals() -> None:
    assert choose_root_folder("Radarr", FOLDERS, None).path == "C:\\Films\\"
    assert choose_root_folder("Radarr", FOLDERS[:1], None).path == "/none"


@pytest.mark.parametrize("wanted", ["/small", "/small/", " /small "])
def test_a_folder_is_named_with_or_without_a_slash_at_the_end(wanted: str) -> None:
    assert choose_root_folder("Radarr", FOLDERS, wanted).path == "/small"
    assert choose_root_folder("Radarr", FOLDERS, "C:\\Films").path == "C:\\Films\\"


@pytest.mark.parametrize(
    ("folders", "wanted", "problem"),
    [
        ([], None, "no root folder"),
        ([], "/a", "no root folder /a"),
        (FOLDERS[-1:], None, "no root folder that it can reach"),
        (FOLDERS[-1:], "/away", "cannot reach its root folder /away"),
    ],
)
def test_no_folder_to_put_it_is_a_conflict(folders: list[RootFolder], wanted: str | None, problem: str) -> None:
    with pytest.raises(Conflict, match=problem) as caught:
        choose_root_folder("Radarr", folders, wanted)
    assert caught.value.hint


def test_tags_that_exist_are_ids_and_the_others_are_new_each_once() -> None:
    tags = [Tag(1, "family"), Tag(2, "kids")]
    assert choose_tags("Radarr", tags, ("Kids", "new-1", "kids ", "NEW-1")) == ([2], ("new-1",))
    assert choose_tags("Radarr", tags, ()) == ([], ())


@pytest.mark.parametrize("label", ["late night", "", "späti", "a_b"])
def test_a_label_that_the_service_would_not_take_is_a_conflict(label: str) -> None:
    with pytest.raises(Conflict, match="cannot be a tag"):
        choose_tags("Radarr", [], [label])
