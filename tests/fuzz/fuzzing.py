"""One request after another: what was sent, what came back, what is wrong with that."""

from collections.abc import Iterator
from dataclasses import dataclass
from http.client import HTTPException
from random import Random

from tests.fuzz import asking, judging
from tests.fuzz.serving import Served


@dataclass(frozen=True)
class Done:
    """A request that was sent; status 0: there was no answer."""

    site: str
    status: int
    faults: tuple[str, ...]
    curl: str


def once(random: Random, served: Served) -> Done:
    """Send one request to a site, and look at the answer."""
    ask = asking.made(random, served.known, served.usual)
    curl = ask.curl(served.base)
    try:
        answer = asking.answer(ask, served.address)
    except (OSError, HTTPException) as error:
        return Done(served.name, 0, (f"no answer: {error!r}",), curl)
    found = tuple(sorted({*judging.faults(ask, answer)}))
    return Done(served.name, answer.status_code, found, curl)


def ended(served: Served) -> Iterator[str]:
    """Yield what is wrong with a site after all that it was asked."""
    if not served.is_alive():
        yield f"{served.name}: the site is gone: {served.said[-500:]}"
    yield from (f"{served.name}: {fault}" for fault in judging.said(served.said))
