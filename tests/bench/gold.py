"""What vocabularies themselves publish as the same: the gold that matching is measured by.

Nothing here is judged by hand. Concepts are parted by a digest of their IRI, so that a run gives
what the last one gave: a quarter of them is left out of the target, and what stands for those
has no right answer; of the rest, one half is to fit with and one half to report on.
"""

import csv
import io
import json
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.matching.reading import plain
from s4s_graph.vocabularies.concepts import Concept, concepts

ENGLISH = "esco-full/esco-v1.1.1-classification-en-csv.zip"
RELATIONS = "esco-full/esco-v1.1.1-relations-csv.zip"
OLDER = "esco-nl/esco-v1.0.x-nl-csv.zip"
NEWER = "esco-nl/esco-v1.2.0-nl-occupations-json.zip"
ESCO = "http://data.europa.eu/esco/"
ISCO, ISCO_DIGITS = f"{ESCO}isco/C", 4
EXACT_ESCO = "https://linkeddata.competentnl.nl/def/competentnl#exactMatchESCO"
OWN = "own skills (en)"  # the name of the set


@dataclass(frozen=True)
class Asked:
    """A text, its language, and the concept that it stands for, which may not be in the index."""

    text: str
    language: str
    iri: str

    @property
    def right(self) -> str | None:
        """The IRI that is the right answer; None where there is none."""
        return None if is_absent(self.iri) else self.iri


@dataclass(frozen=True)
class Texts:
    """A gold set of texts and the concepts among which theirs are, or are not.

    broader: those are what a text stands below, which no chance is said of.
    """

    name: str
    asked: list[Asked]
    concepts: list[Concept]
    broader: bool = False


def synonyms(name: str, concepts: Iterable[Concept], language: str) -> Texts:
    """Return alternative labels of one concept, to be found in an index without those labels."""
    concepts = list(concepts)
    published = Counter(key for concept in concepts for key in _keys(concept, language))
    asked, target = [], []
    for concept in concepts:
        labels = concept.alternative.get(language, [])
        labels = [label for label in labels if published[plain(label)] == 1]
        drawn = labels[_digest(concept.iri, "label") % len(labels)] if labels else None
        gone = is_absent(concept.iri)
        if drawn and plain(drawn) != plain(concept.preferred[language][0]):
            asked.append(Asked(drawn, language, concept.iri))
            labels = concept.alternative[language]
            rest = [label for label in labels if plain(label) != plain(drawn)]
            concept = replace(concept, alternative={language: rest})
        if not gone:
            target.append(concept)
    return Texts(name, asked, target)


def published(
    name: str, older: Iterable[Concept], newer: Iterable[Concept], language: str
) -> Texts:
    """Return a label of each concept of one version, to be found in another, as published.

    One half is asked by the preferred labels, the other by an alternative one.
    """
    asked = []
    for concept in older:
        labels = concept.alternative.get(language) if _digest(concept.iri, "by") % 2 else None
        labels = labels or concept.preferred[language]
        label = labels[_digest(concept.iri, "label") % len(labels)]
        asked.append(Asked(label, language, concept.iri))
    target = [concept for concept in newer if not is_absent(concept.iri)]
    return Texts(name, asked, target)


def renamed(older: Iterable[Concept], newer: Iterable[Concept]) -> Texts:
    """Return preferred labels of one version, to be found in another that has none the same.

    The label is taken out there; one that yet another concept has there, is not asked.
    """
    newer = list(newer)
    published = Counter(key for concept in newer for key in _keys(concept, "nl"))
    before = {concept.iri: concept.preferred["nl"][0] for concept in older}
    asked, target = [], []
    for concept in newer:
        if label := before.get(concept.iri):
            if published[plain(label)] == (plain(label) in _keys(concept, "nl")):
                asked.append(Asked(label, "nl", concept.iri))
            concept = without(concept, label)
        if not is_absent(concept.iri) and concept.preferred:
            target.append(concept)
    return Texts("versions, no label the same (nl)", asked, target)


def grouped(
    name: str, concepts: Iterable[Concept], groups: Iterable[Concept], language: str
) -> Texts:
    """Return preferred labels, to be found in the groups that their concepts are published in."""
    groups = list(groups)
    known = {group.iri for group in groups}
    asked = [
        Asked(concept.preferred[language][0], language, above)
        for concept in concepts
        for above in concept.broader
        if above in known
    ]
    return Texts(name, asked, [each for each in groups if not is_absent(each.iri)], broader=True)


@dataclass(frozen=True)
class Pairs:
    """A gold set of concepts to map: those with the same IRI in subjects and objects match."""

    name: str
    subjects: list[Concept]
    objects: list[Concept]


def halves(name: str, concepts: Iterable[Concept], above: dict[str, list[str]]) -> Pairs:
    """Return concepts as two vocabularies would have them, each with half of the names.

    A subject has up to four of the alternative labels and, above it, what an earlier version of
    the vocabulary had above it, or for every other one nothing; an object has the other labels.
    Of the sentences of a definition each gets one half, where there are two or more.
    """
    subjects, objects = [], []
    for concept in concepts:
        ((language, (label, *_)),) = concept.preferred.items()
        keys = {plain(label)}
        others = [x for x in concept.alternative.get(language, []) if plain(x) not in keys]
        given = [text for text in others if _digest(text, concept.iri) % 2][:4]
        rest = [text for text in others if plain(text) not in set(map(plain, given))]
        if not given:
            continue
        said = concept.definitions.get(language, [""])[0].split(". ")
        first, other = " ".join(said[1::2]), " ".join(said[::2])
        placed = above.get(concept.iri, []) if _digest(concept.iri, "placed") % 2 else []
        mine = {language: [given[0]]}, {language: given[1:]}, {language: [first]} if first else {}
        subjects.append(Concept(concept.iri, *mine, placed, concept.types))
        if not is_absent(concept.iri):
            theirs = {language: rest}, {language: [other]}
            objects.append(
                Concept(concept.iri, concept.preferred, *theirs, concept.broader, concept.types)
            )
    return Pairs(name, subjects, objects)


