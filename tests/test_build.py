"""A build from files to a release, and everything that may come between."""

import fcntl
import json
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import build, release
from s4s_graph.build import BuildError, Result
from s4s_graph.namespaces import BASE
from s4s_graph.progress import DUMP, PUBLISH, STAGES, STORE, VALIDATE
from s4s_graph.settings import Settings

SMALL = Path(__file__).parent / "small"
SECRET = "Geheim Metaal BV"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of a copy of the small workshop that a test may break."""
    shutil.copytree(SMALL, tmp_path / "small")
    return Settings(
        ontology=tmp_path / "small/ontology",
        shapes=tmp_path / "small/shapes",
        data=tmp_path / "small/data",
        releases=tmp_path / "releases",
    )


def change(settings: Settings, file: str, old: str, new: str) -> None:
    path = settings.data / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def built(settings: Settings, *, without_illustrative: bool = False) -> Path:
    result = build.build(settings, without_illustrative=without_illustrative)
    assert result.release, told(result)
    return result.release


def told(result: Result) -> list[str]:
    return [problem.text("en") for problem in result.problems]


def errors(result: Result) -> list[str]:
    return [text for text in told(result) if text.startswith("error")]


def contents(folder: Path) -> dict[str, bytes]:
    """Return the bytes of each file of a release but the store, which Oxigraph writes its way.

    Nor are there the checksums of the store.
    """
    files = [path for path in folder.rglob("*") if path.is_file()]
    names = {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
    ours = {name: data for name, data in names.items() if not name.startswith("store/")}
    return {name: data for name, data in ours.items() if name != release.CHECKSUMS}


def objects(folder: Path, path: str) -> set[str]:
    dump = ox.parse(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS)
    return {quad.object.value for quad in dump if quad.predicate.value == path}


def names(releases: Path) -> set[str]:
    return {path.name for path in releases.iterdir()}


def test_a_release_has_every_file_and_is_the_current_one(settings: Settings) -> None:
    folder = built(settings)
    assert set(contents(folder)) == {
        release.CHANGES,
        release.N_QUADS,
        release.TURTLE,
        release.JSON_LD,
        release.FORMS,
        release.COHERENCE,
        release.STATISTICS,
        release.SEARCH,
        release.REPORT,
        release.REPORT_PAGE,
        release.QUALITY,
        release.DISCLOSURE,
        release.DISCLOSURE_PAGE,
        release.MANIFEST,
    }
    assert release.is_complete(folder)
    assert release.current(settings.releases) == folder


def test_the_store_holds_the_dump(settings: Settings) -> None:
    folder = built(settings)
    store = ox.Store.read_only(str(folder / release.STORE))
    dump = list(ox.parse(path=folder / release.N_QUADS, format=ox.RdfFormat.N_QUADS))
    assert len(store) == len(dump) == release.read_manifest(folder / release.MANIFEST).quads
    graphs = {name.value.removeprefix(f"{BASE}graph/") for name in store.named_graphs()}
    assert graphs == {
        "dataset",
        "ontology/schemes/data-statuses",
        "shapes/small",
        "plant/machines",
        "plant/skills",
    }


def test_the_same_input_gives_the_same_bytes(settings: Settings, tmp_path: Path) -> None:
    # In another process, because sets and hashes of one process keep their order.
    first = contents(built(settings))
    other = replace(settings, releases=tmp_path / "other")
    script = (
        "import sys; from pathlib import Path; from s4s_graph import build\n"
        "from s4s_graph.settings import Settings\n"
        "o, s, d, r = map(Path, sys.argv[1:])\n"
        "build.build(Settings(ontology=o, shapes=s, data=d, releases=r))\n"
    )
    folders = map(str, (other.ontology, other.shapes, other.data, other.releases))
    subprocess.run([sys.executable, "-c", script, *folders], check=True)
    current = release.current(other.releases)
    assert current
    assert contents(current) == first


def test_dumps_keep_numbers_as_they_were_written(settings: Settings) -> None:
    folder = built(settings)
    assert objects(folder, f"{BASE}def#price") == {"1250.50"}
    assert objects(folder, f"{BASE}def#power") == {"007", "45"}
    assert "1250.50" in (folder / release.TURTLE).read_text(encoding="utf-8")
    assert "1250.50" in (folder / release.JSON_LD).read_text(encoding="utf-8")


def test_the_three_dumps_say_the_same(settings: Settings) -> None:
    folder = built(settings)
    union = {
        name: ox.Dataset(
            ox.Quad(*quad.triple)
            for quad in ox.parse(path=folder / name, format=ox.RdfFormat.from_extension(extension))
        )
        for name, extension in (
            (release.N_QUADS, "nq"),
            (release.TURTLE, "ttl"),
            (release.JSON_LD, "jsonld"),
        )
    }
    for dataset in union.values():
        dataset.canonicalize(ox.CanonicalizationAlgorithm.RDFC_1_0)
    assert len(union[release.N_QUADS]) > 200
    assert union[release.N_QUADS] == union[release.TURTLE] == union[release.JSON_LD]


def test_the_manifest_counts_and_names_its_inputs(settings: Settings) -> None:
    manifest = release.read_manifest(built(settings) / release.MANIFEST)
    assert manifest.things == {"machine": 3, "skill": 3}
    assert manifest.data_statuses == {"illustrative": 2, "reported": 4}
    assert manifest.illustrative
    assert set(manifest.inputs) == {
        "ontology/schemes/data-statuses.ttl",
        "shapes/small.ttl",
        "plant/machines.csv",
        "plant/skills.csv",
    }


def test_a_file_with_restricted_values_has_no_hash_to_test_guesses_with(
    settings: Settings,
) -> None:
    inputs = release.read_manifest(built(settings) / release.MANIFEST).inputs
    assert inputs["plant/machines.csv"] is None
    assert all(hash_ for name, hash_ in inputs.items() if name != "plant/machines.csv")


def test_restricted_values_are_in_no_byte_of_the_release(settings: Settings) -> None:
    folder = built(settings)
    files = [path for path in folder.rglob("*") if path.is_file()]
    assert files
    assert [path.name for path in files if SECRET.encode() in path.read_bytes()] == []
    assert objects(folder, f"{BASE}def#owner") == set()


def test_restricted_values_are_in_no_byte_that_a_build_writes_on_the_way(
    settings: Settings,
) -> None:
    written: dict[str, list[bytes]] = {}

    def progress(stage: str, done: int, total: int) -> None:
        files = [path for path in settings.releases.rglob("*") if path.is_file()]
        written.setdefault(stage, []).extend(path.read_bytes() for path in files)

    build.build(settings, progress=progress)
    assert any(b"Draaibank" in content for content in written[VALIDATE])
    everything = [content for contents_ in written.values() for content in contents_]
    assert not any(SECRET.encode() in content for content in everything)


def test_a_warning_about_a_restricted_value_does_not_repeat_it(settings: Settings) -> None:
    change(settings, "plant/machines.csv", SECRET, "ZQ")
    result = build.build(settings)
    assert result.release
    (warning,) = [text for text in told(result) if "owner" in text]
    assert "'ZQ': Write the name in full." in warning
    report = (result.release / release.REPORT).read_text(encoding="utf-8")
    page = (result.release / release.REPORT_PAGE).read_text(encoding="utf-8")
    assert "ZQ" not in report + page
    assert "plant/machines.csv, row 2, column owner" in page


def test_the_release_does_not_change_with_a_restricted_value(settings: Settings) -> None:
    first = built(settings)
    change(settings, "plant/machines.csv", SECRET, "Ander Metaal BV")
    assert built(settings) == first


def test_warnings_do_not_stop_a_build_and_are_in_the_report(settings: Settings) -> None:
    change(settings, "plant/machines.csv", "machine,,2021", "machine,,")
    result = build.build(settings)
    assert result.release
    assert told(result) == [
        "warning: plant/machines.csv, row 3, column year: Give the year it was built."
    ]
    report = ox.Store()
    report.load(path=result.release / release.REPORT, format=ox.RdfFormat.TURTLE)
    severities = report.query(
        "SELECT ?s { ?r <http://www.w3.org/ns/shacl#resultSeverity> ?s }",
    )
    assert isinstance(severities, ox.QuerySolutions)
    assert [row["s"].value for row in severities] == ["http://www.w3.org/ns/shacl#Warning"]
    page = (result.release / release.REPORT_PAGE).read_text(encoding="utf-8")
    assert "plant/machines.csv, rij 3, kolom year" in page
    assert "plant/machines.csv, row 3, column year" in page


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "Draaibank,Lathe",
            "Draaibank,",
            "error: plant/machines.csv, row 2, column prefLabel_en: "
            "Give a Dutch and an English name.",
        ),
        (
            ",007,",
            ",901,",
            "error: plant/machines.csv, row 2, column power: '901': Give 900 kW at most.",
        ),
        (
            "turning;measuring",
            "turning;measurin",
            "error: plant/machines.csv, row 2, column needs: 'measurin': "
            "Name skills of the table skills. Use one of measuring, programming, turning.",
        ),
        (
            "measuring,,reported",
            "measuring,,real",
            "error: plant/machines.csv, row 3, column dataStatus: 'real': "
            "Choose a kind of data. Use one of illustrative, reported.",
        ),
        (
            ",2019,",
            ",19,",
            "error: plant/machines.csv, row 2, column year: '19': write a year, such as 2024",
        ),
    ],
)
def test_a_violation_is_told_at_its_cell_and_leaves_the_old_release(
    settings: Settings, old: str, new: str, expected: str
) -> None:
    before = built(settings)
    change(settings, "plant/machines.csv", old, new)
    result = build.build(settings)
    assert result.release is None
    assert told(result) == [expected]
    assert release.current(settings.releases) == before


def test_the_nearest_ids_of_a_long_list_are_suggested(settings: Settings) -> None:
    rows = "".join(f"skill-{number},Skill,Skill,reported\n" for number in range(20))
    with (settings.data / "plant/skills.csv").open("a", encoding="utf-8") as file:
        file.write(rows)
    change(settings, "plant/machines.csv", "turning;measuring", "turnin")
    (error,) = errors(build.check(settings))
    assert error.endswith("'turnin': Name skills of the table skills. Did you mean turning?")


def test_a_violation_in_an_rdf_file_names_the_file_and_the_thing(settings: Settings) -> None:
    (settings.data / "more.ttl").write_text(f"<{BASE}id/skill/x> a <{BASE}def#Skill> .")
    problems = build.check(settings).problems
    assert {(problem.file, problem.row, problem.focus) for problem in problems} == {
        ("more.ttl", None, f"{BASE}id/skill/x")
    }
    assert len(problems) == 3


def test_problems_of_all_files_come_in_one_run(settings: Settings) -> None:
    change(settings, "plant/machines.csv", ",2019,", ",19,")
    change(settings, "plant/skills.csv", "Meten,Measuring", "Meten,")
    assert [text.split(": ")[1] for text in errors(build.check(settings))] == [
        "plant/machines.csv, row 2, column year",
        "plant/skills.csv, row 2, column prefLabel_en",
    ]


def test_what_follows_from_a_broken_header_is_not_told(settings: Settings) -> None:
    change(settings, "plant/machines.csv", "dataStatus", "dataStats")
    (error,) = errors(build.check(settings))
    assert error.endswith("'dataStats': there is no such column; did you mean dataStatus?")


def test_an_unreadable_file_hides_what_refers_to_it(settings: Settings) -> None:
    (settings.data / "plant/skills.csv").write_bytes(b"id\n\xff\n")
    (error,) = told(build.check(settings))
    assert error == (
        "error: plant/skills.csv, row 2: the file is not UTF-8; save it as 'CSV UTF-8'"
    )


def test_without_the_invented_things_nothing_refers_to_them(settings: Settings) -> None:
    folder = built(settings, without_illustrative=True)
    manifest = release.read_manifest(folder / release.MANIFEST)
    assert not manifest.illustrative
    assert manifest.things == {"machine": 2, "skill": 2}
    assert manifest.data_statuses == {"reported": 4}
    assert b"robot" not in (folder / release.N_QUADS).read_bytes()
    assert folder != built(settings)


def test_what_is_real_may_not_rest_on_what_is_invented(settings: Settings) -> None:
    change(settings, "plant/skills.csv", "Measuring,reported", "Measuring,illustrative")
    path = settings.shapes / "small.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sh:class s4s:Skill ;", "sh:class s4s:Skill ; sh:minCount 1 ;"))
    assert errors(build.check(settings)) == []
    (error,) = errors(build.check(settings, without_illustrative=True))
    assert error.startswith("error: plant/machines.csv, row 3, column needs")


def test_a_check_writes_nothing(settings: Settings) -> None:
    assert build.check(settings).counts == build.build(settings).counts
    shutil.rmtree(settings.releases)
    build.check(settings)
    assert not settings.releases.exists()


def test_a_release_that_exists_is_pointed_at_again(settings: Settings) -> None:
    first = built(settings)
    stamp = (first / release.MANIFEST).stat().st_mtime_ns
    change(settings, "plant/machines.csv", "1250.50", "1300")
    second = built(settings)
    change(settings, "plant/machines.csv", "1300", "1250.50")
    assert built(settings) == first != second
    assert release.current(settings.releases) == first
    assert (first / release.MANIFEST).stat().st_mtime_ns == stamp


def test_old_releases_go_by_the_setting(settings: Settings) -> None:
    few = replace(settings, keep_releases=2)
    made = [built(few).name]
    for old, new in (("1250.50", "1"), (",1,", ",2,"), (",2,", ",3,")):
        change(settings, "plant/machines.csv", old, new)
        made.append(built(few).name)
    assert names(settings.releases) == {*made[-2:], release.CURRENT, ".lock"}


class InterruptionError(Exception):
    """Stands for whatever may go wrong in the middle of a build."""


def interrupting(stage: str) -> Callable[[str, int, int], None]:
    def progress(at: str, done: int, total: int) -> None:
        if at == stage:
            raise InterruptionError

    return progress


@pytest.mark.parametrize("stage", STAGES)
def test_an_interrupted_build_leaves_the_old_release_and_nothing_else(
    settings: Settings, stage: str
) -> None:
    before = built(settings)
    change(settings, "plant/machines.csv", "1250.50", "1300")
    with pytest.raises(InterruptionError):
        build.build(settings, progress=interrupting(stage))
    assert release.is_complete(before)
    assert release.current(settings.releases) == before
    assert names(settings.releases) == {before.name, release.CURRENT, ".lock"}


RUN = """
import resource, signal, sys, time
from pathlib import Path
from s4s_graph import build
from s4s_graph.settings import Settings

