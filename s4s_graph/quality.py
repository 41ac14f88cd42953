"""What checking a release found, kept beside its report for pages that tell it."""

import json
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from s4s_graph.forms import Text
from s4s_graph.problems import Problem
from s4s_graph.release import QUALITY, ReleaseError


def written(told: Iterable[Problem]) -> str:
    """Return as JSON what the world may know of the problems: the same ones, the same text."""
    ordered = sorted(told, key=lambda problem: (problem.order(), repr(problem)))
    problems = [asdict(problem) for problem in ordered]
    return json.dumps({"problems": problems}, ensure_ascii=False, indent=1) + "\n"


def read(folder: Path) -> tuple[Problem, ...] | None:
    """Return the problems of a release, or None where older software did not keep them.

    Raises ReleaseError when the file is not what a build writes.
    """
    path = folder / QUALITY
    if not path.is_file():
        return None
    try:
        problems = json.loads(path.read_text(encoding="utf-8"))["problems"]
        return tuple(Problem(**{**one, "message": Text(**one["message"])}) for one in problems)
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path} is of other software; run `s4s build` again") from error
