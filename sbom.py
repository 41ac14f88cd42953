"""What the site is made of, as a software bill of materials in CycloneDX 1.6: `make dist`.

The packages of Python are those of requirements.lock; their licences are what the installed
packages say. The scripts and the font are those of the lock of the front end, but for the tools
that only build them. There is no date in it: the same locks give the same bytes.
"""

import base64
import json
import re
import tomllib
from collections.abc import Iterator, Mapping
from importlib import metadata
from pathlib import Path
from typing import Any
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent
FRONTEND = ROOT / "catalogue/frontend/package-lock.json"
LOCK = ROOT / "requirements.lock"
_MODULES = "node_modules/"
_PINNED = re.compile(r"([a-z0-9.-]+)==(\S+)")
_LICENCE = re.compile(r"License :: (?!OSI Approved$)")
_BY = re.compile(r"    #(?: via|  ) ([a-z0-9.-]+)(?: \(pyproject\.toml\))?")

Component = dict[str, Any]


def bill() -> dict[str, Any]:
    """Return the document; the packages of the lock have to be installed. Raises OSError."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    name = project["name"]
    site = {
        "type": "application",
        **_named(f"pkg:pypi/{name}", name, project["version"]),
        "licenses": [{"expression": project["license"]}],
    }
    versions, wanted_by = _locked(LOCK.read_text(encoding="utf-8"))
    modules = json.loads(FRONTEND.read_text(encoding="utf-8"))["packages"]
    python = {package: _python(package, version) for package, version in versions.items()}
    scripts = {
        path.removeprefix(_MODULES): _script(path.removeprefix(_MODULES), module)
        for path, module in modules.items()
        if path and not module.get("dev")
    }
    links = {site["bom-ref"]: [scripts[one]["bom-ref"] for one in modules[""]["dependencies"]]}
    for package, users in wanted_by.items():
        for user in users:
            ref = site["bom-ref"] if user == name else python[user]["bom-ref"]
            links.setdefault(ref, []).append(python[package]["bom-ref"])
    for module, component in scripts.items():
        wanted = modules[f"{_MODULES}{module}"].get("dependencies", {})
        links[component["bom-ref"]] = [scripts[one]["bom-ref"] for one in wanted]
    components = sorted([*python.values(), *scripts.values()], key=lambda one: one["bom-ref"])
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": site},
        "components": components,
        "dependencies": [
            {"ref": one["bom-ref"], "dependsOn": sorted(links.get(one["bom-ref"], []))}
            for one in (site, *components)
        ],
    }


def _locked(lock: str) -> tuple[dict[str, str], dict[str, list[str]]]:
    """Return the version of each package of a lock, and the packages that each is there for."""
    versions: dict[str, str] = {}
    wanted_by: dict[str, list[str]] = {}
    package = ""
    for line in lock.splitlines():
        if found := _PINNED.match(line):
            package = found[1]
            versions[package] = found[2]
            wanted_by[package] = []
        elif package and (by := _BY.fullmatch(line)):
            wanted_by[package].append(by[1])
    return versions, wanted_by


def _python(package: str, version: str) -> Component:
    component = {"type": "library", **_named(f"pkg:pypi/{package}", package, version)}
    try:
        said = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return component  # one that only older versions of Python need
    return component | {"licenses": list(_licences(said.get_all("License-Expression"), said))}


def _licences(expressions: list[str] | None, said: metadata.PackageMetadata) -> Iterator[Any]:
    if expressions:
        yield {"expression": expressions[0]}
        return
    classified = [c for c in said.get_all("Classifier") or () if _LICENCE.match(c)]
    # Before there were expressions, some wrote a name in this field and some the whole text.
    written = [line for line in said.get_all("License") or () if line and "\n" not in line]
    for licence in [c.rpartition(" :: ")[2] for c in classified] or written:
        yield {"license": {"name": licence}}


def _script(name: str, module: Mapping[str, Any]) -> Component:
    scope, _, short = name.rpartition("/")
    algorithm, _, content = module["integrity"].partition("-")
    purl = f"pkg:npm/{quote(scope)}/{short}" if scope else f"pkg:npm/{short}"
    return {
        "type": "library",
        **_named(purl, name, module["version"]),
        "licenses": [{"expression": module["license"]}],
        "hashes": [
            {
                "alg": algorithm.upper().replace("SHA", "SHA-"),
                "content": base64.b64decode(content).hex(),
            }
        ],
    }


def _named(purl: str, name: str, version: str) -> Component:
    whole = f"{purl}@{version}"
    return {"bom-ref": whole, "name": name, "version": version, "purl": whole}


if __name__ == "__main__":
    import click

    click.echo(json.dumps(bill(), indent=2))
