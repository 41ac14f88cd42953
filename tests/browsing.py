"""The real site over a real release, as the tests visit it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from bs4 import BeautifulSoup
from fastapi.testclient import TestClient

from catalogue.app import create
from s4s_graph.settings import Settings


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
