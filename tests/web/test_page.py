"""The page of picks as it is served: its first cards stand in it, in the order that its scripts ask for."""

import re
from dataclasses import replace

import pytest
from starlette.testclient import TestClient

from doublebill.model import Kind, Pick, Scores, Title, TitleKey
from doublebill.web.app import create_app
from doublebill.web.page import PERSON, UI, page_with, values_of

CARDS = re.compile(r'<li class="card" data-key="((?:movie|tv):\d+)">')
FILM = Title(key=TitleKey(Kind.MOVIE, 603), title='<b>"Matrix" & {title}</b>')
PICK = Pick(
    title=FILM, scores=Scores(hybrid=0.125, content=0.5, collaborative=0.5, quality=0.5, confidence=0.5), reasons=()
)
TEMPLATE = (
    '<template id="template-card"><li class="card" data-key="{key}">{title}</li></template>'
    '<pick-grid ><ul class="bill" role="list"></ul><ul class="grid" role="list"></ul>'
)


def keys(client: TestClient, address: str, **cookies: str) -> list[str]:
    """Give the keys of the cards that come with the page, in their order."""
    headers = {"cookie": "; ".join(f"{name}={value}" for name, value in cookies.items())} if cookies else {}
    answer = client.get(address, headers=headers)
    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"
    return CARDS.findall(answer.text)


def best(client: TestClient, user: str | None = None) -> list[str]:
    query = {"limit": "10", "sort": "varied"} | ({"user": user} if user else {})
    picks = client.get("/recommendations/weighted", params=query).json()["recommendations"]
    return [f"{pick['type']}:{pick['tmdb_id']}" for pick in picks]


@pytest.mark.parametrize("address", ["/ui/", "/ui/index.html"])
def test_the_first_cards_come_with_the_page(client, address):
    assert keys(client, address) == best(client) != []


def test_they_are_those_of_whoever_the_address_names(client):
    everybody = client.get("/people").json()["people"]
    for person in everybody:
        assert keys(client, f"/ui/?user={person['id']}") == best(client, person["id"])


def test_they_are_those_of_whoever_is_remembered(client):
    person = client.get("/people").json()["people"][0]["id"]
    assert keys(client, "/ui/", **{PERSON: person}) == best(client, person)
    assert keys(client, "/ui/", **{PERSON: ""}) == best(client)


@pytest.mark.parametrize("address", ["/ui/?kind=tv", "/ui/?sort=newest", "/ui/?user=nobody"])
def test_what_the_scripts_have_to_ask_for_comes_as_outlines(client, address):
    assert keys(client, address) == []
    assert "data-served" not in client.get(address).text


def test_without_picks_the_page_comes_as_it_is_written(new_engine):
    assert keys(TestClient(create_app(new_engine, syncs_on_start=False)), "/ui/") == []


def test_whatever_a_title_says_is_escaped():
    page = page_with(TEMPLATE, [PICK], None)
    assert "&lt;b&gt;&quot;Matrix&quot; &amp; {title}&lt;/b&gt;" in page.split("</template>")[1]


def test_halves_go_up_as_in_a_browser():
    told = values_of(replace(PICK, title=replace(FILM, vote_average=7.25)), None)
    assert (told["points"], told["rating"]) == ("13", "7.3")
    assert values_of(PICK, None)["rating"] == "Not rated"


def test_a_cards_link_keeps_whose_picks_they_are():
    assert values_of(PICK, None)["query"] == "title=movie:603"
    assert values_of(PICK, "Mary Ann")["query"] == "user=Mary+Ann&title=movie:603"


def test_the_sheets_that_the_page_needs_at_once_come_as_one(client):
    named = re.findall(r'rel="stylesheet" href="css/(\w+\.css)">', (UI / "index.html").read_text("utf-8"))
    assert re.findall(r'rel="stylesheet" href="css/(\w+\.css)">', client.get("/ui/").text) == ["first.css"]
    answer = client.get("/ui/css/first.css")
    assert answer.headers["content-type"].startswith("text/css")
    assert answer.text == "".join((UI / "css" / name).read_text("utf-8") for name in named)
    again = client.get("/ui/css/first.css", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


def test_a_file_is_given_whole_and_once(client):
    answer = client.get("/ui/lib/api.js")
    assert "javascript" in answer.headers["content-type"]
    assert int(answer.headers["content-length"]) == len(answer.content)
    again = client.get("/ui/lib/api.js", headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.head("/ui/lib/api.js").content == b""
