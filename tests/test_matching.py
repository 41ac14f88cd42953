"""Matching: texts to concepts, concepts to concepts, and what is proposed to decide on."""

import random
import time
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from s4s_graph.cli import main
from s4s_graph.mappings import decisions, read, wording
from s4s_graph.mappings.sets import MappingSet
from s4s_graph.matching import Index, lexicon, model
from s4s_graph.matching.index import LETTERS, LEXICAL, SIMILAR
from s4s_graph.matching.lexicon import Lexicon
from s4s_graph.matching.proposing import justification, predicate
from s4s_graph.matching.reading import Reading
from s4s_graph.matching.substitutes import substitutes
from s4s_graph.matching.suggesting import weigh
from s4s_graph.vocabularies.concepts import Concept
from tests.bench import fitting, gold
from tests.bench import matching as bench

SHARED = Path(__file__).resolve().parents[2] / "shared/data"
SKILL, GROUP = "https://example.org/Skill", "https://example.org/Group"
VOCABULARY = "https://example.org/skills/"


def concept(
    name: str, *others: str, language: str = "en", definition: str = "", broader: Iterable[str] = ()
) -> Concept:
    """Return a concept whose IRI ends in its name, with hyphens."""
    return Concept(
        VOCABULARY + name.replace(" ", "-"),
        {language: [name]},
        {language: list(others)} if others else {},
        {language: [definition]} if definition else {},
        [VOCABULARY + iri for iri in broader],
        [SKILL],
    )


ENGLISH = (
    concept("weld metal", "welding of metal", "join metal parts by welding"),
    concept("paint metal", "painting of metal"),
    concept("supervise staff", "oversee staff", "supervise personnel", "oversee personnel"),
    concept("supervise production", "oversee production"),
    concept("lean manufacturing", "lean production"),
    concept("C++"),
    concept("C#"),
    concept("read technical drawings", definition="Understand blueprints of machine parts."),
)
DUTCH = (
    concept("operator draadtrekmachine", "bediener draadtrekmachine", language="nl"),
    concept("monteur van machines", "machine onderhouden", language="nl"),
    concept("draad knippen", "draad op maat maken", language="nl"),
    concept("trekmachine instellen", "trekmachine afstellen", language="nl"),
    concept("één op één begeleiden", "begeleiding van collega's", language="nl"),
)


def first(index: Index, text: str, language: str | None = None) -> str:
    """Return the preferred name of the likeliest concept."""
    return index.find(text, language=language)[0].concept.name("nl")


@pytest.fixture(scope="module")
def index() -> Index:
    """Return an index of the concepts above in both languages."""
    return Index((*ENGLISH, *DUTCH))


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("weld metal", "weld metal"),
        ("  WELD   Metal ", "weld metal"),
        ("metal welding", "weld metal"),
        ("join metal parts", "weld metal"),
        ("lean manufactring", "lean manufacturing"),
        ("lean", "lean manufacturing"),
        ("C++", "C++"),
        ("c#", "C#"),
        ("een op een begeleiden", "één op één begeleiden"),
        ("collega's begeleiden", "één op één begeleiden"),
        ("draadtrekmachine bedienen", "operator draadtrekmachine"),
        ("machinemonteur", "monteur van machines"),
    ],
)
def test_a_text_finds_the_concept_that_it_names(index: Index, text: str, name: str) -> None:
    assert first(index, text) == name


def test_the_same_name_is_lexical_and_a_like_one_is_similar(index: Index) -> None:
    same, like = index.find("Weld metal")[0], index.find("weld metals carefully")[0]
    assert (same.justification, like.justification) == (LEXICAL, SIMILAR)
    assert same.label == "weld metal"
    assert same.score > like.score


def test_the_label_is_the_name_that_was_met(index: Index) -> None:
    assert index.find("lean production")[0].label == "lean production"


def test_scores_are_chances_and_go_down(index: Index) -> None:
    scores = [match.score for match in index.find("oversee the production of metal parts")]
    assert len(scores) > 1
    assert scores == sorted(scores, reverse=True)
    assert all(0 <= score <= 1 for score in scores)


