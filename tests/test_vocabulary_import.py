"""Vocabularies imported from what their publishers give: nothing added, nothing altered."""

import gzip
import json
from pathlib import Path

import pyoxigraph as ox
import pytest
from esco_files import ESCO, Run, esco, packed, runner, table

from s4s_graph import sources
from s4s_graph.vocabularies import folder

SKOS = "http://www.w3.org/2004/02/skos/core#"
MODEL = f"{ESCO}model#"
CNLO = "https://linkeddata.competentnl.nl/def/competentnl#"
TERMS = ("--version", "1", "--licence", "https://example.org/licence", "--source",
         "https://example.org/source")  # fmt: skip
TURTLE = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix ex: <https://example.org/id/> .
ex:mill a skos:Concept ; skos:prefLabel "frezen"@nl, "milling"@en ; skos:broader ex:cutting .
ex:cutting a skos:Concept ; skos:prefLabel "verspanen"@nl .
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    (tmp_path / "data").mkdir()
    return tmp_path / "data"


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data)


def lines(data: Path, name: str) -> list[str]:
    with gzip.open(data / "vocabularies" / name / "concepts.nt.gz", "rt", encoding="utf-8") as file:
        return file.readlines()


def statements(data: Path, name: str = "esco") -> set[ox.Triple]:
    (stored,) = [found for found in folder.found(data) if found.name == name]
    return set(stored.triples())


def triple(subject: str, path: str, value: str | ox.Literal) -> ox.Triple:
    node = value if isinstance(value, ox.Literal) else ox.NamedNode(value)
    return ox.Triple(ox.NamedNode(subject), ox.NamedNode(path), node)


def test_csv_of_esco_becomes_its_own_model(run: Run, data: Path, tmp_path: Path) -> None:
    result = run("add", "esco", esco(tmp_path), "--into", data, "--yes")
    assert result.exit_code == 0, result.output
    mill, miller = f"{ESCO}skill/mill", f"{ESCO}occupation/miller"
    dated = ox.Literal(
        "2016-12-20T20:04:40Z", datatype=ox.NamedNode("http://www.w3.org/2001/XMLSchema#dateTime")
    )
    assert statements(data) >= {
        triple(mill, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"{MODEL}Skill"),
        triple(mill, f"{SKOS}prefLabel", ox.Literal("mill metal", language="en")),
        triple(mill, f"{SKOS}altLabel", ox.Literal("milling", language="en")),
        triple(mill, f"{SKOS}altLabel", ox.Literal("mill metals", language="en")),
        triple(mill, f"{SKOS}inScheme", f"{ESCO}concept-scheme/member-skills"),
        triple(mill, f"{SKOS}broader", f"{ESCO}skill/cutting"),
        triple(mill, f"{MODEL}skillType", f"{ESCO}skill-type/skill"),
        triple(mill, f"{MODEL}skillReuseLevel", f"{ESCO}skill-reuse-level/cross-sector"),
        triple(mill, f"{MODEL}isEssentialSkillFor", miller),
        triple(mill, "http://purl.org/dc/terms/modified", dated),
        triple(mill, "http://purl.org/dc/terms/description",
               ox.Literal("Cut\nwith a mill.", language="en")),
        triple(miller, f"{MODEL}relatedEssentialSkill", mill),
        triple(miller, f"{MODEL}relatedOptionalSkill", f"{ESCO}skill/turn"),
        triple(miller, f"{MODEL}memberOfISCOGroup", f"{ESCO}isco/C7223"),
        triple(miller, f"{SKOS}notation", ox.Literal("7223.1")),
    }  # fmt: skip


def test_what_a_vocabulary_is_stands_beside_it(run: Run, data: Path, tmp_path: Path) -> None:
    given = esco(tmp_path)
    run("add", "esco", given, "--into", data, "--yes")
    (stored,) = folder.found(data)
    about = stored.metadata
    assert about.version == "1.1.1"
    assert about.acknowledgement == {
        "en": "This service uses the ESCO classification of the European Commission."
    }
    assert about.languages == ("en",)
    assert about.counts[f"{SKOS}Concept"] == 4
    assert about.counts[f"{MODEL}Skill"] == 2
    assert list(about.files) == [given.name]


def test_two_languages_of_esco_are_one_vocabulary(run: Run, data: Path, tmp_path: Path) -> None:
    dutch = table(
        tmp_path / "skills_nl.csv",
        ["conceptType", "conceptUri", "preferredLabel"],
        ["KnowledgeSkillCompetence", f"{ESCO}skill/mill", "metaal frezen"],
    )
    result = run("add", "esco", esco(tmp_path), dutch, "--into", data, "--yes")
    assert result.exit_code == 0, result.output
    names = {t.object for t in statements(data) if t.subject.value.endswith("skill/mill")}
    assert {
        ox.Literal("mill metal", language="en"),
        ox.Literal("metaal frezen", language="nl"),
    } <= (names)


