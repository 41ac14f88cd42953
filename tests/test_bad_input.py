"""Files of anyone that are wrong or mean harm: told in a sentence, nothing written, soon over."""

import resource
import shutil
import struct
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import xlsxwriter
from click.testing import CliRunner, Result
from spreadsheets import write

from s4s_graph import reading
from s4s_graph.cli import main
from s4s_graph.reading import Fault, UnreadableError

ROOT = Path(__file__).resolve().parents[1]
SMALL = ROOT / "tests/small"
SECONDS = 30  # of CPU: much more than any of these takes
Run = Callable[..., Result]

CONTENT_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.ms-excel.sheet.{}'
    'main+xml"/></Types>'
)
MANIFEST_END = "</manifest:manifest>"
ENCRYPTED = (
    '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
    f"<manifest:encryption-data/></manifest:file-entry>{MANIFEST_END}"
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    shutil.copytree(SMALL, tmp_path / "small")
    return tmp_path / "small/data"


@pytest.fixture
def run(data: Path, tmp_path: Path) -> Run:
    variables = {"S4S_ONTOLOGY": str(data.parent / "ontology"),
                 "S4S_SHAPES": str(data.parent / "shapes"), "S4S_DATA": str(data),
                 "S4S_RELEASES": str(tmp_path / "releases"), "LANG": "C", "LC_ALL": ""}  # fmt: skip

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(main, list(map(str, arguments)), env=variables)

    return invoke


@pytest.fixture
def bounded() -> Iterator[None]:
    """Hold what a test and its processes take against what they may."""
    started, children = time.process_time(), resource.getrusage(resource.RUSAGE_CHILDREN)
    yield
    ended = resource.getrusage(resource.RUSAGE_CHILDREN)
    assert time.process_time() - started < SECONDS
    assert ended.ru_utime - children.ru_utime < SECONDS


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def refused(path: Path) -> UnreadableError:
    with pytest.raises(UnreadableError) as error:
        reading.sheets(path)
    return error.value


# Workbooks


def patched(path: Path, *changes: tuple[str, str], part: str = "content.xml") -> Path:
    """Change a part of a workbook."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    text = parts[part].decode()
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    with zipfile.ZipFile(path, "w") as archive:
        for name, content in {**parts, part: text.encode()}.items():
            archive.writestr(name, content)
    return path


def test_a_workbook_with_a_password_is_told(tmp_path: Path) -> None:
    ods = write(tmp_path / "a.ods", {"Machines": [["id"], ["lathe"]]})
    patched(ods, (MANIFEST_END, ENCRYPTED), part="META-INF/manifest.xml")
    # Excel packs what it encrypts into the container of its older files.
    xlsx = tmp_path / "a.xlsx"
    xlsx.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    for path in (ods, xlsx):
        assert "or a password locks it" in str(refused(path))


@pytest.mark.parametrize("suffix", reading.WORKBOOKS)
def test_a_workbook_cut_short_or_changed_on_the_way_is_told(tmp_path: Path, suffix: str) -> None:
    path = write(tmp_path / f"a{suffix}", {"Machines": [["id"], *([f"m{n}"] for n in range(999))]})
    whole = path.read_bytes()
    for content in (whole[:-200], whole[: len(whole) // 2]):
        path.write_bytes(content)
        refused(path)
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<workbook><sheets>")
        archive.writestr("content.xml", "<office:document-content>")
    refused(path)


def zeros(path: Path, member: str, size: int, said: int) -> Path:
    """Write a zip with so many zeros in a member that says to have another size."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    piece = packer.compress(b" " * (1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    packed = piece * (size >> 20) + packer.flush()
    name = member.encode()
    local = struct.pack("<4s5H3I2H", b"PK\3\4", 20, 0, 8, 0, 33, 0, len(packed), said, len(name), 0)
    central = struct.pack(
        "<4s6H3I5H2I",
        b"PK\1\2",
        20,
        20,
        0,
        8,
        0,
        33,
        0,
        len(packed),
        said,
        len(name),
        *[0] * 4,
        0,
        0,
    )
    end = struct.pack(
        "<4s4H2IH", b"PK\5\6", 0, 0, 1, 1, len(central + name), len(local + name + packed), 0
    )
    path.write_bytes(local + name + packed + central + name + end)
    return path


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("said", [3 << 30, 1000])
def test_a_zip_that_unpacks_to_gigabytes_is_told_whatever_size_it_claims(
    tmp_path: Path, said: int
) -> None:
    for suffix, member in ((".ods", "content.xml"), (".xlsx", "[Content_Types].xml")):
        path = zeros(tmp_path / f"a{suffix}", member, 3 << 30, said)
        assert path.stat().st_size < 5 << 20
        refused(path)


@pytest.mark.usefixtures("bounded")
def test_a_cell_at_the_far_corner_of_a_sheet_is_told(tmp_path: Path) -> None:
    path = tmp_path / "far.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Machines")
        sheet.write_string(0, 0, "id")
        sheet.write_string(1_048_575, 16_383, "x")
    assert "a cell far below or beside a table is filled" in str(refused(path))


