"""What is wrong with a vocabulary as a whole, found in its sorted statements in one reading.

The lines are those that an import wrote itself: N-Triples, everything about one thing together.
They are taken apart as text, which takes a tenth of the time of making terms of them.
"""

from collections import Counter, defaultdict
from collections.abc import Container, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.vocabularies.collecting import RefusedError
from s4s_graph.vocabularies.terms import (
    BROADER,
    NAMED_CLASSES,
    NARROWER,
    OWL,
    PREFERRED,
    SKOS,
    TYPE,
    XL,
)

CONCEPTS = 1_000_000  # fifty times those of ESCO
_TYPE, _BROADER, _NARROWER = str(TYPE), str(BROADER), str(NARROWER)
_PREFERRED = str(PREFERRED)
_XL_PREFERRED, _XL_FORM = f"<{XL}prefLabel>", f"<{XL}literalForm>"
_NAMED = {f"<{iri}>" for iri in NAMED_CLASSES}
_DESCRIBED = {
    f"<{OWL}Ontology>",
    f"<{SKOS}ConceptScheme>",
    *(f"<{STANDARD['dcat']}Dataset>", "<http://rdfs.org/ns/void#Dataset>"),
}
_SHOWN = 5  # concepts of a cycle, and names in one language, that are told


Said = tuple[str, str, str]  # a property, its value, and the line that says so


@dataclass(frozen=True)
class Fault:
    """Something wrong with one concept.

    subject: its IRI. lines: the statements that say it, as they stand in the sorted file.
    is_gap: a concept is named that no file describes, as in a part of a vocabulary.
    """

    subject: str
    message: Text
    lines: tuple[str, ...]
    value: str | None = None
    is_gap: bool = False


@dataclass
class Overview:
    """What a vocabulary holds: counts by class, the languages of its texts, and its faults.

    described: what it says of itself, as an ontology, a dataset or a scheme: values by property.
    """

    counts: Counter[str] = field(default_factory=Counter)
    languages: set[str] = field(default_factory=set)
    faults: list[Fault] = field(default_factory=list)
    concepts: int = 0
    links: int = 0  # between a concept and one above it
    described: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))


@dataclass
class _Seen:
    """What is kept of the statements until all have been read."""

    known: set[str] = field(default_factory=set)
    # A narrower concept and its broader ones, each with the line that says so.
    above: dict[str, dict[str, str]] = field(default_factory=lambda: defaultdict(dict))
    # The labels in SKOS-XL of what has no other name, and whose they are.
    labels: dict[str, str] = field(default_factory=dict)
    unnamed: dict[str, str] = field(default_factory=dict)


def overview(path: Path) -> Overview:
    """Return what a sorted file of N-Triples holds and what is wrong with it.

    Raises RefusedError when there are more concepts than can be held in memory.
    """
    found, seen = Overview(), _Seen()
    with path.open(encoding="utf-8", newline="\n") as file:
        for subject, group in statements(file):
            _look(subject, group, seen, found)
            if len(seen.known) > CONCEPTS:
                raise RefusedError(_too_many())
    found.concepts = len(seen.known)
    found.links = sum(map(len, seen.above.values()))
    found.faults.extend(_labels(seen, path))
    found.faults.extend(
        Fault(_iri(subject), _NO_NAME, (line,)) for subject, line in seen.unnamed.items()
    )
    found.faults.extend(_dangling(seen))
    found.faults.extend(_cycles(seen))
    return found


def statements(lines: Iterable[str]) -> Iterator[tuple[str, list[Said]]]:
    """Yield each subject with the property, value and line of each of its statements, as text."""
    split = ((*line[:-3].split(" ", 2), line) for line in lines)
    for subject, group in groupby(split, key=lambda parts: parts[0]):
        yield subject, [(path, value, line) for _, path, value, line in group]


def language(literal: str) -> str | None:
    """Return the language of a literal of N-Triples, or None if it has none."""
    text, at, tag = literal.rpartition('"@')
    return tag if at and text and '"' not in tag else None


def _look(subject: str, group: list[Said], seen: _Seen, found: Overview) -> None:
    names: dict[str, list[tuple[str, str]]] = defaultdict(list)
    labels, must_be_named = [], None
    for path, value, line in group:
        if value[0] == '"':
            tag = language(value)
            if tag:
                found.languages.add(tag)
            if path == _PREFERRED:
                names[tag or ""].append((value, line))
        elif path == _TYPE:
            found.counts[_iri(value)] += 1
            if value in _NAMED:
                must_be_named = line
            if value in _DESCRIBED:
                for about, told, _ in group:
                    found.described[_iri(about)].add(told)
        elif path == _BROADER:
            seen.above[subject][value] = line
        elif path == _NARROWER:
            seen.above[value].setdefault(subject, line)
        elif path == _XL_PREFERRED:
            labels.append(value)
    if names or labels or must_be_named:
        seen.known.add(subject)
    if not names:
        seen.labels.update(dict.fromkeys(labels, subject))
    for tag, same in names.items():
        if len(same) > 1:
            found.faults.append(_two_names(subject, tag, same))
    if must_be_named and not names and not labels:
        seen.unnamed[subject] = must_be_named


