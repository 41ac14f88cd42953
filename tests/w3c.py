"""The test suites of W3C for SPARQL 1.1: what they ask, and whether an answer is the one wanted."""

import csv
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from xml.etree import ElementTree

import pyoxigraph as ox
import rdflib
from rdflib import RDF, XSD

SUITE = Path(__file__).resolve().parents[2] / "shared/suites/sparql11"
MF = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#")
QT = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/test-query#")
RS = rdflib.Namespace("http://www.w3.org/2001/sw/DataAccess/tests/result-set#")
SR = "{http://www.w3.org/2005/sparql-results#}"
KINDS = (MF.QueryEvaluationTest, MF.CSVResultFormatTest, MF.NegativeSyntaxTest11)


def _real(text: str) -> str:
    return repr(float(text))  # as a text, since NaN is no other NaN


# By value: the engine does not keep how a number was written ("2.00" is "2").
VALUES: dict[str, Callable[[str], object]] = {
    str(XSD.integer): Decimal,
    str(XSD.decimal): Decimal,
    str(XSD.float): _real,
    str(XSD.double): _real,
    str(XSD.boolean): lambda text: text in {"true", "1"},
}

# A blank node is ("_", its name); any other term is told apart by all its parts.
Term = tuple[object, ...] | None


@dataclass(frozen=True)
class Test:
    """One test: a query, the files that it is asked of, the file with the answer if it has one."""

    name: str
    query: Path
    data: tuple[Path, ...]
    graphs: tuple[Path, ...]
    answer: Path | None

    @property
    def has_graph(self) -> bool:
        """Whether the answer is a graph: one in Turtle that is not a table in RDF."""
        path = self.answer
        return path is not None and path.suffix == ".ttl" and b"ResultSet" not in path.read_bytes()


@dataclass(frozen=True)
class Table:
    """The answer to a SELECT query, its columns in the order of the alphabet."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Term, ...], ...]

    @classmethod
    def of(cls, columns: Sequence[str], rows: Sequence[dict[str, Term]]) -> "Table":
        """Return the table of some solutions."""
        ordered = tuple(sorted(columns))
        return cls(ordered, tuple(tuple(row.get(name) for name in ordered) for row in rows))


def tests() -> list[Test]:
    """Return every test of queries and formats of results, none where the suite is not there."""
    return [test for path in sorted(SUITE.glob("*/manifest.ttl")) for test in _of(path)]


def _of(manifest: Path) -> Iterator[Test]:
    graph = rdflib.Graph().parse(manifest, publicID=manifest.as_uri())
    for entries in graph.objects(None, MF.entries):
        for entry in graph.items(entries):
            if graph.value(entry, RDF.type) not in KINDS:
                continue
            name = f"{manifest.parent.name}/{str(entry).rpartition('#')[2]}"
            action = graph.value(entry, MF.action)
            result = graph.value(entry, MF.result)
            yield Test(
                name,
                _path(graph.value(action, QT.query) or action),
                tuple(map(_path, graph.objects(action, QT.data))),
                tuple(map(_path, graph.objects(action, QT.graphData))),
                _path(result) if result else None,
            )


def _path(iri: object) -> Path:
    return Path(str(iri).removeprefix("file://"))


def read(content: bytes, suffix: str, base: str = "") -> Table | bool:
    """Read an answer: .srx, .srj, .tsv, .csv, or .ttl, where `base` is the IRI of the file."""
    if suffix == ".ttl":
        return _turtle(content, base)
    return {".srx": _xml, ".srj": _json, ".tsv": _tsv, ".csv": _csv}[suffix](content)


def same(found: Table | bool, wanted: Table | bool, *, ordered: bool) -> bool:
    """Tell whether two answers are one, whatever their blank nodes are called."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    if found.columns != wanted.columns or len(found.rows) != len(wanted.rows):
        return False
    return _matches(list(found.rows), list(wanted.rows), {}, ordered=ordered)


def _matches(
    found: list[tuple[Term, ...]],
    wanted: list[tuple[Term, ...]],
    names: dict[Term, Term],
    *,
    ordered: bool,
) -> bool:
    if not found:
        return True
    for place, row in enumerate(wanted[:1] if ordered else wanted):
        renamed = _renamed(found[0], row, names)
        if renamed is not None:
            rest = wanted[:place] + wanted[place + 1 :]
            if _matches(found[1:], rest, renamed, ordered=ordered):
                return True
    return False


