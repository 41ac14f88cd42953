"""Tables of others, read by a layout: each shipped layout, texts that become things, bad input."""

import csv
import json
import shutil
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from spreadsheets import Book, Value, write

from s4s_graph import forms
from s4s_graph.cli import main
from s4s_graph.layouts import layout
from s4s_graph.layouts.layout import LayoutError
from s4s_graph.namespaces import BASE

ROOT = Path(__file__).resolve().parents[1]
TINY = ROOT / "tests/tiny/data"
Run = Callable[..., Result]
Rows = Sequence[Sequence[Value]]

RIPPLE: Rows = [
    ["Theme", "Context1", "Mechanism1", "Outcome1 -> Context2", "Mechanism2", "Outcome2"],
    ["Trust", "Crew meets weekly", "They expect goodwill.", "Crew speaks up", "They dare", "Fit"],
    ["Trust", "crew  SPEAKS up", "They feel heard", "More join", "", ""],
    ["Time", "", "", "", "", ""],
]
GIVEN = ("--set", "source=bron-subsidie", "--set", "aboutKind=coaching")
# What is there in the tiny graph is invented, and nothing real may refer to that.
INVENTED = ("--set", "dataStatus=illustrative")
DUTCH = {
    "Crew meets weekly": "Ploeg overlegt elke week", "They expect goodwill.": "Zij vertrouwen dat.",
    "Crew speaks up": "Ploeg zegt het", "They dare": "Zij durven", "Fit": "Past",
    "They feel heard": "Zij voelen zich gehoord", "More join": "Meer doen mee",
}  # fmt: skip


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(TINY, tmp_path / "data"))


@pytest.fixture
def run(data: Path) -> Run:
    # Of three companies, no two of which are alike, a release would refuse to speak.
    environment = {"S4S_DATA": str(data), "S4S_DISCLOSURE_FLOOR": "1"}

    def invoke(path: Path, name: str | Path, *arguments: str | Path) -> Result:
        given = ["import", path, "--layout", name, "--into", data, "--lang", "en", *arguments]
        return CliRunner().invoke(main, list(map(str, given)), env=environment)

    return invoke


def dutch(path: Path, texts: Mapping[str, str]) -> tuple[str | Path, ...]:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([("en", "nl"), *texts.items()])
    return "--translations", path