stage, limit, ontology, shapes, data, releases = sys.argv[1:]
if int(limit):
    resource.setrlimit(resource.RLIMIT_FSIZE, (int(limit), int(limit)))

def progress(at, done, total):
    if at == stage:
        sys.stdout.write("here\\n")
        sys.stdout.flush()
        time.sleep(60)

settings = Settings(
    ontology=Path(ontology), shapes=Path(shapes), data=Path(data), releases=Path(releases)
)
try:
    build.build(settings, progress=progress)
except build.BuildError as error:
    sys.exit(f"BuildError: {error}")
"""


def command(settings: Settings, stage: str, limit: int) -> list[str]:
    folders = (settings.ontology, settings.shapes, settings.data, settings.releases)
    return [sys.executable, "-c", RUN, stage, str(limit), *map(str, folders)]


@pytest.mark.parametrize("stage", [DUMP, STORE, PUBLISH])
def test_a_killed_build_leaves_the_old_release_and_the_next_one_repairs(
    settings: Settings, stage: str
) -> None:
    before = built(settings)
    change(settings, "plant/machines.csv", "1250.50", "1300")
    with subprocess.Popen(
        command(settings, stage, 0), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stdout.readline() == "here\n"
        process.send_signal(signal.SIGKILL)
    assert release.current(settings.releases) == before
    assert release.is_complete(before)
    assert any(name.startswith(release.STAGING) for name in names(settings.releases))
    after = built(settings)
    assert release.is_complete(after)
    assert names(settings.releases) == {before.name, after.name, release.CURRENT, ".lock"}


# The first stops the dump, the second the store, whose files are larger.
@pytest.mark.parametrize("limit", [5_000, 60_000])
def test_a_full_disk_leaves_the_old_release_and_says_so(settings: Settings, limit: int) -> None:
    before = built(settings)
    change(settings, "plant/machines.csv", "1250.50", "1300")
    done = subprocess.run(command(settings, "", limit), capture_output=True, text=True, check=False)
    assert done.returncode == 1
    assert "BuildError: reading or writing failed" in done.stderr
    assert "the previous release is still there" in done.stderr
    assert release.current(settings.releases) == before
    assert names(settings.releases) == {before.name, release.CURRENT, ".lock"}


def test_a_second_build_at_the_same_time_is_refused(settings: Settings) -> None:
    settings.releases.mkdir()
    with (settings.releases / ".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        with pytest.raises(BuildError, match="another build is writing in"):
            build.build(settings)
    assert built(settings)


def test_readers_always_find_a_complete_release(settings: Settings) -> None:
    built(settings)
    seen: set[bool] = set()

    def reading(stage: str, done: int, total: int) -> None:
        current = release.current(settings.releases)
        seen.add(current is not None and release.is_complete(current))

    change(settings, "plant/machines.csv", "1250.50", "1300")
    build.build(settings, progress=reading)
    assert seen == {True}


@pytest.mark.parametrize(
    ("file", "content", "message"),
    [
        ("shapes/small.ttl", "shape: a", "small.ttl"),
        ("shapes/small.ttl", "", "no file there ends with .ttl"),
        ("ontology/questions/what.rq", "#+ why: not: so", "what.rq: mapping values"),
    ],
)
def test_what_an_editor_of_the_model_broke_is_told_too(
    settings: Settings, tmp_path: Path, file: str, content: str, message: str
) -> None:
    path = tmp_path / "small" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(content)
    if not content:
        path.unlink()
    with pytest.raises(BuildError, match=message):
        build.check(settings)


def test_a_shape_that_cannot_be_evaluated_is_told(settings: Settings) -> None:
    path = settings.shapes / "small.ttl"
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("sh:minLength 3", 'sh:minLength "three"'), encoding="utf-8")
    with pytest.raises(BuildError, match="minLength"):
        build.check(settings)


def test_a_misspelt_data_folder_is_not_an_empty_one(settings: Settings) -> None:
    with pytest.raises(BuildError, match="no such folder"):
        build.check(replace(settings, data=settings.data / "misspelt"))


def test_a_release_says_how_it_was_made_and_nothing_of_where_or_when(
    settings: Settings, tmp_path: Path
) -> None:
    folder = built(settings)
    manifest = json.loads((folder / release.MANIFEST).read_text(encoding="utf-8"))
    assert manifest["id"] == folder.name
    year = str(time.gmtime().tm_year)
    for name, content in contents(folder).items():
        assert str(tmp_path).encode() not in content, name
        assert year.encode() not in content, name
