"""A browser of the system, the site over the shipped release, and a watch over what is asked."""

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI

from browser.pages import NOT_FOUND
from catalogue.app import create
from s4s_graph.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

    Visit = Callable[..., Page]

CHROMIUM = Path("/usr/bin/chromium")
# Nothing of its own accord: no update, no synchronisation, no first run.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--font-render-hinting=none",
]
HOST = "127.0.0.1"
ASKED: list[str] = []  # the addresses that pages asked for in one test
REFUSED: list[str] = []  # and what the policy of the site forbade them
SECONDS = 20  # that the site may take to start
MILLISECONDS = 10_000  # that a page may take
WIDE = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def chromium() -> Iterator["Browser"]:
    """The browser that the system has; without one the tests are skipped."""
    reason = "the browser tests need the Python package playwright"
    playwright = pytest.importorskip("playwright.sync_api", reason=reason)
    if not CHROMIUM.exists():
        pytest.skip(f"the browser tests need {CHROMIUM}, on Debian: apt install chromium")
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        browser.on("context", watch)
        yield browser
        browser.close()


def watch(context: "BrowserContext") -> None:
    """Note what the pages of a context ask for."""

    def said(message: "ConsoleMessage") -> None:
        if "Security Policy" in message.text:
            REFUSED.append(message.text)

    context.on("request", lambda request: ASKED.append(request.url))
    context.on("console", said)


@pytest.fixture(scope="package")
def site(chromium: "Browser", shipped_release: Path) -> Iterator[str]:
    """The address of the site over the shipped release."""
    with serving(create(replace(Settings(), releases=shipped_release.parent))) as address:
        yield address


@contextmanager
def serving(app: FastAPI) -> Iterator[str]:
    """Serve a site on a free port."""
    with socket.create_server((HOST, 0)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = Thread(target=server.run, kwargs={"sockets": [listening]})
        thread.start()
        latest = time.monotonic() + SECONDS
        while not server.started and time.monotonic() < latest:
            time.sleep(0.02)
        assert server.started
        try:
            yield f"http://{HOST}:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join()


@pytest.fixture(autouse=True)
def nothing_leaves_the_host() -> Iterator[None]:
    """Fail when a page asks anything of another host, or something that the policy forbids."""
    ASKED.clear()
    REFUSED.clear()
    yield
    assert {url for url in ASKED if urlsplit(url).hostname not in {HOST, None}} == set()
    assert REFUSED == []


def go(page: "Page", path: str) -> None:
    """Go to a page, which must be there, but the one that says that it is not."""
    answer = page.goto(path)
    assert answer
    assert answer.status == (404 if path.endswith(NOT_FOUND) else 200)


@pytest.fixture
def visit(chromium: "Browser", site: str) -> Iterator["Visit"]:
    """Open a page in a browser that was never here, with the options of a browser context."""
    opened: list[BrowserContext] = []

    def open_page(path: str, **options: Any) -> "Page":
        context = chromium.new_context(
            **{"base_url": site, "viewport": WIDE, "color_scheme": "light", **options}
        )
        context.set_default_timeout(MILLISECONDS)
        opened.append(context)
        page = context.new_page()
        go(page, path)
        return page

    yield open_page
    for context in opened:
        context.close()
