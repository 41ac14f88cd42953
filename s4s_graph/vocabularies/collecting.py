"""What is wrong with the files of a vocabulary: all of it counted, some of it kept to be told."""

from dataclasses import dataclass, field

from s4s_graph.forms import Text
from s4s_graph.problems import VIOLATION, Problem

KEPT = 100  # problems; a file that is wrong on every row is no reason to print it all


class RefusedError(Exception):
    """An import that cannot go on; `message` says why. Nothing was written."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass
class Collected:
    """Problems as they are found: the first so many of them, and how many there are."""

    kept: list[Problem] = field(default_factory=list)
    errors: int = 0
    warnings: int = 0

    def add(self, problem: Problem) -> None:
        """Count a problem, and keep it if there is room; an error takes the room of a warning."""
        is_error = problem.severity == VIOLATION
        self.errors += is_error
        self.warnings += not is_error
        if len(self.kept) >= KEPT and is_error:
            mild = next((kept for kept in self.kept if kept.severity != VIOLATION), None)
            if mild is not None:
                self.kept.remove(mild)
        if len(self.kept) < KEPT:
            self.kept.append(problem)

    def summary(self) -> Text:
        """Say how many there are, and how many of them are told."""
        return Text(
            nl=f"fouten: {self.errors}, waarschuwingen: {self.warnings}; "
            f"hierboven staan er {len(self.kept)}",
            en=f"errors: {self.errors}, warnings: {self.warnings}; {len(self.kept)} are told above",
        )
