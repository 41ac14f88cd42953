"""A data folder that means harm: links out of it, pipes, too much, names that deceive; all told."""

import gzip
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from threading import Thread

import pytest
from bs4 import BeautifulSoup
from click.testing import CliRunner, Result
from conftest import ROOT

from s4s_graph import folders, forms, sources
from s4s_graph.cli import main
from s4s_graph.folders import FolderError
from s4s_graph.mappings import decisions
from s4s_graph.mappings.decisions import BrokenSetError
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from s4s_graph.vocabularies import folder as vocabularies
from s4s_graph.vocabularies import publishing
from s4s_graph.watching import look
from tests import vocabularies as theirs

SMALL = ROOT / "tests/small"
MACHINE = "id,prefLabel_nl,prefLabel_en,dataStatus\nsaw,Zaag,Saw,illustrative\n"
PATIENCE = 120  # seconds for a command, which takes one or two where nothing hangs
Run = Callable[..., Result]


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "small")
    return tmp_path / "small/data"


@pytest.fixture
def settings(data: Path, tmp_path: Path) -> Settings:
    return Settings(
        data=data,
        ontology=data.parent / "ontology",
        shapes=data.parent / "shapes",
        releases=tmp_path / "releases",
    )


@pytest.fixture
def variables(settings: Settings) -> dict[str, str]:
    names = ("data", "ontology", "shapes", "releases")
    return {f"S4S_{name.upper()}": str(getattr(settings, name)) for name in names} | {"LANG": "C"}


@pytest.fixture
def run(variables: dict[str, str]) -> Run:
    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), env=variables | {"LC_ALL": ""})

    return invoke


@pytest.fixture(autouse=True)
def without_hanging() -> Iterator[None]:
    """End the test if something waits for a pipe, which it would for ever."""

    def over(*_: object) -> None:
        raise AssertionError("it hung")

    before = signal.signal(signal.SIGALRM, over)
    signal.alarm(PATIENCE)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, before)


def refused(data: Path) -> dict[str, str]:
    return {found.name: found.refused.en for found in folders.files(data) if found.refused}


def told(result: Result, name: str, what: str) -> None:
    """Expect one sentence about a file, an end with 1, and no other trouble."""
    assert result.exit_code == 1, result.output
    assert not isinstance(result.exception, OSError | UnicodeError | RuntimeError)
    assert [line for line in result.output.splitlines() if name in line and what in line], (
        result.output
    )


# Links