def test_two_concepts_of_one_name_are_each_less_likely_than_one() -> None:
    twin = replace(ENGLISH[0], iri=f"{VOCABULARY}twin")
    one, two = (Index(known).find("weld metal") for known in (ENGLISH, (*ENGLISH, twin)))
    assert one[0].score > two[0].score
    assert two[0].score == two[1].score


def test_a_preferred_name_goes_before_an_alternative_one() -> None:
    known = (concept("grinding", "polishing"), concept("polishing", "grinding"))
    assert [first(Index(known), text) for text in ("polishing", "grinding")] == [
        "polishing",
        "grinding",
    ]


def test_the_vocabulary_teaches_which_words_stand_in_for_one_another() -> None:
    known = (
        concept("supervise staff", "oversee staff"),
        concept("supervise production", "oversee production"),
        concept("supervise a cleaning crew"),
        concept("hire a cleaning crew"),
        concept("instruct a cleaning crew"),
    )
    assert first(Index(known), "oversee a cleaning crew") == "supervise a cleaning crew"
    taught_nothing = [replace(each, alternative={}) for each in known]
    (best, *others) = Index(taught_nothing).find("oversee a cleaning crew")
    assert others[0].score == pytest.approx(best.score, abs=0.05)


def test_substitutes_need_two_concepts_that_use_them_so() -> None:
    oversee, supervise, staff, work = range(4)
    once = [[(oversee, staff), (supervise, staff)]]
    assert substitutes(once) == {}
    twice = substitutes([*once, [(oversee, work), (supervise, work)]])
    assert twice == {oversee: [(supervise, 0.5)], supervise: [(oversee, 0.5)]}


def test_a_compound_is_read_as_its_parts_where_those_are_words() -> None:
    texts = ["draad knippen", "draad trekken", "trekmachine", "trekmachine instellen"]
    reading = Reading("nl", [*texts, "draadtrekmachine"])
    assert reading.stems(["draadtrekmachine"]) == reading.stems(["draad", "trekmachine"])
    assert reading.stems(["draadtrekmachines"]) == ["draadtrekmachines"]  # no head is known


def test_function_words_count_only_where_there_is_nothing_else() -> None:
    reading = Reading("nl", ["monteur van machines", "van"])
    assert reading.stems(["van", "machines"]) == reading.stems(["machines"])
    assert reading.stems(["van"]) == ["van"]


def test_a_language_confines_to_its_names_and_those_without_one(index: Index) -> None:
    assert not [m for m in index.find("metals", language="nl") if m.concept in ENGLISH]
    assert first(index, "weld metal", "nl") == "weld metal"  # letter for letter, in any language
    untagged = Index([concept("lassen van metaal", language="")])
    assert untagged.find("metaal lassen", language="nl-NL")


def test_a_name_in_another_language_counts_when_it_is_the_very_same(index: Index) -> None:
    (match, *_) = index.find("Lean manufacturing", language="nl")
    assert (match.concept.name("en"), match.justification) == ("lean manufacturing", LEXICAL)
    assert match.score > 0.8


def test_the_order_of_words_does_not_make_two_names_differ() -> None:
    names = ("plan the yearly maintenance of wind turbines at sea", "seal small pumps by hand")
    index = Index([*ENGLISH, *map(concept, names)])
    for name in names:
        (match, *_) = index.find(" ".join(reversed(name.split())))
        assert (match.label, match.justification) == (name, LEXICAL)


def test_types_confine_to_concepts_of_one_of_them() -> None:
    group = Concept(f"{VOCABULARY}group", {"en": ["weld metal"]}, types=[GROUP])
    index = Index((*ENGLISH, group))
    assert [m.concept for m in index.find("weld metal", types=[GROUP])] == [group]
    assert group not in [m.concept for m in index.find("weld metal", types={SKILL})]
    assert index.find("weld metal", types=[]) == []


