r"""Where one row ends and the next begins in a table that the engine writes.

The engine's own serialiser is several times faster than a loop over its solutions, and it only
writes whole tables. So rows are counted, and cut off, in what it writes. That is exact, since
in each format one sequence of bytes stands between two rows and nowhere else:

- JSON: `},{"` and the first character of a name. In a text a quote is written `\"`, and a quote
  that ends a text is followed by one of `,` `}` `:` `]`. A row without any value is not counted:
  it says nothing.
- XML: `</result><result>`, as `<` in a text is written `&lt;`.
- TSV: a line feed, as one in a text is written `\n`.
- CSV: a line end outside quotes, as a text with a line end, a comma or a quote stands in quotes.

The engine finds solutions when the serialiser asks for them, so to stop writing is to stop
looking. A LIMIT in the text of the query would need a second parser that knows where it may stand.
"""

import json
import re
from dataclasses import dataclass, field
from html import escape

JSON = ("application/sparql-results+json", "application/json")
XML = "application/sparql-results+xml"
CSV = "text/csv"
TSV = "text/tab-separated-values"


@dataclass(frozen=True)
class _Table:
    """How a table is written: what parts rows, what of it ends the first, and what ends the table.

    `unread` matches what could be the start of a border at the end of a piece.
    """

    border: re.Pattern[bytes]
    row_end: int
    end: bytes
    unread: re.Pattern[bytes]
    header: int = 0  # borders before the first row


_JSON = _Table(
    re.compile(rb'\},\{"(?=[^,}:\]])'), 1, b"]}}", re.compile(rb'(?:\}|\},|\},\{|\},\{")\Z')
)
_XML = _Table(
    re.compile(rb"</result><result>"),
    len("</result>"),
    b"</results></sparql>",
    re.compile(rb"<[^<>]*\Z|</result>(?:<[^<>]*)?\Z"),
)
_TSV = _Table(re.compile(rb"\n(?=[\s\S])"), 1, b"", re.compile(rb"\n\Z"), header=1)
_CSV = _Table(
    re.compile(rb'"[^"]*(?P<quote>"|\Z)|\r\n(?=[\s\S])'), 2, b"", re.compile(rb"\r\n?\Z"), header=1
)
_TABLES = {**dict.fromkeys(JSON, _JSON), XML: _XML, CSV: _CSV, TSV: _TSV}


def knows(media_type: str) -> bool:
    """Tell whether rows can be counted in a media type."""
    return media_type in _TABLES


def noted(piece: bytes, media_type: str, iri: str) -> bytes:
    """Put the address of a note about the table in its head, where the format has a place for it.

    `piece` is the start of the table. Both formats call it `link`.
    """
    if media_type in JSON:
        link = f'{{"head":{{"link":[{json.dumps(iri)}],'.encode()
        return piece.replace(b'{"head":{', link, 1)
    if media_type == XML:
        return piece.replace(b"</head>", f'<link href="{escape(iri)}"/></head>'.encode(), 1)
    return piece


@dataclass
class Rows:
    """Lets a number of rows pass, in the media type of a table."""

    media_type: str
    most: int
    reached: bool = False  # there was a row more
    _seen: int = 0
    _unread: bytes = b""
    _quoted: bool = False
    _table: _Table = field(init=False)

    def __post_init__(self) -> None:
        self._table = _TABLES[self.media_type]

    def passed(self, piece: bytes) -> bytes:
        """Return what of the table may be sent now; once `reached`, it is the end of it."""
        piece = self._unread + piece
        waiting = self._table.unread.search(piece, max(0, len(piece) - 20))
        start = self._text_end(piece)
        for border in self._table.border.finditer(piece, start):
            if border.lastgroup:  # a text in quotes, not a border
                self._quoted = not border["quote"]
                continue
            if self._seen == self.most - 1 + self._table.header:
                self.reached = True
                return piece[: border.start() + self._table.row_end] + self._table.end
            self._seen += 1
        cut = waiting.start() if waiting and not self._quoted else len(piece)
        self._unread = piece[cut:]
        return piece[:cut]

    def rest(self) -> bytes:
        """Return what was kept back, at the end of a table that was not cut."""
        return self._unread

    def _text_end(self, piece: bytes) -> int:
        if not self._quoted:
            return 0
        end = piece.find(b'"') + 1
        self._quoted = not end
        return end or len(piece)