def test_the_same_files_give_the_same_bytes(run: Run, data: Path, tmp_path: Path) -> None:
    given = esco(tmp_path)
    run("add", "esco", given, "--into", data, "--yes")
    first = {p.name: p.read_bytes() for p in (data / "vocabularies/esco").iterdir()}
    (tmp_path / "other").mkdir()
    runner(tmp_path / "other")("add", "esco", given, "--into", tmp_path / "other", "--yes")
    other = {p.name: p.read_bytes() for p in (tmp_path / "other/vocabularies/esco").iterdir()}
    assert first == other
    assert lines(data, "esco") == sorted(lines(data, "esco"), key=str.encode)


def test_a_build_leaves_vocabularies_to_their_own_reader(
    run: Run, data: Path, tmp_path: Path
) -> None:
    run("add", "esco", esco(tmp_path), "--into", data, "--yes")
    assert sources.data_files(data) == []


@pytest.mark.parametrize("suffix", [".ttl", ".nt", ".rdf", ".jsonld", ".nq", ".ttl.gz"])
def test_skos_is_read_in_any_syntax(run: Run, data: Path, tmp_path: Path, suffix: str) -> None:
    given = tmp_path / f"skills{suffix}"
    quads = list(ox.parse(TURTLE.encode(), ox.RdfFormat.TURTLE))
    form = sources.FORMATS[f".{suffix.split('.')[1]}"]
    content = ox.serialize(quads, format=form) or b""
    given.write_bytes(gzip.compress(content) if suffix.endswith(".gz") else content)
    result = run("add", "skos", given, "--name", "sector", "--into", data, "--yes", *TERMS)
    assert result.exit_code == 0, result.output
    assert statements(data, "sector") == {quad.triple for quad in quads}


def test_rdf_in_a_zip_is_read_and_the_rest_of_it_told(run: Run, data: Path, tmp_path: Path) -> None:
    given = packed(tmp_path / "s.zip", {"a/skills.ttl": TURTLE.encode(), "a/licence.pdf": b"%"})
    result = run("add", "skos", given, "--name", "sector", "--into", data, "--yes", *TERMS)
    assert result.exit_code == 0, result.output
    assert "warning: s.zip/a/licence.pdf: this file in the zip was skipped" in result.output
    assert len(statements(data, "sector")) == 6


def test_names_in_skos_xl_are_names(run: Run, data: Path, tmp_path: Path) -> None:
    given = tmp_path / "xl.ttl"
    given.write_text(
        "@prefix skos: <http://www.w3.org/2004/02/skos/core#> .\n"
        "@prefix xl: <http://www.w3.org/2008/05/skos-xl#> .\n"
        '<https://e.org/1> a skos:Concept ; xl:prefLabel [ xl:literalForm "frezen"@nl ] .\n'
    )
    result = run("add", "skos", given, "--name", "xl", "--into", data, "--yes", *TERMS)
    assert result.exit_code == 0, result.output
    assert any('"frezen"@nl' in line for line in lines(data, "xl"))


def test_competentnl_keeps_its_mappings_to_esco(run: Run, data: Path, tmp_path: Path) -> None:
    given = tmp_path / "competentnl-2.1.0.ttl"
    given.write_text(
        f"@prefix cnlo: <{CNLO}> .\n@prefix skos: <{SKOS}> .\n"
        "<https://linkeddata.competentnl.nl/id/human-capability/L3-1> a cnlo:HumanCapability ;\n"
        f'  skos:prefLabel "frezen"@nl ; cnlo:exactMatchESCO <{ESCO}skill/mill> .\n'
    )
    licence = ("--licence", "https://example.org/licence")
    result = run("add", "competentnl", given, "--into", data, "--yes", *licence)
    assert result.exit_code == 0, result.output
    assert any(
        t.predicate.value == f"{CNLO}exactMatchESCO" for t in statements(data, "competentnl")
    )
    assert folder.found(data)[0].metadata.version == "2.1.0"


def test_what_a_file_says_of_itself_need_not_be_said_again(
    run: Run, data: Path, tmp_path: Path
) -> None:
    given = tmp_path / "s.ttl"
    given.write_text(
        TURTLE + "@prefix dct: <http://purl.org/dc/terms/> .\n"
        "<https://example.org/scheme> a skos:ConceptScheme ; dct:title 'Sector'@nl ;\n"
        " <http://www.w3.org/2002/07/owl#versionInfo> '2026' ; dct:issued '2026-01-31' ;\n"
        " dct:license <https://example.org/licence> ; dct:source <https://example.org/> .\n"
    )
    result = run("add", "skos", given, "--name", "sector", "--into", data, "--yes")
    assert result.exit_code == 0, result.output
    about = folder.found(data)[0].metadata
    assert (about.title, about.version, about.issued) == ({"nl": "Sector"}, "2026", "2026-01-31")
    assert (about.licence, about.source) == ("https://example.org/licence", "https://example.org/")


