"""Decisions on candidates: kept, replaced, undone, by several people at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path

import pytest

from s4s_graph.mappings import decisions, sets, write
from s4s_graph.mappings.decisions import AuthorError, BrokenSetError, Decision
from s4s_graph.mappings.sets import Mapping, MappingSet, mapping
from s4s_graph.mappings.wording import BROAD, CLOSE, EXACT

AUTHOR = "https://orcid.org/0000-0002-1825-0097"
DAY = date(2026, 3, 2)


def candidate(number: int, confidence: float | None = None) -> Mapping:
    return mapping(
        subject_id=f"https://example.org/a/{number}",
        subject_label=f"name {number}",
        predicate_id=EXACT,
        object_id=f"https://example.org/b/{number}",
        mapping_justification="https://w3id.org/semapv/vocab/LexicalMatching",
        confidence=confidence,
        match_string="name",
    )


def propose(data: Path, *candidates: Mapping, name: str = "candidates") -> None:
    metadata = {
        "mapping_set_id": (f"https://example.org/{name}",),
        "license": ("https://example.org/licence",),
    }
    file = data / "mappings" / f"{name}.sssom.tsv"
    write.write(MappingSet(name, metadata, mappings=candidates), file)


def decide(data: Path, number: int = 1, *, accepted: bool = True, reason: str = "") -> Decision:
    return decisions.decide(
        data,
        candidate(number),
        accepted=accepted,
        predicate=EXACT,
        author=AUTHOR,
        reason=reason,
        on=DAY,
    )


def test_the_surest_candidates_come_first_and_each_pair_once(tmp_path: Path) -> None:
    propose(tmp_path, candidate(1, 0.5), candidate(2, 0.9), candidate(3))
    propose(tmp_path, candidate(1, 0.95), name="candidates-other")

    found = decisions.candidates(tmp_path)

    assert [one.subject[-1] for one in found] == ["1", "2", "3"]
    assert found[0].confidence == 0.95


def test_an_accepted_candidate_is_a_row_with_author_date_and_reason(tmp_path: Path) -> None:
    propose(tmp_path, candidate(1, 0.5))
    decide(tmp_path, reason="The same\nthing.")

    (row,) = decisions.decided(tmp_path).mappings
    assert {name: row.one(name) for name in row.slots} == {
        "subject_id": "https://example.org/a/1",
        "subject_label": "name 1",
        "predicate_id": EXACT,
        "object_id": "https://example.org/b/1",
        "mapping_justification": sets.MANUAL,
        "author_id": AUTHOR,
        "mapping_date": "2026-03-02",
        "comment": "The same thing.",
    }
    assert decisions.candidates(tmp_path) == []


def test_another_predicate_may_be_chosen(tmp_path: Path) -> None:
    made = decisions.decide(tmp_path, candidate(1), accepted=True, predicate=BROAD, author=AUTHOR)

    assert made.accepted
    assert made.mapping.predicate == BROAD
    assert made.mapping.one("mapping_date") == date.today().isoformat()


def test_a_rejected_pair_is_kept_and_never_open_again(tmp_path: Path) -> None:
    propose(tmp_path, candidate(1, 0.5))
    made = decide(tmp_path, accepted=False)
    propose(tmp_path, candidate(1, 0.99).with_slots(predicate_id=CLOSE), name="candidates-new")

    assert not made.accepted
    assert decisions.candidates(tmp_path) == []
    assert decisions.settled(tmp_path)[candidate(1).pair].negated


def test_what_any_set_says_of_a_pair_settles_it(tmp_path: Path) -> None:
    propose(tmp_path, candidate(1, 0.5), candidate(2, 0.5))
    propose(tmp_path, candidate(1), name="published")

    assert [one.pair for one in decisions.candidates(tmp_path)] == [candidate(2).pair]


def test_a_decision_takes_the_place_of_the_one_before(tmp_path: Path) -> None:
    first, second = decide(tmp_path), decide(tmp_path, accepted=False)

    assert second.replaced == first.mapping
    assert [one.negated for one in decisions.decided(tmp_path).mappings] == [True]


def test_undoing_brings_back_what_was_before(tmp_path: Path) -> None:
    propose(tmp_path, candidate(1, 0.5))
    first, second = decide(tmp_path), decide(tmp_path, accepted=False)

    decisions.undo(tmp_path, second)
    assert decisions.decided(tmp_path).mappings == (first.mapping,)
    decisions.undo(tmp_path, first)
    assert decisions.decided(tmp_path).mappings == ()
    assert len(decisions.candidates(tmp_path)) == 1


def test_nothing_is_lost_when_several_decide_at_once(tmp_path: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: decide(tmp_path, number), range(40)))

    assert len(decisions.decided(tmp_path).mappings) == 40
    assert [path.name for path in (tmp_path / "mappings").iterdir()] == ["decided.sssom.tsv"]


def test_one_decision_changes_one_line(tmp_path: Path) -> None:
    for number in range(5):
        decide(tmp_path, number)
    file = tmp_path / "mappings/decided.sssom.tsv"
    before = file.read_text().splitlines()
    decide(tmp_path, 3, reason="More was found.")
    decide(tmp_path, 2, reason="More was found.")
    middle = file.read_text().splitlines()
    decide(tmp_path, 3, accepted=True, reason="Seen again.")

    assert len(before) == len(middle)
    changed = [a for a, b in zip(middle, file.read_text().splitlines(), strict=True) if a != b]
    assert len(changed) == 1


def test_a_file_with_a_problem_is_left_alone(tmp_path: Path) -> None:
    decide(tmp_path)
    file = tmp_path / "mappings/decided.sssom.tsv"
    broken = file.read_text().replace("exactMatch", "sameMatch")
    file.write_text(broken)

    with pytest.raises(BrokenSetError, match="row 9, column predicate_id") as caught:
        decide(tmp_path, 2)
    assert caught.value.problems[0].text("nl") != caught.value.problems[0].text("en")
    assert file.read_text() == broken


def test_addresses_of_another_site_are_written_as_ours(tmp_path: Path) -> None:
    base = "https://skills.example/"
    one = candidate(1).with_slots(subject_id=f"{base}id/skill/meten")
    decisions.decide(tmp_path, one, accepted=True, predicate=EXACT, author=AUTHOR, base=base)

    assert decisions.decided(tmp_path, base).mappings[0].subject == f"{base}id/skill/meten"
    assert "skills.example" not in (tmp_path / "mappings/decided.sssom.tsv").read_text()


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("0000-0002-1825-0097", AUTHOR),
        (" orcid:0000-0002-1825-0097 ", AUTHOR),
        ("https://orcid.org/0000-0002-1694-233x", "https://orcid.org/0000-0002-1694-233X"),
        ("https://example.org/people/an", "https://example.org/people/an"),
        ("mailto:an@example.org", "mailto:an@example.org"),
    ],
)
def test_an_author_may_be_typed_in_several_ways(typed: str, address: str) -> None:
    assert decisions.author_id(typed) == address


@pytest.mark.parametrize(
    ("typed", "problem"),
    [
        ("0000-0002-1825-0098", "its last character does not fit"),
        ("An", "give an ORCID"),
        ("", "give an ORCID"),
        ("https://orcid.org/An", "give an ORCID"),
        ("an visser:x", "give an ORCID"),
    ],
)
def test_what_names_nobody_is_refused(typed: str, problem: str) -> None:
    with pytest.raises(AuthorError, match=problem):
        decisions.author_id(typed)
