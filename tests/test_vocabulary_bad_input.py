"""Files that are wrong: each problem told with its place, all in one go, nothing half-imported."""

import gzip
import zipfile
from pathlib import Path

import pytest
from click.testing import Result
from esco_files import BROADER, ESCO, SKILLS, Run, below, packed, runner, skill, table

from s4s_graph.vocabularies import inputs, parsing, rows

TERMS = ("--version", "1", "--licence", "https://example.org/licence", "--source",
         "https://example.org/source")  # fmt: skip
PREFIXES = "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n@prefix e: <https://e.org/> .\n"


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data)


def refused(result: Result, data: Path, *told: str) -> None:
    assert result.exit_code == 1, result.output
    assert not isinstance(result.exception, Exception), result.exception
    for text in told:
        assert text in result.output, result.output
    assert list(data.iterdir()) == []


def add(run: Run, data: Path, *files: Path) -> Result:
    return run("add", "esco", *files, "--version", "1", "--into", data, "--yes")


def skos(run: Run, data: Path, path: Path, content: str | bytes) -> Result:
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return run("add", "skos", path, "--name", "s", "--into", data, "--yes", *TERMS)


def test_a_row_whose_cells_shifted(run: Run, data: Path, tmp_path: Path) -> None:
    shifted = ["", *skill("turn", "turn metal")[:-1]]
    given = table(tmp_path / "skills_en.csv", SKILLS, skill("mill", "mill metal"), shifted)
    place = "error: skills_en.csv, row 3, column conceptUri: 'KnowledgeSkillCompetence'"
    told = "do not fit their columns (conceptUri, skillType"
    refused(add(run, data, given), data, place, told, "errors: 1, warnings: 0")


@pytest.mark.parametrize(("cells", "told"), [(12, "12 cells"), (14, "14 cells")])
def test_a_row_that_is_too_short_or_too_long(
    run: Run, data: Path, tmp_path: Path, cells: int, told: str
) -> None:
    row = [*skill("turn", "turn metal"), ""][:cells]
    given = table(tmp_path / "skills_en.csv", SKILLS, row)
    refused(add(run, data, given), data, f"skills_en.csv, row 2: this row has {told}")


def test_a_column_of_addresses_that_holds_none(run: Run, data: Path, tmp_path: Path) -> None:
    row = skill("turn", "turn metal")
    row[1] = "turn"
    given = table(tmp_path / "skills_en.csv", SKILLS, row)
    refused(add(run, data, given), data, "skills_en.csv, row 2, column conceptUri: 'turn'")


def test_the_same_address_twice(run: Run, data: Path, tmp_path: Path) -> None:
    given = table(tmp_path / "skills_en.csv", SKILLS, skill("a", "one"), skill("a", "other"))
    told = "skills_en.csv, row 3, column conceptUri: 'http://data.europa.eu/esco/skill/a'"
    refused(add(run, data, given), data, told, "stands in row 2 already")


def test_concepts_above_each_other(run: Run, data: Path, tmp_path: Path) -> None:
    names = ("a", "b", "c")
    skills = table(tmp_path / "skills_en.csv", SKILLS, *(skill(name, name) for name in names))
    around = [*below("a", "b"), *below("b", "c"), *below("c", "a")]
    relations = table(tmp_path / "broader.csv", BROADER, *around)
    told = ("broader.csv, row 2", "in a circle (3)", "broader.csv, row 3; broader.csv, row 4")
    refused(add(run, data, skills, relations), data, *told)


