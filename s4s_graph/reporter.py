"""Progress of long work, as people see it on the terminal."""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import click

from s4s_graph.forms import Text
from s4s_graph.progress import COMPARE, READ, SORT, VALIDATE, Progress, quiet

Stages = Mapping[str, Text]  # in the order in which they come

BUILD: Stages = {
    "read": Text(nl="bestanden lezen", en="reading files"),
    "validate": Text(nl="controleren", en="checking"),
    "derive": Text(nl="afleiden", en="deriving"),
    "dump": Text(nl="bestanden schrijven", en="writing files"),
    "store": Text(nl="graaf schrijven", en="writing the graph"),
    "publish": Text(nl="publiceren", en="publishing"),
}
VOCABULARY: Stages = {
    READ: BUILD[READ],
    SORT: Text(nl="sorteren", en="sorting"),
    VALIDATE: BUILD[VALIDATE],
    COMPARE: Text(nl="vergelijken met wat er was", en="comparing with what was there"),
}
_BAR = 20


class Reporter:
    """Progress on stderr: one moving line on a terminal, one line a stage elsewhere."""

    def __init__(self, lang: str, is_terminal: bool, stages: Stages = BUILD) -> None:
        self._lang = lang
        self._is_terminal = is_terminal
        self._stages = stages
        self._stage = ""

    def __call__(self, stage: str, done: int, total: int) -> None:
        label = self._stages[stage].of(self._lang)
        if self._is_terminal:
            stages = list(self._stages)
            filled = int(_BAR * (stages.index(stage) + done / total) / len(stages))
            bar = "#" * filled + "." * (_BAR - filled)
            click.echo(f"\r\x1b[K{bar} {label}", nl=False, err=True)
        elif stage != self._stage:
            click.echo(label, err=True)
        self._stage = stage

    def end(self) -> None:
        """Clear the moving line."""
        if self._is_terminal:
            click.echo("\r\x1b[K", nl=False, err=True)


@contextmanager
def bar(lang: str, stages: Stages = BUILD) -> Iterator[Progress]:
    """Lend what shows progress on a terminal, and says nothing elsewhere."""
    if not sys.stderr.isatty():
        yield quiet
        return
    reporter = Reporter(lang, True, stages)
    try:
        yield reporter
    finally:
        reporter.end()
