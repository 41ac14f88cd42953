"""What a holder may see: its own field work and nothing confidential of others, by construction."""

import os
from dataclasses import replace
from pathlib import Path

import pyoxigraph as ox
import pytest

from s4s_graph import dumps, release, scopes
from s4s_graph.forms import Forms
from s4s_graph.namespaces import BASE
from s4s_graph.owned import owned
from s4s_graph.release import ReleaseError
from s4s_graph.store import Store
from tests.confidential import BOND, BUREAU, FONDS, NOBODY, Confidential

HOLDERS = (BOND, BUREAU, FONDS)
DEF = f"{BASE}def#"


@pytest.fixture(scope="module")
def folders(sealed: Confidential) -> dict[str, Path]:
    """The release of each holder."""
    made = {}
    for holder in HOLDERS:
        scopes.make(sealed.settings, f"holder:{holder}")
        folder = release.current(scopes.releases(sealed.settings, f"holder:{holder}"))
        assert folder
        made[holder] = folder
    return made


def contents(folder: Path) -> str:
    """Return all that is in a release, whatever file it is in, and the names of the files."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    assert files
    return "\n".join(f"{path}\n{path.read_bytes().decode('latin-1')}" for path in files)


def quads(folder: Path) -> set[ox.Quad]:
    return set(dumps.read([folder / release.N_QUADS]))


def things(folder: Path, kind: str) -> set[str]:
    type_ = ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
    return {
        quad.subject.value.rpartition("/")[2]
        for quad in quads(folder)
        if quad.predicate == type_
        and quad.object == ox.NamedNode(DEF + kind)
        and isinstance(quad.subject, ox.NamedNode)
    }


def test_the_restricted_release_has_every_value_and_the_public_one_none(
    sealed: Confidential,
) -> None:
    everything, public = contents(sealed.restricted), contents(sealed.public)
    assert [value for value in sealed.owners if value not in everything] == []
    assert [value for value in sealed.owners if value in public] == []


@pytest.mark.parametrize("holder", HOLDERS)
def test_a_holder_has_the_values_of_its_own_and_of_nobody_else(
    sealed: Confidential, folders: dict[str, Path], holder: str
) -> None:
    text = contents(folders[holder])
    assert {value for value in sealed.owners if value in text} == sealed.of(holder)
    assert sealed.of(NOBODY)


def test_a_holder_sees_its_own_cases_and_not_those_of_another(
    folders: dict[str, Path], sealed: Confidential
) -> None:
    marked = {value for value in things(sealed.restricted, "CaseStudy") if value in sealed.owners}
    assert len(marked) == 1
    assert things(folders[BOND], "CaseStudy") == {"casus-b-2024", "casus-c-2025", *marked}
    assert things(folders[BUREAU], "CaseStudy") == {"casus-d"}
    assert things(folders[FONDS], "CaseStudy") == set()


def test_a_case_on_interventions_of_two_holders_is_neithers(folders: dict[str, Path]) -> None:
    mixed = "casus-a-2025"
    assert all(mixed not in contents(folder) for folder in folders.values())


def test_a_holder_sees_the_companies_that_it_worked_with(folders: dict[str, Path]) -> None:
    assert things(folders[BOND], "Company") == {"bedrijf-a", "bedrijf-b", "bedrijf-c"}
    assert things(folders[BUREAU], "Company") == {"bedrijf-a", "bedrijf-b", "bedrijf-d"}


@pytest.mark.parametrize("holder", HOLDERS)
def test_what_is_not_the_holders_is_public_as_well(
    sealed: Confidential, folders: dict[str, Path], holder: str
) -> None:
    computed = (f"<{BASE}graph/derived", f"<{BASE}graph/dataset")
    more = quads(folders[holder]) - quads(sealed.public)
    told = [quad for quad in more if not str(quad.graph_name).startswith(computed)]
    # Each row of its own has a value of its own in it, or is about a thing that has one.
    own = {quad.subject for quad in told if any(v in str(quad) for v in sealed.of(holder))}
    assert own
    assert [quad for quad in told if quad.subject not in own] == []


def test_what_follows_rests_on_what_the_holder_sees(folders: dict[str, Path]) -> None:
    for folder in folders.values():
        store = Store.open(folder, memory_quads=10**6)
        lost = store.answer(
            "SELECT DISTINCT ?o { ?s ?p ?o FILTER(isIRI(?o) && "
            f'STRSTARTS(STR(?o), "{BASE}id/")) FILTER NOT EXISTS {{ ?o ?q ?r }} }}'
        )
        assert [row[0].value for row in lost.rows if row[0]] == []


def test_nobody_else_on_the_system_can_read_any_of_it(
    sealed: Confidential, folders: dict[str, Path]
) -> None:
    top = sealed.settings.restricted_releases
    paths = [top, *(path for path in top.rglob("*") if not path.is_symlink())]
    assert len(paths) > 20
    open_ = {path for path in paths if path.is_dir() and path.stat().st_mode & 0o077}
    assert open_ == set()
    loose = {p.name for f in folders.values() for p in f.rglob("*") if p.stat().st_mode & 0o077}
    assert loose == set()


def test_it_is_made_once_and_again_when_the_restricted_release_is_another(
    sealed: Confidential, tmp_path: Path
) -> None:
    settings = replace(sealed.settings, restricted_releases=tmp_path / "restricted")
    settings.restricted_releases.mkdir()
    source, link = sealed.restricted, settings.restricted_releases / release.CURRENT
    (settings.restricted_releases / source.name).symlink_to(source)
    link.symlink_to(source.name)
    scopes.make(settings, "holder:fonds")
    folder = release.current(scopes.releases(settings, "holder:fonds"))
    assert folder
    before = (folder / release.MANIFEST).stat().st_mtime_ns
    scopes.make(settings, "holder:fonds")
    assert (folder / release.MANIFEST).stat().st_mtime_ns == before
    assert scopes.is_current(settings, "holder:fonds")
    scopes.forget(settings)
    assert not folder.exists()
    scopes.make(settings, "holder:fonds")
    assert folder.exists()
    link.unlink()
    os.symlink("another", link)
    assert not scopes.is_current(settings, "holder:fonds")


def test_a_public_release_is_nothing_to_make_a_scope_of(
    sealed: Confidential, tmp_path: Path
) -> None:
    settings = replace(sealed.settings, restricted_releases=tmp_path)
    (tmp_path / "public").symlink_to(sealed.public)
    (tmp_path / release.CURRENT).symlink_to("public")
    with pytest.raises(ReleaseError, match="s4s build --restricted"):
        scopes.make(settings, "holder:bond")


def test_a_case_that_says_of_nothing_what_it_investigates_is_nobodys(sealed: Confidential) -> None:
    forms = Forms.from_json((sealed.public / release.FORMS).read_text(encoding="utf-8"))
    case, type_ = (
        ox.NamedNode(f"{BASE}id/case/x"),
        ox.NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    )
    stray = ox.Quad(case, type_, ox.NamedNode(f"{DEF}CaseStudy"))
    assert owned([stray], f"{BASE}id/organisation/bond", forms, BASE) == []


def test_things_that_are_about_each_other_are_nobodys(sealed: Confidential) -> None:
    forms = Forms.from_json((sealed.public / release.FORMS).read_text(encoding="utf-8"))
    one, two = (ox.NamedNode(f"{BASE}id/case/{name}") for name in "ab")
    link = ox.NamedNode(f"{DEF}investigates")
    circle = [ox.Quad(one, link, two), ox.Quad(two, link, one)]
    assert owned(circle, f"{BASE}id/organisation/bond", forms, BASE) == []
