"""Characters that are not seen but obeyed: by a terminal, by a reader of logs, by XML, by the eye.

Tables refuse them. Vocabularies and RDF files that others made have them at times, and so have
names of files and what the public asks: those are shown in another way than as they are.
"""

import json
import re
import sys

# Control characters but for tab and ends of lines, those that turn the direction of a text, other
# ends of lines, what XML 1.0 cannot write, and halves of characters (names of files have those).
STEERING = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069\ud800-\udfff\ufffe\uffff]"
)
_ENDS = re.compile("[\t\n\r]")
_CONTROL = bytes({*range(32)} - {9, 10, 13})
_NOT_XML = re.compile(b"[" + re.escape(_CONTROL) + rb"]|\xef\xbf[\xbe\xbf]")
_UNKNOWN = "\ufffd"


def replaced(text: str) -> str:
    """Return a text for a page: `\ufffd` for each of them."""
    return STEERING.sub(_UNKNOWN, text)


def escaped(text: str) -> str:
    r"""Return a text for a terminal: `\x1b` and the like for each of them."""
    return STEERING.sub(_escape, text)


def line(text: str) -> str:
    r"""Return a text as one line for a terminal or a log: its own ends of lines as `\n`."""
    return _ENDS.sub(_escape, escaped(text))


def as_json(content: object) -> str:
    """Return JSON that a terminal can show: programs read the same from it."""
    written = json.dumps(content, ensure_ascii=False, indent=2)
    return STEERING.sub(lambda found: f"\\u{ord(found[0]):04x}", written)


def for_stdout(text: str) -> str:
    """Return a text that programs read: as it is, or escaped where a terminal would obey it."""
    return escaped(text) if sys.stdout.isatty() else text


def well_formed(xml: bytes) -> bytes:
    """Return what an engine wrote as XML without what XML has no way to write."""
    # Two looks that take a twentieth of what the expression does: there is seldom anything.
    if len(xml.translate(None, _CONTROL)) == len(xml) and b"\xef\xbf" not in xml:
        return xml
    return _NOT_XML.sub(_UNKNOWN.encode(), xml)


def _escape(found: re.Match[str]) -> str:
    return found[0].encode("unicode_escape").decode()
