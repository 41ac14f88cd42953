"""What an answer of the site would do to who opens it, by a real parser of what it says it is.

Each function yields what is wrong, in a sentence; nothing is wrong with most answers.
"""

import csv
import io
import json
import re
import unicodedata
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from html.parser import HTMLParser
from itertools import zip_longest
from pathlib import Path
from tempfile import NamedTemporaryFile
from xml.etree import ElementTree as ET

import httpx2
import pyoxigraph as ox

from s4s_graph import reading
from s4s_graph.answers import FORMULA
from tests.canaries import NAME, WORD

SAFE = re.compile(r"(https?:|mailto:|/|#|\?|\.|[\w%-]+(/|$|\?|#))", re.IGNORECASE)
LEADING = {
    "href",
    "src",
    "action",
    "formaction",
    "srcdoc",
    "data",
    "poster",
    "xlink:href",
    "srcset",
}
# Characters that steer a terminal or turn text around; a line may end and a tab may stand.
STEERING = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
RDF = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "application/trig": ox.RdfFormat.TRIG,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/ld+json": ox.RdfFormat.JSON_LD,
}
TABLES = {"text/csv", "text/tab-separated-values"}
NOT_XML = re.compile("_x[0-9A-F]{4}_")  # how a workbook writes a character that XML cannot
BODILESS = {204, 304}
SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Page(HTMLParser):
    """A page as a browser takes it apart: what it shows, and what in it would do something."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.shown: list[str] = []
        self.kept: list[str] = []  # in attributes and in structured data
        self.faults: list[str] = []
        self._inside = ""
        self._script: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element."""
        if NAME in tag:
            self.faults.append(f"an element is called {tag}")
        self._inside = tag
        self._script = []
        given = dict(attrs)
        if len(given) < len(attrs):
            self.faults.append(f"{tag} has an attribute twice")
        for name, value in attrs:
            self.kept.append(value or "")
            if name.startswith("on") or NAME in name or name in ("style", "srcdoc"):
                self.faults.append(f"{tag} has the attribute {name}")
            if name in LEADING and value and not SAFE.match(value.strip()):
                self.faults.append(f"{tag} leads to {value[:60]}")
            if name == "http-equiv" and (value or "").casefold() == "refresh":
                self.faults.append("the page leads elsewhere by itself")
        if tag == "script" and "src" not in given and given.get("type") != "application/ld+json":
            self.faults.append("a script stands in the page")

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Look at an element that holds nothing."""
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        """Look at what stood in a script."""
        if tag == "script" and self._script:
            self.kept += strings(json.loads("".join(self._script)))
            self._script = []
        self._inside = ""

    def handle_data(self, data: str) -> None:
        """Keep what is shown."""
        if self._inside == "script":
            self._script.append(data)
        else:
            self.shown.append(data)

    def handle_comment(self, data: str) -> None:
        """Find no comment: ours are taken out before a page is sent."""
        self.faults.append(f"a comment: {data[:60]}")

    def handle_decl(self, decl: str) -> None:
        """Find one declaration."""
        if decl.casefold() != "doctype html":
            self.faults.append(f"a declaration: {decl[:60]}")

    def unknown_decl(self, data: str) -> None:
        """Find no other declaration."""
        self.faults.append(f"a declaration: {data[:60]}")

    def handle_pi(self, data: str) -> None:
        """Find no instruction."""
        self.faults.append(f"an instruction: {data[:60]}")


def strings(found: object) -> Iterator[str]:
    """Yield all texts in a JSON document."""
    if isinstance(found, str):
        yield found
    elif isinstance(found, Mapping):
        for key, value in found.items():
            yield str(key)
            yield from strings(value)
    elif isinstance(found, list):
        for value in found:
            yield from strings(value)


def faults(path: str, answer: httpx2.Response, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with an answer; `texts` are the canaries that it may hold, by name."""
    yield from headers(answer)
    if answer.status_code in BODILESS or answer.request.method == "HEAD":
        return
    kind = answer.headers.get("content-type", "").partition(";")[0]
    yield from _faults(kind, path, answer.content, texts)