def test_a_link_out_of_the_folder_is_refused_by_name(data: Path, run: Run, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text("root:x:0:0\n", "utf-8")
    (data / "plant/other.csv").symlink_to(tmp_path / "secret.csv")
    for command in ("check", "build"):
        result = run(command)
        told(result, "plant/other.csv", "leads out of the folder")
        assert "root:x" not in result.output
    told(run("check", "--lang", "nl"), "plant/other.csv", "leidt de map uit")


@pytest.mark.parametrize("target", ["../../../outside", "/etc"])
def test_a_link_to_a_folder_outside_is_refused_and_not_entered(
    data: Path, run: Run, target: str
) -> None:
    (data.parent.parent / "outside").mkdir()
    (data.parent.parent / "outside/x.csv").write_text(MACHINE, "utf-8")
    (data / "plant/there").symlink_to(target)
    told(run("check"), "plant/there", "leads out of the folder")


def test_a_link_within_the_folder_and_a_folder_that_is_one_are_fine(
    data: Path, variables: dict[str, str], tmp_path: Path
) -> None:
    (data / ".versions").mkdir()
    (data / "plant/machines.csv").rename(data / ".versions/machines-3.csv")
    (data / "plant/machines.csv").symlink_to("../.versions/machines-3.csv")
    (data / "again").symlink_to("plant")
    (tmp_path / "linked").symlink_to(data)
    result = CliRunner().invoke(main, ["check"], env=variables | {"S4S_DATA": f"{tmp_path}/linked"})
    assert result.exit_code == 0, result.output


def test_a_link_cannot_make_public_what_is_restricted(data: Path, run: Run) -> None:
    (data / "restricted").mkdir()
    (data / "plant/skills.csv").rename(data / "restricted/skills.csv")
    (data / "plant/skills.csv").symlink_to("../restricted/skills.csv")
    told(run("build"), "plant/skills.csv", "makes public")
    (data / "plant/skills.csv").unlink()
    (data / "restricted/more").mkdir()
    (data / "restricted/more/kept.csv").symlink_to("../skills.csv")
    assert refused(data) == {}


def test_links_in_circles_and_to_nowhere_are_told(data: Path, run: Run) -> None:
    (data / "plant/up").symlink_to("..")
    (data / "plant/down").symlink_to("up")
    assert run("check").exit_code == 0
    (data / "plant/one.csv").symlink_to("two.csv")
    (data / "plant/two.csv").symlink_to("one.csv")
    (data / "plant/gone.csv").symlink_to("nothing.csv")
    result = run("check")
    for name in ("one.csv", "two.csv", "gone.csv"):
        told(result, f"plant/{name}", "cannot be opened")


def test_nothing_is_written_through_a_link(data: Path, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept.txt").write_text("as it was", "utf-8")
    table = tmp_path / "machines.csv"
    table.write_text(MACHINE, "utf-8")
    (data / "plant/.machines.csv.import").symlink_to(outside / "kept.txt")
    result = run("import", table, "--into", data / "plant", "--yes")
    assert result.exit_code == 0, result.output
    assert "saw" in (data / "plant/machines.csv").read_text("utf-8")
    assert (outside / "kept.txt").read_text("utf-8") == "as it was"
    shutil.rmtree(data / "plant/.before-import")
    (data / "plant/.before-import").symlink_to(outside)
    table.write_text(MACHINE.replace("Saw", "Sawing machine"), "utf-8")
    told(run("import", table, "--into", data / "plant", "--yes"), "plant/.before-import", "a link")
    assert os.listdir(outside) == ["kept.txt"]


# What is no file


@pytest.fixture(params=["pipe", "socket", "device"])
def no_file(request: pytest.FixtureRequest) -> Iterator[Callable[[Path], None]]:
    """Make what is no file; one that opens it would wait, or read without end."""
    opened = []

    def make(path: Path) -> None:
        if request.param == "pipe":
            os.mkfifo(path)
        elif request.param == "socket":
            # The path is too long for its address.
            opened.append(socket.socket(socket.AF_UNIX))
            before = os.getcwd()
            os.chdir(path.parent)
            opened[-1].bind(path.name)
            os.chdir(before)
        else:
            try:
                os.mknod(path, 0o20644, os.makedev(1, 5))  # as /dev/zero is
            except PermissionError:
                pytest.skip("only root may make a device")

    yield make
    for one in opened:
        one.close()


def test_what_is_no_file_is_never_opened(
    data: Path, settings: Settings, run: Run, no_file: Callable[[Path], None], tmp_path: Path
) -> None:
    names = ("plant/pipe.csv", "more.ttl", "mappings/x.sssom.tsv", "vocabularies/a/concepts.nt.gz")
    for name in names:
        (data / name).parent.mkdir(parents=True, exist_ok=True)
        no_file(data / name)
    (data / "vocabularies/a/vocabulary.ttl").touch()
    for command in ("check", "build"):
        result = run(command)
        for name in names:
            told(result, name, "no file but a pipe, socket or device")
    table = tmp_path / "machines.csv"
    table.write_text(MACHINE, "utf-8")
    told(run("import", table, "--into", data, "--yes"), "more.ttl", "no file but")
    assert "no file but" in run("template", tmp_path / "new.xlsx", "--with-data").output
    assert vocabularies.folders(data) == []
    with pytest.raises(BrokenSetError):
        list(decisions.sets(data))
    assert data / "more.ttl" in look(settings)


def test_a_pipe_in_the_place_of_a_listed_file_is_not_waited_for(
    data: Path, settings: Settings
) -> None:
    file = next(f for f in sources.data_files(data) if f.name == "plant/machines.csv")
    file.path.unlink()
    os.mkfifo(file.path)
    source = sources.read(file, forms.read(settings.shapes, BASE), BASE)
    assert "cannot be opened" in source.problems[0].message.en


# Too much


def test_too_many_tiny_files_are_refused_without_reading_any(data: Path, run: Run) -> None:
    for number in range(10):
        (data / str(number)).mkdir()
        for other in range(2000):
            os.close(os.open(data / f"{number}/{other}.csv", os.O_CREAT | os.O_WRONLY))
    for command in ("check", "build"):
        result = run(command)
        assert result.exit_code == 1
        assert "more than 10000 files and folders" in result.stderr
        assert result.stderr.count("\n") < 5


def test_folders_count_as_well_and_the_bound_is_exact(data: Path) -> None:
    deep = data
    for _ in range(300):
        deep /= "deep"
        deep.mkdir()
    there = 300 + 3  # plant and its two tables
    assert len(folders.files(data, there)) == 2
    with pytest.raises(FolderError):
        folders.files(data, there - 1)


def test_a_watch_goes_on_when_there_is_too_much_and_when_there_is_not(
    data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = look(settings)
    for number in range(folders.ENTRIES + 1):
        os.close(os.open(data / f"{number}.csv", os.O_CREAT | os.O_WRONLY))
    assert data in look(settings)
    for path in data.glob("*.csv"):
        path.unlink()
    assert look(settings) == before


def test_a_file_of_terabytes_is_refused_before_it_is_read(data: Path, run: Run) -> None:
    with (data / "more.nt").open("wb") as file:
        file.truncate(1 << 42)
    told(run("check"), "more.nt", "larger than 4 GB")


# Names


NAMES = {
    b"plant/new\nline.csv": r"plant/new\nline.csv",
    b"plant/red\x1b[31m.csv": r"plant/red\x1b[31m.csv",
    b"plant/\xff\xfe.csv": r"plant/\udcff\udcfe.csv",
    "plant/gnp.\N{RIGHT-TO-LEFT OVERRIDE}vsc.csv".encode(): r"plant/gnp.\u202evsc.csv",
    b"fold\ner": r"fold\ner",
}


def test_names_that_deceive_are_refused_and_shown_as_they_are(
    data: Path, run: Run, tmp_path: Path
) -> None:
    for name in NAMES:
        path = os.fsencode(data) + b"/" + name
        if name == b"fold\ner":
            os.mkdir(path)
            path += b"/machines.csv"
        with open(path, "wb") as file:
            file.write(b"id\n")
    report = tmp_path / "report.html"
    result = run("check", "--report", report)
    for name in NAMES.values():
        told(result, name, "holds characters that cannot be seen")
    assert all(c.isprintable() or c == "\n" for c in result.output)
    page = BeautifulSoup(report.read_text("utf-8"), "html.parser").get_text()
    assert all(name in page for name in NAMES.values())
    assert run("check", "--json").exit_code == 1


def test_a_name_of_html_is_text_in_a_report(data: Path, run: Run, tmp_path: Path) -> None:
    (data / "<img src=x onerror=alert(1)>.csv").write_text("id\n", "utf-8")
    report = tmp_path / "report.html"
    told(run("check", "--report", report), "onerror", "there is no table")
    page = BeautifulSoup(report.read_text("utf-8"), "html.parser")
    assert page.img is None
    assert "<img src=x" in page.get_text()


def test_a_very_long_name_is_told_short(data: Path, run: Run) -> None:
    (data / ("x" * 250 + ".csv")).write_text("id\n", "utf-8")
    told(run("check"), "xxxx.csv", "there is no table")
    (data / ("x" * 250 + ".csv")).unlink()
    os.mkfifo(data / ("y" * 255))
    names = list(refused(data))
    assert [len(name) for name in names] == [201]


@pytest.mark.parametrize(
    ("first", "second"),
    [("plant/Machines.csv", "plant/machines.csv"), ("caf\u00e9.ttl", "cafe\u0301.ttl")],
)
def test_names_that_other_disks_take_for_one_are_told(
    data: Path, run: Run, first: str, second: str
) -> None:
    for name in (first, second):
        (data / name).touch()
    result = run("check")
    assert "on other computers that is the same file" in " ".join(result.stderr.split())


# While it is read


def test_a_file_that_changes_while_it_is_read_is_told(
    data: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = data / "plant/machines.csv"
    form_set = forms.read(settings.shapes, BASE)
    file = next(f for f in sources.data_files(data) if f.path == path)
    assert sources.read(file, form_set, BASE).problems == []
    over = False

    def write() -> None:
        while not over:
            path.write_text(path.read_text("utf-8"), "utf-8")

    writer = Thread(target=write)
    writer.start()
    try:
        found = [sources.read(file, form_set, BASE) for _ in range(50)]
    finally:
        over = True
        writer.join()
    assert any("was changed while it was read" in p.message.en for s in found for p in s.problems)


def test_what_may_not_be_read_is_told_with_the_rest(data: Path, variables: dict[str, str]) -> None:
    (data / "plant/skills.csv").chmod(0)
    (data / "closed").mkdir()
    (data / "closed").chmod(0)
    command = [sys.executable, "-m", "s4s_graph", "check"]
    if os.geteuid() == 0:
        # Root reads everything, unless it gives that up.
        command = ["setpriv", "--bounding-set=-dac_override,-dac_read_search", *command]
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    (data / "closed").chmod(0o755)
    assert done.returncode == 1
    for name in ("plant/skills.csv", "closed"):
        assert f"error: {name}: this cannot be opened (Permission denied)" in done.stderr


# Vocabularies


def test_a_vocabulary_is_not_put_where_a_link_leads(data: Path, run: Run, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (data / "vocabularies").symlink_to(outside)
    file = sorted((ROOT / "tests/tiny/vocabularies").glob("*.ttl"))[0]
    result = run("vocabulary", "add", "skos", file, "--into", data, "--name", "theirs",
                 "--version", "1", "--licence", "https://example.org/licence", "--source",
                 "https://example.org/", "--acknowledgement", "Theirs.", "--title", "Theirs",
                 "--yes")  # fmt: skip
    assert result.exit_code == 1
    assert "a link leads out of" in result.output
    assert os.listdir(outside) == []


def test_a_concepts_file_that_is_a_link_out_is_refused(
    data: Path, run: Run, tmp_path: Path
) -> None:
    theirs.put(sorted((ROOT / "tests/tiny/vocabularies").glob("*.ttl"))[0], data)
    packed = next(data.glob("vocabularies/*/concepts.nt.gz"))
    packed.rename(tmp_path / "away.gz")
    packed.symlink_to(tmp_path / "away.gz")
    told(run("build"), str(packed.relative_to(data)), "leads out of the folder")


def test_a_vocabulary_that_unpacks_without_end_is_told(
    data: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    theirs.put(sorted((ROOT / "tests/tiny/vocabularies").glob("*.ttl"))[0], data)
    packed = next(data.glob("vocabularies/*/concepts.nt.gz"))
    with gzip.open(packed, "ab") as file:
        file.write(b"\n" * 2_000_000)
    monkeypatch.setattr(publishing, "FILE_BYTES", 1_000_000)
    told(run("build"), "vocabulary.ttl", "unpacks to more than")
