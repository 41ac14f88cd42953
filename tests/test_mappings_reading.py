"""SSSOM tables: what is right comes back byte for byte, what is wrong is told at its line."""

import time
from pathlib import Path

import pytest

from s4s_graph.mappings import read, sets, write
from s4s_graph.mappings.sets import Extension, MappingSet, mapping
from s4s_graph.mappings.wording import EXACT
from s4s_graph.namespaces import BASE

EXAMPLES = Path(__file__).resolve().parents[2] / "shared/suites/sssom/examples"
TINY = sorted((Path(__file__).parent / "tiny/data/mappings").glob("*.sssom.tsv"))
HEAD = (
    "#curie_map:\n"
    "#  a: https://example.org/a/\n"
    "#  b: https://example.org/b/\n"
    "#mapping_set_id: https://example.org/set\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n"
)
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification"
ROW = "a:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration"
GOOD = f"{HEAD}{COLUMNS}\n{ROW}\n"


def reading(folder: Path, content: str | bytes, base: str = BASE) -> read.Read:
    file = folder / "set.sssom.tsv"
    file.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read.read(file, "mappings/set.sssom.tsv", base)


def told(found: read.Read, lang: str = "en") -> list[str]:
    return [problem.text(lang) for problem in found.problems]


def test_a_file_is_read_with_full_addresses(tmp_path: Path) -> None:
    found = reading(tmp_path, GOOD)

    assert told(found) == []
    assert found.set.name == "set"
    assert found.set.mappings == (
        mapping(
            subject_id="https://example.org/a/1",
            predicate_id=EXACT,
            object_id="https://example.org/b/1",
            mapping_justification=sets.MANUAL,
        ),
    )
    assert found.set.mappings[0].line == 7


@pytest.mark.parametrize("file", TINY, ids=lambda file: str(file.name))
def test_a_file_in_the_canonical_form_comes_back_byte_for_byte(file: Path) -> None:
    assert write.text(read.read(file, file.name).set) == file.read_text("utf-8")


def test_the_files_that_should_come_back_are_there() -> None:
    assert len(TINY) == 3


def test_everything_comes_back_whatever_is_in_it(tmp_path: Path) -> None:
    awkward = mapping(
        record_id="https://other.example/record#1",
        subject_id="https://example.org/a/1",
        subject_label='tab\tquote " and\nbreak',
        predicate_id=EXACT,
        object_id="urn:isbn:123",
        object_label="=HYPERLINK(0) is data, not a formula",
        mapping_justification=sets.MANUAL,
        author_label=("Alice|Bob", "back\\slash\\"),
        confidence=0.8754,
        see_also=("https://example.org/1", "https://example.org/2"),
        predicate_modifier="Not",
        subject_type="skos concept",
        own="kept",
    )
    before = MappingSet(
        "set",
        {
            "mapping_set_id": ("https://example.org/set",),
            "license": ("https://example.org/licence",),
            "mapping_set_version": ("1.0",),
            "comment": ("yes: a\nsecond line # of \u2028 text",),
            "creator_label": ("null", "é"),
        },
        {"a": "https://example.org/a/"},
        (awkward,),
        (Extension("own", "https://example.org/own"),),
    )
    text = write.text(before)
    found = reading(tmp_path, text)

    assert told(found) == []
    assert found.set.metadata == before.metadata
    assert found.set.mappings == (awkward.with_slots(confidence="0.875"),)
    assert found.set.extensions == before.extensions
    assert write.text(found.set) == text


def test_our_own_address_is_that_of_the_site_and_in_the_file_always_the_same(
    tmp_path: Path,
) -> None:
    ours = GOOD.replace("https://example.org/a/", f"{BASE}id/skill/")
    found = reading(tmp_path, ours, "https://skills.example/")

    assert found.set.mappings[0].subject == "https://skills.example/id/skill/1"
    assert write.text(found.set, "https://skills.example/") == write.text(
        reading(tmp_path, ours).set
    )


