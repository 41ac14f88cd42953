"""What a column can be matched with: things of a release that have a name, and their kinds."""

from array import array
from bisect import bisect_left
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from catalogue.live import VOCABULARIES, Release, member, query
from catalogue.rows import Thing
from s4s_graph.forms import Form, Text
from s4s_graph.matching import Index, Match
from s4s_graph.search.words import fold
from s4s_graph.store import Iri, Label, Literal
from s4s_graph.vocabularies.concepts import Concept

LARGE = 1000  # things of the same kinds, from where they are not searched with the others
LANGUAGES = ("nl", "en", "")  # of names; a name in another language says nothing to who asks here
# Of the kinds that are no list: those whose things go by a name that a spreadsheet may hold.
# Nobody has a column of findings, or of configurations, by our name for them.
NAMED = frozenset(
    ("interventions", "organisations", "programmes", "companies", "sources", "studies", "theories")
)
_SKOS = "http://www.w3.org/2004/02/skos/core#"
_TERMS = "http://purl.org/dc/terms/"
_XL = "http://www.w3.org/2008/05/skos-xl#"
_FORM = f"{_XL}literalForm"
_PREFERRED = (f"{_SKOS}prefLabel", f"{_TERMS}title", f"{_XL}prefLabel")
_ALTERNATIVE = (f"{_SKOS}altLabel", f"{_SKOS}hiddenLabel", f"{_XL}altLabel")
_DEFINED = (f"{_SKOS}definition", f"{_TERMS}description")
_BROADER = f"{_SKOS}broader"
_PATHS = (*_PREFERRED, *_ALTERNATIVE, *_DEFINED, _BROADER)
# Classes that say nothing of what kind of concept it is, and those of what is no concept.
_PLAIN = frozenset((f"{_SKOS}Concept", "http://data.europa.eu/esco/model#MemberConcept"))
_APART = frozenset((f"{_SKOS}ConceptScheme", f"{_XL}Label"))
# What publishers call their classes stands in their models, which no release holds.
_CLASSES = {
    "esco:Skill": Text("Vaardigheid", "Skill"),
    "esco:Occupation": Text("Beroep", "Occupation"),
    "skos:Collection": Text("Groep", "Group"),
}


@dataclass(frozen=True)
class Kind:
    """What the API calls a type.

    id: the IRI of a class, of a list, or of the graph of a vocabulary. help: what it is, if that
    is known. form: what is known of its things, if they are ours. broader: the id of the
    vocabulary, of a class in it.
    """

    id: str
    name: Text
    help: Text | None = None
    form: Form | None = None
    broader: str | None = None


class Directory:
    """Every thing that can be found, by its IRI and by its names; made once, then only read."""

    def __init__(self, kinds: Iterable[Kind], concepts: Iterable[Concept]) -> None:
        self.kinds = {kind.id: kind for kind in kinds}
        self.concepts = {concept.iri: concept for concept in concepts}
        self._indexes = [
            (frozenset(kind for one in part for kind in one.types), Index(part))
            for part in _parts(self.concepts.values())
        ]
        self._iris = list(self.concepts)
        found = sorted(
            (fold(name), number)
            for number, concept in enumerate(self.concepts.values())
            for name in names(concept)
        )
        self._names = [name for name, _ in found]
        self._owners = array("I", (number for _, number in found))

    def find(
        self, text: str, language: str, types: frozenset[str] | None, limit: int
    ) -> list[Match]:
        """Return what a text in a language may be the name of, the likeliest first; see `Index`."""
        found: list[Match] = []
        for kinds, index in self._indexes:
            if types is None or types & kinds:
                found += index.find(text, language=language, types=types, limit=limit)
        return sorted(found, key=lambda match: -match.score)[:limit]

    def languages(self, text: str, spoken: Sequence[str]) -> list[str]:
        """Return the languages, of those spoken, that know most words of a text."""
        known = {
            one: len(frozenset().union(*(index.known(text, one) for _, index in self._indexes)))
            for one in spoken
        }
        return [one for one in spoken if known[one] == max(known.values())]

    def starting(self, text: str) -> Iterator[Concept]:
        """Yield each thing with a name that begins so, in the order of these names."""
        start, seen = fold(text), set()
        for place in range(bisect_left(self._names, start), len(self._names)):
            if not self._names[place].startswith(start):
                return
            if (iri := self._iris[self._owners[place]]) not in seen:
                seen.add(iri)
                yield self.concepts[iri]

    def called(self, text: str) -> Iterator[Concept]:
        """Yield each thing that is called so, case and accents aside."""
        name = fold(text)
        place = bisect_left(self._names, name)
        while place < len(self._names) and self._names[place] == name:
            yield self.concepts[self._iris[self._owners[place]]]
            place += 1


