"""A newer version of a vocabulary: what it changes and which of our links break, before writing."""

import json
from pathlib import Path

import pytest
from esco_files import Run, runner

from s4s_graph.vocabularies import folder, writing

PREFIXES = """@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix esco: <http://data.europa.eu/esco/model#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix e: <https://e.org/> .
"""
OLD = (
    PREFIXES
    + """
e:mill a skos:Concept ; skos:prefLabel "milling"@en ; skos:altLabel "mill"@en .
e:turn a skos:Concept ; skos:prefLabel "turning"@en ; skos:broader e:cut .
e:cut a skos:Concept ; skos:prefLabel "cutting"@en, "verspanen"@nl .
e:file a skos:Concept ; skos:prefLabel "filing"@en .
e:saw a skos:Concept ; skos:prefLabel "sawing"@en .
"""
)
NEW = (
    PREFIXES
    + """
e:mill a skos:Concept ; skos:prefLabel "milling metal"@en ; skos:altLabel "mill"@en .
e:turn a skos:Concept ; skos:prefLabel "turning"@en ; skos:broader e:cut .
e:cut a skos:Concept ; skos:prefLabel "cutting"@en, "verspanen"@nl .
e:file esco:replacedBy e:polish .
e:polish a skos:Concept ; skos:prefLabel "polishing"@en ; dct:isReplacedBy e:finish .
e:finish a skos:Concept ; skos:prefLabel "finishing"@en .
"""
)
TERMS = ("--licence", "https://example.org/licence", "--source", "https://example.org/")
SKILLS = """id,prefLabel_nl,prefLabel_en,exactMatch,closeMatch,dataStatus
vijlen,vijlen,filing,https://e.org/file,,illustrative
zagen,zagen,sawing,https://e.org/mill,https://e.org/saw,illustrative
"""
MAPPINGS = """#mapping_set_id: https://e.org/set
#license: https://creativecommons.org/publicdomain/zero/1.0/
#curie_map:
#  e: https://e.org/
#  skos: http://www.w3.org/2004/02/skos/core#
#  semapv: https://w3id.org/semapv/vocab/
subject_id\tpredicate_id\tobject_id\tmapping_justification
e:ours\tskos:exactMatch\te:saw\tsemapv:ManualMappingCuration
"""


@pytest.fixture
def data(tmp_path: Path) -> Path:
    data = tmp_path / "data"
    (data / "mappings").mkdir(parents=True)
    (data / "skills.csv").write_text(SKILLS, encoding="utf-8")
    (data / "mappings/ours.sssom.tsv").write_text(MAPPINGS, encoding="utf-8")
    add(runner(data), data, OLD, "1")
    return data


@pytest.fixture
def run(data: Path) -> Run:
    return runner(data)


def add(run: Run, data: Path, content: str, version: str, *more: str) -> str:
    given = data.parent / f"sector-{version}.0.ttl"
    given.write_text(content, encoding="utf-8")
    result = run("add", "skos", given, "--name", "sector", "--version", version, "--into", data,
                 *TERMS, *(more or ("--yes",)))  # fmt: skip
    assert result.exit_code == 0, result.output
    return result.output


def test_what_is_new_changed_and_gone_is_shown_before_it_is_written(run: Run, data: Path) -> None:
    told = add(run, data, NEW, "2", "--json")
    document = json.loads(told)
    kinds = {(c["kind"], c["iri"].rpartition("/")[2]) for c in document["changes"]}
    assert kinds == {
        ("added", "polish"), ("added", "finish"), ("changed", "mill"),
        ("removed", "file"), ("removed", "saw"),
    }  # fmt: skip
    assert document["counts"] == {
        "added": 2, "changed": 1, "removed": 2, "unchanged": 2, "replaced": 1,
    }  # fmt: skip
    assert document["written"] is False
    assert folder.found(data)[0].metadata.version == "1"


def test_a_changed_name_is_shown_with_the_old_one(run: Run, data: Path) -> None:
    told = add(run, data, NEW, "2")
    assert "    prefLabel@en: milling → milling metal\n" in told
    assert "altLabel" not in told


