"""What the check of a release found, table by table, and how many in the releases before it."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path

from catalogue.live import Release
from s4s_graph import quality
from s4s_graph import release as releases
from s4s_graph.problems import WARNING, Problem
from s4s_graph.release import ReleaseError


@dataclass(frozen=True)
class Checked:
    """The problems of one release; `problems` is None where older software did not keep them."""

    release: str
    made: datetime
    problems: tuple[Problem, ...] | None
    things: int

    @cached_property
    def counts(self) -> Counter[str]:
        """How many there are of each severity."""
        return Counter(problem.severity for problem in self.problems or ())

    @property
    def warnings(self) -> int:
        """How many warnings there are."""
        return self.counts[WARNING]

    @property
    def notes(self) -> int:
        """How many there are that are less than a warning; a release has no errors."""
        return self.counts.total() - self.warnings


@dataclass(frozen=True)
class Table:
    """What was found in one table, by severity and rule: the words of a message are the rule.

    name: of the table, or of the file for what is in no table.
    """

    name: str
    rules: Mapping[tuple[str, str], Sequence[Problem]]

    @cached_property
    def counts(self) -> Counter[str]:
        """How many there are of each severity."""
        counts: Counter[str] = Counter()
        for (severity, _), problems in self.rules.items():
            counts[severity] += len(problems)
        return counts


def history(release: Release) -> list[Checked]:
    """Return the check of a release and of those before it that are kept, the last first."""
    return release.computed.keep("quality", lambda: _history(release))


def tables(release: Release, lang: str) -> list[Table]:
    """Return what was found in each table that something was found in, the most first."""
    return release.computed.keep(("quality", lang), lambda: _tables(release, lang))


def _tables(release: Release, lang: str) -> list[Table]:
    found: defaultdict[str, defaultdict[tuple[str, str], list[Problem]]]
    found = defaultdict(lambda: defaultdict(list))
    for problem in history(release)[0].problems or ():
        rule = problem.severity, problem.message.of(lang)
        found[table(release, problem)][rule].append(problem)
    made = (Table(name, dict(sorted(rules.items()))) for name, rules in found.items())
    return sorted(made, key=lambda one: (-one.counts.total(), one.name))


def table(release: Release, problem: Problem) -> str:
    """Return the table of what a problem is about, or else its file."""
    place = release.place(problem.focus) if problem.focus else None
    return place[0].table if place else problem.file or ""


def _history(release: Release) -> list[Checked]:
    made = _made(release.path)
    before = (
        folder
        for folder in release.path.parent.iterdir()
        if folder.is_dir()
        and not folder.is_symlink()
        and not folder.name.startswith(".")
        and folder != release.path
        and _made(folder) < made
    )
    ordered = sorted(before, key=_made, reverse=True)
    return [_checked(release.path), *(one for folder in ordered if (one := _kept(folder)))]


def _kept(folder: Path) -> Checked | None:
    try:
        return _checked(folder)
    except (ReleaseError, OSError):
        return None  # no release, or one that a build is removing


def _checked(folder: Path) -> Checked:
    manifest = releases.read_manifest(folder / releases.MANIFEST)
    return Checked(
        manifest.id,
        datetime.fromtimestamp(int(_made(folder)), UTC),
        quality.read(folder),
        sum(manifest.things.values()),
    )


def _made(folder: Path) -> float:
    return folder.stat().st_mtime
