"""A review in a terminal: two concepts beside each other, a key for each decision."""

import shutil
import textwrap
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import click

from s4s_graph.forms import Text
from s4s_graph.mappings import wording
from s4s_graph.mappings.keys import END, Keys
from s4s_graph.mappings.known import Known
from s4s_graph.mappings.reviewing import NOTHING_DONE, TAKEN, UNDONE, Review, told
from s4s_graph.mappings.sides import Neighbours, Side
from s4s_graph.store import Label

WIDEST, NARROWEST = 150, 40  # columns
HEADING = 13  # columns of the names of rows; on a narrow screen they stand above
LONGEST = 7  # lines of one text
ENTER, LEAVE, CLEAR = "\x1b[?1049h", "\x1b[?1049l", "\x1b[H\x1b[2J"
QUIT = "q"


@dataclass
class Terminal:
    """One review on one screen."""

    review: Review
    known: Known
    lang: str
    keys: Keys = field(default_factory=Keys)
    predicate: str = ""  # that was chosen for this pair, if another than was proposed
    reason: str = ""
    message: str = ""

    def run(self) -> None:
        """Show pair after pair until the reader stops. Raises as the review does."""
        click.echo(ENTER, nl=False)
        try:
            with self.keys.listening():
                self._draw()
                while (pressed := self.keys.next()) not in {QUIT, END}:
                    self._do(pressed)
                    self._draw()
        finally:
            click.echo(LEAVE, nl=False)

    def _do(self, pressed: str) -> None:
        self.message = ""
        if pressed in {"j", "k"}:
            self.review.go(1 if pressed == "j" else -1)
            self._forget()
        elif pressed == "u":
            self._undo()
        elif self.review.current is None:
            return
        elif pressed in {"a", "r"}:
            self._decide(accepted=pressed == "a")
        elif pressed == "p":
            place = wording.PREDICATES.index(self._chosen()) if self._is_known() else -1
            self.predicate = wording.PREDICATES[(place + 1) % len(wording.PREDICATES)]
        elif pressed in {"1", "2", "3", "4", "5"}:
            self.predicate = wording.PREDICATES[int(pressed) - 1]
        elif pressed == "c":
            self.reason = self.keys.line(f"\n {_REASON.of(self.lang)}", self.reason)

    def _chosen(self) -> str:
        current = self.review.current
        return self.predicate or (current.predicate if current else wording.EXACT)

    def _is_known(self) -> bool:
        return self._chosen() in wording.PREDICATES

    def _forget(self) -> None:
        self.predicate = self.reason = ""

    def _decide(self, *, accepted: bool) -> None:
        subject, object_ = self._names()
        decision = self.review.decide(
            accepted=accepted, predicate=self._chosen(), reason=self.reason
        )
        if decision:
            self.message = f"{told(decision, subject, object_, self.lang)} {_UNDO.of(self.lang)}"
        else:
            self.message = TAKEN.of(self.lang)
        self._forget()

    def _undo(self) -> None:
        undone = self.review.undo()
        self.message = (UNDONE if undone else NOTHING_DONE).of(self.lang)
        self._forget()

    def _names(self) -> tuple[str, str]:
        current = self.review.current
        assert current is not None  # noqa: S101 - asked of a pair only
        left, right = (self.known.name(iri, self.lang).text for iri in current.pair)
        return _plain(left), _plain(right)

    def _draw(self) -> None:
        size = shutil.get_terminal_size()
        width = max(NARROWEST, min(size.columns, WIDEST))
        head, body, foot = list(self._head(width)), list(self._body(width)), list(self._foot(width))
        room = max(1, size.lines - len(head) - len(foot) - 1)
        if len(body) > room:
            body = [*body[: room - 1], click.style(f"… {_HIGHER.of(self.lang)}"[:width], dim=True)]
        body += [""] * (room - len(body))
        click.echo(CLEAR + "\n".join((*head, *body, *foot)), nl=False)

    def _head(self, width: int) -> Iterator[str]:
        title = _TITLE.of(self.lang)
        counts = _COUNTS.of(self.lang).format(
            done=len(self.review.made), open=len(self.review.open), place=self.review.place + 1
        )
        if len(title) + len(counts) + 4 > width:
            title = ""
        gap = " " * max(1, width - len(title) - len(counts) - 2)
        yield click.style(f" {title}{gap}{counts} "[:width], reverse=True)
        current = self.review.current
        if current is None:
            return
        subject, object_ = self._names()
        said = wording.predicate(self._chosen()).of(self.lang)
        yield ""
        sentence = f"{subject} {said} {object_}?"
        yield from (click.style(f" {line}", bold=True) for line in _wrapped(sentence, width - 2))
        found = wording.justification(current.justification).of(self.lang)
        if current.confidence is not None:
            sure = f"{_CONFIDENCE.of(self.lang)} {_percent(current.confidence)}"
            found = f"{sure} · {found}"
        yield from (f" {line}" for line in _wrapped(found, width - 2))
        yield ""

    def _body(self, width: int) -> Iterator[str]:
        current = self.review.current
        if current is None:
            yield ""
            yield from (f" {line}" for line in _wrapped(_ALL_DONE.of(self.lang), width - 2))
            return
        sides = [self.known.side(iri, self.lang) for iri in current.pair]
        names = [self.known.vocabulary(iri, self.lang) for iri in current.pair]
        beside = width >= 80
        column = (width - (HEADING if beside else 0) - 5) // 2
        for number, (heading, texts) in enumerate(_rows(sides, names)):
            cells = [list(_cell(each, column)) for each in texts]
            if not any(cells):
                continue
            if number == 1 or (number and beside):
                yield click.style(" " + "─" * (width - 2), dim=True)
            yield from _beside(heading.of(self.lang), cells, column, beside)

    def _foot(self, width: int) -> Iterator[str]:
        yield click.style("─" * width, dim=True)
        if self.message:
            lines = _wrapped(self.message, width - 2)
            yield from (click.style(f" {line}", fg="yellow") for line in lines)
        if self.reason:
            said = f"{_REASON.of(self.lang)}: {self.reason}"
            yield from (f" {line}" for line in _wrapped(said, width - 2))
        if self.review.current is not None:
            yield from _choices(self._chosen(), width, self.lang)
        yield from (f" {line}" for line in _wrapped(_KEYS.of(self.lang), width - 2))