@pytest.mark.usefixtures("bounded")
def test_a_sheet_of_two_million_rows_is_told(tmp_path: Path) -> None:
    path = tmp_path / "machines.csv"
    path.write_text("id\n" + "a\n" * 2_000_000)
    assert "more than 1048575 rows" in str(refused(path))
    ods = write(tmp_path / "a.ods", {"Machines": [["id"]]})
    row = (
        '<table:table-row table:number-rows-repeated="2000000"><table:table-cell '
        'office:value-type="string"><text:p>a</text:p></table:table-cell></table:table-row>'
    )
    patched(ods, ("</table:table>", f"{row}</table:table>"))
    assert "more than 1048575 rows" in str(refused(ods))
    xlsx = write(tmp_path / "a.xlsx", {"Machines": [["id"]]})
    rows = "<row><c><v>1</v></c></row>" * 2_000_000
    part = "xl/worksheets/sheet1.xml"
    patched(xlsx, ("</sheetData>", f"{rows}</sheetData>"), part=part)
    assert "more than 1048575 rows" in str(refused(xlsx))


def test_a_table_of_too_many_cells_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "machines.csv"
    path.write_text("id,name\n" * 6)
    monkeypatch.setattr(reading, "CELLS", 11)
    assert "more than 11 cells" in str(refused(path))


def test_a_formula_that_failed_is_told_at_its_cell(run: Run, data: Path, tmp_path: Path) -> None:
    before = files(data)
    for suffix in reading.WORKBOOKS:
        path = failing(tmp_path / f"intake{suffix}")
        (sheet,) = reading.sheets(path)
        assert sheet.rows[1][1] == Fault("#DIV/0!")
        done = run("import", path, "--into", data / "plant", "--lang", "en", "--yes")
        assert done.exit_code == 1
        assert (
            f"error: intake{suffix}, sheet Machines, cell B2, column year: '#DIV/0!': "
            "this formula gave an error; correct it or empty the cell"
        ) in done.output
    assert files(data) == before


def failing(path: Path) -> Path:
    if path.suffix == ".xlsx":
        with xlsxwriter.Workbook(str(path)) as book:
            sheet = book.add_worksheet("Machines")
            sheet.write_row(0, 0, ["id", "jaar"])
            sheet.write_string(1, 0, "saw")
            sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
        return path
    write(path, {"Machines": [["id", "jaar"], ["saw", "#DIV/0!"]]})
    # As LibreOffice writes it.
    failed = 'table:formula="of:=1/0" office:value-type="string" office:string-value=""'
    plain = 'office:value-type="string"><text:p>#DIV/0!'
    return patched(path, (plain, f"{failed}><text:p>#DIV/0!"))


def test_cells_merged_downwards_in_ods_say_the_same_of_each_row(tmp_path: Path) -> None:
    path = write(tmp_path / "a.ods", {"Machines": [["id", "x"], ["a", "both"], ["b"], ["c", "z"]]})
    plain = '<table:table-cell office:value-type="string"><text:p>both'
    spanned = plain.replace("<table:table-cell", '<table:table-cell table:number-rows-spanned="2"')
    (sheet,) = reading.sheets(patched(path, (plain, spanned)))
    assert sheet.rows == [["id", "x"], ["a", "both"], ["b", "both"], ["c", "z"]]


@pytest.mark.parametrize(
    ("name", "member", "content"),
    [
        ("a.xlsx", "xl/vbaProject.bin", ""),
        ("a.xlsx", "xl/VBAPROJECT.BIN", ""),
        ("a.xlsx", "xl/macrosheets/sheet1.xml", ""),
        ("a.xlsx", "[Content_Types].xml", CONTENT_TYPES.format("macroEnabled.")),
        ("a.ods", "Basic/Standard/Module1.xml", ""),
        ("a.ods", "Scripts/python/a.py", ""),
    ],
)
def test_macros_are_refused_whatever_they_are_called(
    tmp_path: Path, name: str, member: str, content: str
) -> None:
    path = tmp_path / name
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr(member, content)
    assert "the workbook holds macros, which are refused" in str(refused(path))


def test_a_file_for_macros_is_refused_by_its_name(run: Run, data: Path) -> None:
    (data / "intake.xlsm").write_bytes(b"PK")
    done = run("check", "--lang", "en")
    assert done.exit_code == 1
    assert "error: intake.xlsm: this is a workbook with macros, which are refused" in done.output


@pytest.mark.parametrize(
    ("content", "row"),
    [
        ("id,owner\nlathe,Müller\n".encode("latin-1"), 2),
        ("id,owner\nlathe,Müller\n".encode("utf-16"), 1),
        (b"id\n" * 9 + b"\xff\n", 10),
    ],
)
def test_a_table_in_another_encoding_is_told_with_its_row(
    tmp_path: Path, content: bytes, row: int
) -> None:
    path = tmp_path / "machines.csv"
    path.write_bytes(content)
    error = refused(path)
    assert (error.row, str(error)) == (row, "the file is not UTF-8; save it as 'CSV UTF-8'")