def _labels(seen: _Seen, path: Path) -> Iterator[Fault]:
    """Yield the faults of names in SKOS-XL, whose texts stand elsewhere: a second reading.

    All of ESCO in RDF has millions of them, each beside the same name in SKOS.
    """
    forms = _forms(path, seen.labels) if seen.labels else {}
    by_language: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    named = set()
    for label, concept in seen.labels.items():
        if form := forms.get(label):
            named.add(concept)
            line = f"{concept} {_XL_PREFERRED} {label} .\n"
            by_language[concept, language(form) or ""].append((form, line))
    for (concept, tag), same in by_language.items():
        if len({form for form, _ in same}) > 1:
            yield _two_names(concept, tag, same)
    for label, concept in seen.labels.items():
        if concept not in named:
            named.add(concept)
            line = f"{concept} {_XL_PREFERRED} {label} .\n"
            yield Fault(_iri(concept), _NO_FORM, (line,), _iri(label))


def _forms(path: Path, labels: Container[str]) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="\n") as file:
        return {
            subject: value
            for subject, group in statements(file)
            if subject in labels
            for about, value, _ in group
            if about == _XL_FORM
        }


def _dangling(seen: _Seen) -> Iterator[Fault]:
    for below, others in seen.above.items():
        for other, line in others.items():
            end = next((end for end in (below, other) if end not in seen.known), None)
            if end is not None:
                yield Fault(_iri(below), _UNKNOWN, (line,), _iri(end), is_gap=True)


def _cycles(seen: _Seen) -> Iterator[Fault]:
    """Yield a fault for each cycle that a walk up the hierarchy comes back on."""
    done: set[str] = set()
    for start in seen.above:
        path: list[str] = []
        places: dict[str, int] = {}
        # Each step of the walk: the concept, and what is above it that was not gone to yet.
        steps: list[tuple[str, Iterator[str]]] = []
        _enter(start, seen, done, path, places, steps)
        while steps:
            concept, rest = steps[-1]
            other = next(rest, None)
            if other is None:
                steps.pop()
                path.pop()
                del places[concept]
                done.add(concept)
            elif other in places:
                yield _cycle(path[places[other] :], seen)
            else:
                _enter(other, seen, done, path, places, steps)


def _enter(
    concept: str,
    seen: _Seen,
    done: set[str],
    path: list[str],
    places: dict[str, int],
    steps: list[tuple[str, Iterator[str]]],
) -> None:
    if concept not in done:
        places[concept] = len(path)
        path.append(concept)
        steps.append((concept, iter(seen.above.get(concept, ()))))


def _cycle(concepts: list[str], seen: _Seen) -> Fault:
    after = [*concepts[1:], concepts[0]]
    lines = [seen.above[one][other] for one, other in zip(concepts, after, strict=True)]
    shown = [_iri(concept) for concept in concepts[:_SHOWN]]
    around = " → ".join([*shown, "…" if len(concepts) > _SHOWN else shown[0]])
    message = Text(
        nl=f"deze begrippen staan in een kring boven elkaar ({len(concepts)}): {around}; "
        "haal er een 'broader' tussenuit",
        en=f"these concepts are above each other in a circle ({len(concepts)}): {around}; "
        "remove one 'broader' of them",
    )
    return Fault(shown[0], message, tuple(lines))


def _two_names(subject: str, tag: str, same: Iterable[tuple[str, str]]) -> Fault:
    texts = sorted(value.rpartition('"')[0][1:] for value, _ in same)
    named = "; ".join(texts[:_SHOWN])
    message = Text(
        nl=f"dit begrip heeft {len(texts)} voorkeursnamen in één taal ({tag or 'zonder taal'}): "
        f"{named}; houd er één en maak van de andere een alternatieve naam",
        en=f"this concept has {len(texts)} preferred names in one language "
        f"({tag or 'no language'}): {named}; keep one and make the others alternative names",
    )
    return Fault(_iri(subject), message, tuple(line for _, line in same), _iri(subject))


def _iri(term: str) -> str:
    return term[1:-1] if term.startswith("<") else term


def _too_many() -> Text:
    return Text(
        nl=f"hierin staan meer dan {CONCEPTS} begrippen, meer dan hier wordt ingelezen; "
        "geef alleen de delen die nodig zijn",
        en=f"this has more than {CONCEPTS} concepts, more than are imported; "
        "give only the parts that are needed",
    )


_NO_NAME = Text(
    nl="dit begrip heeft geen voorkeursnaam; geef ook het bestand waarin die staat, "
    "of haal het begrip weg",
    en="this concept has no preferred name; give the file that has it as well, "
    "or remove the concept",
)
_NO_FORM = Text(
    nl="deze naam heeft geen tekst (skosxl:literalForm); vul die aan",
    en="this name has no text (skosxl:literalForm); add it",
)
_UNKNOWN = Text(
    nl="een 'broader' noemt dit begrip, maar geen bestand beschrijft het",
    en="a 'broader' names this concept, but no file describes it",
)
