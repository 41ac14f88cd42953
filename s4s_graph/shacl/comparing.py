"""What only rdflib can say of values, for the engine to call: order, and regular expressions.

pySHACL compares by rdflib, which orders what SPARQL cannot compare, such as two years. The
expressions of shapes are those of Python here as they are there: the engine's own know no
look-around. Both remember what they said: a graph holds few values, many times.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Any

import pyoxigraph as ox
from pyshacl.rdfutil.compare import compare_literal
from rdflib import Literal, URIRef

from s4s_graph.graphs import Term
from s4s_graph.shacl.terms import compared

MATCHES, LESS, NOT_MORE, AT_LEAST, AT_MOST, ABOVE, BELOW = (
    f"urn:x-s4s:{name}"
    for name in ("matches", "less", "not-more", "at-least", "at-most", "above", "below")
)
_CACHE = 1 << 16
Answer = Callable[..., ox.Literal]


def functions() -> dict[ox.NamedNode, Any]:
    """Return the functions by their names in queries."""
    found: dict[str, Answer] = {
        MATCHES: _answer(_matches),
        LESS: _answer(lambda one, other: _ordered(one, other, strictly=True)),
        NOT_MORE: _answer(lambda one, other: _ordered(one, other, strictly=False)),
        AT_LEAST: _answer(lambda value, bound: _compared(value, bound) in (0, 1)),
        AT_MOST: _answer(lambda value, bound: _compared(value, bound) in (-1, 0)),
        ABOVE: _answer(lambda value, bound: _compared(value, bound) == 1),
        BELOW: _answer(lambda value, bound: _compared(value, bound) == -1),
    }
    return {ox.NamedNode(name): function for name, function in found.items()}


def _answer(of: Callable[..., bool]) -> Answer:
    yes, no = ox.Literal(True), ox.Literal(False)

    @lru_cache(_CACHE)
    def answer(*terms: Any) -> ox.Literal:
        return yes if of(*terms) else no

    return answer


def _matches(value: Any, pattern: ox.Literal, flags: ox.Literal) -> bool:
    """Say whether a term matches; a blank node has no text."""
    if isinstance(value, ox.BlankNode):
        return False
    wanted = (re.I if "i" in flags.value else 0) | (re.M if "m" in flags.value else 0)
    return re.search(pattern.value, value.value, wanted) is not None


def _compared(value: Any, bound: Any) -> int | None:
    """Return the order of a value and a bound, as pySHACL sees it; None when they have none."""
    one, other = compared(value), compared(bound)
    if not isinstance(one, Literal) or not isinstance(other, Literal):
        return None
    if isinstance(one.value, str) != isinstance(other.value, str):
        return None
    try:
        return int(compare_literal(one, other))  # type: ignore[no-untyped-call]
    except (TypeError, NotImplementedError):
        return None


def _ordered(value: Any, bound: Any, *, strictly: bool) -> bool:
    """Say whether one value of a node comes before another."""
    (one_is_text, one), (other_is_text, other) = _key(compared(value)), _key(compared(bound))
    if one_is_text != other_is_text:
        return False
    try:
        return bool(one < other if strictly else one <= other)
    except TypeError:
        return False


def _key(term: Term) -> tuple[bool, Any]:
    """Return whether a term is compared as a text, and what is compared."""
    if isinstance(term, URIRef):
        return True, str(term)
    # A literal of rdflib is a text of Python itself, whatever its value.
    is_text = isinstance(term, Literal) and isinstance(term.value, str)
    return is_text, term.value if isinstance(term, Literal) and is_text else term
