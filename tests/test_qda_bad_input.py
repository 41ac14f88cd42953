"""Coding projects that are wrong or hostile: a clear error, nothing written, within bounds."""

import io
import shutil
import struct
import subprocess
import sys
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from qda import NVIVO, PROJECT, Program, Xml, guid, packed
from qda_project import project

from s4s_graph import apart
from s4s_graph.cli import main
from s4s_graph.qda import elements, package, reading
from s4s_graph.qda.elements import MalformedError

ROOT = Path(__file__).resolve().parents[1]
Refused = Callable[..., None]
BOMB = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))


@pytest.fixture
def run(tmp_path: Path) -> Callable[..., Result]:
    data = Path(shutil.copytree(ROOT / "tests/tiny/data", tmp_path / "data"))

    def invoke(file: Path, *arguments: str) -> Result:
        said = ["import-qda", str(file), "--into", str(data), "--yes", "--lang", "en", *arguments]
        return CliRunner().invoke(main, said, env={"S4S_DATA": str(data)})

    return invoke


@pytest.fixture
def refused(run: Callable[..., Result], tmp_path: Path) -> Refused:
    def told(file: Path, *texts: str) -> None:
        before = {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()}
        done = run(file)
        assert done.exit_code == 1, done.output
        assert not isinstance(done.exception, Exception), done.exception
        for text in texts:
            assert text in done.output, done.output
        assert {p: p.read_bytes() for p in (tmp_path / "data").rglob("*") if p.is_file()} == before

    return told


def with_doctype(tmp_path: Path, declared: str, named: str) -> Path:
    content = project(Program("X")).decode().replace("Theorie", f"&{named};", 1)
    head, rest = content.split("\n", 1)
    return packed(tmp_path / "p.qdpx", f"{head}<!DOCTYPE Project [{declared}]>{rest}".encode())


def test_an_external_entity_is_not_fetched(refused: Refused, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("geheim", encoding="utf-8")
    file = with_doctype(tmp_path, f'<!ENTITY x SYSTEM "{secret.as_uri()}">', "x")
    refused(file, "p.qdpx: it has a DOCTYPE, which can fetch files or make them grow")


def test_an_entity_bomb_is_not_unfolded(refused: Refused, tmp_path: Path) -> None:
    refused(with_doctype(tmp_path, f'<!ENTITY e0 "lol">{BOMB}', "e9"), "it has a DOCTYPE")


def test_a_codebook_may_have_no_doctype_either(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "codes.qdc"
    file.write_bytes(b'<!DOCTYPE CodeBook SYSTEM "http://127.0.0.1:9/x.dtd"><CodeBook/>')
    refused(file, "codes.qdc: it has a DOCTYPE")


@pytest.mark.parametrize("name", ["../evil.txt", "/etc/evil", "Sources/..\\..\\evil.txt"])
def test_a_member_that_claims_a_place_outside(refused: Refused, tmp_path: Path, name: str) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO))
    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr(name, "x")
    refused(file, "claims a place outside the project")
    assert not list(tmp_path.rglob("evil*"))


def test_a_source_outside_the_project_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "interview.txt").write_text("Geheim", encoding="utf-8")
    x = Xml(NVIVO)
    for path in ("relative:///interview.txt", f"absolute://{tmp_path}/interview.txt",
                 "internal://../interview.txt", "internal:///etc/hostname"):  # fmt: skip
        selection = x.selection(81, 0, 6, x.coding(90, 10))
        content = project(NVIVO, Sources=x.interview(80, "A", selection, path=path))
        read = reading.read(packed(tmp_path / "p.qdpx", content), restricted=True)
        assert [passage.quotation for passage in read.passages] == [None]


def test_a_zip_bomb(refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "p.qdpx"
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive,
        archive.open("project.qde", "w", force_zip64=True) as member,
    ):
        for _ in range(2 + package.UNFOLDED_BYTES // (16 << 20)):
            member.write(b" " * (16 << 20))
    refused(file, "project.qde unfolds to more than 512 MB")


def test_a_zip_that_lies_about_its_size(refused: Refused, tmp_path: Path) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO))
    content = bytearray(file.read_bytes())
    at = content.index(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    file.write_bytes(content)
    refused(file, "p.qdpx: ")


def test_a_zip_with_a_password(refused: Refused, tmp_path: Path) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO))
    content = bytearray(file.read_bytes())
    for start, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        content[content.index(start) + flags] |= 1
    file.write_bytes(content)
    refused(file, "project.qde has a password; export the project without a password")


@pytest.mark.parametrize("kept", [0, 60, -200, -30])
def test_a_zip_that_breaks_off(refused: Refused, tmp_path: Path, kept: int) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO))
    file.write_bytes(file.read_bytes()[:kept])
    refused(file, "this project is damaged or not complete")


def test_a_damaged_member(refused: Refused, tmp_path: Path) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO))
    content = bytearray(file.read_bytes())
    content[200:260] = bytes(60)
    file.write_bytes(content)
    refused(file, "this project is damaged or not complete")


