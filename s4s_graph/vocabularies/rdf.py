"""RDF files of anyone as sorted runs of statements, each read in a process of its own."""

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Any

from s4s_graph import apart
from s4s_graph.files import FORMATS, PACKED
from s4s_graph.forms import Text
from s4s_graph.problems import Cell, Problem
from s4s_graph.vocabularies.collecting import Collected, RefusedError
from s4s_graph.vocabularies.inputs import Input

STATEMENTS = 50_000_000  # of all files together
SUFFIXES = (*FORMATS, *(suffix + PACKED for suffix in FORMATS))
_PARSING = "s4s_graph.vocabularies.parsing"


def runs(files: Iterable[Input], folder: Path, problems: Collected) -> list[Path]:
    """Write what files say as sorted runs of N-Quads in a new folder; return the runs.

    Raises RefusedError above the limit of statements, and OSError.
    """
    folder.mkdir()
    written: list[Path] = []
    left = STATEMENTS
    for number, file in enumerate(files):
        target = folder / str(number)
        with TemporaryDirectory(dir=folder) as own:
            try:
                path = file.unpacked(Path(own))
            except (zipfile.BadZipFile, zlib.error, EOFError) as error:
                problems.add(Problem.at(Cell(file.name), _damaged(error)))
                continue
            answer = _parsed(path, target, f"b{number}", left)
        if "statements" in answer:
            left -= answer["statements"]
            written.extend(sorted(target.iterdir()))
        elif answer.get("too_many"):
            raise RefusedError(_too_many(file.name))
        else:
            problems.add(Problem.at(Cell(file.name), _without(str(path), answer)))
        if answer.get("quoted"):
            problems.add(Problem.at(Cell(file.name), _QUOTED, str(answer["quoted"])))
    return written


def lines(file: Input, iris: Iterable[str]) -> dict[str, int]:
    """Return the line of a file of text where each IRI is first, spelled out or with a prefix.

    A line that starts with it says something of it, and goes before one that only names it.
    """
    wanted = set(iris)
    if not wanted or file.file_name.lower().endswith(PACKED):
        return {}
    endings = {_ending(iri): iri for iri in wanted}
    pattern = re.compile("|".join(re.escape(end) + r"(?![\w./#-])" for end in endings))
    found: dict[str, int] = {}
    starting: dict[str, int] = {}
    with file.open() as content:
        for number, line in enumerate(_texts(content), 1):
            for match in pattern.finditer(line):
                iri = endings[match[0]]
                start = line[: match.start()].strip()
                if start and not _names(start, iri):
                    continue
                found.setdefault(iri, number)
                if not start or " " not in start:
                    starting.setdefault(iri, number)
    return found | starting


def _texts(content: IO[bytes]) -> Iterator[str]:
    return (line.decode(errors="replace") for line in content)


def _ending(iri: str) -> str:
    return re.split(r"[/#]", iri.rstrip("/#"))[-1]


def _names(before: str, iri: str) -> bool:
    """Tell whether what stands before the end of a name makes it that IRI, or may."""
    start = iri[: len(iri) - len(_ending(iri))]
    return before.endswith((start, ":", '"')) or "&" in before.rsplit(None, 1)[-1]


def _parsed(path: Path, folder: Path, label: str, most: int) -> Mapping[str, Any]:
    answer = apart.answer(_PARSING, str(path), str(folder), label, str(most))
    return {"nl": _DIED.nl, "en": _DIED.en} if answer is None else answer


def _without(path: str, answer: Mapping[str, Any]) -> Text:
    """Return what is wrong with a file, without the path: the file is named before it."""
    nl, en = (str(answer[lang]).removeprefix(path).lstrip(":, ") for lang in ("nl", "en"))
    return Text(nl=nl, en=en)


def _damaged(error: Exception) -> Text:
    return Text(
        nl=f"dit is niet uit te pakken: {error}; haal het bestand opnieuw op",
        en=f"this cannot be unpacked: {error}; download the file again",
    )


def _too_many(name: str) -> Text:
    return Text(
        nl=f"{name}: de bestanden hebben samen meer dan {STATEMENTS} uitspraken, meer dan hier "
        "wordt ingelezen; geef alleen de bestanden die nodig zijn",
        en=f"{name}: the files have more than {STATEMENTS} statements together, more than are "
        "imported; give only the files that are needed",
    )


_DIED = Text(
    nl="dit is niet te lezen: de inhoud zit te diep in elkaar of wordt bij het lezen te groot; "
    "neem het bestand in N-Triples of Turtle, zoals de uitgever het geeft",
    en="this cannot be read: its content nests too deeply or grows too large when it is read; "
    "take the file in N-Triples or Turtle, as the publisher gives it",
)
_QUOTED = Text(
    nl="uitspraken waarin een triple als waarde staat, kunnen niet worden ingelezen; "
    "beschrijf ze als een ding",
    en="statements that have a triple as a value cannot be imported; describe them as a thing",
)
