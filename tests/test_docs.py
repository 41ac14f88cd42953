"""The README keeps up with the code, and the project speaks only of itself."""

import re
import subprocess
import tomllib
from dataclasses import fields
from pathlib import Path

import pytest

from s4s_graph.cli import main
from s4s_graph.settings import Settings

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def tracked() -> list[Path]:
    """Return the files under version control, or all text files where there is no git."""
    result = subprocess.run(
        ["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    names = result.stdout.split("\0") if result.returncode == 0 else []
    return [ROOT / name for name in names if name and (ROOT / name).is_file()]


@pytest.mark.parametrize("command", sorted(main.commands))
def test_readme_names_each_command(command: str) -> None:
    assert f"s4s {command}" in README


@pytest.mark.parametrize("setting", [item.name for item in fields(Settings)])
def test_readme_names_each_setting(setting: str) -> None:
    assert f"`S4S_{setting.upper()}`" in README


@pytest.mark.parametrize("package", PROJECT["project"]["dependencies"])
def test_readme_says_why_each_dependency_is_there(package: str) -> None:
    paragraph = README.partition("**Few dependencies.**")[2].partition("\n")[0].casefold()
    assert package in paragraph


def test_links_of_the_readme_lead_to_files_that_exist() -> None:
    targets = re.findall(r"\]\((?!https?:|#|mailto:)([^)#]+)", README)
    assert targets
    missing = [target for target in targets if not (ROOT / target).exists()]
    assert missing == []


def test_paths_in_the_readme_exist() -> None:
    paths = re.findall(r"`((?:ontology|shapes|s4s_graph|catalogue|tests)/[\w./-]+)`", README)
    assert paths
    missing = [path for path in paths if not (ROOT / path).exists()]
    assert missing == []


def test_no_file_names_a_registry_host_or_an_absolute_path_of_a_machine() -> None:
    hosts = ("py" + "pi.org", "python" + "hosted", "registry." + "npmjs", "deb." + "debian.org")
    pattern = re.compile("|".join(re.escape(host) for host in hosts) + r"|/ro" + r"ot/|/ho" + "me/")
    files = tracked()
    if not files:
        pytest.skip("not a git checkout, so the list of our own files is not known")
    offenders = [
        str(path.relative_to(ROOT))
        for path in files
        if path.suffix not in {".png", ".woff2"}
        and pattern.search(path.read_text(encoding="utf-8", errors="replace"))
    ]
    assert offenders == []


def test_dependencies_are_pinned_without_addresses() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split("\n")
    pins = [line for line in lines if line and not line.startswith("#")]
    assert pins
    unpinned = [line for line in pins if not re.fullmatch(r"[\w.-]+==[\w.!+]+", line)]
    assert unpinned == []
