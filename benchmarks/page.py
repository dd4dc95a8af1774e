"""Measure the page of picks in a browser: what it loads, when its first cards are painted, how steadily it scrolls.

Usage: python benchmarks/page.py [--rounds N]

Each round begins a browser of its own, with nothing in its caches, against one demo. The frames are counted over a
stand-in answer of 1,000 picks. A machine that does other work shows it here first: goals are for one that does not, and
so the same is measured of two pages that can hardly be quicker. Bare is what the server gave without its scripts and
styles, from a server that does nothing else; empty has the height of the 1,000 picks, and nothing in it.
"""

import argparse
import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socket import create_server
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Browser, Page, Response, Route, sync_playwright

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
VIEW = {"width": 1440, "height": 900}
MANY = 1000
START_S = 300
SCROLL_S = 4
LIMITS = {"JS, KB": 60, "CSS, KB": 25, "first cards, ms": 300, "layout shift": 0.02, "frames a second": 60}

OBSERVE = """
window.measured = { cards: 0, shift: 0, first: 0 };
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) measured.shift += entry.value;
}).observe({ type: "layout-shift", buffered: true });
window.first = new Promise((resolve) =>
  new PerformanceObserver((list) => {
    const entry = list.getEntriesByName("first-contentful-paint")[0];
    if (entry) resolve((measured.first = entry.startTime));
  }).observe({ type: "paint", buffered: true }));
window.painted = new Promise((resolve) => {
  const look = () => {
    const isHere = document.querySelector("pick-grid [data-key]");
    requestAnimationFrame(isHere ? () => resolve((measured.cards = performance.now())) : look);
  };
  look();
});
"""

SCROLL = """async (seconds) => {
  const [began, times] = [performance.now(), []];
  while (performance.now() - began < seconds * 1000) {
    times.push(await new Promise(requestAnimationFrame));
    scrollBy({ top: 40, behavior: "instant" });
  }
  return (times.length - 1) / ((times.at(-1) - times[0]) / 1000);
}"""


@contextmanager
def demo() -> Iterator[str]:
    """Serve the demo in a process of its own, and give its address once it answers."""
    with create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [Path(sys.executable).with_name("doublebill"), "demo", "--port", str(port)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await_answer(f"http://127.0.0.1:{port}/api/health", process)
        yield f"http://127.0.0.1:{port}/ui/"
    finally:
        process.terminate()
        process.wait()


def _await_answer(url: str, process: "subprocess.Popen[bytes]") -> None:
    until = time.monotonic() + START_S
    while time.monotonic() < until and process.poll() is None:
        try:
            urlopen(url).close()
        except OSError:
            time.sleep(0.2)
        else:
            return
    raise SystemExit("The demo did not start.")


@contextmanager
def cold_page() -> Iterator[Page]:
    path = os.environ.get("DOUBLEBILL_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        raise SystemExit("There is no Chromium on this machine, so the page is not measured.")
    with sync_playwright() as playwright:
        browser: Browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        page = browser.new_page(viewport=VIEW)
        page.add_init_script(OBSERVE)
        yield page
        browser.close()


def measure(ui: str) -> dict[str, float]:
    """Open the page once in a new browser."""
    with cold_page() as page:
        answers: list[Response] = []
        page.on("response", lambda answer: answers.append(answer))
        page.goto(ui)
        page.evaluate("Promise.all([painted, first])")
        page.wait_for_load_state("load")
        page.get_by_role("region").first.wait_for(state="attached")
        page.wait_for_timeout(1000)  # what comes late may still shift
        seen: dict[str, float] = page.evaluate("measured")
        sizes = {end: kilobytes(answers, end) for end in (".js", ".css")}
    return {
        "JS, KB": sizes[".js"],
        "CSS, KB": sizes[".css"],
        "first cards, ms": max(seen["cards"], seen["first"]),
        "layout shift": seen["shift"],
    }


def bare(ui: str) -> float:
    """Give when the page is painted without its scripts and styles, in milliseconds."""
    with urlopen(ui) as answer:
        html: str = answer.read().decode()
    with plain_page(re.sub(r"<link[^>]*>|<script.*?</script>", "", html)) as address, cold_page() as page:
        page.goto(address)
        painted: float = page.evaluate("first")
    return painted


@contextmanager
def plain_page(html: str) -> Iterator[str]:
    """Serve one page, and nothing beside it."""

    class Answer(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200 if self.path == "/" else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.end_headers()
            self.wfile.write(html.encode() if self.path == "/" else b"")

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answer) as server:
        threading.Thread(target=server.serve_forever).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


def kilobytes(answers: list[Response], end: str) -> float:
    """Add up the files of a kind, before compression; by name: a preloaded script has another type."""
    files = {answer.url: answer for answer in answers if answer.url.endswith(end)}
    return sum(len(answer.body()) for answer in files.values()) / 1000


def frames(ui: str) -> tuple[float, float]:
    """Scroll through 1,000 cards, then as far through nothing, and give the frames a second of each."""
    with cold_page() as page:
        page.route("**/recommendations/weighted*", _answer_many)
        page.goto(ui)
        page.locator("pick-grid > ul > [data-key]").nth(MANY - 1).wait_for(state="attached")
        page.wait_for_timeout(1000)  # what comes late is no part of scrolling
        rate: float = page.evaluate(SCROLL, SCROLL_S)
        height: int = page.evaluate("document.documentElement.scrollHeight")
        page.goto("about:blank")
        page.evaluate("(height) => (document.body.style.height = `${height}px`)", height)
        empty: float = page.evaluate(SCROLL, SCROLL_S)
        return rate, empty


def _answer_many(route: Route) -> None:
    """Give the demo's picks again and again, under other numbers, as one answer of 1,000."""
    answer: dict[str, Any] = route.fetch().json()
    picks = answer["recommendations"]
    many = [{**picks[at % len(picks)], "tmdb_id": 10_000_000 + at} for at in range(MANY)]
    told = {**answer, "recommendations": many, "count": MANY, "total": MANY, "next": None}
    route.fulfill(status=200, content_type="application/json", body=json.dumps(told))


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure the page of picks in a browser.")
    parser.add_argument("--rounds", type=int, default=7)
    rounds: int = parser.parse_args().rounds
    with demo() as ui:
        rows = [measure(ui) | {"bare page, ms": bare(ui)} for _ in range(rounds)]
        runs = [frames(ui) for _ in range(3)]
    medians = {name: statistics.median(row[name] for row in rows) for name in rows[0]}
    medians["cards to bare page"] = statistics.median(row["first cards, ms"] / row["bare page, ms"] for row in rows)
    medians["frames a second"], medians["of an empty page"] = map(statistics.median, zip(*runs, strict=True))
    print(f"{rounds} cold browsers, {VIEW['width']} x {VIEW['height']}")
    print(f"{'':20}{'median':>10}{'goal':>10}")
    for name, value in medians.items():
        print(f"{name:20}{value:10.3g}{LIMITS.get(name, ''):>10}")


if __name__ == "__main__":
    main()