def _rows(sides: list[Side], names: list[str]) -> Iterator[tuple[Text, list[list[str]]]]:
    """Yield the rows of the two columns: their name, and the texts of each."""
    yield Text("", ""), [[name] for name in names]
    yield _NAME, [_spoken(side.names) for side in sides]
    yield _OTHERS, [["; ".join(_spoken(side.alternatives))] for side in sides]
    yield (
        _MEANING,
        [_spoken(side.definitions) or ["" if side.known else "(?)"] for side in sides],
    )
    yield _BROADER, [_listed(side.broader) for side in sides]
    yield _NARROWER, [_listed(side.narrower) for side in sides]
    yield _USED, [_listed(side.used) for side in sides]
    yield _ADDRESS, [[side.iri] for side in sides]


def _spoken(labels: Iterable[Label]) -> list[str]:
    return [f"{label.text} ({label.lang})" if label.lang else label.text for label in labels]


def _listed(neighbours: Neighbours) -> list[str]:
    names = "; ".join(one.label.text for one in neighbours.first)
    return [f"{names} (+{neighbours.more})" if neighbours.more else names]


def _cell(texts: Iterable[str], width: int) -> Iterator[str]:
    for text in texts:
        lines = _wrapped(text, width)
        if len(lines) > LONGEST:
            lines = [*lines[: LONGEST - 1], f"{lines[LONGEST - 1][: width - 2]} …"]
        yield from lines


def _beside(heading: str, cells: list[list[str]], width: int, beside: bool) -> Iterator[str]:
    left, right = cells
    if heading and not beside:
        yield click.style(f" {heading}", dim=True)
    for number in range(max(len(left), len(right))):
        first, second = (cell[number] if number < len(cell) else "" for cell in cells)
        title = heading if beside and not number else ""
        start = click.style(f" {title:{HEADING}}", dim=True) if beside else " "
        text = f"{first:{width}} │ {second}"
        yield start + (text if heading else click.style(text, bold=True))


def _choices(chosen: str, width: int, lang: str) -> Iterator[str]:
    """Yield the predicates with their keys, the chosen one marked, on as many lines as it takes."""
    line, length = "", 0
    for number, iri in enumerate(wording.PREDICATES, start=1):
        text = f" {number} {wording.predicate(iri).of(lang)} "
        if length + len(text) + 1 > width and line:
            yield line
            line, length = "", 0
        line += " " + click.style(text, reverse=iri == chosen)
        length += len(text) + 1
    yield line


def _percent(share: float) -> str:
    """Write a share; nearly all is not all."""
    return "100%" if share == 1 else f"{min(99, round(share * 100))}%"


def _wrapped(text: str, width: int) -> list[str]:
    return textwrap.wrap(_plain(text), width) if text else []


def _plain(text: str) -> str:
    """Return a text without what a terminal would obey: vocabularies are written by others."""
    return "".join(letter if letter.isprintable() else " " for letter in text)


_TITLE = Text(nl="Verbanden beoordelen", en="Reviewing mappings")
_COUNTS = Text(
    nl="{place} van {open} open · {done} beslist", en="{place} of {open} open · {done} decided"
)
_CONFIDENCE = Text(nl="zekerheid", en="confidence")
_NAME = Text(nl="naam", en="name")
_OTHERS = Text(nl="andere namen", en="other names")
_MEANING = Text(nl="betekenis", en="meaning")
_BROADER = Text(nl="valt onder", en="falls under")
_NARROWER = Text(nl="omvat", en="includes")
_USED = Text(nl="gebruikt door", en="used by")
_ADDRESS = Text(nl="adres", en="address")
_KEYS = Text(
    nl="A accepteren · R afwijzen · J volgende · K vorige · 1–5 of P wat het zegt · C reden · "
    "U ongedaan maken · Q stoppen",
    en="A accept · R reject · J next · K previous · 1–5 or P what it says · C reason · "
    "U undo · Q quit",
)
_REASON = Text(nl="Reden", en="Reason")
_UNDO = Text(nl="U maakt het ongedaan.", en="U takes it back.")
_ALL_DONE = Text(
    nl="Over alle kandidaten is beslist. U maakt de laatste beslissing ongedaan, Q stopt.",
    en="All candidates are decided on. U takes the last decision back, Q quits.",
)
_HIGHER = Text(nl="maak het venster hoger voor de rest", en="make the window higher for the rest")