def labelled(texts: Texts) -> Pairs:
    """Return texts as concepts that have no other name; definitions hardly changed: none either."""
    subjects = [Concept(each.iri, {each.language: [each.text]}) for each in texts.asked]
    return Pairs(texts.name, subjects, [replace(c, definitions={}) for c in texts.concepts])


def competentnl(files: Iterable[Path]) -> Pairs:
    """Return what CompetentNL says is exactly the same in ESCO, of files that hold both as RDF.

    A subject bears the IRI of its match.
    """
    said = [triple for path in files for triple in ox.parse(path=path)]
    found = concepts(said)
    exact = {
        triple.subject.value: triple.object.value
        for triple in said
        if triple.predicate.value == EXACT_ESCO
    }
    subjects = [
        replace(found[iri], iri=match)
        for iri, match in exact.items()
        if iri in found and match in found
    ]
    objects = [
        concept for iri, concept in found.items() if iri.startswith(ESCO) and not is_absent(iri)
    ]
    return Pairs("CompetentNL to ESCO", subjects, objects)


def without(concept: Concept, label: str) -> Concept:
    """Return a concept without this one of its names; an alternative one is then preferred."""
    preferred, alternative = (
        {tag: [text for text in texts if plain(text) != plain(label)] for tag, texts in had.items()}
        for had in (concept.preferred, concept.alternative)
    )
    for tag, texts in preferred.items():
        if not texts and alternative.get(tag):
            texts.append(alternative[tag].pop(0))
    preferred = {tag: texts for tag, texts in preferred.items() if texts}
    return replace(concept, preferred=preferred, alternative=alternative)


def own(table: Path, concepts: Iterable[Concept]) -> Texts:
    """Return the English names of our own skills that say which concept they match exactly."""
    target = [concept for concept in concepts if not is_absent(concept.iri)]
    with table.open(encoding="utf-8", newline="") as lines:
        asked = [
            Asked(row["prefLabel_en"], "en", row["exactMatch"])
            for row in csv.DictReader(lines)
            if row["exactMatch"]
        ]
    return Texts(OWN, asked, target)


def english(shared: Path, table: str = "skills_en.csv") -> list[Concept]:
    """Return the concepts of a table of ESCO v1.1.1 in English."""
    broader = _broader(shared / RELATIONS)
    return [_concept(row, "en", broader) for row in rows(shared / ENGLISH, table)]


def older(shared: Path, table: str = "occupations_nl.csv") -> list[Concept]:
    """Return the concepts of a table of ESCO v1.0.x in Dutch."""
    return [_concept(row, "nl", {}) for row in rows(shared / OLDER, table)]


def newer(shared: Path, part: str = "occ.json") -> list[Concept]:
    """Return the concepts of a part of ESCO v1.2.0 in Dutch."""
    with zipfile.ZipFile(shared / NEWER) as package:
        found = json.loads(package.read(part))
    return [_concept(row, "nl", {}) for row in found]


def older_broader(shared: Path) -> dict[str, list[str]]:
    """Return what was above each skill in ESCO v1.0.x, where half of them still are below."""
    return _broader(shared / OLDER)


def rows(package: Path, table: str) -> Iterator[dict[str, str]]:
    """Yield the rows of a table in a package, whatever folder of it that is in."""
    with zipfile.ZipFile(package) as opened:
        path = next(name for name in opened.namelist() if name.rpartition("/")[2] == table)
        with opened.open(path) as lines:
            yield from csv.DictReader(io.TextIOWrapper(lines, encoding="utf-8-sig", newline=""))


def is_absent(iri: str) -> bool:
    """Tell whether a concept is one of the quarter that is left out of the target."""
    return _digest(iri, "absent") % 4 == 0


def is_held_out(iri: str) -> bool:
    """Tell whether a concept is one of the half that nothing is fitted on."""
    return _digest(iri, "held out") % 2 == 0


def _digest(iri: str, what: str) -> int:
    return int.from_bytes(sha256(f"{what} {iri}".encode()).digest()[:8])


def _keys(concept: Concept, language: str) -> set[str]:
    labels = concept.preferred[language] + concept.alternative.get(language, [])
    return {plain(label) for label in labels}


def _broader(package: Path) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for row in rows(package, "broaderRelationsSkillPillar.csv"):
        found.setdefault(row["conceptUri"], []).append(row["broaderUri"])
    return found


def _group(row: dict[str, str]) -> list[str]:
    """Return the group of the ISCO that a row places an occupation in."""
    code = str(row.get("iscoGroup") or "")  # a number in JSON, which drops the zeros in front
    return [f"{ISCO}{code.zfill(ISCO_DIGITS)}"] if code else []


def _concept(row: dict[str, str], language: str, broader: dict[str, list[str]]) -> Concept:
    label = row["preferredLabel"].strip()
    others = (text.strip() for text in row["altLabels"].split("\n"))
    return Concept(
        row["conceptUri"],
        {language: [label]},
        {language: list(dict.fromkeys(text for text in others if text and text != label))},
        {language: [row["description"]]} if row["description"] else {},
        broader.get(row["conceptUri"]) or _group(row),
        [f"http://data.europa.eu/esco/model#{row['conceptType']}"],
    )
