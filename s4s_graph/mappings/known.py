"""What a data folder says of the concepts that are mapped, before there is a release of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph import forms, labels, namespaces, reading, sources
from s4s_graph.forms import Forms
from s4s_graph.mappings import sides
from s4s_graph.mappings.sides import Side
from s4s_graph.settings import Settings
from s4s_graph.store import Label, Store
from s4s_graph.vocabularies import folder

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"


@dataclass(frozen=True)
class Known:
    """Our own tables and the vocabularies as one graph; titles: of vocabularies, by concept."""

    store: Store
    titles: Mapping[str, Mapping[str, str]]
    base: str

    def side(self, iri: str, lang: str) -> Side:
        """Return what is known of a concept."""
        return sides.side(self.store, iri, lang)

    def name(self, iri: str, lang: str) -> Label:
        """Return what to call a concept, in this language if there is a name in it."""
        return sides.labels(self.store, [iri], lang).get(iri) or Label(iri, None)

    def vocabulary(self, iri: str, lang: str) -> str:
        """Return what the vocabulary of a concept is called."""
        titles = self.titles.get(iri, {})
        title = titles.get(lang) or titles.get("en") or next(iter(titles.values()), None)
        return title or sides.publisher(iri, self.base)


def read(settings: Settings) -> Known:
    """Read the data folder; what is wrong with its tables is for `s4s check` to say.

    Raises OSError, FormsError for the shapes, and SyntaxError or KeyError for a vocabulary that
    someone edited.
    """
    form_set = forms.read(settings.shapes, settings.base)
    prefixes = namespaces.prefixes(settings.base, (form.segment for form in form_set))
    titles: dict[str, Mapping[str, str]] = {}
    quads = [*_ours(settings, form_set), *_theirs(settings, titles)]
    return Known(Store.of(quads, prefixes), titles, settings.base)


def _ours(settings: Settings, form_set: Forms) -> Iterator[ox.Quad]:
    files = [f for f in sources.data_files(settings.data) if f.path.suffix in reading.TABLES]
    read = [sources.read(file, form_set, settings.base) for file in files]
    for source in labels.resolved(read, settings.base):
        yield from source.quads


def _theirs(settings: Settings, titles: dict[str, Mapping[str, str]]) -> Iterator[ox.Quad]:
    for stored in folder.found(settings.data):
        graph = ox.NamedNode(stored.graph(settings.base))
        for triple in stored.triples():
            if triple.predicate.value == _TYPE and isinstance(triple.subject, ox.NamedNode):
                titles[triple.subject.value] = stored.metadata.title
            yield ox.Quad(triple.subject, triple.predicate, triple.object, graph)