# RDF


def nested(depth: int) -> str:
    return f"<a> <b> {'<<( <a> <b> ' * depth}<c>{' )>>' * depth} ."


ENTITIES = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
BOMB = (
    f'<!DOCTYPE r [<!ENTITY e0 "{"a" * 99}">{ENTITIES}]>'
    '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e/">'
    '<rdf:Description rdf:about="http://e/1"><e:p>&e11;</e:p></rdf:Description></rdf:RDF>'
)
SECRET = '<!DOCTYPE r [<!ENTITY s SYSTEM "file:///etc/hostname">]>' + BOMB.partition("]>")[2]
DIED = "its content nests too deeply or grows too large when it is read"
BAD = {
    "syntax.ttl": ("\n<http://e/a> a <b c> .", "line 2, column 16: this cannot be read: Invalid"),
    "latin.ttl": ("<http://e/a> a <http://e/é> .".encode("latin-1"), "line 1, column "),
    "not.rdf": ("<a>\n<b></a>", "line 2, column "),
    "bomb.rdf": (BOMB, "this cannot be read"),
    "secret.rdf": (SECRET.replace("&e11;", "&s;"), "this cannot be read"),
    "deep.jsonld": ('{"http://e/p":' * 10_000 + '"x"' + "}" * 10_000, DIED),
    "deeper.jsonld": ('{"http://e/p":' * 200_000 + '"x"' + "}" * 200_000, "this cannot be read"),
    "deep.ttl": (nested(10_000), "a triple as a value is not read"),
    "deeper.ttl": (nested(200_000), DIED),
    "lists.ttl": (f"<a> <b> {'( ' * 200_000}", "this cannot be read"),
    "remote.jsonld": ('{"@context": "http://127.0.0.1:9/"}', "the @context is at another address"),
}  # fmt: skip


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("command", ["check", "build"])
def test_bad_rdf_in_a_data_folder_is_told_beside_everything_else(
    run: Run, data: Path, tmp_path: Path, command: str
) -> None:
    for name, (content, _) in BAD.items():
        (data / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    (data / "machine.csv").write_text("id\n")
    done = run(command, "--lang", "en")
    assert done.exit_code == 1, done.exception
    lines = done.output.splitlines()
    for name, (_, told) in BAD.items():
        (line,) = [line for line in lines if line.startswith(f"error: {name}: ")]
        assert told in line, line
    assert any(line.startswith("error: machine.csv: there is no table") for line in lines)
    assert not (tmp_path / "releases/current").exists()


@pytest.mark.usefixtures("bounded")
def test_bad_workbooks_in_a_data_folder_are_told_beside_everything_else(
    run: Run, data: Path, tmp_path: Path
) -> None:
    zeros(tmp_path / "small/data/bomb.ods", "content.xml", 3 << 30, 1000)
    (data / "broken.xlsx").write_bytes(b"PK\3\4")
    (data / "syntax.ttl").write_text(str(BAD["syntax.ttl"][0]))
    done = run("check", "--lang", "en")
    assert done.exit_code == 1, done.exception
    for name in ("bomb.ods", "broken.xlsx", "syntax.ttl"):
        assert f"error: {name}: " in done.output


@pytest.mark.parametrize("name", ["syntax.ttl", "deep.jsonld", "fine.ttl"])
def test_what_is_no_table_is_not_imported(run: Run, data: Path, tmp_path: Path, name: str) -> None:
    before = files(data)
    content, told = BAD.get(name, ("<http://e/a> a <http://e/b> .", "use .csv, .xlsx, .ods"))
    (tmp_path / name).write_text(str(content))
    done = run("import", tmp_path / name, "--into", data, "--yes", "--lang", "en")
    assert done.exit_code == 1
    assert f"error: {name}: " in done.output
    assert told in done.output
    assert files(data) == before


@pytest.mark.usefixtures("bounded")
@pytest.mark.parametrize("name", ["syntax.ttl", "deeper.ttl", "deep.jsonld", "remote.jsonld"])
def test_a_file_that_is_served_ends_the_command_with_a_sentence(
    run: Run, tmp_path: Path, name: str
) -> None:
    content, _ = BAD[name]
    (tmp_path / name).write_text(str(content))
    done = run("serve", "--file", tmp_path / name, "--lang", "en")
    assert done.exit_code == 1
    assert isinstance(done.exception, SystemExit)
    assert done.output.startswith(f"Error: {tmp_path / name}")


def test_a_fault_outside_the_table_is_known(tmp_path: Path) -> None:
    path = tmp_path / "a.xlsx"
    with xlsxwriter.Workbook(str(path)) as book:
        sheet = book.add_worksheet("Machines")
        sheet.write_formula(0, 0, "=1/0", None, "#DIV/0!")
        sheet.write_string(2, 2, "id")
        sheet.write_formula(3, 1, "=NA()", None, "#N/A")
    (found,) = reading.sheets(path)
    assert found.rows == [[Fault("#DIV/0!")], [], ["", "", "id"], ["", Fault("#N/A")]]
