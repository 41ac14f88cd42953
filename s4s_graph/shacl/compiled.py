"""The compiled engine: shapes as SPARQL over a whole graph in the store.

What a shape says of a single value or of the values of a node is one query for all nodes; what
it says by other shapes is algebra over the sets of nodes that these find wrong.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass

import pyoxigraph as ox
from rdflib import RDFS, SH, Literal, URIRef
from rdflib.term import Node

from s4s_graph.forms import Text
from s4s_graph.shacl import comparing, focus, rules, shapes
from s4s_graph.shacl.constraints import COMPONENTS, SINGLE, Compiler
from s4s_graph.shacl.focus import Focus
from s4s_graph.shacl.paths import Step, UnsupportedError
from s4s_graph.shacl.results import OxTerm, Result, named_only
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.shapes import Shape
from s4s_graph.shacl.terms import Lexicon, name, written

_SUBCLASS = ox.NamedNode(str(RDFS.subClassOf))
# What has something to say of a node without values.
_OF_ABSENT = (SH.minCount, SH.hasValue, SH.equals, SH.qualifiedValueShape, SH.sparql)
_LOGIC = (SH.node, SH["not"], SH["and"], SH["or"], SH.xone)


@dataclass(frozen=True)
class Found:
    """An offence: the node, the shape, the constraint, and what is wrong if it is one value."""

    this: OxTerm
    shape: Shape
    component: str
    value: OxTerm | None = None
    path: str | None = None
    message: Text | None = None


class Engine:
    """Evaluates shapes on a store, in which a lexicon stands for what the store would alter."""

    def __init__(self, store: ox.Store, lexicon: Lexicon, prepared: Rules) -> None:
        self._store = store
        self._lexicon = lexicon
        self._prepared = prepared
        self._functions = comparing.functions()
        self._classes = _subclasses(store)
        self._empty: dict[str, bool] = {}
        self._used: dict[str, bool] = {}

    def results(self, root: Shape) -> set[Result]:
        """Return what a shape says of the nodes that it is about. Raises UnsupportedError."""
        if not root.is_active:
            return set()
        for shape in root.below():
            _ = shape.path  # known before anything is asked: a shape is compiled in whole or not
        at = self.targets(root)
        if self._is_nothing(at):
            return set()
        return {self._result(found) for found in self.evaluate(root, at)}

    def targets(self, root: Shape) -> Focus:
        """Return the nodes that a shape is about. Raises UnsupportedError."""
        return focus.targets(root, self._classes, self._lexicon)

    def _is_nothing(self, at: Focus) -> bool:
        """Tell whether there are no such nodes; many shapes are about the same."""
        query = " ".join(("SELECT ?this WHERE {", at.bound_to("?this"), "} LIMIT 1"))
        if query not in self._empty:
            self._empty[query] = next(iter(self.rows(query, at.prefixes)), None) is None
        return self._empty[query]

    def _is_used(self, step: Step) -> bool:
        """Tell whether anything is said with a property at all."""
        if step.predicate not in self._used:
            name = ox.NamedNode(step.predicate)
            some = next(self._store.quads_for_pattern(None, name, None), None)
            self._used[step.predicate] = some is not None
        return self._used[step.predicate]

    def evaluate(self, shape: Shape, at: Focus) -> Iterator[Found]:
        """Yield the offences of a shape at some nodes, those of its properties included."""
        if not shape.is_active:
            return
        yield from self._own(shape, at)
        for value in shape.values(SH.property):
            yield from self.evaluate(Shape(value, shape.graph), at.values(shape))

    def wrong(self, shape: Shape, at: Focus) -> set[OxTerm]:
        """Return the nodes that do not conform to a shape."""
        if not shape.is_active:
            return set()
        bad = {found.this for found in self._own(shape, at)}
        for value in shape.values(SH.property):
            other = self.wrong(Shape(value, shape.graph), at.values(shape))
            bad |= {this for this, of in self._pairs(shape, at, other) if of in other}
        return bad

    def _own(self, shape: Shape, at: Focus) -> Iterator[Found]:
        """Yield the offences of a shape without those of its properties."""
        compiler = Compiler(shape, at, self._classes, self._lexicon)
        of_values: list[tuple[URIRef, Node]] = []
        of_nodes: dict[str, URIRef] = {}
        is_absent = isinstance(shape.path, Step) and not self._is_used(shape.path)
        for parameter, value in shape.constraints():
            if is_absent and parameter not in _OF_ABSENT:
                continue
            if parameter in SINGLE:
                of_values.append((parameter, value))
            elif (wrong := compiler.of_node(parameter, value)) is not None:
                of_nodes[wrong] = parameter
            elif parameter in _LOGIC:
                for this, of in self._logic(shape, at, parameter, value):
                    yield Found(this, shape, COMPONENTS[parameter], of)
            elif parameter == SH.qualifiedValueShape:
                yield from self._qualified(shape, at, value)
            elif parameter != SH.property:
                yield from self._queried(shape, at, parameter, value)
        variable = "this" if shape.path is None else "value"
        if of_values:
            query = compiler.of_values(of_values)
            parameters = [parameter for parameter, _ in of_values]
            yield from self._flagged(shape, at, query, parameters, variable)
        if of_nodes:
            query = compiler.of_nodes(list(of_nodes))
            yield from self._flagged(shape, at, query, list(of_nodes.values()), None)

    def _flagged(
        self, shape: Shape, at: Focus, query: str, parameters: Sequence[URIRef], of: str | None
    ) -> Iterator[Found]:
        """Ask for several parameters at once; `of` is the variable of the value."""
        for row in self.rows(query, at.prefixes):
            for number, parameter in enumerate(parameters):
                if row[f"wrong{number}"].value == "true":
                    value = None if of is None else row[of]
                    yield Found(row["this"], shape, COMPONENTS[parameter], value)

    def _queried(self, shape: Shape, at: Focus, parameter: URIRef, value: Node) -> Iterator[Found]:
        compiler = Compiler(shape, at, self._classes, self._lexicon)
        prefixes = at.prefixes
        if parameter == SH.sparql:
            prefixes = tuple({*prefixes, *compiler.prefixes(value)})
        component = COMPONENTS[parameter]
        told = [w for w in shape.graph.objects(value, SH.message) if isinstance(w, Literal)]
        for query in compiler.queries(parameter, value):
            rows = self.rows(query, prefixes)
            names = [variable.value for variable in rows.variables]
            for row in rows:
                said = {key: row[key] for key in names if row[key] is not None}
                of = said.get("value")
                if of is None and shape.path is None and parameter != SH.hasValue:
                    of = row["this"]
                path = said["path"].value if "path" in said else None
                text = rules.text([_filled(word, said) for word in told])
                yield Found(row["this"], shape, component, of, path, text)

    def _logic(
        self, shape: Shape, at: Focus, parameter: URIRef, value: Node
    ) -> Iterator[tuple[OxTerm, OxTerm]]:
        values = at.values(shape)
        listed = [value] if parameter in (SH.node, SH["not"]) else shape.listed(value)
        bad = [self.wrong(Shape(node, shape.graph), values) for node in listed]
        if parameter in (SH.node, SH["and"]):
            some = set[OxTerm]().union(*bad)
            return ((this, of) for this, of in self._pairs(shape, at, some) if of in some)
        offends: Callable[[OxTerm], bool]
        if parameter == SH.xone:
            wrong_in = Counter(term for terms in bad for term in terms)
            offends = lambda of: len(bad) - wrong_in[of] != 1  # noqa: E731
        elif parameter == SH["or"]:
            everywhere = set.intersection(*bad) if bad else set()
            if not everywhere:
                return iter(())
            offends = everywhere.__contains__
        else:
            offends = lambda of: of not in bad[0]  # noqa: E731
        return ((this, of) for this, of in self._all(shape, at) if offends(of))

    def _qualified(self, shape: Shape, at: Focus, value: Node) -> Iterator[Found]:
        if Literal(True) in shape.values(SH.qualifiedValueShapesDisjoint):
            raise UnsupportedError("sh:qualifiedValueShapesDisjoint")
        bad = self.wrong(Shape(value, shape.graph), at.values(shape))
        counts = Counter(this for this, of in self._all(shape, at) if of not in bad)
        nodes = {row["this"] for row in self.rows(_nodes(at), at.prefixes)}
        for parameter in (SH.qualifiedMinCount, SH.qualifiedMaxCount):
            for bound in (int(str(node)) for node in shape.values(parameter)):
                for this in nodes:
                    few = parameter == SH.qualifiedMinCount and counts[this] < bound
                    if few or (parameter == SH.qualifiedMaxCount and counts[this] > bound):
                        yield Found(this, shape, COMPONENTS[parameter])

    def _pairs(self, shape: Shape, at: Focus, of: Set[OxTerm]) -> Iterator[tuple[OxTerm, OxTerm]]:
        """Yield the nodes with their values, if any of these values can be meant."""
        if of and shape.path is None:
            return ((term, term) for term in of)
        return self._all(shape, at) if of else iter(())

    def _all(self, shape: Shape, at: Focus) -> Iterator[tuple[OxTerm, OxTerm]]:
        compiler = Compiler(shape, at, self._classes, self._lexicon)
        of = "this" if shape.path is None else "value"
        for row in self.rows(compiler.universe(), at.prefixes):
            yield row["this"], row[of]

    def rows(self, query: str, prefixes: Iterable[tuple[str, str]]) -> ox.QuerySolutions:
        """Ask the store."""
        named = dict(prefixes)
        try:
            answer = self._store.query(query, prefixes=named, custom_functions=self._functions)
        except SyntaxError as error:
            raise UnsupportedError("a query that cannot be part of a larger one") from error
        if not isinstance(answer, ox.QuerySolutions):
            raise UnsupportedError("a query that is no SELECT")
        return answer

    def _result(self, found: Found) -> Result:
        shape = found.shape
        said = self._prepared.messages.get(shape.name.removeprefix("_:")) or found.message
        return Result(
            focus=name(found.this),
            path=found.path or shape.result_path,
            value=None if found.value is None else written(found.value),
            severity=shape.severity,
            shape=shape.name,
            message=said or named_only(shape.name),
            component=found.component,
        )


def roots(prepared: Rules) -> list[Shape]:
    """Return the shapes that are about nodes."""
    return shapes.roots(prepared.graph)


def _nodes(at: Focus) -> str:
    return " ".join(("SELECT DISTINCT ?this WHERE {", at.bound_to("?this"), "}"))


def _filled(word: Literal, said: Mapping[str, OxTerm]) -> Literal:
    """Return a message with the values of a row for `{?variable}` and `{$variable}`."""
    text = str(word)
    for variable, value in said.items():
        for sign in "?$":
            text = text.replace("".join(("{", sign, variable, "}")), written(value).value)
    return Literal(text, lang=word.language)


def _subclasses(store: ox.Store) -> dict[str, set[str]]:
    """Return each class that has subclasses with all of them, itself included."""
    below: dict[str, set[str]] = defaultdict(set)
    for quad in store.quads_for_pattern(None, _SUBCLASS, None):
        if isinstance(quad.subject, ox.NamedNode) and isinstance(quad.object, ox.NamedNode):
            below[quad.object.value].add(quad.subject.value)
    found: dict[str, set[str]] = {}
    for top in below:
        seen, waiting = {top}, [top]
        while waiting:
            new = below.get(waiting.pop(), set()) - seen
            seen |= new
            waiting.extend(new)
        found[top] = seen
    return found