def html(text: str, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what is wrong with a page."""
    yield from _faults("text/html", "", text.encode(), texts)


def _faults(kind: str, path: str, content: bytes, texts: Mapping[str, str]) -> Iterator[str]:
    try:
        told = list(read(kind, path, content))
    except (ValueError, SyntaxError, csv.Error, zipfile.BadZipFile) as error:
        yield f"is no {kind}: {error}"
        return
    for found in told:
        if isinstance(found, Fault):
            yield found.sentence
        else:
            # RDF/XML cannot say all that literals may hold.
            yield from altered(found, texts, squeeze=kind not in RDF or kind.endswith("xml"))


@dataclass(frozen=True)
class Fault:
    """What is wrong with a part of an answer."""

    sentence: str


def headers(answer: httpx2.Response) -> Iterator[str]:
    """Yield what is wrong with the headers."""
    for name, value in answer.headers.raw:
        if NAME.encode() in name.lower():
            yield f"a header is called {name!r}"
        if re.search(rb"[^\x20-\x7e\t]", value):
            yield f"{name!r} holds {value!r}"


def read(kind: str, path: str, content: bytes) -> Iterator[str | Fault]:
    """Yield the texts in an answer, and what is wrong with it, by what it says it is.

    Raises ValueError, SyntaxError and the like when it is something else.
    """
    if kind in RDF:
        for quad in ox.parse(content, format=RDF[kind], base_iri="http://example.org/"):
            yield quad.object.value if isinstance(quad.object, ox.Literal) else ""
    if kind.endswith("json"):
        yield from strings(json.loads(content))
    elif kind.endswith("xml"):
        yield from _xml(content)
    elif kind == SHEET:
        yield from _workbook(content)
    elif kind == "text/html":
        yield from _html(content.decode())
    elif path.startswith("/sparql") and kind in TABLES:
        yield from _programs(kind, content)
    elif kind == "text/csv":
        yield from _csv(content.decode())
    elif kind.startswith("text/") and kind not in RDF and STEERING.search(content.decode()):
        yield Fault("holds what would steer a terminal")


def altered(text: str, texts: Mapping[str, str], *, squeeze: bool) -> Iterator[str]:
    """Yield which canaries in a text are not as they were written, or cut short and saying so.

    squeeze: what is not seen does not count, nor what stands in its place, as on a page.
    """
    seen = _squeezed(text) if squeeze else text
    for found in WORD.finditer(seen):
        whole = texts.get(found[0])
        if whole is None:
            continue
        whole = whole[whole.index(found[0]) :]
        whole = _squeezed(whole) if squeeze else whole
        here = seen[found.start() :]
        if here.startswith(whole):
            continue
        same = next(n for n, both in enumerate(zip_longest(here, whole)) if both[0] != both[1])
        if not here[same:].lstrip().startswith(("\u2026", "...")):
            yield f"{found[0]} reads {here[max(0, same - 20) : same + 40]!r} from there"


def _html(text: str) -> Iterator[str | Fault]:
    if found := STEERING.search(text):
        yield Fault(f"holds {found[0]!r}")
    page = Page()
    page.feed(text)
    page.close()
    yield from map(Fault, page.faults)
    yield "".join(page.shown)
    yield from page.kept


def _xml(content: bytes) -> Iterator[str | Fault]:
    root = ET.fromstring(content)
    yield "".join(root.itertext())
    for element in root.iter():
        name = element.tag.rpartition("}")[2]
        if NAME in name or name == "script":
            yield Fault(f"an element is called {name}")
        for attribute, value in element.attrib.items():
            yield value
            short = attribute.rpartition("}")[2]
            if short.startswith("on") or NAME in short:
                yield Fault(f"{name} has the attribute {short}")
            if short in LEADING and not SAFE.match(value.strip()):
                yield Fault(f"{name} leads to {value[:60]}")


def _csv(text: str) -> Iterator[str | Fault]:
    rows = list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True))
    if len({len(row) for row in rows}) > 1:
        yield Fault("rows differ in length")
    for cell in (cell for row in rows for cell in row):
        # A sign alone is shown as it is.
        if cell[1:] and cell.startswith(FORMULA) and not _is_number(cell):
            yield Fault(f"a formula: {cell[:40]}")
        yield cell


def _programs(kind: str, content: bytes) -> Iterator[str]:
    """Yield the values of a table by the standard: without apostrophes, with all they hold."""
    if kind == "text/csv":
        rows = csv.reader(io.StringIO(content.decode(), newline=""), strict=True)
        yield from (cell for row in rows for cell in row)
        return
    for solution in ox.parse_query_results(content, format=ox.QueryResultsFormat.TSV):
        yield from (term.value for term in solution if isinstance(term, ox.Literal))


def _workbook(content: bytes) -> Iterator[str | Fault]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for name in archive.namelist():
            part = archive.read(name)
            if b"<f>" in part or b"<f " in part:
                yield Fault(f"a formula in {name}")
            if b"javascript:" in part.replace(b">javascript:", b"") and name.endswith(".rels"):
                yield Fault(f"a link in {name}")
    with NamedTemporaryFile(suffix=".xlsx") as file:
        Path(file.name).write_bytes(content)
        for sheet in reading.sheets(Path(file.name)):
            yield from (str(cell) for row in sheet.rows for cell in row)


def _squeezed(text: str) -> str:
    return "".join(
        letter
        for letter in NOT_XML.sub("", text)
        if unicodedata.category(letter)[0] not in "CZ" and letter != "\ufffd"
    )


def _is_number(text: str) -> bool:
    try:
        float(text)
    except ValueError:
        return False
    return True
