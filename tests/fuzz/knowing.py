"""What a site answers to, learnt from the site itself: routes, parameters, and values that fit."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import chain
from typing import Any
from unittest.mock import patch
from urllib.parse import parse_qsl, unquote, urlsplit

from bs4 import BeautifulSoup
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.datastructures import ImmutableMultiDict
from test_pages import EXAMPLES, LANGUAGES, links

from catalogue.operating import status
from catalogue.reconciling import routes as reconciling
from catalogue.sparql import protocol

READS = ("get", "getlist", "__getitem__", "__contains__")


@dataclass(frozen=True)
class Route:
    """One route: its path with places in braces, addresses that it answers, names it looks at."""

    path: str
    examples: tuple[str, ...]
    names: tuple[str, ...]


@dataclass(frozen=True)
class Known:
    """All routes of a site, and the values that its own addresses have."""

    routes: tuple[Route, ...]
    values: tuple[str, ...]


class _Noted(dict[str, Any]):
    """A dictionary that keeps which names were looked up."""

    asked: set[str]

    def __contains__(self, name: object) -> bool:
        self.asked.add(str(name))
        return super().__contains__(name)

    def get(self, name: str, default: Any = None) -> Any:
        self.asked.add(name)
        return super().get(name, default)


def of(app: FastAPI) -> Known:
    """Visit an example of each route of the public site, and note what it looks at."""
    found, values = [], set[str]()
    with _noting() as asked, TestClient(app, follow_redirects=True) as client:
        described = client.get("/api/v1/openapi.json").json()
        in_api = set(_parameters(described))
        for path in [*addressed(app), *sorted(status.OPEN | status.OWN)]:
            examples = tuple(_examples(path, described))
            asked.clear()
            named = set(in_api if path.startswith("/api/") else ())
            for example in examples[:8]:
                answer = client.get(example)
                named |= {name for name, _ in parse_qsl(urlsplit(str(answer.url)).query)}
                if "html" in answer.headers.get("content-type", ""):
                    values |= set(_values(example, answer.text))
                    named |= set(_fields(example, answer.text))
            found.append(Route(path, examples, tuple(sorted(named | asked))))
    return Known(tuple(found), tuple(sorted(values)))


@contextmanager
def _noting() -> Iterator[set[str]]:
    """Lend the names that are looked up in addresses and in forms, as they come."""
    asked: set[str] = set()
    parameters, sent = protocol.parameters, reconciling.Sent

    def noted(found: Mapping[str, Any]) -> _Noted:
        made = _Noted(found)
        made.asked = asked
        return made

    def reading(method: str) -> Any:
        real = getattr(ImmutableMultiDict, method)

        def read(self: Any, name: Any, *more: Any, **others: Any) -> Any:
            asked.add(str(name))
            return real(self, name, *more, **others)

        return read

    with ExitStack() as stack:
        for method in READS:
            stack.enter_context(patch.object(ImmutableMultiDict, method, reading(method)))
        stack.enter_context(
            patch.object(protocol, "parameters", lambda *encoded: noted(parameters(*encoded)))
        )
        stack.enter_context(
            patch.object(reconciling, "Sent", lambda fields, body: sent(noted(fields), body))
        )
        yield asked


def _examples(path: str, described: Mapping[str, Any]) -> Iterator[str]:
    for example in EXAMPLES.get(path, [path]):
        yield from dict.fromkeys(example.replace("{lang}", lang) for lang in LANGUAGES)
    if "{rest:path}" in path:
        below = path.removesuffix("{rest:path}")
        yield from (below + rest for rest in (*reconciling.PATHS, *reconciling.DRAFT_PATHS))
    if path.startswith("/api/"):
        yield from (f"/api/v1{at}" for at in described["paths"])


def _parameters(described: object) -> Iterator[str]:
    """Yield the names of the parameters in a description of the API."""
    if isinstance(described, dict):
        if described.get("in") == "query":
            yield str(described["name"])
        yield from chain.from_iterable(map(_parameters, described.values()))
    elif isinstance(described, list):
        yield from chain.from_iterable(map(_parameters, described))


def _values(at: str, text: str) -> Iterator[str]:
    for link in links(at, text):
        parts = urlsplit(link)
        yield from (unquote(part) for part in parts.path.split("/") if part)
        yield from (value for _, value in parse_qsl(parts.query))


def _fields(at: str, text: str) -> Iterator[str]:
    for tag in BeautifulSoup(text, "html.parser").select("form [name]"):
        yield str(tag["name"])
    for link in links(at, text):
        if urlsplit(link).path == urlsplit(at).path:
            yield from (name for name, _ in parse_qsl(urlsplit(link).query))


def of_review(app: FastAPI, token: str) -> Known:
    """Return what the site of a review answers to, at the addresses of its token."""
    first = f"/{token}/nl/"
    with TestClient(app, base_url="http://127.0.0.1:1", client=("127.0.0.1", 1)) as client:
        page = client.get(first)
        assert page.status_code == 200
    names = tuple(sorted(set(_fields(first, page.text))))
    values = tuple(str(tag["value"]) for tag in BeautifulSoup(page.text, "html.parser")("input"))
    paths = [path.replace("{token}", token) for path in addressed(app)]
    found = tuple(Route(path, (path.replace("{lang}", "nl"),), names) for path in paths)
    return Known(found, values)


def addressed(app: FastAPI) -> list[str]:
    """Return the path of each route, also of those that were included or mounted."""
    routers = [getattr(route, "original_router", None) for route in app.routes]
    found = [route.path for router in routers if router for route in router.routes]
    found += [route.path for route in app.routes if hasattr(route, "path")]
    assert found
    return [path for path in found if path]
