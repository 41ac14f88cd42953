"""Candidates for mappings: which concepts of one vocabulary may be those of another.

Each name of a concept is sought among the names of the other vocabulary; what the names find is
weighed together with what the definitions say. A second pass raises what stands below concepts
that match themselves, and lowers what another concept matches better.
"""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from heapq import nlargest
from math import log

from s4s_graph.matching import model
from s4s_graph.matching.index import Candidate, Index
from s4s_graph.matching.lexicon import names
from s4s_graph.matching.reading import plain
from s4s_graph.vocabularies.concepts import Concept

NAMES = 8  # of a concept that are sought; the preferred ones first
KEPT = 6  # candidates of a concept that the second pass weighs
PARENT = 0.5  # the chance from which a candidate counts as the match of a parent
Pair = tuple[str, str]  # the IRIs of subject and object
Features = tuple[float, ...]


@dataclass(slots=True)
class Weighed:
    """A pair of concepts: what is known of how alike they are.

    of_subject and of_object are the two names most alike; best is how the first finds the second.
    features are those of `model.PAIR_FEATURES`; score is the chance that both are the same.
    """

    subject: Concept
    object: Concept
    best: Candidate
    of_subject: str
    of_object: str
    features: list[float] = field(default_factory=list)
    rivals: Features = ()
    logit: float = 0.0
    score: float = 0.0

    @property
    def is_more_than_named(self) -> bool:
        """Tell whether definitions or what is above the two speak for them as well."""
        *_, definitions, _, parents = self.features
        return bool(definitions or parents)


def weigh(
    subjects: Sequence[Concept],
    index: Index,
    *,
    language: str | None = None,
    types: Collection[str] | None = None,
    known: Iterable[Pair] = (),
    progress: Callable[[int, int], None] = lambda done, total: None,
) -> dict[str, list[Weighed]]:
    """Return for each subject, by its IRI, what it may be in the index, the likeliest first.

    language: of the names to match by; none: all. types: of the objects. known: pairs that match
    for certain, which place what is below them. progress is told how many subjects are done.
    """
    found: dict[str, list[Weighed]] = {}
    for done, subject in enumerate(subjects):
        progress(done, len(subjects))
        pairs = _pairs(subject, index, language, types)
        found[subject.iri] = sorted(pairs, key=_order)[:KEPT]
    progress(len(subjects), len(subjects))
    _place(found, subjects, index.concepts, known)
    _rate(found)
    return found


def _pairs(
    subject: Concept, index: Index, language: str | None, types: Collection[str] | None
) -> list[Weighed]:
    """Return a subject with each concept that its names find, weighed without context."""
    best: dict[str, Weighed] = {}
    by_preferred: dict[str, float] = {}
    votes: defaultdict[str, int] = defaultdict(int)
    # Names in a language that the index lacks are sought letter for letter only: last.
    told = sorted(_asked(subject, language), key=lambda name: name[0] not in index.languages)
    asked = told[:NAMES]
    for tag, label, preferred in asked:
        for candidate in index.candidates(label, tag or None, types):
            iri = candidate.concept.iri
            votes[iri] += 1
            if preferred:
                by_preferred[iri] = max(by_preferred.get(iri, model.NONE), candidate.logit)
            if iri not in best or candidate.logit > best[iri].best.logit:
                best[iri] = Weighed(
                    subject, candidate.concept, candidate, label, index.label(candidate)
                )
    defined = index.stems(subject.definitions)
    for iri, pair in best.items():
        pair.features = [
            1.0,
            pair.best.logit,
            by_preferred.get(iri, model.NONE),
            log(votes[iri]),
            votes[iri] / len(asked),
            *index.defined_alike(defined, iri),
            0.0,
        ]
        pair.logit = model.dot(model.PAIR, pair.features)
    return list(best.values())


def _asked(subject: Concept, language: str | None) -> Iterable[tuple[str, str, bool]]:
    """Yield the names of a concept in a language and in none, each way of writing once."""
    seen = set()
    for tag, label, preferred in names(subject):
        if (language is None or tag in (language, "")) and plain(label) not in seen:
            seen.add(plain(label))
            yield tag, label, preferred


def _place(
    found: Mapping[str, list[Weighed]],
    subjects: Sequence[Concept],
    objects: Iterable[Concept],
    known: Iterable[Pair],
) -> None:
    """Tell of each pair whether what is above its subject matches what is above its object."""
    above = {concept.iri: concept.broader for concept in subjects}
    over = {concept.iri: concept.broader for concept in objects}
    places = {iri for broader in over.values() for iri in broader}
    matches: defaultdict[str, set[str]] = defaultdict(set)
    for one, other in known:
        matches[one].add(other)
    for iri, pairs in found.items():
        matches[iri].update(p.object.iri for p in pairs[:1] if model.chance(p.logit) >= PARENT)
    for subject in subjects:
        # What both vocabularies place their concepts under is its own match.
        parents = {
            place
            for parent in _above(subject.iri, above)
            for place in (parent, *matches.get(parent, ()))
            if place in places
        }
        for pair in found[subject.iri] if parents else ():
            pair.features[-1] = float(not parents.isdisjoint(_above(pair.object.iri, over)))
            pair.logit = model.dot(model.PAIR, pair.features)


def _above(iri: str, broader: Mapping[str, Sequence[str]]) -> set[str]:
    """Return what is one or two steps above a concept."""
    parents = broader.get(iri, ())
    return {*parents, *(place for parent in parents for place in broader.get(parent, ()))}


def _rate(found: Mapping[str, list[Weighed]]) -> None:
    """Give each pair its chance: the less, the better another pair of its subject or object is."""
    of_object: defaultdict[str, list[float]] = defaultdict(list)
    for pairs in found.values():
        for pair in pairs:
            of_object[pair.object.iri].append(pair.logit)
    firsts = {iri: nlargest(2, logits) for iri, logits in of_object.items()}
    for pairs in found.values():
        first = nlargest(2, (pair.logit for pair in pairs))
        for pair in pairs:
            of_subject = model.rival(pair.logit, first)
            pair.rivals = (
                1.0,
                pair.logit,
                of_subject,
                model.rival(pair.logit, firsts[pair.object.iri]),
            )
            pair.score = model.chance(model.dot(model.RIVALS, pair.rivals))
        pairs.sort(key=lambda pair: (-pair.score, *_order(pair)))


def _order(pair: Weighed) -> tuple[float, str]:
    return -pair.logit, pair.object.iri
