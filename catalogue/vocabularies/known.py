"""What a release knows of each vocabulary of others, read once in each language."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from catalogue.live import VOCABULARIES, Release, query
from s4s_graph.namespaces import STANDARD
from s4s_graph.store import Label, Term

OWN = ("Skill", "HumanCapability", "Occupation", "KnowledgeArea", "EducationalNorm", "Concept")


@dataclass(frozen=True)
class Said:
    """A row of the query: something that is said of a vocabulary, or of a part of that."""

    vocabulary: str
    thing: str
    property: str
    value: Term


@dataclass(frozen=True)
class Vocabulary:
    """A vocabulary of others.

    licence, source: addresses. counts: how many things of each class are in the release, by the
    last word of the class. whole: how many there are in all, if the release has a part of them.
    """

    name: str
    iri: str
    title: Label
    version: str
    licence: str
    source: str
    issued: str
    languages: tuple[str, ...]
    acknowledgement: Label | None
    counts: Mapping[str, int]
    whole: Mapping[str, int]
    files: tuple[str, ...]

    @property
    def has_occupations(self) -> bool:
        """Whether the release has occupations of it."""
        return bool(self.counts.get("Occupation"))

    def kinds(self) -> list[tuple[str, int, int | None]]:
        """Return the kinds of thing that pages name: how many are here, and how many in all."""
        named = [kind for kind in OWN if kind in self.counts]
        return [(kind, self.counts[kind], self.whole.get(kind)) for kind in named]


def vocabularies(release: Release, lang: str) -> Mapping[str, Vocabulary]:
    """Return the vocabularies of a release by their names, in the order of these."""
    return release.computed.keep((VOCABULARIES, lang), lambda: _read(release, lang))


def _read(release: Release, lang: str) -> dict[str, Vocabulary]:
    if not release.vocabularies:
        return {}
    said: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for row in release.store.select(query("vocabulary_facts"), Said):
        said[row.thing, row.property].append(row.value.value)
    start = f"{release.base}graph/{VOCABULARIES}/"
    return {
        name: _vocabulary(release, name, start + name, said, lang)
        for name in sorted(release.vocabularies)
    }


def _vocabulary(
    release: Release,
    name: str,
    iri: str,
    said: Mapping[tuple[str, str], list[str]],
    lang: str,
) -> Vocabulary:
    def all_of(thing: str, prefix: str, path: str) -> list[str]:
        return sorted(said.get((thing, STANDARD[prefix] + path), ()))

    def one(prefix: str, path: str) -> str:
        return next(iter(all_of(iri, prefix, path)), "")

    def counts(dataset: str) -> dict[str, int]:
        parts = all_of(dataset, "void", "classPartition")
        return {
            kind.replace("#", "/").rpartition("/")[2]: int(number)
            for part in parts
            for kind in all_of(part, "void", "class")
            for number in all_of(part, "void", "entities")
        }

    rights, whole = one("dcterms", "rights"), one("dcterms", "isPartOf")
    labels = release.store.labels({iri, rights} - {""}, lang)
    files = all_of(iri, "dcat", "distribution")
    return Vocabulary(
        name=name,
        iri=iri,
        title=labels.get(iri) or Label(name, None),
        version=one("owl", "versionInfo"),
        licence=one("dcterms", "license"),
        source=one("dcterms", "source"),
        issued=one("dcterms", "issued"),
        languages=tuple(all_of(iri, "dc", "language")),
        acknowledgement=labels.get(rights),
        counts=counts(iri),
        whole=counts(whole),
        files=tuple(title for file in files for title in all_of(file, "dcterms", "title")),
    )
