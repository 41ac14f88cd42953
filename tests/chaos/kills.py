"""Builds that are killed at random, with what is served held against its checksums each time."""

import os
import random
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from s4s_graph import release

SMALL = Path(__file__).parents[1] / "small"
REPAIR_EACH = 10  # so often a build is let alone


@dataclass
class Outcome:
    """What came of killing builds: how many had something new current, left something behind."""

    kills: int = 0
    finished: int = 0
    changed: int = 0
    left_behind: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills ({self.finished} after the end), {self.changed} times the new "
            f"release was current, {self.left_behind} times something was left for the next build"
        )


class Builds:
    """Builds of a small workshop, public and restricted, of data that change each time."""

    def __init__(self, folder: Path) -> None:
        self.releases = folder / "releases"
        self.apart = folder / "apart"
        self._data = folder / "small/data"
        shutil.copytree(SMALL, folder / "small")
        self._machines = self._data / "plant/machines.csv"
        self._text = self._machines.read_text(encoding="utf-8")
        self._environment = os.environ | {
            **{
                f"S4S_{name.upper()}": str(folder / "small" / name)
                for name in ("ontology", "shapes", "data")
            },
            "S4S_RELEASES": str(self.releases),
            "S4S_RESTRICTED_RELEASES": str(self.apart),
            "LANG": "C",
        }

    def start(self, number: int) -> "subprocess.Popen[str]":
        """Start a build of other data than before, every other one also of what is restricted.

        It says each stage that it begins in a line on its standard error.
        """
        self._machines.write_text(self._text.replace("1250.50", f"{1300 + number}"), "utf-8")
        more = ["--restricted"] if number % 2 else []
        return subprocess.Popen(
            [sys.executable, "-m", "s4s_graph", "build", *more],
            env=self._environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        )

    def finish(self, number: int) -> list[float]:
        """Build, without being killed; return when it said what it was about to do."""
        with self.start(number) as process:
            assert process.stderr
            said = [time.monotonic() for _ in process.stderr]
        assert process.returncode == 0
        return said

    def left(self) -> list[str]:
        """Return what stands in the folders of releases that no release is."""
        known = {release.CURRENT, ".lock", "scopes"}
        names = [path.name for folder in (self.releases, self.apart) for path in folder.iterdir()]
        whole = {path.name for path in self.all()}
        return [name for name in names if name not in known | whole]

    def all(self) -> list[Path]:
        """Return the folders of all releases."""
        return [*release.all_in(self.releases), *release.all_in(self.apart)]


def run(folder: Path, kills: int, seed: int = 0) -> Outcome:
    """Kill builds at moments between their first word and their end. Raises what is wrong.

    What is current is whole after each, and nothing is left behind after each build that ends.
    """
    builds, chance, outcome = Builds(folder), random.Random(seed), Outcome()
    # Not at a moment of the clock: other work on the machine makes a build ten times as long.
    said = [builds.finish(-2), builds.finish(-1)]
    stage = max((times[-1] - times[0]) / len(times) for times in said)
    for number in range(kills):
        before = release.current(builds.releases)
        with builds.start(number) as process:
            assert process.stderr
            for _ in range(chance.randint(1, len(said[number % 2]))):
                process.stderr.readline()
            time.sleep(chance.uniform(0, stage * 2))
            process.send_signal(signal.SIGKILL)
        outcome.kills += 1
        outcome.finished += process.returncode == 0
        for releases in (builds.releases, builds.apart):
            current = release.current(releases)
            assert current, f"nothing is current in {releases} after kill {number}"
            release.verify(current)
        outcome.changed += release.current(builds.releases) != before
        outcome.left_behind += bool(builds.left())
        if number % REPAIR_EACH == REPAIR_EACH - 1 or number == kills - 1:
            builds.finish(kills + number * 2 + 1)
            assert builds.left() == []
            for one in builds.all():
                release.verify(one)
    return outcome


def main(kills: int) -> None:
    """Kill builds of a small workshop, and print what came of it."""
    with TemporaryDirectory(prefix="chaos-") as name:
        sys.stdout.write(f"{run(Path(name), kills)}\n")