@pytest.mark.parametrize("limit", [0, 1, 3])
def test_no_more_than_asked_for(index: Index, limit: int) -> None:
    assert len(index.find("metal", limit=limit)) == min(limit, 2)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "\0",
        "++",
        "💥",
        "(a+)+$",
        ".*",
        "[",
        "\\",
        "%d{0}",
        "\ud800",
        "ب" * 50,
        "-" * 900,
    ],
)
def test_what_is_no_name_finds_nothing_and_breaks_nothing(index: Index, text: str) -> None:
    assert index.find(text) == []
    assert index.find(text, language="nl") == []


def test_signs_of_a_pattern_are_plain_text(index: Index) -> None:
    assert first(index, "weld (metal)") == "weld metal"
    assert first(index, "w.ld.* metal") != "C++"


def test_of_a_long_text_only_the_start_is_read(index: Index) -> None:
    long = "weld metal " + "x" * 10_000
    assert index.find(long) == index.find(long[:LETTERS])


def test_a_word_that_all_names_have_costs_no_more_than_others() -> None:
    many = Index(
        concept(f"operate machine {number} of kind {number % 977}") for number in range(9_000)
    )
    start = time.process_time()
    for text in (
        "operate machine of kind",
        "operate " * 1_000,
        "machine 17 of kind 17",
        "x" * 10_000,
    ):
        many.find(text)
    assert time.process_time() - start < 1
    assert first(many, "operate machine 17 of kind 17") == "operate machine 17 of kind 17"


def test_the_names_looked_at_are_those_that_share_most(monkeypatch: pytest.MonkeyPatch) -> None:
    """What is left out before it is weighed would not have been among the best."""
    monkeypatch.setattr(lexicon, "OPENED", 10_000)
    draw = random.Random(7)
    words = [f"{start}{end}" for start in ("weld", "mill", "turn", "cast") for end in "abcdefgh"]
    texts = {" ".join(draw.sample(words, draw.randint(1, 5))) for _ in range(900)}
    names = Lexicon([concept(text) for text in sorted(texts)])
    for text in sorted(texts)[::90]:
        ((_, asked),) = names.spoken(text, "en")
        total = sum(word.weight for word in asked)
        shared = {
            name: sum(names.weights[n] * like for w in asked for n, like in w.stems if n in stems)
            for name, stems in enumerate(names._stems)
        }
        parts = {n: worth / (total + names._sums[n] - worth) for n, worth in shared.items()}
        best = sorted(parts.values(), reverse=True)[: lexicon.LOOKED_AT]
        found = names._near(asked, total, lambda name: True)
        assert [parts[name] for name in found] == pytest.approx(best)


def test_the_same_question_has_the_same_answer_whatever_came_before() -> None:
    one, other = Index((*ENGLISH, *DUTCH)), Index((*ENGLISH, *DUTCH))
    other.find("begeleiden")
    for text in ("metal", "productie", "oversee metal", "machine"):
        assert one.find(text) == other.find(text)


def test_an_index_of_nothing_finds_nothing() -> None:
    assert Index([]).find("weld metal") == []
    assert weigh([ENGLISH[0]], Index([])) == {ENGLISH[0].iri: []}


# Pairs of concepts


def likeliest(subject: Concept, target: Sequence[Concept], **more: object) -> str:
    """Return the IRI of what a subject is most likely the same as."""
    return weigh([subject], Index(target), **more)[subject.iri][0].object.iri  # type: ignore[arg-type]


def test_alternative_names_of_both_sides_are_held_together() -> None:
    subject = Concept("urn:s", {"en": ["fusion joining"]}, {"en": ["welding of metals"]})
    assert likeliest(subject, ENGLISH) == ENGLISH[0].iri


def test_definitions_tell_two_of_one_name_apart() -> None:
    bank = concept("teller", definition="Serves customers of a bank at the counter with money.")
    vote = replace(
        concept("teller", definition="Adds up votes after an election."), iri=f"{VOCABULARY}vote"
    )
    subject = Concept("urn:s", {"en": ["teller"]}, {}, {"en": ["Counts votes of an election."]})
    named = [concept(word) for word in ("votes", "election", "bank", "customers", "money", "adds")]
    assert likeliest(subject, [bank, vote, *named]) == vote.iri


