"""A walk over a site: from the addresses that are named, on along the links of its pages."""

from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import urldefrag

import httpx2
from fastapi.testclient import TestClient
from test_pages import links


def answers(
    client: TestClient, starts: Iterable[str], more: int, headers: Mapping[str, str] | None = None
) -> Iterator[tuple[str, httpx2.Response]]:
    """Yield each address with its answer: all that `starts` names, and some `more` by links."""
    waiting = [*starts]
    seen: set[str] = set()
    linked = 0
    while waiting:
        path = waiting.pop(0)
        if path in seen:
            continue
        seen.add(path)
        answer = client.get(path, headers=headers)
        yield path, answer
        if answer.headers.get("content-type", "").startswith("text/html") and linked < more:
            fresh = [a for link in links(path, answer.text) if (a := urldefrag(link).url)]
            waiting += fresh
            linked += len(set(fresh) - seen)
