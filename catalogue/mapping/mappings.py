"""The mappings and candidates of a release, read once, the surest first."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from catalogue.live import Release, query
from catalogue.vocabularies.known import vocabularies
from s4s_graph.mappings import sides, wording
from s4s_graph.search.words import fold, sort_key
from s4s_graph.store import Label, Term

KEY = "id/mapping/"  # behind the base, before the key of a mapping


@dataclass(frozen=True)
class Row:
    """A row of the query: one mapping."""

    mapping: str
    subject: str
    predicate: str
    object: str
    status: str
    modifier: Term | None
    confidence: float | None
    justification: str | None
    part_of: str | None
    subject_label: str | None
    object_label: str | None


@dataclass(frozen=True)
class End:
    """A concept at one end of a mapping: its name, and the key of the vocabulary that it is of."""

    iri: str
    label: Label
    vocabulary: str


@dataclass(frozen=True)
class Mapped:
    """One mapping.

    key: what its address ends in. said: what the predicate says, in the language of the page.
    text: what a search looks into, folded.
    """

    key: str
    row: Row
    subject: End
    object: End
    status: str
    said: str
    text: str

    @property
    def denied(self) -> bool:
        """Whether it says that something is not so."""
        return self.row.modifier is not None

    @property
    def confidence(self) -> float | None:
        """How sure it is, 0 to 1, if that is told."""
        return self.row.confidence

    @property
    def vocabularies(self) -> tuple[str, str]:
        """The keys of the two vocabularies."""
        return self.subject.vocabulary, self.object.vocabulary


@dataclass(frozen=True)
class Mappings:
    """All mappings in one language; vocabularies: their names by key."""

    all: Sequence[Mapped]
    vocabularies: Mapping[str, str]

    @cached_property
    def by_key(self) -> dict[str, Mapped]:
        """Each mapping by its key."""
        return {one.key: one for one in self.all}

    @cached_property
    def predicates(self) -> dict[str, str]:
        """The predicates that there are, by their last word; those of SKOS first."""
        ranks = {iri: rank for rank, iri in enumerate(wording.PREDICATES)}
        found = {one.row.predicate for one in self.all}
        ordered = sorted(found, key=lambda iri: (ranks.get(iri, len(ranks)), iri))
        return {short(iri): iri for iri in ordered}


def mappings(release: Release, lang: str) -> Mappings:
    """Return the mappings of a release; read when first asked for."""
    return release.computed.keep(("mappings", lang), lambda: _Reader(release, lang).read())


def short(iri: str) -> str:
    """Return the last word of an address."""
    return iri.rpartition("#")[2].rpartition("/")[2]


class _Reader:
    """Reads the mappings of a release in one language, with the names of all concepts at once."""

    def __init__(self, release: Release, lang: str) -> None:
        self._release = release
        self._lang = lang
        found = release.store.select(query("mappings"), Row)
        # A value that stands there twice makes two rows of one mapping.
        self._rows = {row.mapping: row for row in found}.values()
        concepts = {iri for row in self._rows for iri in (row.subject, row.object)}
        self._names = {
            code: sides.labels(release.store, concepts, code) for code in sides.LANGUAGES
        }
        self._keys = {
            iri: release.vocabulary(iri) or sides.publisher(iri, release.base) for iri in concepts
        }

    def read(self) -> Mappings:
        found = sorted(map(self._mapped, self._rows), key=_order)
        keys = sorted({key for one in found for key in one.vocabularies})
        titles = vocabularies(self._release, self._lang)
        names = {key: titles[key].title.text if key in titles else key for key in keys}
        return Mappings(found, names)

    def _mapped(self, row: Row) -> Mapped:
        subject = self._end(row.subject, row.subject_label)
        object_ = self._end(row.object, row.object_label)
        return Mapped(
            key=row.mapping.removeprefix(self._release.base + KEY),
            row=row,
            subject=subject,
            object=object_,
            status=short(row.status),
            said=wording.predicate(row.predicate, denied=row.modifier is not None).of(self._lang),
            text="\n".join(dict.fromkeys(map(fold, self._texts((subject, object_))))),
        )

    def _end(self, iri: str, said: str | None) -> End:
        label = self._names[self._lang].get(iri)
        named = label or (Label(said, None) if said else self._release.name(iri))
        return End(iri, named, self._keys[iri])

    def _texts(self, ends: Iterable[End]) -> Iterator[str]:
        for end in ends:
            yield end.label.text
            yield from (names[end.iri].text for names in self._names.values() if end.iri in names)


def _order(one: Mapped) -> tuple[float, str, str, str]:
    unsure = 1.0 if one.confidence is None else -one.confidence
    return unsure, sort_key(one.subject.label.text), sort_key(one.object.label.text), one.key
