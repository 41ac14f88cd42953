"""Where a coded passage is: the guid of its source as a URN, with the part of it as a fragment.

RFC 4122 for the URN; RFC 5147 for characters of plain text, RFC 8118 for pages of PDF, and W3C's
Media Fragments for time and for places in a picture. Positions are those of the project.
"""

from collections.abc import Mapping
from decimal import Decimal

_MILLISECONDS = 1000


def whole(guid: str) -> str:
    """Return the address of a source."""
    return f"urn:uuid:{guid}"


def part(guid: str, kind: str, said: Mapping[str, str], points: Mapping[str, str | None]) -> str:
    """Return the address of a selection; of the whole source if it does not say where.

    `points`: the time of each point that keeps a transcript in step, in milliseconds.
    """
    fragment = None
    if kind == "PlainTextSelection":
        fragment = _numbers("char={},{}", said, "startPosition", "endPosition")
    elif kind == "PDFSelection":
        fragment = _numbers("page={}", said, "page")
    elif kind == "PictureSelection":
        fragment = _box(said)
    elif kind in ("AudioSelection", "VideoSelection"):
        fragment = _time(said.get("begin"), said.get("end"))
    elif kind == "TranscriptSelection":
        ends = (said.get(name, "").strip("{}").lower() for name in ("fromSyncPoint", "toSyncPoint"))
        fragment = _time(*(points.get(end) for end in ends))
    return f"{whole(guid)}#{fragment}" if fragment else whole(guid)


def quotation(text: str, said: Mapping[str, str]) -> str | None:
    """Return the words of a selection of plain text."""
    try:
        start, end = int(said["startPosition"]), int(said["endPosition"])
    except (KeyError, ValueError):
        return None
    return " ".join(text[start:end].split()) if 0 <= start < end else None


def _numbers(pattern: str, said: Mapping[str, str], *names: str) -> str | None:
    values = [said.get(name, "").strip() for name in names]
    return pattern.format(*values) if all(value.isdecimal() for value in values) else None


def _box(said: Mapping[str, str]) -> str | None:
    try:
        left, right = sorted(int(said[name]) for name in ("firstX", "secondX"))
        top, bottom = sorted(int(said[name]) for name in ("firstY", "secondY"))
    except (KeyError, ValueError):
        return None
    return f"xywh={left},{top},{right - left},{bottom - top}"


def _time(begin: str | None, end: str | None) -> str | None:
    try:
        ends = [Decimal(int(value or "")) / _MILLISECONDS for value in (begin, end)]
    except ValueError:
        return None
    return "t={:f},{:f}".format(*ends)
