"""What a query looks at, as paths between its variables, however it combines them."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rdflib import Literal, URIRef, Variable
from rdflib.paths import AlternativePath, InvPath, MulPath, SequencePath
from rdflib.plugins.sparql.parserutils import CompValue

from s4s_graph.shacl.paths import ANY, Chain, Choice, Path, Repeat, Step, UnsupportedError, inverse

End = str  # the name of a variable, or an address in angle brackets


@dataclass(frozen=True)
class Link:
    """A path from one end to the other; None where the two ends may be the same node."""

    start: End
    path: Path | None
    end: End

    def backwards(self) -> "Link":
        """Return the link from the other end."""
        return Link(self.end, inverse(self.path) if self.path else None, self.start)


def links(part: Any) -> Iterator[Link]:
    """Yield the links of the algebra of a query. Raises UnsupportedError."""
    if isinstance(part, list | tuple):
        for one in part:
            yield from links(one)
    elif isinstance(part, CompValue):
        if part.name == "Extend":
            for variable in _chosen(part.expr):
                yield Link(str(part.var), None, variable)
        for key, value in part.items():
            if key == "triples":
                yield from _triples(value)
            elif not key.startswith("_"):
                yield from links(value)


def _triples(stated: Any) -> Iterator[Link]:
    for some in stated:
        for place in range(0, len(some), 3):
            start, path, end = some[place : place + 3]
            yield Link(_end(start), _path(path), _end(end))


def _end(term: Any) -> End:
    if isinstance(term, Variable):
        return str(term)
    # Where a literal stands, there is nowhere to go on to.
    return f"<{term}>" if isinstance(term, URIRef) else f'"{term}"'


def _path(path: Any) -> Path:
    match path:
        case Variable():
            return ANY
        case URIRef():
            return Step(str(path))
        case SequencePath():
            return Chain(tuple(map(_path, path.args)))
        case AlternativePath():
            return Choice(tuple(map(_path, path.args)))
        case InvPath():
            return inverse(_path(path.arg))
        case MulPath():
            return Repeat(_path(path.path), str(path.mod))
    raise UnsupportedError("a path that excludes something")


def _chosen(expression: Any) -> Iterator[str]:
    """Yield the variables that an expression may hand on as they are."""
    if isinstance(expression, Variable):
        yield str(expression)
    elif isinstance(expression, CompValue) and expression.name == "Builtin_IF":
        yield from _chosen(expression.arg2)
        yield from _chosen(expression.arg3)
    elif not isinstance(expression, URIRef | Literal):
        raise UnsupportedError("a query that computes a node")
