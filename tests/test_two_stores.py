"""One reading of the data makes two releases: what anyone may see, and everything."""

import csv
import stat
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from s4s_graph import release
from s4s_graph.build import Result, build
from s4s_graph.namespaces import BASE
from s4s_graph.settings import Settings
from tests.conftest import tiny_data

CANARY = "Kanarie"
RESTRICTED = f"<http://purl.org/dc/terms/accessRights> <{BASE}id/disclosure/restricted>"


def settings(folder: Path) -> Settings:
    return replace(
        Settings(),
        data=tiny_data(folder / "data"),
        releases=folder / "public",
        restricted_releases=folder / "kept",
        disclosure_floor=1,
    )


def both(given: Settings) -> tuple[Path, Path]:
    result = build(given, restricted=True)
    assert result.release, [problem.text("en") for problem in result.problems]
    assert result.restricted
    return result.release, result.restricted


def mark(table: Path, *ids: str) -> None:
    """Say of rows of a table that they are restricted."""
    with table.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert {*ids} <= {row["id"] for row in rows}
    marked = [row | {"disclosure": "restricted" if row["id"] in ids else ""} for row in rows]
    with table.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(marked[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(marked)


def files(folder: Path) -> Iterator[tuple[str, str]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            name = path.relative_to(folder).as_posix()
            yield name, path.read_bytes().decode("utf-8", "replace")


def holding(folder: Path, text: str) -> list[str]:
    """Return the files of a release in which a text stands, or whose name has it."""
    return [name for name, content in files(folder) if text in name or text in content]


def test_the_restricted_release_holds_everything_and_the_public_one_does_not(
    tmp_path: Path,
) -> None:
    public, restricted = both(settings(tmp_path))
    for secret in ("Verzonnen Metaal BV", "00000001", "Dit mag niemand lezen."):
        assert release.N_QUADS in holding(restricted, secret)
        assert holding(public, secret) == []
    open_, all_ = (
        (folder / release.N_QUADS).read_text(encoding="utf-8").splitlines()
        for folder in (public, restricted)
    )
    # But for what each says of itself as a dataset: under which licence, and for whom.
    about = f"<{BASE}graph/dataset> ."
    assert {line for line in open_ if not line.endswith(about)} < {*all_}


def test_nobody_else_on_the_system_can_read_the_restricted_release(tmp_path: Path) -> None:
    given = settings(tmp_path)
    given.restricted_releases.mkdir(mode=0o755)
    _, restricted = both(given)
    assert stat.S_IMODE(given.restricted_releases.stat().st_mode) == 0o700
    everything = [restricted, *restricted.rglob("*")]
    assert len(everything) > 10
    for path in everything:
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path


def test_each_release_says_which_it_is(tmp_path: Path) -> None:
    given = settings(tmp_path)
    public, restricted = both(given)
    manifests = [release.read_manifest(one / release.MANIFEST) for one in (public, restricted)]
    assert [manifest.is_restricted for manifest in manifests] == [False, True]
    assert release.current(given.restricted_releases) == restricted
    assert release.is_complete(restricted)


def test_the_restricted_release_is_made_only_when_it_is_asked_for(tmp_path: Path) -> None:
    given = settings(tmp_path)
    result = build(given)
    assert result.release
    assert result.restricted is None
    assert not given.restricted_releases.exists()


def test_both_are_the_same_bytes_when_built_again(tmp_path: Path) -> None:
    given = settings(tmp_path)
    first = both(given)
    assert both(given) == first


@pytest.mark.parametrize(
    ("table", "marked", "gone"),
    [
        # What took place at a company goes with it, and what was found there.
        ("companies", "bedrijf-a", {"company", "deployment", "case", "finding"}),
        ("cases", "casus-a-2025", {"case", "finding"}),
        ("rounds", "ronde-2024", {"round", "case", "finding", "mirror-session"}),
    ],
)
def test_a_row_that_is_restricted_takes_along_what_cannot_stand_without_it(
    tmp_path: Path, table: str, marked: str, gone: set[str]
) -> None:
    given = settings(tmp_path)
    before, _ = both(given)
    mark(given.data / f"{table}.csv", marked)
    public, restricted = both(given)
    things = [release.read_manifest(one / release.MANIFEST).things for one in (before, public)]
    fewer = {kind for kind in things[0] if things[1].get(kind, 0) < things[0][kind]}
    assert gone <= fewer
    assert f"{marked}>" in (restricted / release.N_QUADS).read_text(encoding="utf-8")
    assert holding(public, f"{marked}>") == []
    assert holding(public, f"/{marked}") == []
    assert release.read_manifest(public / release.MANIFEST).inputs[f"{table}.csv"] is None


def put_file(data: Path) -> str:
    folder = data / "restricted"
    folder.mkdir()
    (folder / "sources.csv").write_text(
        "id,title,page,sourceKind,readNote_nl,readNote_en,dataStatus\n"
        f"{CANARY.lower()},{CANARY},https://example.org/{CANARY},news,{CANARY},{CANARY},observed\n",
        encoding="utf-8",
    )
    return CANARY


def put_graph(data: Path) -> str:
    (data / "open.trig").write_text(
        f"<{BASE}graph/interviews> {RESTRICTED} .\n"
        f"<{BASE}graph/interviews> {{ <https://example.org/x> "
        f'<http://purl.org/dc/terms/title> "{CANARY}" . }}\n',
        encoding="utf-8",
    )
    return CANARY


def put_remark(data: Path) -> str:
    """Say something about a public thing in a restricted file."""
    folder = data / "notes/restricted"
    folder.mkdir(parents=True)
    (folder / "notes.ttl").write_text(
        f'<{BASE}id/company/bedrijf-b> <http://www.w3.org/2004/02/skos/core#note> "{CANARY}" .\n',
        encoding="utf-8",
    )
    return CANARY


@pytest.mark.parametrize("put", [put_file, put_graph, put_remark])
def test_what_a_restricted_file_or_graph_says_is_in_no_file_of_the_public_release(
    tmp_path: Path, put: Callable[[Path], str]
) -> None:
    given = settings(tmp_path)
    secret = put(given.data)
    public, restricted = both(given)
    assert holding(public, secret) == []
    assert holding(public, secret.lower()) == []
    assert release.N_QUADS in holding(restricted, secret)
    company = f"<{BASE}id/company/bedrijf-b>"
    assert company in (public / release.N_QUADS).read_text(encoding="utf-8")


def test_a_report_tells_nothing_of_a_row_that_is_restricted(tmp_path: Path) -> None:
    given = settings(tmp_path)
    sources = given.data / "sources.csv"
    text = sources.read_text(encoding="utf-8")
    head, *_ = text.splitlines()
    columns = head.split(",")
    row = dict.fromkeys(columns, "") | {
        "id": CANARY.lower(),
        "title": CANARY,
        "page": "https://example.org/",
        "sourceKind": "news",
        "dataStatus": "reported",
    }
    sources.write_text(text + ",".join(row[name] for name in columns) + "\n", encoding="utf-8")
    mark(sources, CANARY.lower())
    public, _ = both(given)
    assert holding(public, CANARY) == holding(public, CANARY.lower()) == []


def alone(folder: Path) -> Result:
    """Check the tiny graph, whose companies are like no other."""
    return build(replace(settings(folder), disclosure_floor=3), strict=True)


def test_strict_stops_at_a_company_that_stands_out_and_says_where(tmp_path: Path) -> None:
    result = alone(tmp_path)
    assert result.release is None
    standing_out = [problem for problem in result.problems if "look like" in problem.message.en]
    assert {problem.file for problem in standing_out} == {"companies.csv"}
    assert len({problem.row for problem in standing_out}) == 3


def test_the_public_account_of_what_was_done_names_no_company(tmp_path: Path) -> None:
    given = replace(settings(tmp_path), disclosure_floor=3)
    public, restricted = both(given)
    assert "bedrijf-" in (restricted / release.DISCLOSURE_FULL).read_text(encoding="utf-8")
    for name in (release.DISCLOSURE, release.DISCLOSURE_PAGE):
        text = (public / name).read_text(encoding="utf-8")
        assert "bedrijf-" not in text
        assert text.strip()