def test_a_concept_above_itself(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + "e:a a skos:Concept ; skos:prefLabel 'a'@en ;\n  skos:broader e:a ."
    refused(skos(run, data, tmp_path / "s.ttl", content), data, "line 3: ", "in a circle (1)")


def test_a_circle_of_narrower_and_broader(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + (
        "e:a a skos:Concept ; skos:prefLabel 'a'@en ; skos:broader e:b .\n"
        "e:b a skos:Concept ; skos:prefLabel 'b'@en .\ne:a skos:narrower e:b ."
    )
    refused(skos(run, data, tmp_path / "s.ttl", content), data, "in a circle (2)")


def test_a_concept_reached_by_two_ways_is_no_circle(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + "".join(
        f"e:{name} a skos:Concept ; skos:prefLabel '{name}'@en{above} .\n"
        for name, above in (
            ("a", " ; skos:broader e:b, e:c"), ("b", " ; skos:broader e:d"),
            ("c", " ; skos:broader e:d"), ("d", ""),
        )
    )  # fmt: skip
    assert skos(run, data, tmp_path / "s.ttl", content).exit_code == 0


def test_two_preferred_names_in_one_language(run: Run, data: Path, tmp_path: Path) -> None:
    skills = table(tmp_path / "skills_en.csv", SKILLS, skill("a", "one name"))
    other = table(tmp_path / "digital_en.csv", SKILLS, skill("a", "another name"))
    told = (
        "2 preferred names in one language (en): another name; one name",
        "skills_en.csv, row 2",
    )
    refused(add(run, data, skills, other), data, *told, "digital_en.csv, row 2")


def test_two_preferred_names_in_skos_xl(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + (
        "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .\n"
        "e:a a skos:Concept ; xl:prefLabel e:l1, e:l2 .\n"
        "e:l1 xl:literalForm 'one'@en . e:l2 xl:literalForm 'other'@en ."
    )
    refused(skos(run, data, tmp_path / "s.ttl", content), data, "2 preferred names", "line 4")


def test_a_concept_without_a_name(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + "e:a a skos:Concept .\ne:b a skos:Concept ; skos:prefLabel 'b'@en ."
    told = ("s.ttl: 'https://e.org/a': line 3: this concept has no preferred name",)
    refused(skos(run, data, tmp_path / "s.ttl", content), data, *told)


def test_a_name_of_skos_xl_without_a_text(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + "e:a a skos:Concept ; <http://www.w3.org/2008/05/skos-xl#prefLabel> e:l ."
    refused(skos(run, data, tmp_path / "s.ttl", content), data, "has no text (skosxl:literalForm)")


def test_a_forgotten_file_shows_in_what_hangs(run: Run, data: Path, tmp_path: Path) -> None:
    skills = table(tmp_path / "skills_en.csv", SKILLS, skill("a", "a"))
    relations = table(tmp_path / "broader.csv", BROADER, *below("a", "b"))
    told = ("broader.csv, row 2", f"'{ESCO}skill/b'", "no file describes it", "--incomplete")
    refused(add(run, data, skills, relations), data, *told)
    accepted = run("add", "esco", skills, relations, "--version", "1", "--into", data, "--yes",
                   "--incomplete")  # fmt: skip
    assert accepted.exit_code == 0
    assert "warning: broader.csv, row 2" in accepted.output


def test_one_gap_in_many_links_is_the_publishers(run: Run, data: Path, tmp_path: Path) -> None:
    names = [f"s{number}" for number in range(101)]
    skills = table(tmp_path / "skills_en.csv", SKILLS, *(skill(name, name) for name in names))
    pairs = [row for name in names[1:] for row in below(name, "s0")]
    relations = table(tmp_path / "broader.csv", BROADER, *pairs, *below("s1", "gone"))
    result = add(run, data, skills, relations)
    assert result.exit_code == 0, result.output
    assert "warning: broader.csv, row 102" in result.output


def test_all_problems_are_told_in_one_go(run: Run, data: Path, tmp_path: Path) -> None:
    rows_ = [skill("a", "a"), skill("a", "b"), ["x"], skill("c", "")]
    given = table(tmp_path / "skills_en.csv", SKILLS, *rows_)
    refused(add(run, data, given), data, "row 3", "row 4", "row 5", "errors: 3, warnings: 0")


def test_a_thousand_problems_are_counted_and_a_hundred_told(
    run: Run, data: Path, tmp_path: Path
) -> None:
    given = table(tmp_path / "skills_en.csv", SKILLS, *(["x"] for _ in range(1000)))
    result = add(run, data, given)
    refused(result, data, "errors: 1000, warnings: 0; 100 are told above")
    assert len(result.output.splitlines()) < 110


def test_characters_that_are_not_utf8(run: Run, data: Path, tmp_path: Path) -> None:
    given = table(tmp_path / "skills_en.csv", SKILLS, skill("a", "a"), skill("b", "café"))
    given.write_bytes(given.read_text().encode("cp1252"))
    refused(add(run, data, given), data, "skills_en.csv, row 4", "not UTF-8")


def test_a_quote_that_is_never_closed(run: Run, data: Path, tmp_path: Path) -> None:
    given = table(tmp_path / "skills_en.csv", SKILLS, skill("a", "a"))
    with given.open("a") as file:
        file.write('KnowledgeSkillCompetence,"never closed\n')
    refused(add(run, data, given), data, "skills_en.csv, row 3", "this is no CSV")


def test_a_file_that_is_far_too_long(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rows, "ROWS", 500)
    given = table(tmp_path / "broader.csv", BROADER, *(below("a", "b") * 600))
    refused(add(run, data, given), data, "more than 500 rows together")


def test_a_file_that_no_language_is_told_of(run: Run, data: Path, tmp_path: Path) -> None:
    given = table(tmp_path / "skills.csv", SKILLS, skill("a", "a"))
    refused(add(run, data, given), data, "skills.csv: the name does not say which language")


def test_a_file_of_something_else(run: Run, data: Path, tmp_path: Path) -> None:
    given = table(tmp_path / "prices.csv", ["fruit", "price"], ["apple", "2"])
    refused(add(run, data, given), data, "prices.csv", "no concept in this")


def test_files_of_two_versions(run: Run, data: Path, tmp_path: Path) -> None:
    files = [
        packed(tmp_path / f"esco v{version}.zip", {"skills_en.csv": [SKILLS, skill("a", "a")]})
        for version in ("1.1.1", "1.2.0")
    ]
    refused(run("add", "esco", *files, "--into", data, "--yes"), data, "1.1.1, 1.2.0")


@pytest.mark.parametrize(
    "member", ["../skills_en.csv", "/etc/skills_en.csv", "a\\..\\..\\s_en.csv"]
)
def test_a_zip_with_a_file_outside_itself(
    run: Run, data: Path, tmp_path: Path, member: str
) -> None:
    given = packed(tmp_path / "s.zip", {member: [SKILLS, skill("a", "a")]})
    refused(add(run, data, given), data, "claims a place outside the zip")


def test_a_zip_that_unfolds_to_more_than_is_read(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(inputs, "UNPACKED_BYTES", 1 << 20)
    given = packed(tmp_path / "s.zip", {"skills_en.csv": b"0" * (2 << 20)})
    refused(add(run, data, given), data, "s.zip: this holds more than")


def test_a_zip_that_is_none(run: Run, data: Path, tmp_path: Path) -> None:
    given = tmp_path / "s.zip"
    given.write_bytes(b"<html>not found</html>")
    refused(add(run, data, given), data, "this zip is damaged or no zip")


def test_a_zip_whose_file_is_damaged(run: Run, data: Path, tmp_path: Path) -> None:
    given = packed(tmp_path / "s.zip", {"skills_en.csv": [SKILLS, skill("a", "a" * 5000)]})
    with zipfile.ZipFile(given) as archive:
        start = archive.getinfo("skills_en.csv").header_offset
    content = bytearray(given.read_bytes())
    content[start + 60 : start + 90] = bytes(30)
    given.write_bytes(content)
    refused(add(run, data, given), data, "s.zip/skills_en.csv: this cannot be read")


def test_turtle_with_a_mistake(run: Run, data: Path, tmp_path: Path) -> None:
    result = skos(run, data, tmp_path / "s.ttl", PREFIXES + "e:a a skos:Concept ;; oops")
    refused(result, data, "error: s.ttl: line 3, column")


def test_rdf_that_nests_too_deeply_or_never_ends_does_not_take_the_command_along(
    run: Run, data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    bomb = (
        f'<!DOCTYPE r [<!ENTITY e0 "{"a" * 99}">{entities}]>'
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
        '<rdf:Description rdf:about="http://e/1"><e:p>&e11;</e:p></rdf:Description></rdf:RDF>'
    )
    refused(skos(run, data, tmp_path / "s.rdf", bomb), data, "s.rdf: this cannot be read")
    deep = '{"http://e/p":' * 200_000 + '"x"' + "}" * 200_000
    refused(skos(run, data, tmp_path / "s.jsonld", deep), data, "s.jsonld: ", "cannot be read")


def test_a_small_file_may_not_take_forever(tmp_path: Path) -> None:
    given = tmp_path / "s.ttl"
    given.write_bytes(b" " * 2_000_000)
    assert parsing._seconds(given) == parsing.SECONDS + 10


def test_packed_rdf_that_is_cut_short(run: Run, data: Path, tmp_path: Path) -> None:
    whole = gzip.compress(b'<https://e.org/a> <https://e.org/p> "x" .\n' * 1000)
    refused(
        skos(run, data, tmp_path / "s.nt.gz", whole[:-20]), data, "s.nt.gz: this cannot be read"
    )


def test_a_triple_as_a_value(run: Run, data: Path, tmp_path: Path) -> None:
    content = PREFIXES + (
        "e:a a skos:Concept ; skos:prefLabel 'a'@en .\ne:b e:says <<( e:a e:p e:c )>> ."
    )
    refused(skos(run, data, tmp_path / "s.ttl", content), data, "a triple as a value")


def test_a_licence_that_nobody_told(run: Run, data: Path, tmp_path: Path) -> None:
    given = tmp_path / "s.ttl"
    given.write_text(PREFIXES + "e:a a skos:Concept ; skos:prefLabel 'a'@en .")
    result = run("add", "skos", given, "--name", "s", "--into", data, "--yes")
    refused(result, data, "--version", "--licence", "--source")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("columns: [", "this is no YAML"),
        ("columns: {code: id}", "say under 'columns'"),
        ("columns: {code: id, n: prefLable@nl}", "use prefLabel"),
        ("base: id/\ncolumns: {code: id, n: prefLabel@nl}", "'base' is 'id/'"),
        ("bas: https://e.org/\ncolumns: {code: id, n: prefLabel@nl}", "'bas' is not known"),
        ("delimiter: 3\ncolumns: {code: id, n: prefLabel@nl}", "'delimiter' must be"),
    ],
)
def test_a_file_of_columns_that_is_wrong(
    run: Run, data: Path, tmp_path: Path, content: str, told: str
) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text(content)
    given = table(tmp_path / "s.csv", ["code", "n"], ["1", "een"])
    result = run("add", "csv", given, "--columns", columns, "--name", "s", "--into", data, *TERMS)
    refused(result, data, told)


@pytest.mark.parametrize(
    ("row", "told"),
    [
        (["1"], "row 2: this row has 1 cells"),
        (["", "een"], "row 2, column code: this row has no id"),
        (["nog een naam", "een"], "row 2, column code: 'nog een naam'"),
        (["1", "https://e.org/2"], "row 2, column n: 'https://e.org/2'"),
    ],
)
def test_a_row_that_does_not_fit_its_columns(
    run: Run, data: Path, tmp_path: Path, row: list[str], told: str
) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text("base: https://e.org/\ncolumns: {code: id, n: prefLabel@nl}")
    given = table(tmp_path / "s.csv", ["code", "n"], row)
    result = run("add", "csv", given, "--columns", columns, "--name", "s", "--into", data, *TERMS)
    refused(result, data, told)


def test_another_separator_than_was_said(run: Run, data: Path, tmp_path: Path) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text("columns: {code: id, n: prefLabel@nl}")
    given = table(tmp_path / "s.csv", ["code", "n"], ["1", "een"], delimiter=";")
    result = run("add", "csv", given, "--columns", columns, "--name", "s", "--into", data, *TERMS)
    refused(result, data, "s.csv, row 1: the heading lacks code, n; it has code;n")
