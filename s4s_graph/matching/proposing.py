"""Candidates as SSSOM has them: rows that a person decides on, and that nobody decided yet."""

from collections.abc import Collection, Iterable, Iterator, Mapping

from s4s_graph import __version__
from s4s_graph.mappings import wording
from s4s_graph.mappings.decisions import LICENSE
from s4s_graph.mappings.sets import CANDIDATE_SET, FOLDER, MappingSet, mapping
from s4s_graph.mappings.sets import Mapping as Row
from s4s_graph.matching.given import Given
from s4s_graph.matching.suggesting import Pair, Weighed
from s4s_graph.namespaces import STANDARD
from s4s_graph.vocabularies.concepts import Concept

SAME = 0.5  # the chance from which two concepts are proposed as the same
TOOL = "Skills4Skills"
_PREFERRED, _ALTERNATIVE = (f"{STANDARD['skos']}{name}Label" for name in ("pref", "alt"))
_ABOUT = (
    "Candidates that no person has judged. The confidence is the chance that subject and object "
    "are the same, as measured on published mappings, whatever predicate is proposed."
)


def set_name(source: str, target: str) -> str:
    """Return the name of the set of candidates between two vocabularies."""
    return f"{CANDIDATE_SET}-{source}-{target}"


def proposed(
    found: Mapping[str, list[Weighed]],
    source: Given,
    target: Given,
    settled: Mapping[Pair, Row],
    *,
    limit: int,
    least: float,
    base: str,
) -> MappingSet:
    """Return the candidates of each subject: at most `limit`, each at least `least` likely.

    settled: what was decided on. Such a pair is left out, and so is every subject that has its
    exact match in the target already.
    """
    done = {subject for subject, _ in matched(source, target, settled)}
    rows = (
        _row(pair)
        for subject, pairs in found.items()
        if subject not in done
        for pair in _open(pairs, settled, least)[:limit]
    )
    name = set_name(source.name, target.name)
    metadata = {
        "mapping_set_id": (f"{base}graph/{FOLDER}/{name}",),
        "mapping_set_title": (f"Candidates from {source.name} to {target.name}",),
        "mapping_set_description": (_ABOUT,),
        "license": (LICENSE,),
        "mapping_tool": (TOOL,),
        "mapping_tool_version": (__version__,),
    }
    for slot, given in (("subject_source", source), ("object_source", target)):
        if given.source:
            metadata[slot] = (given.source,)
    return MappingSet(name, metadata, {}, tuple(rows))


def matched(source: Given, target: Given, settled: Mapping[Pair, Row]) -> frozenset[Pair]:
    """Return the pairs of the two that are the same: by a decision, or as either says itself."""
    accepted = {
        pair for pair, row in settled.items() if row.predicate == wording.EXACT and not row.negated
    }
    said = accepted | source.exact | {(other, one) for one, other in target.exact}
    ours, theirs = ({concept.iri for concept in given.concepts} for given in (source, target))
    return frozenset((one, other) for one, other in said if one in ours and other in theirs)


def predicate(pair: Weighed) -> str:
    """Return how a subject may match: exactly; else by which of the two has the more words.

    What all words of the object are part of is more special: the object is broader.
    """
    _, _, _, of_asked, of_name, *_ = pair.best.best.features
    if pair.score >= SAME or of_asked == of_name:
        return wording.EXACT if pair.score >= SAME else wording.CLOSE
    if of_name == 1:
        return wording.BROAD
    return wording.NARROW if of_asked == 1 else wording.CLOSE


def justification(pair: Weighed) -> str:
    """Return how a pair was found: by the same name, by like names, or by more than names."""
    if pair.best.best.is_same:
        return "LexicalMatching"
    return "CompositeMatching" if pair.is_more_than_named else "LexicalSimilarityThresholdMatching"


def _open(pairs: Iterable[Weighed], settled: Collection[Pair], least: float) -> list[Weighed]:
    return [
        pair
        for pair in pairs
        if pair.score >= least
        and pair.subject.iri != pair.object.iri  # what both vocabularies hold needs no mapping
        and (pair.subject.iri, pair.object.iri) not in settled
    ]


def _row(pair: Weighed) -> Row:
    return mapping(
        subject_id=pair.subject.iri,
        subject_label=pair.subject.name("en"),
        predicate_id=predicate(pair),
        object_id=pair.object.iri,
        object_label=pair.object.name("en"),
        mapping_justification=f"{wording.SEMAPV}{justification(pair)}",
        confidence=round(pair.score, 3),
        subject_match_field=_field(pair.subject, pair.of_subject),
        object_match_field=_field(pair.object, pair.of_object),
        match_string=dict.fromkeys((pair.of_subject, pair.of_object)),
        mapping_tool=TOOL,
    )


def _field(concept: Concept, label: str) -> str:
    named: Iterator[str] = (text for texts in concept.preferred.values() for text in texts)
    return _PREFERRED if label in named else _ALTERNATIVE
