"""The queries in shapes, made part of a larger query that asks them of all nodes at once.

SHACL gives a query one node at a time. For a query of which the outermost group holds all that
says `$this`, the same comes out when that group is joined with the nodes. Any other query, with a
subquery, a union or an aggregate, is left to pySHACL.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from pyparsing import ParseException
from rdflib import OWL, RDF, SH, Graph, Literal, URIRef
from rdflib.plugins.sparql import prepareQuery
from rdflib.plugins.sparql.parserutils import CompValue
from rdflib.term import Node

from s4s_graph.shacl.paths import UnsupportedError

_SKIPPED = re.compile(
    r'"""(?:[^"\\]|\\.|"(?!""))*"""|"(?:[^"\\\n]|\\.)*"|\'(?:[^\'\\\n]|\\.)*\''
    r"|<[^<>\s\"{}]*>|#[^\n]*",
    re.DOTALL,
)
_THIS = re.compile(rf"({_SKIPPED.pattern}|[?$]this\b)", re.DOTALL)
_SELECT = re.compile(
    r"\s*SELECT\s+(?:DISTINCT\s+)?((?:[?$]\w+\s*|\([^()]*\sAS\s+[?$]\w+\s*\)\s*)+)"
    r"(?:WHERE\s*)?\{(.*)\}\s*",
    re.DOTALL | re.IGNORECASE,
)
_TOO_MUCH = re.compile(
    r"\b(?:SELECT|UNION|MINUS|OPTIONAL|SERVICE|GRAPH|VALUES)\b"
    r"|[?$](?:shapesGraph|currentShape)\b",
    re.IGNORECASE,
)
_PREFIX = re.compile(r"(?<![\w:?$-])([A-Za-z][\w-]*):")
_GROUP = re.compile(r"\{")
_MAY_OPEN = re.compile(r"\bEXISTS\s*$", re.IGNORECASE)

_TEXTS = {"Builtin_STR", "Builtin_LANG", "Builtin_REPLACE", "Builtin_LCASE", "Builtin_UCASE"}
_SEES_TEXT_ONLY = _TEXTS | {
    "SelectQuery", "Project", "Distinct", "Filter", "Join", "LeftJoin", "Union", "Minus", "BGP",
    "Extend", "ToMultiSet", "values",
    "GroupGraphPatternSub", "TriplesBlock", "TrueFilter", "Builtin_EXISTS", "Builtin_NOTEXISTS",
    "ConditionalAndExpression", "ConditionalOrExpression", "UnaryNot", "Builtin_IF",
    "Builtin_sameTerm", "Builtin_BOUND", "Builtin_isIRI", "Builtin_isURI", "Builtin_isBLANK",
    "Builtin_isLITERAL", "Builtin_LANGMATCHES", "Builtin_REGEX", "Builtin_STRSTARTS",
    "Builtin_STRENDS", "Builtin_CONTAINS",
}  # fmt: skip


@dataclass(frozen=True)
class Query:
    """A SELECT query of a shape: what it selects, what stands between its braces, its prefixes.

    text: all of it, to be read by rdflib when its parts matter: that takes longer than to ask it.
    """

    projection: str
    body: str
    prefixes: tuple[tuple[str, str], ...]
    text: str

    @property
    def algebra(self) -> CompValue:
        """Return the query as rdflib understands it. Raises UnsupportedError."""
        return _parsed(self.text, self.prefixes)

    @property
    def computes(self) -> bool:
        """Tell whether it works with values that a stand-in would change, such as numbers."""
        return _computes(self.algebra)

    def about(self, variable: str, escaped: Callable[[str], str]) -> str:
        """Return the body with another variable for `?this`, and escaped text around it."""
        parts = _THIS.split(self.body)
        # What stands at the odd places is what was split at.
        return "".join(
            variable if place % 2 and part[1:] == "this" else escaped(part)
            for place, part in enumerate(parts)
        )


def query(graph: Graph, node: Node, path: str | None, *, is_target: bool) -> Query:
    """Read the query of a target or a constraint; `path` takes the place of $PATH.

    A target is asked once, so it may combine what it wants. Raises UnsupportedError.
    """
    select = graph.value(node, SH.select)
    if not isinstance(select, Literal):
        raise UnsupportedError("a query that is no SELECT")
    text = re.sub(r"\$PATH\b", path, str(select)) if path else str(select)
    # With what may hold anything blanked out, places in the text stay the same.
    bare = _SKIPPED.sub(lambda found: "_" * len(found[0]), text)
    matched = _SELECT.fullmatch(bare)
    if matched is None:
        raise UnsupportedError("a query that does more than SELECT … WHERE")
    start, end = matched.span(2)
    inner = bare[start:end]
    if not is_target:
        _must_be_one_group(inner)
    projection = text[slice(*matched.span(1))].replace("$", "?")
    return Query(projection, text[start:end], _prefixes(graph, node), text)


def _must_be_one_group(inner: str) -> None:
    openings = _GROUP.finditer(inner)
    is_one = all(_MAY_OPEN.search(inner[: brace.start()]) for brace in openings)
    if _TOO_MUCH.search(inner) or not is_one:
        raise UnsupportedError("a query that must be asked of one node at a time")


@lru_cache
def _parsed(text: str, prefixes: tuple[tuple[str, str], ...]) -> CompValue:
    bare = _SKIPPED.sub(" ", text)
    if unknown := {*_PREFIX.findall(bare)} - dict(prefixes).keys():
        raise UnsupportedError(f"the prefix {min(unknown)}, which is not declared")
    try:
        return prepareQuery(text.replace("$", "?"), initNs=dict(prefixes)).algebra
    except (ParseException, ValueError) as error:
        raise UnsupportedError("a query that rdflib cannot read") from error


def _computes(part: Any) -> bool:
    """Look for anything that depends on the value of a literal, other than on its text."""
    if isinstance(part, list | tuple):
        return any(map(_computes, part))
    if isinstance(part, Literal):
        return part.datatype is not None
    if not isinstance(part, CompValue):
        return False
    if part.name == "RelationalExpression":
        others = part.other if isinstance(part.other, list) else [part.other]
        # Nothing but an address is equal to an address.
        are_iris = part.op in ("=", "!=", "IN", "NOT IN") and all(
            isinstance(one, URIRef) for one in others
        )
        if not are_iris and not all(map(_is_text, [part.expr, *others])):
            return True
    elif part.name not in _SEES_TEXT_ONLY:
        return True
    return any(_computes(value) for key, value in part.items() if not key.startswith("_"))


def _is_text(operand: Any) -> bool:
    if isinstance(operand, CompValue):
        return operand.name in _TEXTS
    return isinstance(operand, URIRef) or (isinstance(operand, Literal) and not operand.datatype)


def _prefixes(graph: Graph, node: Node) -> tuple[tuple[str, str], ...]:
    """Return what a query may abbreviate: by its own declarations and those of the ontologies."""
    owners = {*graph.objects(node, SH.prefixes), *graph.subjects(RDF.type, OWL.Ontology)}
    found = {
        str(graph.value(declared, SH.prefix)): str(graph.value(declared, SH.namespace))
        for owner in sorted(owners, key=str)
        for declared in graph.objects(owner, SH.declare)
    }
    return tuple(sorted(found.items()))
