"""Taking over mapping sets of others, and giving ours: what sssom-py thinks of it, the commands."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from s4s_graph.cli import main
from s4s_graph.mappings import exchange, read, write
from s4s_graph.mappings.exchange import ExchangeError

SSSOM = Path(sys.executable).with_name("sssom")
TINY = sorted((Path(__file__).parent / "tiny/data/mappings").glob("*.sssom.tsv"))
EXAMPLES = Path(__file__).resolve().parents[2] / "shared/suites/sssom/examples"
Run = Callable[..., Result]

HEAD = (
    "#curie_map:\n#  a: https://example.org/a/\n#  b: https://example.org/b/\n"
    "#mapping_set_id: https://example.org/set\n"
    "#license: https://creativecommons.org/licenses/by/4.0/\n"
)
COLUMNS = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tauthor_label"
ROW = "a:1\tskos:exactMatch\tb:1\tsemapv:ManualMappingCuration\tAn|Bo"
GOOD = f"{HEAD}{COLUMNS}\n{ROW}\n"


@pytest.fixture
def run(tmp_path: Path, shipped_release: Path) -> Run:
    (tmp_path / "data").mkdir()

    def invoke(*arguments: str, lang: str = "en") -> Result:
        variables = {"S4S_RELEASES": str(shipped_release.parent), "LANG": lang, "LC_ALL": ""}
        return CliRunner().invoke(main, ("mappings", *arguments), env=variables)

    return invoke


def put(folder: Path, content: str, name: str = "Some set.sssom.tsv") -> Path:
    file = folder / name
    file.write_text(content, encoding="utf-8")
    return file


@pytest.mark.parametrize("file", TINY, ids=lambda file: str(file.name))
def test_sssom_py_accepts_what_we_write(file: Path) -> None:
    assert exchange.refused(read.read(file, file.name).set) == []


@pytest.mark.parametrize("form", ["tsv", "json"])
def test_sssom_py_accepts_what_an_export_writes(run: Run, tmp_path: Path, form: str) -> None:
    file = tmp_path / f"ours.{form}"
    done = run("export", "--format", form, "--output", str(file))
    assert done.exit_code == 0, done.output

    taken = exchange.taken(file, "ours")

    assert taken.problems == ()
    assert len(taken.set.mappings) > 50
    assert exchange.refused(taken.set) == []


def test_sssom_py_refuses_what_is_wrong(tmp_path: Path) -> None:
    found = read.read(put(tmp_path, GOOD), "set.sssom.tsv").set
    wrong = found.mappings[0].with_slots(mapping_date="yesterday")

    assert exchange.refused(type(found)("set", found.metadata, found.prefixes, (wrong,)))


@pytest.mark.skipif(not EXAMPLES.is_dir(), reason="the examples of SSSOM are not here")
def test_official_examples_are_taken_over_and_stay_right(tmp_path: Path) -> None:
    files = sorted([*EXAMPLES.glob("external/*.tsv"), *EXAMPLES.glob("embedded/*.tsv")])
    assert len(files) == 4
    for file in files:
        taken = exchange.taken(file, "theirs")
        assert taken.problems == ()
        assert len(taken.set.mappings) == taken.rows > 4
        assert exchange.refused(taken.set) == []


def test_json_and_turtle_of_sssom_py_say_the_same_as_the_table(tmp_path: Path) -> None:
    table = put(tmp_path, GOOD, "set.sssom.tsv")
    for form in ("json", "ttl"):
        subprocess.run(
            [
                SSSOM,
                "convert",
                table,
                "-o",
                tmp_path / f"set.{form}",
                "-O",
                form.replace("ttl", "rdf"),
            ],
            check=True,
            capture_output=True,
        )
    mappings = exchange.taken(table, "set").set.mappings

    for name in ("set.json", "set.ttl"):
        assert exchange.taken(tmp_path / name, "set").set.mappings == mappings, name


def test_metadata_may_stand_in_a_file_beside_a_table(tmp_path: Path) -> None:
    metadata = HEAD.replace("\n#", "\n").removeprefix("#")
    put(tmp_path, metadata, "set.sssom.yml")
    apart = put(tmp_path, f"{COLUMNS}\n{ROW}\n", "set.sssom.tsv")
    together = put(tmp_path, GOOD, "other.sssom.tsv")

    taken = exchange.taken(apart, "set").set
    assert taken.mappings == exchange.taken(together, "set").set.mappings
    assert taken.metadata["mapping_set_id"] == ("https://example.org/set",)


def test_an_alignment_is_read(tmp_path: Path) -> None:
    content = """<?xml version="1.0"?>
<rdf:RDF xmlns="http://knowledgeweb.semanticweb.org/heterogeneity/alignment"
    xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