def test_a_zip_without_a_project(refused: Refused, tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "p.qdpx", "w") as archive:
        archive.writestr("readme.txt", "x")
    refused(tmp_path / "p.qdpx", "does not hold exactly one file project.qde")


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"<CodeBook/>", "this is not REFI-QDA: it starts with CodeBook instead of"),
        (b'<Project xmlns="urn:other"/>', "it starts with Project (urn:other)"),
        (f'<CodeBook xmlns="{PROJECT}"/>'.encode(), f"it starts with CodeBook ({PROJECT})"),
        (b'<html xmlns="http://www.w3.org/1999/xhtml"/>', "it starts with html"),
        (b"no xml", "this is not valid XML, line 1, column 1"),
        (b"", "this is not valid XML, line 1, column 1: no element found"),
        (
            b"<CodeBook xmlns='urn:QDA-XML:codebook:1.0'>\n <b></CodeBook>",
            "line 2, column 7: mismatched",
        ),
        (b'<?xml version="1.0" encoding="none-such"?><a/>', "the encoding is unknown"),
    ],
)
def test_another_format(refused: Refused, tmp_path: Path, content: bytes, told: str) -> None:
    (tmp_path / "codes.qdc").write_bytes(content)
    refused(tmp_path / "codes.qdc", told)


def test_codes_ten_thousand_deep(refused: Refused, tmp_path: Path) -> None:
    open_ = f'<Code guid="{guid(1)}" name="a" isCodable="true">'
    content = f'<CodeBook xmlns="urn:QDA-XML:codebook:1.0"><Codes>{open_ * 10_000}'
    (tmp_path / "codes.qdc").write_text(content + "</Code>" * 10_000 + "</Codes></CodeBook>")
    refused(tmp_path / "codes.qdc", f"more than {elements.DEPTH} levels stand in each other")


def test_more_elements_than_any_project_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(elements, "ELEMENTS", 20)
    with pytest.raises(MalformedError, match="more than 2000000 elements"):
        elements.read(io.BytesIO(project(NVIVO)), frozenset())


def test_a_process_that_takes_too_much_memory_ends(tmp_path: Path) -> None:
    file = packed(tmp_path / "p.qdpx", project(NVIVO, Codes="<Code/>" * 60_000))
    limited = "import sys; from s4s_graph.qda import parsing; parsing.MEMORY = 64 << 20; "
    code = limited + "sys.exit(parsing.main(sys.argv[1:]))"
    ended = subprocess.run([sys.executable, "-c", code, file, "public"], capture_output=True)
    assert ended.returncode != 0
    assert b"MemoryError" in ended.stderr


def test_a_project_whose_process_ended_is_told(
    refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(apart, "answer", lambda *_: None)
    refused(packed(tmp_path / "p.qdpx", project(NVIVO)), "the file grows too large when it is read")


def test_a_guid_twice_and_one_that_is_none(refused: Refused, tmp_path: Path) -> None:
    x = Xml(NVIVO)
    codes = x.code(2, "Context", x.code(10, "Een"), x.code(10, "Twee"), x.code(11, ""))
    codes += '<Code guid="17" name="Kort" isCodable="true"/>'
    content = x.project(Codes=codes)
    refused(
        packed(tmp_path / "p.qdpx", content),
        f"error: p.qdpx, code 'Context › Twee': '{guid(10)}': code 'Context › Een' has the same",
        "error: p.qdpx, code 'Context › ': ",
        "this code has no name; give it one",
        "error: p.qdpx, Code 'Kort': '17': this has no guid",
    )


def test_references_to_nothing_are_told(run: Callable[..., Result], tmp_path: Path) -> None:
    x = Xml(NVIVO)
    interview = x.interview(80, "A", x.selection(81, 0, 1, x.coding(90, 777)))
    parts = {"Sources": interview, "Sets": x.set(100, "Set", [778]),
             "Cases": x.case(60, "B", {50: 10}, sources=[779], selections=[780], codes=[778]),
             "Links": x.link(110, 781, 10)}  # fmt: skip
    done = run(packed(tmp_path / "p.qdpx", project(NVIVO, **parts)))
    assert f"'{guid(777)}': this is not in the project, which does refer to it" in done.output
    assert f"'{guid(778)}': this is not in the project, which does refer to it (references: 2)" in (
        done.output
    )
    assert f"'{guid(779)}': this is not in the project" in done.output
    assert not isinstance(done.exception, Exception)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("language: de", "'de' means nothing here; use nl, en"),
        ("wortels: {}", "'wortels' means nothing here; use"),
        ("roots: {contexts: [A]}", "'contexts' means nothing here; use context"),
        ("roots: {context: A}", "write at roots: context a list of names"),
        ("roots: [A]", "write below roots each time a name, a colon and a value"),
        ("variables: {size: [A]}", "'size' means nothing here; use sizeClass"),
        ("fixed: {conditions: {levels: x}}", "'levels' means nothing here; use level"),
        ("fixed: {conditions: x}", "write below fixed: conditions each time"),
        ("a: &a [x]\nroots: {context: *a}", "references (& and *) are not read here"),
        ("a: [", "roots.yaml: while parsing"),
        ("just text", "this file names nothing"),
    ],
)
def test_a_file_of_roots_that_means_nothing(
    run: Callable[..., Result], tmp_path: Path, text: str, told: str
) -> None:
    roots = tmp_path / "roots.yaml"
    roots.write_text(text, encoding="utf-8")
    done = run(packed(tmp_path / "p.qdpx", project(NVIVO)), "--roots", str(roots))
    assert done.exit_code == 1
    assert told in done.output
    assert not isinstance(done.exception, Exception)