def test_what_the_metadata_say_of_all_mappings_each_of_them_says(tmp_path: Path) -> None:
    found = reading(tmp_path, GOOD.replace("#license", "#mapping_date: 2026-01-31\n#license"))

    assert found.set.mappings[0].one("mapping_date") == "2026-01-31"
    assert "mapping_date" not in found.set.metadata


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("skos:exactMatch", "skos:same", "row 7, column predicate_id: 'skos:same': this predicate"),
        ("skos:exactMatch", "owl:sameAs", "use one of skos:exactMatch, skos:closeMatch"),
        ("a:1\t", "weld\t", "row 7, column subject_id: 'weld': write this as prefix:name"),
        ("a:1\t", "c:1\t", "row 7, column subject_id: 'c:1': the prefix c is not in curie_map"),
        ("a:1\t", "https://example.org/a/1\t", "write prefix:name here instead of an address"),
        ("a:1\t", "a:with space\t", "row 7, column subject_id: 'a:with space': this is not a full"),
        ("a:1\t", "\t", "row 7, column subject_id: this cell may not be empty"),
        ("b:1\t", "b:1\t\t", "row 7: this row has more cells than there are columns"),
        ("semapv:Manual", "semapv:Manul", "use semapv:ManualMappingCuration"),
        ("predicate_id\t", "predicate\t", "row 6: the table lacks predicate_id"),
        ("predicate_id\t", "predicate\t", "column predicate: SSSOM does not know this name; did"),
        ("subject_id\t", "object_id\t", "row 6, column object_id: this column is there twice"),
        ("#license: https", "#licence: https", "row 5, column licence: SSSOM does not know"),
        ("#license: https", "#licence: https", "column license: '#license: …'"),
        ("#mapping_set_id: https://example.org/set\n", "", "column mapping_set_id: '#mapping_set"),
        ("https://creative", "creative", "row 5, column license: 'creativecommons.org/"),
        ("#  a: https", "#  skos: https", "row 2, column curie_map: 'skos': SSSOM fixes this"),
        ("#  a: https://example.org/a/", "#  a: example", "row 2, column curie_map: 'a: example'"),
        ("#  a:", "#  a: [", "the metadata above the table is not YAML"),
        ("#curie_map:", "#x: &x [1]\n#other: *x\n#curie_map:", "SSSOM allows no references"),
        ("#curie_map:", "#just words\n#curie_map:", "the metadata above the table is not YAML"),
        ("#license:", "#mapping_date: 31-01-2026\n#license:", "row 5, column mapping_date: '31-01"),
        ("a:1\t", '"a:1\t', "row 7: this row cannot be read"),
    ],
)
def test_a_problem_is_told_at_its_line(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    assert before in GOOD
    found = reading(tmp_path, GOOD.replace(before, after, 1))

    assert any(problem in text for text in told(found)), told(found)
    assert all(text.startswith("error: mappings/set.sssom.tsv") for text in told(found))
    assert told(found, "nl") != told(found)


@pytest.mark.parametrize(
    ("column", "value", "problem"),
    [
        ("confidence", "1.2", "write a number from 0 to 1"),
        ("confidence", "nan", "write a number from 0 to 1"),
        ("confidence", "0,5", "write a number from 0 to 1"),
        ("reviewer_agreement", "-1.5", "write a number from -1 to 1"),
        ("mapping_date", "2026-02-30", "write a date as yyyy-mm-dd"),
        ("mapping_date", "20260131", "write a date as yyyy-mm-dd"),
        ("predicate_modifier", "not", "use one of Not"),
        ("subject_type", "skos concpt", "use one of skos concept"),
        ("confidense", "1", "did you mean confidence?"),
        ("see_also", "example", "this is not a full web address"),
    ],
)
def test_a_bad_value_is_told_at_its_cell(
    tmp_path: Path, column: str, value: str, problem: str
) -> None:
    found = reading(tmp_path, f"{HEAD}{COLUMNS}\t{column}\n{ROW}\t{value}\n")

    (text,) = told(found)
    assert f"column {column}" in text
    assert problem in text


def test_right_rows_beside_wrong_ones_are_kept_and_counted(tmp_path: Path) -> None:
    found = reading(tmp_path, f"{GOOD}{ROW.replace('a:1', 'x:1')}\n{ROW.replace('a:1', 'a:2')}\n")

    assert [one.subject for one in found.set.mappings] == [
        "https://example.org/a/1",
        "https://example.org/a/2",
    ]
    assert found.rows == 3


def test_the_same_row_twice_is_a_problem_and_the_same_on_other_grounds_is_not(
    tmp_path: Path,
) -> None:
    other = ROW.replace("ManualMappingCuration", "LexicalMatching")
    found = reading(tmp_path, f"{GOOD}{other}\n{ROW}\n")

    assert told(found) == [
        "error: mappings/set.sssom.tsv, row 9: this row is the same as row 7; remove one of them"
    ]
    assert len(found.set.mappings) == 2


def test_a_file_that_is_no_utf8_says_at_which_line(tmp_path: Path) -> None:
    found = reading(tmp_path, GOOD.encode() + ROW.encode() + b"\xe9\n")

    assert told(found) == [
        "error: mappings/set.sssom.tsv, row 8: this line is not UTF-8; save the file as UTF-8"
    ]
    assert found.set.mappings == ()


@pytest.mark.parametrize("length", [200_000, 3_000_000])
def test_a_huge_cell_is_refused_at_its_line(tmp_path: Path, length: int) -> None:
    found = reading(tmp_path, f"{GOOD}{'a' * length}\t{ROW}\n")

    (text,) = told(found)
    assert text.startswith("error: mappings/set.sssom.tsv, row 8: this ")


def test_a_file_of_five_million_wrong_lines_is_given_up_soon(tmp_path: Path) -> None:
    start = time.process_time()
    found = reading(tmp_path, (GOOD + "x\n" * 5_000_000).encode())

    assert len(found.problems) <= read.PROBLEMS + 4
    assert "reading stopped after 1000 problems" in told(found)[-1]
    assert time.process_time() - start < 2


def test_a_file_with_too_many_rows_is_refused_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(read, "ROWS", 100)
    rows = "".join(f"{ROW.replace('a:1', f'a:{number}')}\n" for number in range(2, 110))
    found = reading(tmp_path, GOOD + rows)

    assert "row 107: more than 100 rows are not read" in told(found)[0]
    assert found.set.mappings == ()


def test_metadata_without_end_are_refused(tmp_path: Path) -> None:
    found = reading(tmp_path, "#x: 1\n" * 100_000)

    assert "row 5001: there are too many lines that begin with #" in told(found)[0]


def test_an_empty_file_is_told(tmp_path: Path) -> None:
    assert any("the table lacks subject_id" in text for text in told(reading(tmp_path, "")))


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the examples of SSSOM are not here")
def test_the_official_examples_are_read_but_for_what_we_refuse() -> None:
    files = sorted([*EXAMPLES.glob("schema/*.tsv"), *EXAMPLES.glob("embedded/*.tsv")])
    assert len(files) > 20
    refused = {
        "extension-slots": "SSSOM does not know this name",  # of a column it does not define
        "literals": "the table lacks subject_id",  # a text is no concept
        "predicate-types": "this predicate is not read",
        "version": "'#mapping_set_id: …'",
    }
    for file in files:
        found = read.read(file, file.name)
        wanted = refused.get(file.name.removesuffix(".sssom.tsv"))
        assert (told(found) == []) is (wanted is None), (file, told(found))
        assert wanted is None or wanted in " ".join(told(found))
        again = write.text(found.set)
        assert again.count("\n") > len(found.set.mappings)