def table(data: Path, name: str) -> dict[str, dict[str, str]]:
    with (data / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return {row["id"]: row for row in csv.DictReader(file)}


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_an_outcome_that_is_the_next_context_makes_two_configurations_in_series(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "Paper 2015.xlsx", {"Table 2": RIPPLE})
    translations = dutch(tmp_path / "texts.csv", DUTCH)
    done = run(path, "ripple", *GIVEN, *translations, "--yes")
    assert done.exit_code == 0, done.output
    made = table(data, "configurations")
    first, second, third = (made[f"paper-2015-{key}"] for key in ("2-1", "2-2", "3-1"))
    assert first["hasContext"] == "crew-meets-weekly"
    assert first["hasMechanism"] == "they-expect-goodwill"
    # The outcome of one is the context of the next, and of the next row, in whatever case.
    assert {first["hasOutcome"], second["hasContext"], third["hasContext"]} == {"crew-speaks-up"}
    assert "paper-2015-3-2" not in made
    assert "sheet Table 2, row 4: no column of a configuration is filled" in done.output
    assert first["statement_en"] == (
        "If Crew meets weekly, then They expect goodwill, so that Crew speaks up."
    )
    assert first["statement_nl"] == (
        "Als Ploeg overlegt elke week, dan Zij vertrouwen dat, waardoor Ploeg zegt het."
    )
    condition = table(data, "conditions")["crew-speaks-up"]
    assert (condition["prefLabel_en"], condition["prefLabel_nl"]) == (
        "Crew speaks up",
        "Ploeg zegt het",
    )
    assert (condition["source"], condition["dataStatus"]) == ("bron-subsidie", "reported")
    # Once there, its things are known by their names, in both languages.
    again = run(path, "ripple", *GIVEN, "--yes")
    assert "new: 0, changed: 0, unchanged: 3, vanished: 0" in again.output


def test_what_is_there_is_meant_by_its_name_and_nothing_of_it_vanishes(
    run: Run, data: Path, tmp_path: Path
) -> None:
    rows = [RIPPLE[0], ["", "Skill is proven", "They feel heard", "Skill is proven.", "", ""]]
    before = table(data, "conditions")
    path = write(tmp_path / "a.csv.xlsx", {"A": rows})
    translations = dutch(tmp_path / "texts.csv", DUTCH)
    done = run(path, "ripple", *GIVEN, *INVENTED, *translations, "--yes")
    assert done.exit_code == 0, done.output
    assert table(data, "conditions") == before
    (made,) = (row for slug, row in table(data, "configurations").items() if slug.startswith("a-"))
    assert (made["hasContext"], made["hasOutcome"]) == ("bewezen-vakmanschap",) * 2


def test_texts_without_a_translation_are_told_and_can_be_filled_in(
    run: Run, data: Path, tmp_path: Path
) -> None:
    before = files(data)
    rows = [RIPPLE[0], ["", "=Crew meets", "They feel heard", "More join", "", ""]]
    path = write(tmp_path / "a.xlsx", {"A": rows})
    texts = tmp_path / "texts.csv"
    dutch(texts, {"They feel heard": "Zij voelen zich gehoord"})
    done = run(path, "ripple", *GIVEN, "--translations", texts)
    assert done.exit_code == 1
    assert "error: a.xlsx, sheet A, cell B2, column Context1: '=Crew meets': " in done.output
    assert "this text has no Dutch translation" in done.output
    assert "rows without an error: 0 of 1" in done.output
    assert files(data) == before
    listed = list(csv.reader(texts.read_text(encoding="utf-8-sig").splitlines()))
    # No text of the table starts a formula where the texts are opened to be translated.
    assert listed == [
        ["en", "nl"],
        ["They feel heard", "Zij voelen zich gehoord"],
        ["'=Crew meets", ""],
        ["More join", ""],
    ]
    listed[2][1], listed[3][1] = "=Ploeg overlegt", ""
    with texts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(listed)
    assert run(path, "ripple", *GIVEN, "--translations", texts).exit_code == 1
    listed[3][1] = "Meer doen mee"
    with texts.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(listed)
    done = run(path, "ripple", *GIVEN, "--translations", texts, "--yes")
    assert done.exit_code == 0, done.output
    condition = table(data, "conditions")["crew-meets"]
    assert (condition["prefLabel_en"], condition["prefLabel_nl"]) == (
        "=Crew meets",
        "=Ploeg overlegt",
    )


MATRIX: Rows = [
    ["Context factors", "CMO ID", "Mechanism (resource)", "Mechanism (reasoning)",
     "Outcome pattern", "Supporting evidence", "Confidence level"],
    ["Skill is proven; Crew speaks up", "CMO 1", "A coach", "They feel heard",
     "More join", "Six interviews", "moderate"],
    ["Crew speaks up", "CMO 2", "A coach", "They dare", "More join", "", ""],
]  # fmt: skip
WORDS = DUTCH | {"A coach": "Een coach", "Six interviews": "Zes interviews"}


def test_a_matrix_parts_the_mechanism_and_its_evidence_is_a_finding(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "matrix.ods", {"A": MATRIX})
    translations = dutch(tmp_path / "texts.csv", WORDS)
    done = run(path, "evaluation-matrix", *GIVEN, *INVENTED, *translations, "--yes",
               "--set", "fromStudy=onderzoek-subsidie")  # fmt: skip
    assert done.exit_code == 0, done.output
    made = table(data, "configurations")["matrix-cmo-1"]
    assert made["hasContext"] == "bewezen-vakmanschap;crew-speaks-up"
    assert made["hasMechanism"] == "a-coach--they-feel-heard"
    mechanism = table(data, "mechanisms")["a-coach--they-feel-heard"]
    assert (mechanism["hasResource"], mechanism["hasResponse"]) == ("a-coach", "they-feel-heard")
    assert mechanism["prefLabel_nl"] == "Een coach → Zij voelen zich gehoord"
    findings = table(data, "findings")
    finding = findings["finding-matrix-cmo-1"]
    assert (finding["supports"], finding["confidence"]) == ("matrix-cmo-1", "medium")
    assert finding["description_nl"] == "Zes interviews"
    assert "finding-matrix-cmo-2" not in findings


def test_a_statement_in_full_is_kept_and_what_no_column_says_is_given(
    run: Run, data: Path, tmp_path: Path
) -> None:
    rows: Rows = [
        ["Number", "Outcome", "Mechanism", "Intervention", "CMOC", "Summary of expert comments",
         "DOI"],
        [7.0, "More join", "They dare", "coaching", "If so, more join.", "Agreed", "10.1/x"],
    ]  # fmt: skip
    path = write(tmp_path / "base.xlsx", {"A": rows})
    words = DUTCH | {"If so, more join.": "Zo ja, dan meer.", "Agreed": "Eens"}
    translations = dutch(tmp_path / "texts.csv", words)
    study = ("--set", "fromStudy=onderzoek-subsidie")
    given = (*GIVEN, *INVENTED, *study, *translations, "--yes")
    refused = run(path, "annotated-statements", *given)
    assert refused.exit_code == 1
    told = "error: base.xlsx, sheet A, row 2: Give at least one condition that must hold"
    assert told in refused.output
    done = run(path, "annotated-statements", *given, "--set", "hasContext=bewezen-vakmanschap")
    assert done.exit_code == 0, done.output
    made = table(data, "configurations")["base-7"]
    assert made["statement_en"] == "If so, more join."
    assert made["hasContext"] == "bewezen-vakmanschap"
    assert table(data, "findings")["finding-base-7"]["locator_en"] == "10.1/x"


DUTCH_SHEET: list[list[Value]] = [
    ["id", "interventie", "jaarversie", "betrokkene", "context", "context-toelichting", "middel",
     "redenering", "uitkomst", "termijn", "waarde", "status", "herziening-van", "casus(sen)",
     "richting", "relevantie", "rijkheid", "rigueur", "zekerheid", "opmerking"],
    ["1", "leercoach", "2025", "medewerker", "Vakmanschap is bewezen", "", "Een coach",
     "Zij durven", "Meer doen mee", "kort", "beoogd", "getoetst", "", "casus-a-2025",
     "weerspreekt", 2, 1, 3, "hoog", "Zes interviews"],
]  # fmt: skip


def test_a_dutch_sheet_says_how_a_case_stands_to_its_configuration(
    run: Run, data: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "jaar.xlsx", {"Over": [["uitleg"]], "Configuraties": DUTCH_SHEET})
    translations = dutch(tmp_path / "texts.csv", WORDS)
    done = run(path, "configuraties", *INVENTED, *translations, "--yes")
    assert done.exit_code == 0, done.output
    made = table(data, "configurations")["jaar-1"]
    assert made["aboutIntervention"] == "leercoach"
    assert made["hasContext"] == "bewezen-vakmanschap"
    finding = table(data, "findings")["finding-jaar-1"]
    assert (finding["supports"], finding["contradicts"]) == ("", "jaar-1")
    assert [finding[name] for name in ("relevance", "richness", "rigour")] == ["2", "1", "3"]


def test_problems_are_told_and_marked_at_the_cells_of_the_table(
    run: Run, data: Path, tmp_path: Path
) -> None:
    before = files(data)
    sheet = [[*DUTCH_SHEET[0], "kleur"], [*DUTCH_SHEET[1], "rood"]]
    changed = {"relevantie": "veel", "zekerheid": "enorm", "casus(sen)": "casus-z"}
    row = [changed.get(str(name), cell) for name, cell in zip(*sheet, strict=True)]
    path = write(tmp_path / "jaar.xlsx", {"Configuraties": [sheet[0], row]})
    translations = dutch(tmp_path / "texts.csv", WORDS)
    marked = tmp_path / "marked.xlsx"
    done = run(path, "configuraties", *translations, "--annotate", marked)
    assert done.exit_code == 1
    where = "jaar.xlsx, sheet Configuraties, cell"
    assert f"error: {where} P2, column relevantie: 'veel': write a whole number" in done.output
    assert f"error: {where} S2, column zekerheid: 'enorm': the layout does not know" in done.output
    assert f"error: {where} N2, column casus(sen): 'casus-z': " in done.output
    assert f"warning: {where} U1, column kleur: 'kleur': this column is not read" in done.output
    assert files(data) == before
    comments = Book.of(marked).comments("Configuraties")
    assert {"P2", "S2", "N2", "U1"} <= set(comments)
    document = json.loads(run(path, "configuraties", *translations, "--json").stdout)
    assert document["rows"] == {"read": 1, "right": 0}
    assert {problem["address"] for problem in document["problems"]} >= {"P2", "S2", "N2", "U1"}


@pytest.mark.parametrize(
    ("rows", "told"),
    [
        ([["Theme", "Context 1"], ["a", "b"]], "row 1: there is no column Context1, which"),
        ([RIPPLE[0]], "there are no rows below the heading"),
        ([], "there is no column Context1"),
    ],
)
def test_a_table_of_another_layout_is_told(
    run: Run, data: Path, tmp_path: Path, rows: Rows, told: str
) -> None:
    before = files(data)
    done = run(write(tmp_path / "a.xlsx", {"A": rows}), "ripple", "--yes")
    assert done.exit_code == 1
    assert told in done.output
    assert files(data) == before


def test_a_sheet_that_is_not_there_is_told(run: Run, tmp_path: Path) -> None:
    done = run(write(tmp_path / "a.xlsx", {"A": RIPPLE, "B": []}), "configuraties")
    assert "there is no sheet Configuraties, which the layout reads; the sheets are A, B" in (
        done.output
    )


STEP = "language: en\nconfigurations:\n  - hasContext: "


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("a: [", "layout"),
        ("[]", "a layout tells the language"),
        ("language: fr\nconfigurations: [{hasContext: a}]", "a layout tells the language"),
        ("language: en\nconfigurations: [1]", "a layout tells the language"),
        (f"{STEP}a\ncolour: red", "colour is not known here; use always, configurations"),
        (f"{STEP}a\n    colour: b", "colour is not known here; use aboutIntervention"),
        (f"{STEP}a\n    finding: {{colour: b}}", "colour is not known here"),
        (f"{STEP}a\nalways: {{colour: b}}", "colour is not known here"),
        (f"{STEP}a\nalways: {{source: [b]}}", "a layout tells the language"),
        (f"{STEP}{{heading: a}}", "hasContext: write the name of a column, or {column:"),
        (f"{STEP}{{column: a, split: 1}}", "hasContext: write the name of a column, or"),
        ("x: &x [a, b]\n" * 3 + "[" * 100_000, "layout"),
    ],
)
def test_a_layout_that_is_wrong_says_what_would_be_right(
    run: Run, tmp_path: Path, content: str, told: str
) -> None:
    path = tmp_path / "layout.yaml"
    path.write_text(content)
    done = run(write(tmp_path / "a.xlsx", {"A": RIPPLE}), path)
    assert done.exit_code == 1
    assert done.output.startswith("Error: layout")
    assert told in done.output


def test_options_that_do_not_go_together_are_wrong_use(run: Run, tmp_path: Path) -> None:
    path = write(tmp_path / "a.xlsx", {"A": RIPPLE})
    assert run(path, "ripple", "--allow-removals").exit_code == 2
    assert run(path, "ripple", "--set", "source").exit_code == 2
    assert run(path, "ripple", "--translations", tmp_path / "texts.xlsx").exit_code == 2
    missing = run(path, "riple")
    assert "no layout is called so: annotated-statements, configuraties" in missing.output


def test_every_shipped_layout_is_right_and_named_in_the_readme() -> None:
    known = forms.read(ROOT / "shapes", BASE)
    names = layout.shipped()
    assert len(names) >= 3
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for name in names:
        layout.read(name, {}, known)
        assert f"`{name}`" in readme
    with pytest.raises(LayoutError):
        layout.read("ripple", {"no-such-field": "x"}, known)
