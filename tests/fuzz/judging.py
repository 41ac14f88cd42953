"""What an answer must not be, whatever was asked."""

import re
from collections.abc import Iterator

import httpx2

from tests import examining
from tests.canaries import NAME
from tests.fuzz.asking import Ask

BYTES = 60_000_000  # that an answer has at the most; the settings allow less to a query
# Where a query may be stopped by its limits: the only addresses that may say that they are busy.
ASKING = re.compile(r"/(\{lang\}/)?(sparql|questions/|api/)|/api|/\{lang\}/sparql\.svg")
TRACE = re.compile(r"Traceback \(most recent call last\)|site-packages|\.py\", line \d")


def faults(ask: Ask, answer: httpx2.Response) -> Iterator[str]:
    """Yield what is wrong with an answer to a request."""
    if answer.status_code >= 500 and not _is_said(ask, answer):
        yield f"status {answer.status_code}"
    if len(answer.content) > BYTES:
        yield f"{len(answer.content)} bytes"
    yield from examining.faults(ask.target, answer, {})
    if "text" in answer.headers.get("content-type", "") and TRACE.search(answer.text):
        yield "tells how the software is made"


def said(log: str) -> Iterator[str]:
    """Yield what is wrong with the log of a site."""
    for line in log.splitlines():
        if examining.STEERING.search(line):
            yield f"the log holds {line[:100]!r}"
        if line.startswith(f"ERROR {NAME}") or "Traceback" in line:
            yield f"the log says {line[:200]!r}"


def _is_said(ask: Ask, answer: httpx2.Response) -> bool:
    status = answer.status_code
    if status == 501:
        # What needs software that is not installed.
        return ask.route.endswith(".pdf")
    if status == 503 and "retry-after" not in answer.headers:
        return False
    return status in (503, 504) and bool(ASKING.match(ask.route))
