"""Constraints of SHACL as SPARQL: each a query that finds the offenders among all nodes at once.

A path of one step is looked up with NOT EXISTS, a longer one with MINUS: the engine evaluates a
longer one inside NOT EXISTS for each node anew.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from string import Template

from rdflib import RDF, RDFS, SH, Literal, URIRef
from rdflib.term import Node

from s4s_graph.shacl import comparing
from s4s_graph.shacl.embedding import query
from s4s_graph.shacl.focus import Focus, sparql
from s4s_graph.shacl.paths import Step, UnsupportedError
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import WRITTEN, Lexicon

COMPONENTS = {
    parameter: f"{SH}{str(parameter).rpartition('#')[2][0].upper()}"
    f"{str(parameter).rpartition('#')[2][1:]}ConstraintComponent"
    for parameter in (
        SH["class"], SH.datatype, SH.nodeKind, SH.minCount, SH.maxCount, SH["in"], SH.hasValue,
        SH.pattern, SH.languageIn, SH.uniqueLang, SH.minInclusive, SH.maxInclusive,
        SH.minExclusive, SH.maxExclusive, SH.minLength, SH.maxLength, SH.equals, SH.disjoint,
        SH.lessThan, SH.lessThanOrEquals, SH.closed, SH.node, SH["not"], SH["and"], SH["or"],
        SH.xone, SH.qualifiedMinCount, SH.qualifiedMaxCount,
    )
} | {SH.sparql: str(SH.SPARQLConstraintComponent)}  # fmt: skip

_VALUES = Template("?this $path ?value .")
_WRONG = Template("SELECT DISTINCT $columns $flags WHERE { $focus $values FILTER($wrong) }")
_MISSING = Template(
    "SELECT ?this WHERE { $focus MINUS "
    "{ SELECT DISTINCT ?this WHERE { $focus ?this $path $term } } }"
)
_FEW = Template(
    "SELECT ?this WHERE { $focus MINUS { SELECT ?this WHERE { $focus $values } "
    "GROUP BY ?this HAVING(COUNT(DISTINCT $value) >= $count) } }"
)
_OF_NODES = Template("SELECT DISTINCT ?this $flags WHERE { $focus FILTER($wrong) }")
_OTHER_NODE = Template("SELECT ?this WHERE { $focus FILTER(!sameTerm(?this, $term)) }")
_NOT_ONE = Template("NOT EXISTS { ?this $path $term }")
_TWO = Template(
    "EXISTS { ?this $path ?value . ?this $path ?other . FILTER(!sameTerm(?value, ?other)) }"
)
_NOT_TWO = Template(" ".join(("NOT", _TWO.template)))
_ONE_LANGUAGE = Template(
    "EXISTS { ?this $path ?value . ?this $path ?other . FILTER(!sameTerm(?value, ?other) "
    '&& LANG(?value) != "" && LCASE(LANG(?value)) = LCASE(LANG(?other))) }'
)
_MANY = Template(
    "SELECT ?this WHERE { $focus $values } GROUP BY ?this HAVING(COUNT(DISTINCT $value) > $count)"
)
_LANGUAGES = Template(
    "SELECT DISTINCT ?this WHERE { $focus $values ?this $path ?other . "
    'FILTER(!sameTerm(?value, ?other) && LANG(?value) != "" '
    "&& LCASE(LANG(?value)) = LCASE(LANG(?other))) }"
)
_PAIR = Template(
    "SELECT DISTINCT $columns WHERE { $focus $values ?this <$other> ?other FILTER($wrong) }"
)
_ONLY_HERE = Template(
    "SELECT DISTINCT $columns WHERE { $focus $values FILTER NOT EXISTS { ?this <$other> $value } }"
)
_ONLY_THERE = Template(
    "SELECT DISTINCT ?this ?value WHERE { $focus ?this <$other> ?value $unlike }"
)
_UNLIKE = Template("MINUS { SELECT DISTINCT ?this ?value WHERE { $focus $values } }")
_CLOSED = Template(
    "SELECT DISTINCT ?this ?path ?value WHERE { $focus $values $node ?path ?value "
    "FILTER(!(?path = <$type> && sameTerm(?value, <$resource>))) $known }"
)
_ASKED = Template("SELECT DISTINCT $variables WHERE { $focus $body }")
# When a single value is wrong.
_NO_INSTANCE = Template("NOT EXISTS { $value <$type> <$name> }")
_NO_DATATYPE = Template(
    "!isLiteral($value) || DATATYPE($value) NOT IN (<$name>, <${stand_in}${name}>)"
)
_NO_KIND = Template("!($kind)")
_SAME = Template("sameTerm($value, $term)")
_NO_MATCH = Template(f"!<{comparing.MATCHES}>($value, $pattern, $flags)")
_NO_LANGUAGE = Template('!isLiteral($value) || LANG($value) = "" || $tags')
_TAGGED = Template("LANGMATCHES(LANG($value), $term)")
_SHORT = Template("isBlank($value) || STRLEN(STR($value)) < $bound")
_LONG = Template("isBlank($value) || STRLEN(STR($value)) > $bound")
_OUT = Template("!<$function>($value, $other)")
_KINDS = {
    SH.IRI: Template("isIRI($value)"),
    SH.BlankNode: Template("isBlank($value)"),
    SH.Literal: Template("isLiteral($value)"),
    SH.BlankNodeOrIRI: Template("(!isLiteral($value))"),
    SH.BlankNodeOrLiteral: Template("(!isIRI($value))"),
    SH.IRIOrLiteral: Template("(!isBlank($value))"),
}
_BOUNDS = {
    SH.minInclusive: comparing.AT_LEAST,
    SH.maxInclusive: comparing.AT_MOST,
    SH.minExclusive: comparing.ABOVE,
    SH.maxExclusive: comparing.BELOW,
}
SINGLE = {
    SH["class"], SH.datatype, SH.nodeKind, SH["in"], SH.pattern, SH.languageIn, SH.minLength,
    SH.maxLength, *_BOUNDS,
}  # fmt: skip
_ORDERS = {SH.lessThan: comparing.LESS, SH.lessThanOrEquals: comparing.NOT_MORE}


class Compiler:
    """Makes the queries of one shape at some nodes.

    classes: the subclasses of each class that has any, itself included.
    """

    def __init__(
        self, shape: Shape, focus: Focus, classes: Mapping[str, Set[str]], lexicon: Lexicon
    ) -> None:
        self._shape = shape
        self._classes = classes
        self._lexicon = lexicon
        self._value = "?this" if shape.path is None else "?value"
        path = shape.path.sparql() if shape.path else ""
        self._parts = {
            "focus": focus.bound_to("?this"),
            "value": self._value,
            "columns": "?this" if shape.path is None else "?this ?value",
            "values": _VALUES.substitute(path=path) if path else "",
            "path": path,
            "type": str(RDF.type),
        }

    def queries(self, parameter: URIRef, value: Node) -> Iterator[str]:
        """Yield the queries of a parameter that is about all values of a node, or about none.

        Raises UnsupportedError.
        """
        if parameter in (SH.minCount, SH.maxCount):
            yield from self._count(parameter, int(str(value)))
        elif parameter == SH.hasValue:
            yield self._has(value)
        elif parameter == SH.uniqueLang and value == Literal(True):
            yield self._fill(_LANGUAGES)
        elif parameter == SH.closed and value == Literal(True):
            yield self._closed()
        elif parameter in (SH.equals, SH.disjoint) or parameter in _ORDERS:
            yield from self._pair(parameter, value)
        elif parameter == SH.sparql:
            yield from self._asked(value)

    def of_node(self, parameter: URIRef, value: Node) -> str | None:
        """Return when a node is wrong, for what is quickly looked up at each node; else None."""
        if not isinstance(self._shape.path, Step):
            return None
        if parameter == SH.hasValue:
            return self._fill(_NOT_ONE, term=self._term(value))
        if parameter == SH.uniqueLang and value == Literal(True):
            return self._fill(_ONE_LANGUAGE)
        if parameter == SH.maxCount and str(value) == "1":
            return self._fill(_TWO)
        if parameter == SH.minCount and str(value) in ("1", "2"):
            return self._fill(_NOT_ONE, term="?any") if str(value) == "1" else self._fill(_NOT_TWO)
        return None

    def of_nodes(self, wrong: Sequence[str]) -> str:
        """Return the query of what `of_node` gave; its variables are those of `of_values`."""
        return self._fill(_OF_NODES, flags=_flags(wrong), wrong=" || ".join(wrong))

    def of_values(self, constraints: Iterable[tuple[URIRef, Node]]) -> str:
        """Return the query of the parameters that are about one value at a time.

        Its variables `?wrong0` and so on say which of them a value offends.
        """
        wrong = ["".join(("(", self._wrong(*one), ")")) for one in constraints]
        return self._fill(_WRONG, flags=_flags(wrong), wrong=" || ".join(wrong))

    def universe(self) -> str:
        """Return the query of all values at all these nodes."""
        return self._fill(Template("SELECT DISTINCT $columns WHERE { $focus $values }"))

    def _fill(self, template: Template, **parts: object) -> str:
        return template.substitute(self._parts, **parts)

    def _term(self, node: Node) -> str:
        return sparql(node, self._lexicon)

    def _wrong(self, parameter: URIRef, given: Node) -> str:
        """Return when a single value is wrong."""
        if parameter == SH["class"]:
            names = sorted(self._classes.get(str(given), {str(given)}))
            return " && ".join(self._fill(_NO_INSTANCE, name=name) for name in names)
        if parameter == SH.datatype:
            if given in (RDFS.Literal, RDFS.Datatype):
                raise UnsupportedError(f"the datatype {given}")
            return self._fill(_NO_DATATYPE, name=given, stand_in=WRITTEN)
        if parameter == SH.nodeKind:
            return self._fill(_NO_KIND, kind=self._fill(_KINDS[URIRef(str(given))]))
        if parameter == SH["in"]:
            return self._none_of(_SAME, self._shape.listed(given))
        if parameter == SH.pattern:
            flags = Literal(next(map(str, self._shape.values(SH.flags)), ""))
            pattern = self._term(Literal(str(given)))
            return self._fill(_NO_MATCH, pattern=pattern, flags=self._term(flags))
        if parameter == SH.languageIn:
            tags = self._none_of(_TAGGED, self._shape.listed(given))
            return self._fill(_NO_LANGUAGE, tags=tags)
        if parameter == SH.minLength:
            # A blank node has no length, and is none too short when anything goes.
            return self._fill(_SHORT, bound=given) if int(str(given)) else "false"
        if parameter == SH.maxLength:
            return self._fill(_LONG, bound=given)
        return self._fill(_OUT, function=_BOUNDS[parameter], other=self._term(given))

    def _none_of(self, one: Template, members: Iterable[Node]) -> str:
        tests = [self._fill(one, term=self._term(member)) for member in members]
        return self._fill(_NO_KIND, kind=" || ".join(tests) or "false")

    def _count(self, parameter: URIRef, count: int) -> Iterator[str]:
        if parameter == SH.maxCount:
            yield self._fill(_MANY, count=count)
        elif count == 1:
            yield self._fill(_MISSING, term="?any")
        elif count > 1:
            yield self._fill(_FEW, count=count)

    def _has(self, value: Node) -> str:
        term = self._term(value)
        if self._shape.path is not None:
            return self._fill(_MISSING, term=term)
        return self._fill(_OTHER_NODE, term=term)

    def _pair(self, parameter: URIRef, other: Node) -> Iterator[str]:
        if not isinstance(other, URIRef):
            raise UnsupportedError(f"{other} as a property to compare with")
        if parameter == SH.disjoint:
            yield self._fill(_PAIR, other=other, wrong=self._fill(_SAME, term="?other"))
        elif parameter in _ORDERS:
            wrong = self._fill(_OUT, function=_ORDERS[parameter], other="?other")
            yield self._fill(_PAIR, other=other, wrong=wrong)
        else:
            yield self._fill(_ONLY_HERE, other=other)
            is_far = self._shape.path is not None
            unlike = _UNLIKE if is_far else Template("FILTER(!sameTerm(?this, ?value))")
            yield self._fill(_ONLY_THERE, other=other, unlike=self._fill(unlike))

    def _closed(self) -> str:
        shape = self._shape
        known = {
            str(path)
            for other in shape.values(SH.property)
            for path in shape.graph.objects(other, SH.path)
            if isinstance(path, URIRef)
        }
        for listed in shape.values(SH.ignoredProperties):
            known.update(map(str, shape.listed(listed)))
        names = ", ".join(f"<{name}>" for name in sorted(known))
        filtered = f"FILTER(?path NOT IN ({names}))" if names else ""
        # The value of the triple is told; the node that has it is named otherwise here.
        node = "?node" if shape.path else "?this"
        values = f"?this {shape.path.sparql()} ?node ." if shape.path else ""
        parts = self._parts | {"values": values, "resource": str(RDFS.Resource)}
        return _CLOSED.substitute(parts, node=node, known=filtered)

    def _asked(self, node: Node) -> Iterator[str]:
        shape = self._shape
        if (node, SH.deactivated, Literal(True)) in shape.graph:
            return
        path = shape.path.sparql() if shape.path else None
        asked = query(shape.graph, node, path, is_target=False)
        if self._lexicon.altered and asked.computes:
            raise UnsupportedError("a query that computes with values")
        if "?this" not in asked.projection or "?failure" in asked.projection:
            raise UnsupportedError("a query that does not say of which node")
        yield self._fill(_ASKED, variables=asked.projection, body=asked.body)

    def prefixes(self, node: Node) -> tuple[tuple[str, str], ...]:
        """Return the prefixes of the query of a constraint."""
        path = self._shape.path.sparql() if self._shape.path else None
        return query(self._shape.graph, node, path, is_target=False).prefixes


def _flags(wrong: Iterable[str]) -> str:
    one = Template("($wrong AS ?wrong$number)")
    return " ".join(one.substitute(wrong=text, number=n) for n, text in enumerate(wrong))
