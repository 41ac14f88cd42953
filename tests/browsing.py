"""The real site over a real release, as the tests visit it."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from catalogue.app import create
from s4s_graph.settings import Settings

# Structured data is no script: a browser does not run it, so the policy does not forbid it.
INLINE = 'style, script:not([src], [type="application/ld+json"]), [style], [onclick]'


@contextmanager
def browser(release: Path) -> Iterator[TestClient]:
    """Visit the site over the releases among which this one is the current one."""
    settings = replace(Settings(), releases=release.parent)
    with TestClient(create(settings), follow_redirects=False) as client:
        yield client


def soup(client: TestClient, path: str, status: int = 200) -> BeautifulSoup:
    """Return a page, which must have the status that is expected of it."""
    response = client.get(path)
    assert response.status_code == status, f"{path}: {response.status_code}"
    return BeautifulSoup(response.text, "html.parser")


def unsound(page: BeautifulSoup) -> Iterator[str]:
    """Yield what is wrong with the HTML of a page, whatever it is about."""
    for selector in ("h1", "main", "body > header", "body > footer", "head > title", "html[lang]"):
        if len(page.select(selector)) != 1:
            yield f"{len(page.select(selector))} × {selector}"
    if str(page.select_one("body > a.skip")["href"]) != "#content":
        yield "the first link does not skip to the content"
    ids = Counter(str(tag["id"]) for tag in page.select("[id]"))
    yield from (f"id {name} is used twice" for name, count in ids.items() if count > 1)
    for control in page.select("input:not([type=hidden]), select, textarea"):
        if not page.select_one(f'label[for="{control["id"]}"]'):
            yield f"{control['id']} has no label"
    yield from (f"{tag.name} has no text" for tag in page.select("a, button") if not named(tag))
    yield from (f"image without alt: {tag}" for tag in page.select("img:not([alt])"))
    yield from (f"navigation without a name: {tag}" for tag in page.select("nav:not([aria-label])"))
    for table in page.select("table"):
        region = table.find_parent(attrs={"role": "region", "tabindex": "0", "aria-label": True})
        if not region or table.select("thead th:not([scope])"):
            yield "a table outside a scroll region, or with a header without scope"
    # The policy forbids what stands inside the page; then it must not stand there.
    yield from (f"inline: {tag.name}" for tag in page.select(INLINE))
    for tag in page.select('[src^="http"], link[href^="http"], form[action^="http"]'):
        yield f"asks another site: {tag}"
    levels = [int(tag.name[1]) for tag in page.select("h1, h2, h3, h4")]
    if any(below - above > 1 for above, below in pairwise(levels)):
        yield f"a level of heading is skipped: {levels}"


def named(tag: BeautifulSoup) -> bool:
    return bool(tag.get_text(strip=True) or tag.get("aria-label"))