<Alignment><xml>yes</xml><map><Cell>
<entity1 rdf:resource="https://example.org/a/1"/><entity2 rdf:resource="https://example.org/b/1"/>
<relation>=</relation><measure>0.7</measure>
</Cell></map></Alignment></rdf:RDF>"""
    taken = exchange.taken(put(tmp_path, content, "set.xml"), "set")

    assert [(one.pair, one.confidence) for one in taken.set.mappings] == [
        (("https://example.org/a/1", "https://example.org/b/1"), 0.7)
    ]


def test_our_json_says_what_the_table_says(tmp_path: Path) -> None:
    ours = read.read(put(tmp_path, GOOD), "set.sssom.tsv").set
    document = json.loads(write.document(ours))

    assert document["@context"]["a"] == "https://example.org/a/"
    assert document["mappings"] == [
        {
            "subject_id": "a:1",
            "predicate_id": "skos:exactMatch",
            "object_id": "b:1",
            "mapping_justification": "semapv:ManualMappingCuration",
            "author_label": ["An", "Bo"],
        }
    ]


def test_a_set_is_imported_in_the_canonical_form(run: Run, tmp_path: Path) -> None:
    done = run("import", str(put(tmp_path, GOOD)), "--into", str(tmp_path / "data"))
    written = tmp_path / "data/mappings/some-set.sssom.tsv"

    assert done.exit_code == 0, done.output
    assert done.stdout.splitlines() == [
        "rows: 1, usable: 1, refused: 0",
        f"1 mappings written to {written}",
    ]
    assert written.read_text() == write.text(read.read(written, written.name).set)
    again = run("import", str(tmp_path / "Some set.sssom.tsv"), "--into", str(tmp_path / "data"))
    assert again.exit_code == 1
    assert "--replace" in again.stderr


def test_nothing_of_a_set_with_a_problem_is_imported_unless_asked(run: Run, tmp_path: Path) -> None:
    file = put(tmp_path, f"{GOOD}{ROW.replace('a:1', 'x:1')}\n")
    data = tmp_path / "data"
    done = run("import", str(file), "--into", str(data))

    assert done.exit_code == 1
    assert "Some set.sssom.tsv, row 8, column subject_id: 'x:1': the prefix x" in done.stderr
    assert "nothing was written" in done.stdout
    assert list(data.iterdir()) == []
    rest = run("import", str(file), "--into", str(data), "--leave-out", lang="nl")
    assert rest.exit_code == 0
    assert "rijen: 2, bruikbaar: 1, geweigerd: 1" in rest.stdout


@pytest.mark.parametrize(
    ("name", "content", "problem"),
    [
        ("set.docx", "", "a file that ends with .docx is not read"),
        ("set.json", "{", "set.json cannot be read as SSSOM"),
        ("set.json", "[1]", "set.json cannot be read as SSSOM"),
        ("set.ttl", "<a> <b>", "set.ttl cannot be read as SSSOM"),
        ("set.xml", "<a", "set.xml cannot be read as SSSOM"),
        ("set.csv", "a,b\n", "nothing was written"),
        ("set.tsv", "", "nothing was written"),
    ],
)
def test_what_is_no_mapping_set_is_refused(
    run: Run, tmp_path: Path, name: str, content: str, problem: str
) -> None:
    done = run("import", str(put(tmp_path, content, name)), "--into", str(tmp_path / "data"))

    assert done.exit_code == 1
    assert problem in done.output
    assert list((tmp_path / "data").iterdir()) == []


@pytest.mark.parametrize("name", ["derived", "decided", "Upper", "a/b", "../up"])
def test_a_name_that_cannot_be_is_refused(run: Run, tmp_path: Path, name: str) -> None:
    file = put(tmp_path, GOOD)
    done = run("import", str(file), "--into", str(tmp_path / "data"), "--name", name)

    assert done.exit_code == 2
    assert "a set cannot be called" in done.stderr


def test_without_sssom_py_the_command_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "sssom", None)
    monkeypatch.setitem(sys.modules, "sssom.parsers", None)

    with pytest.raises(ExchangeError, match=r"\.\[mappings\]"):
        exchange.taken(put(tmp_path, "{}", "set.json"), "set")


def test_an_export_can_be_narrowed_to_a_vocabulary(run: Run) -> None:
    everything, some = run("export"), run("export", "--vocabulary", "ESCO")
    rows = [line for line in some.stdout.splitlines() if not line.startswith("#")][1:]

    assert rows
    assert len(some.stdout) < len(everything.stdout)
    assert all("\tesco_skill:" in row or "\tns1:" in row for row in rows)


def test_an_export_in_turtle_has_nodes_and_plain_matches(run: Run) -> None:
    done = run("export", "--format", "ttl", "--vocabulary", "esco")

    assert "a owl:Axiom , sssom:Mapping" in done.stdout
    assert "skos:exactMatch <http://data.europa.eu/esco/skill/" in done.stdout


def test_where_nothing_follows_the_command_says_so(run: Run) -> None:
    assert run("derive", lang="nl_NL").stdout == (
        "uit de verbanden van deze release volgen geen andere\n"
    )


def test_what_follows_is_told_with_its_grounds(tiny_release: Path) -> None:
    variables = {"S4S_RELEASES": str(tiny_release.parent), "LANG": "en", "LC_ALL": ""}
    done = CliRunner().invoke(main, ("mappings", "derive", "--vocabulary", "meten"), env=variables)

    assert done.stdout.startswith("measuring is nearly the same as ")
    assert done.stdout.count("because") == 2
