"""XML of anyone as a tree of elements: no document type, so no entity, and nothing is fetched."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import IO
from xml.parsers import expat

from s4s_graph.forms import Text

DEPTH = 200
ELEMENTS = 2_000_000  # a quarter of a million coded passages and all that is said of them
_PIECE = 1 << 16
# ATLAS.ti 9 still wrote the number of a draft: urn:QDA-XML:codebook:0:4.
_NAMESPACE = re.compile(r"urn:QDA-XML:(?:codebook|project):[\d.:]+")
_ROOTS = {"CodeBook": "codebook", "Project": "project"}
_BETWEEN = " "  # a namespace and a name; no namespace has one


class MalformedError(Exception):
    """A file that is no project or codebook; `message` says what is wrong and where."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(slots=True)
class Element:
    """An element of the format, without those of other namespaces in it."""

    name: str
    attributes: dict[str, str]
    children: list["Element"] = field(default_factory=list)
    text: str = ""

    def each(self, *names: str) -> Iterator["Element"]:
        """Yield the children with one of these names."""
        return (child for child in self.children if child.name in names)

    def first(self, name: str) -> "Element | None":
        """Return the first child of a name."""
        return next(self.each(name), None)

    def said(self, name: str) -> str:
        """Return the text of the first child of a name, or nothing."""
        child = self.first(name)
        return child.text.strip() if child else ""


def read(file: IO[bytes], without: frozenset[str]) -> Element:
    """Return the root of a file; the text of elements called as in `without` is left out.

    Raises MalformedError.
    """
    parser = expat.ParserCreate(namespace_separator=_BETWEEN)
    tree = _Tree(parser, without)
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = tree.doctype
    parser.StartElementHandler = tree.start
    parser.EndElementHandler = tree.end
    parser.CharacterDataHandler = tree.text
    try:
        while piece := file.read(_PIECE):
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        raise MalformedError(_not_xml(error)) from error
    except (LookupError, ValueError) as error:
        # An encoding that is named at the start and that nobody knows.
        raise MalformedError(_no_encoding(error)) from error
    return tree.root


class _Tree:
    def __init__(self, parser: expat.XMLParserType, without: frozenset[str]) -> None:
        self._parser = parser
        self._without = without
        # Elements of other namespaces, and what is in them, are None.
        self._open: list[tuple[Element | None, list[str]]] = []
        self._namespace = ""
        self._count = 0
        self.root = Element("", {})

    def doctype(self, *_: object) -> None:
        raise MalformedError(_DOCTYPE)

    def start(self, full: str, attributes: dict[str, str]) -> None:
        if len(self._open) >= DEPTH:
            raise MalformedError(_too_deep(self._parser.CurrentLineNumber))
        self._count += 1
        if self._count > ELEMENTS:
            raise MalformedError(_TOO_MANY)
        namespace, _, name = full.rpartition(_BETWEEN)
        if not self._open:
            self._begin(namespace, name)
        element = Element(name, attributes) if namespace == self._namespace else None
        if not self._open and element is not None:
            self.root = element
        elif element is not None and (above := self._open[-1][0]) is not None:
            above.children.append(element)
        else:
            element = None
        self._open.append((element, []))

    def _begin(self, namespace: str, name: str) -> None:
        kind = _ROOTS.get(name)
        if not _NAMESPACE.fullmatch(namespace) or kind is None or f":{kind}:" not in namespace:
            raise MalformedError(_another_format(namespace, name))
        self._namespace = namespace

    def text(self, piece: str) -> None:
        element, pieces = self._open[-1]
        if element is not None and element.name not in self._without:
            pieces.append(piece)

    def end(self, _: str) -> None:
        element, pieces = self._open.pop()
        if element is not None:
            element.text = "".join(pieces)


def _not_xml(error: expat.ExpatError) -> Text:
    place = f"{error.lineno}, {{}} {error.offset + 1}: {expat.ErrorString(error.code)}"
    return Text(
        nl=f"dit is geen geldige XML, regel {place.format('kolom')}; exporteer het project opnieuw",
        en=f"this is not valid XML, line {place.format('column')}; export the project again",
    )


def _no_encoding(error: Exception) -> Text:
    return Text(
        nl=f"de tekencodering is onbekend ({error}); exporteer het project opnieuw, in UTF-8",
        en=f"the encoding is unknown ({error}); export the project again, in UTF-8",
    )


def _too_deep(line: int) -> Text:
    return Text(
        nl=f"regel {line}: hier zit meer dan {DEPTH} diep in elkaar; dat doet geen codeersoftware, "
        "maak de boom van codes minder diep",
        en=f"line {line}: more than {DEPTH} levels stand in each other; no coding software does "
        "that, make the tree of codes less deep",
    )


def _another_format(namespace: str, name: str) -> Text:
    found = f"{name} ({namespace})" if namespace else name
    return Text(
        nl=f"dit is geen REFI-QDA: het begint met {found} in plaats van Project of CodeBook in "
        "urn:QDA-XML:project:1.0 of urn:QDA-XML:codebook:1.0",
        en=f"this is not REFI-QDA: it starts with {found} instead of Project or CodeBook in "
        "urn:QDA-XML:project:1.0 or urn:QDA-XML:codebook:1.0",
    )


_TOO_MANY = Text(
    nl=f"hier staan meer dan {ELEMENTS} elementen in; exporteer het project in delen",
    en=f"this holds more than {ELEMENTS} elements; export the project in parts",
)
_DOCTYPE = Text(
    nl="er staat een DOCTYPE in, die bestanden kan ophalen of laten uitdijen; REFI-QDA heeft er "
    "geen, exporteer het project opnieuw",
    en="it has a DOCTYPE, which can fetch files or make them grow; REFI-QDA has none, export the "
    "project again",
)
