"""A concept as it stands beside another: what it is called and means, its neighbours, its use."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urlsplit

from s4s_graph.store import Iri, Label, Literal, Store, Term

QUERIES = Path(__file__).parent / "queries"
LANGUAGES = ("nl", "en")
SHOWN = 8  # alternative names; concepts above it; below it; things that use it
OURS = "Skills4Skills"
# What a concept is of where nothing of its vocabulary is at hand.
KNOWN = {
    "http://data.europa.eu/esco/": "ESCO",
    "https://linkeddata.competentnl.nl/": "CompetentNL",
}


@dataclass(frozen=True)
class Fact:
    """A row of the query: one thing that is said of a concept."""

    what: str
    value: Term


@dataclass(frozen=True)
class Named:
    """A thing with the name to show for it."""

    iri: str
    label: Label


@dataclass(frozen=True)
class Neighbours:
    """The first of some things by their names, and how many there are."""

    first: tuple[Named, ...]
    total: int

    @property
    def more(self) -> int:
        """How many there are beside the first."""
        return self.total - len(self.first)


@dataclass(frozen=True)
class Side:
    """A concept; names and definitions in Dutch and English, else in what languages there are.

    known: whether the graph says anything of it; if not, its only name is its address.
    """

    iri: str
    known: bool
    names: tuple[Label, ...]
    alternatives: tuple[Label, ...]
    definitions: tuple[Label, ...]
    broader: Neighbours
    narrower: Neighbours
    used: Neighbours


@cache
def query(name: str) -> str:
    """Return the text of a query about mappings."""
    return (QUERIES / f"{name}.rq").read_text(encoding="utf-8")


def side(store: Store, iri: str, lang: str) -> Side:
    """Return what a graph says of a concept; names of neighbours are in `lang` if they can be."""
    found: defaultdict[str, list[Term]] = defaultdict(list)
    for row in store.select(query("concept"), Fact, concept=Iri(iri)):
        found[row.what].append(row.value)
    names = _texts(found["name"])
    return Side(
        iri=iri,
        known=any(found.values()),
        names=names or (Label(iri, None),),
        alternatives=_texts(found["alternative"])[:SHOWN],
        definitions=_texts(found["definition"]),
        broader=_neighbours(store, found["broader"], lang),
        narrower=_neighbours(store, found["narrower"], lang),
        used=_neighbours(store, found["used"], lang),
    )


def labels(store: Store, iris: Iterable[str], lang: str) -> dict[str, Label]:
    """Return the names of concepts, those that stand in SKOS-XL too; of some there is none."""
    wanted = set(iris)
    found = store.labels(wanted, lang)
    for iri in wanted - found.keys():
        rows = store.select(query("concept"), Fact, concept=Iri(iri))
        if names := _texts(row.value for row in rows if row.what == "name"):
            found[iri] = next((name for name in names if name.lang == lang), names[0])
    return found


def publisher(iri: str, base: str) -> str:
    """Return whose concept it is, as far as its address tells: ours, or of whom by name or host."""
    if iri.startswith(base):
        return OURS
    known = (name for start, name in KNOWN.items() if iri.startswith(start))
    return next(known, urlsplit(iri).hostname or iri)


def _texts(terms: Iterable[Term]) -> tuple[Label, ...]:
    texts = {Label(term.value, term.lang) for term in terms if isinstance(term, Literal)}
    told = {text for text in texts if text.lang in LANGUAGES} or texts
    return tuple(sorted(told, key=_order))


def _order(text: Label) -> tuple[int, str, str]:
    rank = LANGUAGES.index(text.lang) if text.lang in LANGUAGES else len(LANGUAGES)
    return rank, text.lang or "", text.text


def _neighbours(store: Store, terms: Iterable[Term], lang: str) -> Neighbours:
    iris = {term.value for term in terms if isinstance(term, Iri)}
    names = labels(store, iris, lang)
    named = [Named(iri, names.get(iri) or Label(iri, None)) for iri in iris]
    named.sort(key=lambda one: (one.label.text.casefold(), one.iri))
    return Neighbours(tuple(named[:SHOWN]), len(named))
