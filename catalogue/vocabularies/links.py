"""How our skills are linked to the vocabularies of others."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from catalogue.live import Release, query
from s4s_graph.mappings.wording import PREDICATES

# What the release has nothing of, by the start of its addresses.
ELSEWHERE = {
    "http://data.europa.eu/esco/": "ESCO",
    "https://linkeddata.competentnl.nl/": "CompetentNL",
}


@dataclass(frozen=True)
class Link:
    """A row of the query: a skill of ours, and a concept of others that it is linked to."""

    skill: str
    property: str
    concept: str


@dataclass(frozen=True)
class Coverage:
    """How many of our skills are linked to one vocabulary.

    by: the number of skills of each property, the surest first; a skill may count under several.
    """

    linked: int
    by: tuple[tuple[str, int], ...]


@dataclass(frozen=True)
class Links:
    """All links of our skills.

    to: those to each vocabulary, by its name; to one that is not in the release by the name that
    people know it by. skills: all our skills. missing: the concepts that the release has nothing
    of, though it holds their vocabulary.
    """

    to: Mapping[str, Sequence[Link]]
    skills: frozenset[str]
    missing: frozenset[str]

    def coverage(self, vocabulary: str) -> Coverage:
        """Return how many skills are linked to a vocabulary."""
        found = self.to.get(vocabulary, ())
        by = Counter(link.property for link in found)
        return Coverage(
            len({link.skill for link in found}),
            tuple((path, by[path]) for path in PREDICATES if by[path]),
        )

    def without(self, vocabulary: str) -> frozenset[str]:
        """Return the skills that are not linked to a vocabulary."""
        return self.skills - {link.skill for link in self.to.get(vocabulary, ())}


def links(release: Release) -> Links:
    """Return the links of our skills, read once a release."""
    return release.computed.keep("vocabulary-links", lambda: _read(release))


def place(release: Release, concept: str) -> str:
    """Return the name of the vocabulary that a concept is of; empty if that is not known."""
    if name := release.vocabulary(concept):
        return name
    name = called(concept)
    return name.lower() if name.lower() in release.vocabularies else name


def called(concept: str) -> str:
    """Return what people call the vocabulary of a concept, if its address tells."""
    return next((name for start, name in ELSEWHERE.items() if concept.startswith(start)), "")


def order(path: str) -> int:
    """Return where a property of links comes: the surest first."""
    return PREDICATES.index(path) if path in PREDICATES else len(PREDICATES)


def _read(release: Release) -> Links:
    found: defaultdict[str, list[Link]] = defaultdict(list)
    for link in release.store.select(query("vocabulary_links"), Link):
        if not link.concept.startswith(release.base):
            found[place(release, link.concept)].append(link)
    form = release.forms.by_table("skills")
    skills = (entry.iri for entry in release.index(form, "en")) if form else ()
    ordered = {
        name: sorted(rows, key=lambda link: (link.skill, order(link.property), link.concept))
        for name, rows in sorted(found.items())
    }
    missing = (
        link.concept
        for name, rows in found.items()
        for link in rows
        if name in release.vocabularies and not release.vocabulary(link.concept)
    )
    return Links(ordered, frozenset(skills), frozenset(missing))
