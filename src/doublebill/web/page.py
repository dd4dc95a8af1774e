"""GET /ui/: the page of picks, whose first cards stand in it already, so that they are seen before any script has come.

What it cannot be painted without, its style sheets, comes in one answer: a browser is slower to ask than we to join. A
card's markup is the page's own ``template-card``, which the scripts fill in the same way; they keep the cards that
they find. What the address filters or sorts is left to them: then, and where there is nothing to show, the page comes
as it is written, with the outlines of cards.
"""

import hashlib
import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from html import escape
from importlib.resources import files
from os import stat_result
from pathlib import Path
from urllib.parse import unquote, urlencode

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response
from fastapi.staticfiles import StaticFiles
from starlette.staticfiles import PathLike
from starlette.types import Scope

from doublebill.core.recommend import recommend_page
from doublebill.core.wish import Sort, Wish
from doublebill.errors import DoublebillError
from doublebill.model import Kind, Pick
from doublebill.web.context import EngineOf, person_of

UI = Path(str(files("doublebill") / "ui"))
PERSON = "doublebill.person"
"""The cookie by which the page remembers whose picks are meant."""

SERVED = {"user", "title"}
"""What an address may hold beside: a title opens over the same cards."""

LARGE = 2
TEMPLATE = re.compile(r'<template id="template-card">(.*?)</template>', re.DOTALL)
LISTS = re.compile(r'(<ul class="(?:bill|grid)" role="list">)(.*?)(</ul>)', re.DOTALL)
SHEET = re.compile(r'  <link rel="stylesheet" href="css/(\w+\.css)">\n')
JOINED = "css/first.css"
PLACE = re.compile(r"\{(\w+)\}")

router = APIRouter()


class Pages(StaticFiles):
    """The pages' own files, small and many: each is read in one go, which takes less than asking threads."""

    def file_response(
        self, full_path: PathLike, stat_result: stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        """Give one file whole, or 304 to whoever has it."""
        answer = super().file_response(full_path, stat_result, scope, status_code)
        if not isinstance(answer, FileResponse):
            return answer
        headers = {name: value for name, value in answer.headers.items() if name != "accept-ranges"}
        return Response(Path(full_path).read_bytes(), status_code, headers)


@router.get("/ui/", include_in_schema=False)
@router.get("/ui/index.html", include_in_schema=False)
def picks_page(request: Request, engine: EngineOf) -> HTMLResponse:
    """Give the page for whoever is meant: named in the address, else remembered, else the default person."""
    page = _joined((UI / "index.html").read_text("utf-8"))
    outlines = page.count('class="card ghost"')
    picks = _first_picks(request, engine, outlines) if request.query_params.keys() <= SERVED else []
    told = page_with(page, picks, request.query_params.get("user")) if len(picks) == outlines else page
    return HTMLResponse(told, headers={"Cache-Control": "no-cache"})


@router.get("/ui/css/first.css", include_in_schema=False)
def first_sheets(request: Request) -> Response:
    """Give the style sheets that the page loads at once, one after the other, or 304 to whoever has them."""
    names = SHEET.findall((UI / "index.html").read_text("utf-8"))
    sheets = b"".join((UI / "css" / name).read_bytes() for name in names)
    headers = {"ETag": f'"{hashlib.sha256(sheets).hexdigest()[:16]}"'}
    if request.headers.get("if-none-match") == headers["ETag"]:
        return Response(status_code=304, headers=headers)
    return Response(sheets, media_type="text/css", headers=headers)


def _joined(page: str) -> str:
    before, *_ = SHEET.split(page, maxsplit=1)
    return f'{before}  <link rel="stylesheet" href="{JOINED}">\n{SHEET.sub("", page[len(before) :])}'


def _first_picks(request: Request, engine: EngineOf, limit: int) -> list[Pick]:
    """Give the best picks; none where they cannot be had: the page asks again, and says why."""
    user = request.query_params.get("user") or unquote(request.cookies.get(PERSON, "")) or None
    try:
        if engine.edition_at_hand is None:  # just started: the page comes at once, and its cards when they can
            return []
        person = person_of(request, engine, user)
        wish = Wish(limit=limit, weights=engine.weights_of(person), sort=Sort.VARIED)
        return recommend_page(engine.edition.reader(person), wish).picks
    except DoublebillError:
        return []


def page_with(page: str, picks: list[Pick], user: str | None) -> str:
    """Give the page with these picks as cards in its lists, the first two large; ``user`` stands in their addresses."""
    found = TEMPLATE.search(page)
    assert found is not None  # it is our own file
    cards = [_card(found[1], values_of(pick, user)) for pick in picks]
    parts = iter(["".join(cards[:LARGE]), "".join(cards[LARGE:])])
    told = LISTS.sub(lambda each: f"{each[1]}{next(parts)}{each[3]}", page, count=2)
    return told.replace("<pick-grid ", "<pick-grid data-served ", 1)


def _card(template: str, values: Mapping[str, str]) -> str:
    return PLACE.sub(lambda place: escape(values[place[1]]), template)


def values_of(pick: Pick, user: str | None) -> dict[str, str]:
    """Give what stands in a card, by the names of its places, in the words of lib/format.js."""
    title = pick.title
    is_film = title.key.kind is Kind.MOVIE
    key = f"{title.key.kind}:{title.key.tmdb_id}"
    query = {"user": user, "title": key} if user else {"title": key}
    return {
        "key": key,
        "title": title.title,
        "genres": "|".join(title.genres),
        "facts": " · ".join(filter(None, ["Film" if is_film else "Series", str(title.year or "")])),
        "path": title.poster_path or "",
        "points": _rounded(pick.scores.hybrid * 100, "1"),
        "query": urlencode(query).replace("%3A", ":"),
        "rating": "Not rated" if title.vote_average is None else _rounded(title.vote_average, "0.1"),
        "reason": pick.reasons[0].text if pick.reasons else "",
        "plot": title.overview or "",
        "service": "Radarr" if is_film else "Sonarr",
    }


def _rounded(value: float, step: str) -> str:
    """Round as a browser does: halves go up."""
    return str(Decimal(value).quantize(Decimal(step), ROUND_HALF_UP))