def _parts(concepts: Collection[Concept]) -> list[list[Concept]]:
    """Return the concepts of small kinds, and those of large ones, that would hide the others.

    In one index, as to search in each costs nearly the same, whatever it holds.
    """
    kinds = Counter(tuple(concept.types) for concept in concepts)
    small, large = (
        [one for one in concepts if (kinds[tuple(one.types)] >= LARGE) == is_large]
        for is_large in (False, True)
    )
    return [part for part in (small, large) if part]


def directory(release: Release) -> Directory:
    """Return what can be found in a release; made when first asked for, which takes seconds."""
    return release.computed.keep("reconcile", lambda: _read(release))


def label(concept: Concept, lang: str) -> Label:
    """Return the preferred name in a language, else in the other one, else what there is."""
    return _first(concept.preferred, lang) or Label(concept.iri, None)


def defined(concept: Concept, lang: str) -> Label | None:
    """Return what it is, in a language if possible."""
    return _first(concept.definitions, lang)


def _first(texts: dict[str, list[str]], lang: str) -> Label | None:
    for tag in (lang, *LANGUAGES):
        if found := texts.get(tag):
            return Label(found[0], tag or None)
    return None


def names(concept: Concept) -> set[str]:
    """Return every name of it, in any language."""
    texts = (*concept.preferred.values(), *concept.alternative.values())
    return {name for names in texts for name in names}


def _read(release: Release) -> Directory:
    kinds: list[Kind] = []
    concepts: dict[str, Concept] = {}
    for form in release.forms:
        if form.scheme or (form.class_iri and form.table in NAMED):
            kind = Kind(form.class_iri or form.scheme or "", form.name, form.help, form)
            rows = release.store.select(query("things"), Thing, **member(form))
            if _add(release, concepts, ((row.thing, (kind.id,)) for row in rows)):
                kinds.append(kind)
    for name in sorted(release.vocabularies):
        vocabulary = f"{release.base}graph/{VOCABULARIES}/{name}"
        members = _members(release, vocabulary)
        if _add(release, concepts, members.items()):
            kinds += _kinds(release, vocabulary, members.values())
    return Directory(kinds, concepts.values())


def _add(
    release: Release,
    concepts: dict[str, Concept],
    found: Iterable[tuple[str, Collection[str]]],
) -> bool:
    """Add what has a name, with the ids of its kinds; tell whether anything has."""
    before = len(concepts)
    for iri, kinds in sorted(found):
        concept = concepts.get(iri) or _concept(release, iri)
        if concept.preferred:
            concept.types.extend(kinds)
            concepts[iri] = concept
    return len(concepts) > before


def _concept(release: Release, iri: str) -> Concept:
    values, concept = release.store.values(iri, _PATHS), Concept(iri)
    for texts, paths in (
        (concept.preferred, _PREFERRED),
        (concept.alternative, _ALTERNATIVE),
        (concept.definitions, _DEFINED),
    ):
        for text in _texts(release, (value for path in paths for value in values[path])):
            tag = (text.lang or "").partition("-")[0]
            if tag in LANGUAGES and text.value not in texts[tag]:
                texts[tag].append(text.value)
    concept.broader.extend(value.value for value in values[_BROADER] if isinstance(value, Iri))
    return concept


def _texts(release: Release, values: Iterable[Iri | Literal]) -> list[Literal]:
    """Return texts in one order, also those that SKOS-XL makes a thing of."""
    found = []
    for value in values:
        forms = release.store.values(value.value, (_FORM,))[_FORM] if isinstance(value, Iri) else ()
        found += [one for one in (value, *forms) if isinstance(one, Literal)]
    return sorted(found, key=lambda text: (text.lang or "", text.value))


@dataclass(frozen=True)
class _Member:
    thing: str
    kind: str


def _members(release: Release, vocabulary: str) -> dict[str, tuple[str, ...]]:
    """Return the concepts of a vocabulary, each with the ids of its kinds."""
    rows = release.store.select(query("reconcile_concepts"), _Member, vocabulary=Iri(vocabulary))
    members: dict[str, tuple[str, ...]] = {}
    for row in rows:
        more = () if row.kind in _PLAIN else (row.kind,)
        members[row.thing] = (*members.get(row.thing, (vocabulary,)), *more)
    return {thing: kinds for thing, kinds in members.items() if _APART.isdisjoint(kinds)}


def _kinds(release: Release, vocabulary: str, members: Iterable[tuple[str, ...]]) -> Iterator[Kind]:
    title = Text(*(_called(release, vocabulary, lang) for lang in ("nl", "en")))
    yield Kind(vocabulary, title)
    for iri in sorted({kind for kinds in members for kind in kinds} - {vocabulary}):
        words = (f"{_called(release, iri, lang)} ({title.of(lang)})" for lang in ("nl", "en"))
        yield Kind(iri, Text(*words), broader=vocabulary)


def _called(release: Release, iri: str, lang: str) -> str:
    if found := release.store.labels([iri], lang).get(iri):
        return found.text
    known = _CLASSES.get(release.name(iri).text)
    return known.of(lang) if known else iri.rpartition("#")[2].rpartition("/")[2]
