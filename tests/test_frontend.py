"""The bundles of the site: what they are made of, when they are made, and how they are served."""

import gzip
import json
import re
import subprocess
from pathlib import Path
from types import SimpleNamespace

import pytest
from browsing import browser, soup

import hatch_build
from catalogue import assets

ROOT = Path(__file__).resolve().parents[1]
FRONTEND = ROOT / hatch_build.FRONTEND
SCRIPTS = 5_000  # bytes, compressed, of all scripts but the editor
WHOLE = 160_000  # and with the editor


def hook(root: Path, target: str = "wheel") -> hatch_build.FrontendHook:
    config = SimpleNamespace()
    return hatch_build.FrontendHook(str(root), {}, config, SimpleNamespace(), str(root), target)


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """A project with one source of a bundle."""
    folder = tmp_path / hatch_build.FRONTEND
    folder.mkdir(parents=True)
    (folder / "package.json").write_text("{}", encoding="utf-8")
    return tmp_path


@pytest.fixture
def without_node(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))


def stamped(root: Path) -> None:
    (root / hatch_build.DIST).mkdir(parents=True)
    made_of = hatch_build.fingerprint(root / hatch_build.FRONTEND)
    (root / hatch_build.DIST / hatch_build.STAMP).write_text(made_of, encoding="utf-8")


def test_the_lock_pins_each_package_by_its_content_and_names_no_address() -> None:
    lock = (FRONTEND / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(lock)["packages"]
    assert '"resolved"' not in lock
    assert "omit-lockfile-registry-resolved=true" in (FRONTEND / ".npmrc").read_text("utf-8")
    assert {name for name, package in packages.items() if name and "integrity" not in package} == (
        set()
    )
    assert "node_modules/esbuild" in packages


def test_packages_are_asked_for_in_one_version() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    versions = {**package["dependencies"], **package["devDependencies"]}
    assert versions
    assert [v for v in versions.values() if not re.fullmatch(r"\d+\.\d+\.\d+", v)] == []


@pytest.mark.usefixtures("without_node")
def test_pip_brings_node_where_there_is_none(source: Path) -> None:
    assert hook(source).dependencies() == [hatch_build.NODE_PACKAGE]
    assert hook(source, "sdist").dependencies() == []


def test_an_old_node_will_not_do(
    source: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("node", "npm"):
        (tmp_path / name).write_text("#!/bin/sh\necho v18.20.1\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert hatch_build.system_npm() == ()
    (tmp_path / "node").write_text("#!/bin/sh\necho v20.0.0\n", encoding="utf-8")
    assert hatch_build.system_npm() == (str(tmp_path / "npm"),)


@pytest.mark.usefixtures("without_node")
def test_nothing_is_made_again_until_a_source_changes(source: Path) -> None:
    stamped(source)
    assert hatch_build.up_to_date(source)
    assert hook(source).dependencies() == []
    (source / hatch_build.FRONTEND / "package.json").write_text("{ }", encoding="utf-8")
    assert not hatch_build.up_to_date(source)


def test_who_asks_to_do_without_gets_a_site_without(
    source: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(hatch_build.SKIP, "1")
    build_data: dict[str, list[str]] = {"artifacts": []}
    hook(source).initialize("standard", build_data)
    assert hook(source).dependencies() == []
    assert not (source / hatch_build.DIST).exists()


def test_a_failure_names_the_switch(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=f"Set {hatch_build.SKIP}=1 to install without"):
        hatch_build.run(["/bin/sh", "-c", "echo no network; exit 1"], tmp_path)


def test_the_bundles_stay_within_their_budget() -> None:
    if not assets.addresses():
        pytest.skip("the site was installed without its bundles")
    sizes = {
        path.name: len(gzip.compress(path.read_bytes(), 9)) for path in assets.FOLDER.glob("*.js")
    }
    assert sum(sizes.values()) <= WHOLE
    assert sum(size for name, size in sizes.items() if "editor" not in name) <= SCRIPTS


def test_what_is_made_is_not_under_version_control(root: Path) -> None:
    ignored = subprocess.run(
        ["git", "check-ignore", "-q", str(hatch_build.DIST / "x")], cwd=root, check=False
    )
    if ignored.returncode == 128:
        pytest.skip("not a git checkout")
    assert ignored.returncode == 0


def test_a_bundle_may_be_kept_for_ever_and_a_page_may_not(tiny_release: Path) -> None:
    with browser(tiny_release) as client:
        sheet = soup(client, "/nl/about").select_one('link[href*="site.css"]')
        kept = [
            client.get(address) for address in (str(sheet["href"]), *assets.addresses().values())
        ]
        assert {r.status_code for r in kept} == {200}
        assert {r.headers["cache-control"] for r in kept} == {"public, max-age=31536000, immutable"}
        for path in ("/static/site.css", "/nl/about"):
            assert client.get(path).headers["cache-control"] == "no-cache"


def test_without_bundles_there_is_no_address(tmp_path: Path) -> None:
    assert assets.addresses(tmp_path) == {}


@pytest.mark.parametrize("made", [True, False])
def test_a_page_asks_for_the_script_only_where_there_is_one(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch, made: bool
) -> None:
    there = {"site.js": f"{assets.ADDRESS}site-x.js"} if made else {}
    monkeypatch.setattr(assets, "addresses", lambda: there)
    with browser(tiny_release) as client:
        scripts = soup(client, "/nl/").select("script[src]")
    assert [(s["src"], s["type"]) for s in scripts] == [(a, "module") for a in there.values()]


def test_the_editor_is_asked_for_on_the_page_for_queries_only(
    tiny_release: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    there = {"editor.js": f"{assets.ADDRESS}editor-x.js"}
    monkeypatch.setattr(assets, "addresses", lambda: there)
    with browser(tiny_release) as client:
        pages = {
            path: [str(script["src"]) for script in soup(client, path).select("script[src]")]
            for path in ("/nl/sparql", "/nl/questions/gaps", "/nl/")
        }
    assert pages == {"/nl/sparql": [there["editor.js"]], "/nl/questions/gaps": [], "/nl/": []}


def test_the_editor_is_made_of_its_parts_not_of_the_package_with_their_name() -> None:
    package = json.loads((FRONTEND / "package.json").read_text(encoding="utf-8"))
    lock = json.loads((FRONTEND / "package-lock.json").read_text(encoding="utf-8"))
    # The package called codemirror is version 5 under a number of version 6.
    assert "codemirror" not in package["dependencies"]
    assert "node_modules/codemirror" not in lock["packages"]
    assert "node_modules/@codemirror/view" in lock["packages"]
