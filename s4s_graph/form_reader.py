"""Reading the forms out of SHACL shapes: `forms.read` is the way in."""

from collections.abc import Iterator
from pathlib import Path

from rdflib import RDF, RDFS, SH, SKOS, XSD, Graph, Literal, Namespace, URIRef
from rdflib.collection import Collection
from rdflib.term import IdentifiedNode, Node

from s4s_graph import graphs
from s4s_graph.forms import Field, Form, Forms, FormsError, Group, Text

KINDS = {
    RDF.langString: "text",
    XSD.string: "string",
    XSD.integer: "integer",
    XSD.decimal: "decimal",
    XSD.gYear: "year",
    XSD.date: "date",
    XSD.boolean: "boolean",
}
DISCLOSURES = ("public", "restricted")


def read(shapes: Path, base: str) -> Forms:
    """Return the forms of the shapes in a folder; raises FormsError when one is not complete."""
    return _Reader(graphs.shapes(shapes, base), base).forms()


class _Reader:
    def __init__(self, graph: Graph, base: str) -> None:
        self.graph = graph
        self.own = Namespace(f"{base}def#")
        self.shape = f"{base}shape#"
        # What a property shape may point at, a node shape or a class, and the segment it means.
        self.segments: dict[Node, str] = {}
        for node, segment in graph.subject_objects(self.own.segment):
            for target in (node, *graph.objects(node, SH.targetClass)):
                self.segments[target] = str(segment)
        self.groups = self.read_groups()

    def forms(self) -> Forms:
        nodes = set(self.graph.subjects(self.own.segment))
        forms = sorted((self.form(_iri(node)) for node in nodes), key=lambda form: form.segment)
        for names in ([form.segment for form in forms], [form.table for form in forms]):
            if twice := sorted({name for name in names if names.count(name) > 1}):
                raise FormsError(f"two shapes have '{twice[0]}' as their segment or table")
        return Forms(tuple(forms), dict(sorted(self.groups.items())))

    def read_groups(self) -> dict[str, Group]:
        found = {}
        for node in set(self.graph.subjects(RDF.type, SH.PropertyGroup)):
            name = self.local(node)
            found[name] = Group(
                name,
                self.text(node, RDFS.label, "rdfs:label"),
                self.text(node, RDFS.comment, "rdfs:comment"),
                float(str(self.one(node, SH.order, "sh:order"))),
            )
        return found

    def form(self, node: URIRef) -> Form:
        target = self.graph.value(node, SH.targetClass)
        fields = {field.id: field for field in self.fields(node)}
        if target is None:
            # A concept of a list is described by the shape of every concept as well.
            for shape in self.graph.subjects(SH.targetClass, SKOS.Concept):
                fields = {field.id: field for field in self.fields(shape)} | fields
        groups = self.groups
        ordered = sorted(fields.values(), key=lambda f: (groups[f.group].order, f.order, f.id))
        schemes = [f.constant for f in ordered if f.path == str(SKOS.inScheme) and f.constant]
        return Form(
            shape=str(node),
            segment=self.segments[node],
            table=str(self.one(node, self.own.table, "s4s:table")),
            class_iri=None if target is None else str(target),
            scheme=schemes[0] if schemes else None,
            name=self.text(node, RDFS.label, "rdfs:label"),
            help=self.text(node, RDFS.comment, "rdfs:comment"),
            computed=self.is_true(node, self.own.computed),
            fields=tuple(ordered),
        )

    def fields(self, node: Node) -> Iterator[Field]:
        seen: dict[str, Node] = {}
        for property_shape in self.graph.objects(node, SH.property):
            if not isinstance(property_shape, URIRef):
                raise FormsError(f"a property of {self.short(node)} has no address of its own")
            field = self.field(property_shape)
            if field.id in seen:
                raise FormsError(f"{self.short(node)} has two fields called '{field.id}'")
            seen[field.id] = property_shape
            yield field

    def field(self, node: URIRef) -> Field:
        path, inverse = self.path(node)
        values = tuple(sorted(self.targets(node)))
        constant = self.graph.value(node, SH.hasValue)
        datatype = self.graph.value(node, SH.datatype)
        maximum = self.graph.value(node, SH.maxCount)
        pattern = self.graph.value(node, SH.pattern)
        return Field(
            id=self.local(node).partition("-")[2],
            shape=str(node),
            path=str(path),
            inverse=inverse,
            name=self.text(node, SH.name, "sh:name"),
            help=self.text(node, SH.description, "sh:description"),
            message=self.text(node, SH.message, "sh:message"),
            kind=self.kind(node, values, constant, datatype),
            languages=self.languages(node, datatype),
            values=values,
            minimum=int(str(self.graph.value(node, SH.minCount) or 0)),
            maximum=None if maximum is None else int(str(maximum)),
            unique_language=self.is_true(node, SH.uniqueLang),
            datatype=None if datatype is None else str(datatype),
            constant=None if constant is None else str(constant),
            group=self.group(node),
            order=float(str(self.one(node, SH.order, "sh:order"))),
            severity=self.local(self.one(node, SH.severity, "sh:severity")).lower(),
            disclosure=self.disclosure(node),
            quasi_identifier=self.is_true(node, self.own.quasiIdentifier),
            pattern=None if pattern is None else str(pattern),
        )

    def path(self, node: URIRef) -> tuple[URIRef, bool]:
        path = self.one(node, SH.path, "sh:path")
        inverse = self.graph.value(path, SH.inversePath)
        found = path if inverse is None else inverse
        if not isinstance(found, URIRef) or (inverse is None and not isinstance(path, URIRef)):
            raise FormsError(f"{self.short(node)} has a path that is no property or its inverse")
        return found, inverse is not None

    def targets(self, node: Node) -> Iterator[str]:
        if self.graph.value(node, SH.nodeKind) == SH.IRI:
            return  # any address, also where sh:class narrows it to what no table holds
        options = self.graph.value(node, SH["or"])
        branches = [] if options is None else list(Collection(self.graph, _node(options)))
        for holder in (node, *branches):
            for target in (
                *self.graph.objects(holder, SH["class"]),
                *self.graph.objects(holder, SH.node),
            ):
                if target not in self.segments:
                    raise FormsError(
                        f"{self.short(node)} takes its values from {target}, "
                        "which no shape with a s4s:segment describes"
                    )
                yield self.segments[target]

    def kind(
        self, node: Node, values: tuple[str, ...], constant: Node | None, datatype: Node | None
    ) -> str:
        if values:
            return "thing"
        if isinstance(constant, URIRef) or self.graph.value(node, SH.nodeKind) == SH.IRI:
            return "iri"
        if datatype in KINDS:
            return KINDS[_iri(datatype)]
        raise FormsError(
            f"{self.short(node)} does not say what its values are: give it a sh:class, a sh:node, "
            f"sh:nodeKind sh:IRI, or one of the datatypes {', '.join(KINDS.values())}"
        )

    def languages(self, node: Node, datatype: Node | None) -> tuple[str, ...]:
        if datatype != RDF.langString:
            return ()
        listed = self.one(node, SH.languageIn, "sh:languageIn")
        return tuple(str(language) for language in Collection(self.graph, _node(listed)))

    def group(self, node: URIRef) -> str:
        group = self.one(node, SH.group, "sh:group")
        if (group, RDF.type, SH.PropertyGroup) not in self.graph:
            raise FormsError(f"{self.short(node)} is in {self.short(group)}, which is no group")
        return self.local(group)

    def disclosure(self, node: URIRef) -> str:
        found = str(self.one(node, self.own.disclosure, "s4s:disclosure"))
        if found not in DISCLOSURES:
            raise FormsError(
                f"{self.short(node)} has '{found}' as its s4s:disclosure; "
                f"use one of {', '.join(DISCLOSURES)}"
            )
        return found

    def is_true(self, node: Node, predicate: URIRef) -> bool:
        return self.graph.value(node, predicate) == Literal(True)

    def one(self, node: Node, predicate: URIRef, name: str) -> Node:
        found = list(self.graph.objects(node, predicate))
        if len(found) != 1:
            raise FormsError(f"{self.short(node)} has {len(found)} times {name}; give it one")
        return found[0]

    def text(self, node: Node, predicate: URIRef, name: str) -> Text:
        words: dict[str, str] = {}
        for value in self.graph.objects(node, predicate):
            if isinstance(value, Literal) and value.language and str(value).strip():
                words[value.language] = str(value)
        for language in ("nl", "en"):
            if language not in words:
                raise FormsError(f"{self.short(node)} has no {name} in '{language}'")
        return Text(words["nl"], words["en"])

    def local(self, node: Node) -> str:
        return str(node).removeprefix(self.shape).rpartition("#")[2]

    def short(self, node: Node) -> str:
        return str(node).replace(self.shape, "shape:")


def _iri(node: Node | None) -> URIRef:
    if not isinstance(node, URIRef):
        raise FormsError(f"{node} stands where an address was expected")
    return node


def _node(node: Node) -> IdentifiedNode:
    if not isinstance(node, IdentifiedNode):
        raise FormsError(f"'{node}' stands where a list was expected")
    return node