def test_mapped_parents_raise_their_children() -> None:
    parents = [concept("joining"), concept("coating")]
    children = [
        replace(concept("finishing", broader=[parent]), iri=f"{VOCABULARY}finishing-{parent}")
        for parent in ("joining", "coating")
    ]
    subjects = [
        Concept("urn:coating", {"en": ["coating"]}),
        Concept("urn:finishing", {"en": ["finishing"]}, broader=["urn:coating"]),
    ]
    index = Index([*parents, *children])
    best, other = weigh(subjects, index)["urn:finishing"]
    assert (best.object.iri, other.object.iri) == (children[1].iri, children[0].iri)
    assert best.score > other.score
    alone, _ = weigh(subjects[1:], index)["urn:finishing"]
    assert best.score > alone.score
    known = weigh(subjects[1:], index, known=[("urn:coating", parents[0].iri)])["urn:finishing"]
    assert known[0].object.iri == children[0].iri


def test_an_object_that_another_subject_matches_better_is_less_likely() -> None:
    loose, exact = (
        Concept("urn:loose", {"en": ["weld"]}),
        Concept("urn:exact", {"en": ["weld metal"]}),
    )
    alone, beside = (
        weigh(subjects, Index(ENGLISH))["urn:loose"][0].score
        for subjects in ([loose], [loose, exact])
    )
    assert beside < alone


def test_the_predicate_follows_from_the_chance_and_from_which_has_more_words() -> None:
    index = Index([*ENGLISH, concept("tapping"), concept("maintain robots of assembly lines")])
    subjects = [
        Concept("urn:same", {"en": ["weld metal"]}),
        Concept("urn:more", {"en": ["furnace tapping in foundry halls"]}),
        Concept("urn:less", {"en": ["robots"]}),
    ]
    found = weigh(subjects, index)
    pairs = {iri: pairs[0] for iri, pairs in found.items()}
    assert predicate(pairs["urn:same"]) == wording.EXACT
    assert predicate(pairs["urn:more"]) == wording.BROAD
    assert predicate(pairs["urn:less"]) == wording.NARROW
    assert justification(pairs["urn:same"]) == "LexicalMatching"
    assert justification(pairs["urn:more"]) == "LexicalSimilarityThresholdMatching"


# The command

HEADING = "iri,prefLabel_en,altLabel_en,definition_en,broader\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a data folder, with the tables of two vocabularies beside it."""
    (tmp_path / "data").mkdir()
    (tmp_path / "ours.csv").write_text(
        HEADING + "https://a.example/1,weld metal,welding of metal,,\n"
        "https://a.example/2,lean manufacturing,,,\nhttps://a.example/3,sing,,,\n"
    )
    lines = (
        f'<{each.iri}> <http://www.w3.org/2004/02/skos/core#{kind}Label> "{label}"@en .'
        for each in ENGLISH
        for kind, texts in (("pref", each.preferred), ("alt", each.alternative))
        for label in texts.get("en", [])
    )
    (tmp_path / "theirs.nt").write_text("\n".join(lines))
    return tmp_path


def suggested(folder: Path, *more: str) -> MappingSet:
    """Run the command and return the set that it wrote."""
    files = [str(folder / name) for name in ("ours.csv", "theirs.nt")]
    result = CliRunner().invoke(
        main, ["mappings", "suggest", *files, "--data", str(folder / "data"), *more]
    )
    assert result.exit_code == 0, result.output
    path = folder / "data/mappings/candidates-ours-theirs.sssom.tsv"
    found = read.read(path, path.name)
    assert not found.problems
    return found.set


def test_the_command_writes_candidates_that_say_how_they_were_found(folder: Path) -> None:
    found = {row.subject: row for row in suggested(folder, "--limit", "1").mappings}
    assert list(found) == ["https://a.example/1", "https://a.example/2"]
    row = found["https://a.example/1"]
    assert (row.object, row.predicate) == (ENGLISH[0].iri, wording.EXACT)
    assert row.justification == f"{wording.SEMAPV}LexicalMatching"
    assert row.confidence is not None
    assert row.confidence > 0.9
    assert row.one("subject_match_field") == row.one("object_match_field")
    assert row.one("match_string") == row.one("subject_label") == "weld metal"


