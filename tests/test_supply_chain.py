"""What the site is made of: pinned with checksums, and listed whole."""

import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable
from importlib import metadata
from pathlib import Path

import pytest
from conftest import ROOT
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import sbom

LOCK = ROOT / "requirements.lock"
MAKE = "make it anew with `make lock`"


def pinned(path: Path) -> dict[str, str]:
    """Return the version of each package that a file pins."""
    lines = path.read_text("utf-8").splitlines()
    requirements = [line.split("#")[0].rstrip(" \\") for line in lines if re.match(r"\w", line)]
    found = [Requirement(text) for text in requirements]
    return {canonicalize_name(r.name): str(r.specifier).removeprefix("==") for r in found}


def needed(requirements: Iterable[Requirement]) -> dict[str, str]:
    """Return the version of all that these need in this Python."""
    known: dict[str, str] = {}
    waiting = list(requirements)
    followed = set[str]()
    while waiting:
        requirement = waiting.pop()
        known[canonicalize_name(requirement.name)] = metadata.version(requirement.name)
        if str(requirement) in followed:
            continue
        followed.add(str(requirement))
        for text in metadata.requires(requirement.name) or ():
            needs = Requirement(text)
            if not needs.marker or any(
                needs.marker.evaluate({"extra": extra}) for extra in ("", *requirement.extras)
            ):
                waiting.append(needs)
    return known


def declared() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return [Requirement(text) for text in project["dependencies"]]


def test_the_lock_pins_what_the_tests_ran_with() -> None:
    locked, tested = pinned(LOCK), pinned(ROOT / "constraints.txt")
    assert {canonicalize_name(one.name) for one in declared()} <= locked.keys(), MAKE
    assert {name: tested.get(name) for name in locked} == locked, MAKE


def test_the_lock_holds_all_that_runs_and_no_more() -> None:
    for_this_python = {
        canonicalize_name(requirement.name): str(requirement.specifier).removeprefix("==")
        for line in LOCK.read_text("utf-8").splitlines()
        if re.match(r"\w", line) and (requirement := Requirement(line.rstrip(" \\")))
        if requirement.marker is None or requirement.marker.evaluate()
    }
    assert for_this_python == needed(declared()), MAKE


def test_each_package_of_the_lock_has_checksums_and_no_address() -> None:
    text = LOCK.read_text("utf-8")
    assert "://" not in text
    packages = re.split(r"\n(?=\w)", text.partition("\n#    make lock\n")[2])
    assert len(packages) == len(pinned(LOCK))
    for package in packages:
        assert len(re.findall(r"--hash=sha256:[0-9a-f]{64}\b", package)) >= 1, package


def test_the_bill_is_cyclonedx() -> None:
    assert JsonStrictValidator(SchemaVersion.V1_6).validate_str(json.dumps(sbom.bill())) is None


def test_the_bill_lists_what_both_locks_hold_and_nothing_hangs_loose() -> None:
    bill = sbom.bill()
    listed = {(one["name"], one["version"]) for one in bill["components"]}
    modules = json.loads(sbom.FRONTEND.read_text("utf-8"))["packages"]
    served = {
        (path.removeprefix("node_modules/"), module["version"])
        for path, module in modules.items()
        if path and not module.get("dev")
    }
    assert listed == set(pinned(LOCK).items()) | served
    assert ("@fontsource-variable/source-sans-3", "5.3.0") in listed
    links = {one["ref"]: one["dependsOn"] for one in bill["dependencies"]}
    reached, waiting = set[str](), [bill["metadata"]["component"]["bom-ref"]]
    while waiting:
        reached.add(ref := waiting.pop())
        waiting.extend(set(links[ref]) - reached)
    assert reached == links.keys()


def test_the_bill_names_a_licence_for_each_package_that_is_installed() -> None:
    for one in sbom.bill()["components"]:
        try:
            installed = one["purl"].startswith("pkg:npm/") or metadata.version(one["name"])
        except metadata.PackageNotFoundError:
            installed = False
        if installed:
            assert one["licenses"], one["name"]


def test_the_bill_is_the_same_each_time() -> None:
    command = [sys.executable, "sbom.py"]
    once, again = (subprocess.check_output(command, cwd=ROOT) for _ in range(2))
    assert once == again
    assert json.loads(once) == sbom.bill()


@pytest.mark.parametrize("target", ["lock", "dist", "audit"])
def test_the_makefile_has_what_the_readme_names(target: str) -> None:
    assert f"`make {target}`" in (ROOT / "README.md").read_text("utf-8")
    assert subprocess.run(["make", "-n", target], cwd=ROOT, capture_output=True).returncode == 0