def test_links_that_break_are_told_with_what_replaces_them(run: Run, data: Path) -> None:
    told = add(run, data, NEW, "2")
    filing = "warning: skills.csv, row 2, column exactMatch: 'https://e.org/file': 'filing' is gone"
    assert f"{filing} in this version; use https://e.org/finish (finishing)" in told
    assert "skills.csv, row 3, column closeMatch: 'https://e.org/saw'" in told
    assert "mappings/ours.sssom.tsv, row 8" in told
    assert "choose another concept" in told
    assert "links of ours that break: 3" in told


def test_a_version_that_breaks_nothing_says_so(run: Run, data: Path) -> None:
    told = add(run, data, OLD.replace('"mill"@en', '"mills"@en'), "2")
    assert "no link of ours breaks" in told
    assert "new: 0, changed: 1, unchanged: 4, removed: 0" in told


def test_a_concept_that_is_withdrawn_breaks_links_too(run: Run, data: Path) -> None:
    withdrawn = (
        OLD + "e:saw <http://purl.org/iso25964/skos-thes#status> 'obsolete' ."
        " e:mill dct:replaces e:saw ."
    )
    told = add(run, data, withdrawn, "2")
    assert "skills.csv, row 3, column closeMatch: 'https://e.org/saw': 'sawing' is gone" in told
    assert "use https://e.org/mill (milling)" in told


def test_a_language_that_is_gone_is_told(run: Run, data: Path) -> None:
    told = add(run, data, OLD.replace(', "verspanen"@nl', ""), "2")
    assert "texts in this language are gone: nl" in told


def test_the_same_again_is_not_written(run: Run, data: Path) -> None:
    assert "this is there already" in add(run, data, OLD, "1")
    assert not (data / ".before-import").exists()


def test_the_old_version_is_kept_aside(run: Run, data: Path) -> None:
    place = data / "vocabularies/sector"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    add(run, data, NEW, "2")
    (kept,) = (data / ".before-import").glob("*/vocabularies/sector")
    assert {path.name: path.read_bytes() for path in kept.iterdir()} == before
    assert [found.metadata.version for found in folder.found(data)] == ["2"]


def test_a_disk_that_is_full_leaves_all_as_it_was(
    run: Run, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = data / "vocabularies/sector"
    before = {path.name: path.read_bytes() for path in place.iterdir()}
    real = Path.replace

    def full(self: Path, target: Path) -> Path:
        if target == place and self.name.startswith("."):
            raise OSError("no space left on device")
        return real(self, target)

    monkeypatch.setattr(writing.Path, "replace", full)
    given = data.parent / "new.ttl"
    given.write_text(NEW)
    version = ("--version", "2", "--yes", *TERMS)
    result = run("add", "skos", given, "--name", "sector", "--into", data, *version)
    assert result.exit_code == 1
    assert "no space left" in result.output
    assert {path.name: path.read_bytes() for path in place.iterdir()} == before
    assert [path.name for path in place.parent.iterdir()] == ["sector"]


def test_a_vocabulary_stands_in_one_place(run: Run, data: Path) -> None:
    (data / "elsewhere").mkdir()
    given = data.parent / "sector.ttl"
    given.write_text(NEW)
    result = run("add", "skos", given, "--name", "sector", "--version", "2",
                 "--into", data / "elsewhere", "--yes", *TERMS)  # fmt: skip
    assert result.exit_code == 1
    assert f"is in {data}/vocabularies/sector already" in result.output


def test_a_description_that_someone_broke_is_told(run: Run, data: Path) -> None:
    (data / "vocabularies/sector/vocabulary.ttl").write_text("<https://e.org/> oops")
    given = data.parent / "new.ttl"
    given.write_text(NEW)
    arguments = ("--name", "sector", "--version", "2", "--into", data, "--yes", *TERMS)
    for command in (("add", "skos", given, *arguments), ("list", "--data", data)):
        result = run(*command)
        assert result.exit_code == 1
        assert "no longer what an import wrote" in result.output