def test_the_command_proposes_nothing_that_was_decided(folder: Path) -> None:
    data = folder / "data"
    rows = suggested(folder).mappings
    accepted = next(row for row in rows if row.subject.endswith("/1"))
    rejected = next(row for row in rows if row.subject.endswith("/2"))
    by = decisions.author_id("https://orcid.org/0000-0002-1825-0097")
    decisions.decide(data, accepted, accepted=True, predicate=wording.EXACT, author=by)
    decisions.decide(data, rejected, accepted=False, predicate=wording.EXACT, author=by)
    left = suggested(folder).mappings
    assert rejected.pair not in [row.pair for row in left]
    assert accepted.subject not in [row.subject for row in left]


def test_what_both_vocabularies_hold_is_not_proposed_to_itself(folder: Path) -> None:
    lines = HEADING + f"{ENGLISH[0].iri},weld metal,,,\n"
    (folder / "ours.csv").write_text(lines)
    assert ENGLISH[0].iri not in [row.object for row in suggested(folder, "--least", "0").mappings]


def test_what_a_vocabulary_says_itself_is_not_proposed_again(folder: Path) -> None:
    theirs = folder / "theirs.nt"
    match = "<http://www.w3.org/2004/02/skos/core#exactMatch>"
    said = f"{theirs.read_text()}\n<{ENGLISH[4].iri}> {match} <https://a.example/1> ."
    theirs.write_text(said)
    assert "https://a.example/1" not in [row.subject for row in suggested(folder).mappings]


def test_the_command_writes_the_same_bytes_again(folder: Path) -> None:
    path = folder / "data/mappings/candidates-ours-theirs.sssom.tsv"
    suggested(folder)
    before = path.read_bytes()
    suggested(folder)
    assert path.read_bytes() == before


def test_least_and_limit_bound_what_is_proposed(folder: Path) -> None:
    every = suggested(folder, "--least", "0", "--limit", "6").mappings
    fewer = suggested(folder, "--least", "0", "--limit", "1").mappings
    sure = suggested(folder, "--least", "0.9").mappings
    assert len(every) > len(fewer) > 0
    assert all((row.confidence or 0) >= 0.9 for row in sure)


