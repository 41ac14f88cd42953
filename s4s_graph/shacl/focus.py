"""The nodes that a constraint is about, as a piece of a query that finds them."""

from dataclasses import dataclass
from string import Template

import pyoxigraph as ox
from rdflib import RDF, RDFS, SH, BNode, Literal, URIRef
from rdflib.term import Node

from s4s_graph.shacl.embedding import query
from s4s_graph.shacl.paths import UnsupportedError
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import Lexicon, to_ox

_SUBJECTS = Template("{ SELECT DISTINCT $$node WHERE { $$node <$predicate> ?any } }")
_OBJECTS = Template("{ SELECT DISTINCT $$node WHERE { ?any <$predicate> $$node } }")
_CLASS = Template("{ VALUES ?class { $names } $$node <$type> ?class }")
_NODE = Template("{ VALUES $$node { $term } }")
_QUERY = Template("{ SELECT DISTINCT $$node WHERE { $body } }")
_UNION = Template("{ SELECT DISTINCT $$node WHERE { $parts } }")
_VALUES = Template("{ SELECT DISTINCT $$node WHERE { $focus $above $path $$node } }")


@dataclass(frozen=True)
class Focus:
    """A pattern with `$node` for the variable that it binds, perhaps to a node several times."""

    pattern: Template
    prefixes: tuple[tuple[str, str], ...] = ()
    depth: int = 0

    def bound_to(self, variable: str) -> str:
        """Return the pattern for a variable such as `?this`."""
        return self.pattern.substitute(node=variable)

    def values(self, shape: Shape) -> "Focus":
        """Return the value nodes that a shape has at these nodes."""
        if shape.path is None:
            return self
        above = f"?above{self.depth}"
        text = _VALUES.substitute(
            focus=_escaped(self.bound_to(above)), above=above, path=_escaped(shape.path.sparql())
        )
        return Focus(Template(text), self.prefixes, self.depth + 1)


def targets(shape: Shape, classes: dict[str, set[str]], lexicon: Lexicon) -> Focus:
    """Return the nodes that a shape says it is about. Raises UnsupportedError.

    classes: the subclasses of each class that has any, itself included.
    """
    parts: list[str] = []
    prefixes: set[tuple[str, str]] = set()
    named = set(shape.values(SH.targetClass))
    if RDFS.Class in shape.values(RDF.type):
        named.add(shape.node)
    names = {name for above in named for name in classes.get(str(above), {str(above)})}
    if names:
        listed = " ".join("".join(("<", name, ">")) for name in sorted(names))
        parts.append(_CLASS.substitute(type=RDF.type, names=_escaped(listed)))
    for node in shape.values(SH.targetNode):
        parts.append(_NODE.substitute(term=_escaped(sparql(node, lexicon))))
    for predicate in shape.values(SH.targetSubjectsOf):
        parts.append(_SUBJECTS.substitute(predicate=_escaped(str(predicate))))
    for predicate in shape.values(SH.targetObjectsOf):
        parts.append(_OBJECTS.substitute(predicate=_escaped(str(predicate))))
    for target in shape.values(SH.target):
        asked = query(shape.graph, target, None, is_target=True)
        if lexicon.altered and asked.computes:
            raise UnsupportedError("a target that computes with values")
        prefixes.update(asked.prefixes)
        parts.append(_QUERY.substitute(body=asked.about("$node", _escaped)))
    if len(dict(prefixes)) < len(prefixes):
        raise UnsupportedError("one prefix with two meanings")
    text = parts[0] if len(parts) == 1 else _UNION.substitute(parts=" UNION ".join(parts))
    return Focus(Template(text), tuple(sorted(prefixes)))


def _escaped(text: str) -> str:
    return text.replace("$", "$$")


def sparql(node: Node, lexicon: Lexicon) -> str:
    """Return a term as SPARQL writes it, as it is in the store. Raises UnsupportedError."""
    if isinstance(node, BNode):
        raise UnsupportedError("a blank node that is named")
    if isinstance(node, URIRef):
        return f"<{node}>"
    if not isinstance(node, Literal):
        raise UnsupportedError(f"the term {node!r}")
    term = to_ox(node)
    return str(lexicon.stored(term) if isinstance(term, ox.Literal) else term)