def _renamed(
    row: tuple[Term, ...], wanted: tuple[Term, ...], names: dict[Term, Term]
) -> dict[Term, Term] | None:
    """Return the names of blank nodes by which two rows are one, or None if they are not."""
    renamed = dict(names)
    for term, other in zip(row, wanted, strict=True):
        if term and other and term[0] == other[0] == "_":
            if renamed.setdefault(term, other) != other:
                return None
        elif term != other:
            return None
    return renamed if len(set(renamed.values())) == len(renamed) else None


def _literal(text: str, lang: str | None, datatype: str | None) -> Term:
    value = VALUES[datatype](text) if datatype in VALUES else text
    return ("literal", value, (lang or "").lower(), datatype or str(XSD.string))


def _json(content: bytes) -> Table | bool:
    document = json.loads(content)
    if "boolean" in document:
        return bool(document["boolean"])

    def term(value: dict[str, str]) -> Term:
        if value["type"] == "uri":
            return ("uri", value["value"])
        if value["type"] == "bnode":
            return ("_", value["value"])
        return _literal(value["value"], value.get("xml:lang"), value.get("datatype"))

    rows = document["results"]["bindings"]
    return Table.of(
        document["head"]["vars"], [{name: term(row[name]) for name in row} for row in rows]
    )


def _xml(content: bytes) -> Table | bool:
    root = ElementTree.fromstring(content)
    boolean = root.find(f"{SR}boolean")
    if boolean is not None:
        return boolean.text == "true"

    def term(node: ElementTree.Element) -> Term:
        text = node.text or ""
        if node.tag != f"{SR}literal":
            return ("_" if node.tag == f"{SR}bnode" else "uri", text)
        lang = node.get("{http://www.w3.org/XML/1998/namespace}lang")
        return _literal(text, lang, node.get("datatype"))

    return Table.of(
        [node.attrib["name"] for node in root.iter(f"{SR}variable")],
        [
            {node.attrib["name"]: term(node[0]) for node in row.iter(f"{SR}binding")}
            for row in root.iter(f"{SR}result")
        ],
    )


def _tsv(content: bytes) -> Table:
    """Read TSV with the reader of the engine: its terms are written as in Turtle."""
    found = ox.parse_query_results(content, ox.QueryResultsFormat.TSV)
    assert isinstance(found, ox.QuerySolutions)
    names = [variable.value for variable in found.variables]
    return Table.of(names, [{name: _engine(row[name]) for name in names} for row in found])


def _engine(term: object) -> Term:
    if isinstance(term, ox.NamedNode):
        return ("uri", term.value)
    if isinstance(term, ox.BlankNode):
        return ("_", term.value)
    if isinstance(term, ox.Literal):
        return _literal(term.value, term.language, term.datatype.value)
    return None


def _csv(content: bytes) -> Table:
    """Read CSV, which has texts only; those that are numbers are compared as numbers."""
    names, *rows = csv.reader(content.decode().splitlines())

    def term(text: str) -> Term:
        if text.startswith("_:"):
            return ("_", text)
        try:
            return ("number", Decimal(text))
        except InvalidOperation:
            return ("text", text)

    return Table.of(names, [dict(zip(names, map(term, row), strict=True)) for row in rows])


def _turtle(content: bytes, base: str) -> Table:
    """Read the vocabulary that the first suite had for answers."""
    graph = rdflib.Graph().parse(data=content, format="turtle", publicID=base)

    def term(node: rdflib.term.Node | None) -> Term:
        if isinstance(node, rdflib.Literal):
            return _literal(str(node), node.language, node.datatype and str(node.datatype))
        return ("_" if isinstance(node, rdflib.BNode) else "uri", str(node))

    return Table.of(
        [str(name) for name in graph.objects(None, RS.resultVariable)],
        [
            {
                str(graph.value(binding, RS.variable)): term(graph.value(binding, RS.value))
                for binding in graph.objects(row, RS.binding)
            }
            for row in graph.objects(None, RS.solution)
        ],
    )