def test_the_command_tells_how_many_and_how_sure(folder: Path) -> None:
    files = [str(folder / name) for name in ("ours.csv", "theirs.nt")]
    asked = ["mappings", "suggest", *files, "--data", str(folder / "data"), "--lang", "nl"]
    told = CliRunner().invoke(main, asked).output
    assert "is hetzelfde als" in told
    assert "3 begrippen vergeleken met 8" in told


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("odd.csv", "id,label\n1,weld\n", "odd.csv, line 1: the columns iri"),
        ("odd.csv", HEADING + "https://a.example/1,weld\n", "odd.csv, line 2: this row"),
        ("odd.csv", HEADING + "https://a.example/1,weld,,,,,x\n", "odd.csv, line 2: this row"),
        ("odd.csv", HEADING + "one,weld,,,\n", "line 2, column iri: 'one' is not a full web"),
        ("odd.csv", HEADING, "holds no concept with a name"),
        ("odd.csv", b"iri,prefLabel_en\nhttps://a.example/1,\xe9\xe9\n", "cannot be read"),
        ("odd.ttl", "<urn:a> <urn:b> ", "cannot be read"),
        ("odd.ttl", "<urn:a> <urn:b> <urn:c> .", "holds no concept with a name"),
        ("odd.docx", "PK", "this kind of file is not read here"),
    ],
)
def test_a_file_that_cannot_be_matched_says_why(
    folder: Path, name: str, content: str | bytes, said: str
) -> None:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    data = ["--data", str(folder / "data")]
    asked = ["mappings", "suggest", str(path), str(folder / "theirs.nt"), *data, "--lang", "en"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 2
    assert said in " ".join(result.output.split())
    assert not (folder / "data/mappings").exists()


def test_a_name_that_is_nothing_says_what_there_is(folder: Path) -> None:
    asked = ["mappings", "suggest", "skils", "esco", "--data", str(folder / "data"), "--lang", "en"]
    result = CliRunner().invoke(main, asked)
    assert result.exit_code == 2
    assert "there is skills" in result.output


def test_our_own_skills_are_matched_by_their_names(folder: Path) -> None:
    data = folder / "data"
    (data / "skills.csv").write_text(
        "id,prefLabel_nl,prefLabel_en\nwelding,Lassen van metaal,Welding of metal\n"
    )
    asked = ["mappings", "suggest", "skills", str(folder / "theirs.nt"), "--data", str(data)]
    result = CliRunner().invoke(main, [*asked, "--limit", "1"])
    assert result.exit_code == 0, result.output
    path = data / "mappings/candidates-skills-theirs.sssom.tsv"
    (row,) = read.read(path, path.name).set.mappings
    assert row.subject.endswith("id/skill/welding")
    assert row.object == ENGLISH[0].iri


# How the weights came about


def test_the_fit_finds_weights_that_made_the_examples() -> None:
    ones = [((1.0, place / 50), place >= 30) for place in range(100)]
    bias, slope = fitting.logistic(ones)
    assert -bias / slope == pytest.approx(0.59, abs=0.02)


def test_a_likeness_does_not_speak_against_a_match_unless_it_may() -> None:
    ones = [((1.0, -place / 50), place >= 30) for place in range(100)]
    assert fitting.rising(ones, free=[0])[1] == 0
    assert fitting.rising(ones, free=[0, 1]) == fitting.logistic(ones)
    assert fitting.logistic(ones)[1] < 0


def test_what_competentnl_says_is_the_same_is_gold(tmp_path: Path) -> None:
    path = tmp_path / "both.ttl"
    path.write_text("""
        @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
        @prefix cnlo: <https://linkeddata.competentnl.nl/def/competentnl#> .
        @prefix id: <https://linkeddata.competentnl.nl/id/> .
        @prefix skill: <http://data.europa.eu/esco/skill/> .
        id:mill skos:prefLabel "frezen"@nl ; cnlo:exactMatchESCO skill:mill .
        id:turn skos:prefLabel "draaien"@nl ; cnlo:closeMatchESCO skill:turn .
        skill:mill skos:prefLabel "metaal frezen"@nl .
        skill:turn skos:prefLabel "metaal draaien"@nl .
    """)
    pairs = gold.competentnl([path])
    assert [(s.iri, s.name("nl")) for s in pairs.subjects] == [(f"{gold.ESCO}skill/mill", "frezen")]
    held = {f"{gold.ESCO}skill/{name}" for name in ("mill", "turn")}
    assert {o.iri for o in pairs.objects} == {iri for iri in held if not gold.is_absent(iri)}


def test_every_weight_has_its_feature() -> None:
    for name in ("NAME", "TEXT", "EXACT", "RIVAL", "PAIR", "RIVALS"):
        assert len(getattr(model, name)) == len(getattr(model, f"{name}_FEATURES"))


def test_matching_is_better_than_the_same_label_and_than_like_letters() -> None:
    """The claim of the bench, on a part of what it measures."""
    if not SHARED.is_dir():
        pytest.skip("the published vocabularies are not at hand")
    newer, older = gold.newer(SHARED), gold.older(SHARED)
    some = {each.iri for each in older[:700]}
    texts = gold.renamed(older[:700], [each for each in newer if each.iri in some])
    known, asked = (bench.part(texts.asked, held_out=held, sample=150) for held in (False, True))
    ways = bench.Baselines(texts.concepts).ways()
    ours = bench.f1(bench.ours(Index(texts.concepts)), known, asked)
    others = [bench.f1(bench.by(way), known, asked) for way in ways.values()]
    assert len(others) == 3
    assert ours > max(others) + 0.05