def test_any_csv_is_read_by_a_file_of_columns(run: Run, data: Path, tmp_path: Path) -> None:
    columns = tmp_path / "columns.yaml"
    columns.write_text(
        "base: https://example.org/id/\ndelimiter: ';'\nseparator: '|'\n"
        "scheme: https://example.org/skills\n"
        "columns: {code: id, naam: prefLabel@nl, ook: altLabel@nl, onder: broader, nr: notation}\n"
    )
    given = table(
        tmp_path / "skills.csv",
        ["code", "naam", "ook", "onder", "nr", "opmerking"],
        ["m1", "frezen", "cnc-frezen|freeswerk", "v", "007", "niet voor ons"],
        ["v", "verspanen", "", "", "", ""],
        delimiter=";",
    )
    result = run("add", "csv", given, "--columns", columns, "--name", "sector", "--into", data,
                 "--yes", *TERMS)  # fmt: skip
    assert result.exit_code == 0, result.output
    mill = "https://example.org/id/m1"
    assert statements(data, "sector") >= {
        triple(mill, f"{SKOS}altLabel", ox.Literal("freeswerk", language="nl")),
        triple(mill, f"{SKOS}broader", "https://example.org/id/v"),
        triple(mill, f"{SKOS}notation", ox.Literal("007")),
        triple(mill, f"{SKOS}inScheme", "https://example.org/skills"),
    }
    assert not any("niet voor ons" in line for line in lines(data, "sector"))


def test_nothing_is_written_unless_someone_agrees(run: Run, data: Path, tmp_path: Path) -> None:
    given = esco(tmp_path)
    assert "Write this?" in run("add", "esco", given, "--into", data, answer="n\n").output
    asked = json.loads(run("add", "esco", given, "--into", data, "--json").output)
    assert asked["written"] is False
    assert asked["concepts"] == 4
    assert list(data.iterdir()) == []
    assert run("add", "esco", given, "--into", data, answer="y\n").exit_code == 0
    assert [found.name for found in folder.found(data)] == ["esco"]


def test_vocabularies_are_listed(run: Run, data: Path, tmp_path: Path) -> None:
    assert "there is no vocabulary" in run("list", "--data", data).output
    run("add", "esco", esco(tmp_path), "--into", data, "--yes")
    assert "ESCO 1.1.1" in run("list", "--data", data).output
    (document,) = json.loads(run("list", "--json").output)
    assert (document["name"], document["version"]) == ("esco", "1.1.1")


def test_dutch_speaks_dutch(run: Run, data: Path, tmp_path: Path) -> None:
    result = run("add", "esco", esco(tmp_path), "--into", data, "--lang", "nl", answer="n\n")
    assert "bronvermelding: This service uses" in result.output
    assert "Dit schrijven?" in result.output


def test_what_is_said_goes_before_what_is_known(run: Run, data: Path, tmp_path: Path) -> None:
    said = ("--version", "mine", "--title", "ESCO, klein@nl", "--acknowledgement", "Dank.@nl",
            "--licence", "https://example.org/l", "--source", "https://example.org/s")  # fmt: skip
    run("add", "esco", esco(tmp_path), "--into", data, "--yes", "--name", "small", *said)
    (stored,) = folder.found(data)
    about = stored.metadata
    assert (stored.name, about.version, about.title) == ("small", "mine", {"nl": "ESCO, klein"})
    assert (about.licence, about.source) == ("https://example.org/l", "https://example.org/s")
    assert about.acknowledgement == {"nl": "Dank."}


@pytest.mark.parametrize("option", ["--licence", "--source"])
def test_a_licence_is_an_address(run: Run, data: Path, tmp_path: Path, option: str) -> None:
    result = run("add", "esco", esco(tmp_path), "--into", data, "--yes", option, "CC BY")
    assert result.exit_code == 2
    assert f"{option} is 'CC BY'; give a web address" in result.output


@pytest.mark.parametrize("name", ["../out", "Esco", "a b", "", "-"])
def test_a_name_is_that_of_a_folder(run: Run, data: Path, tmp_path: Path, name: str) -> None:
    result = run("add", "esco", esco(tmp_path), "--into", data, "--yes", "--name", name)
    assert result.exit_code == 2
    assert "small letters, digits and hyphens only" in result.output
