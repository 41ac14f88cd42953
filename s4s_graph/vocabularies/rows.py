"""Rows of CSV as a stream, which is how a file of any length takes little memory."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.problems import Cell, Problem
from s4s_graph.vocabularies.collecting import Collected, RefusedError
from s4s_graph.vocabularies.inputs import Input

ROWS = 2_000_000  # of all files together, more than ten times those of ESCO
CELL = 16 << 20  # characters; ESCO lists the concepts of a scheme in one cell

# What a row says, and where it stands.
Said = tuple[Cell, list[ox.Quad]]


@dataclass
class Rows:
    """Reads rows, and counts those of all files against the limit."""

    problems: Collected
    count: int = field(default=0, init=False)

    def read(self, file: Input, delimiter: str = ",") -> Iterator[tuple[int, list[str]]]:
        """Yield the rows of a file by number, the heading first; white space around is cut.

        What cannot be read ends the file with a problem. Raises RefusedError above the limit.
        """
        before = csv.field_size_limit(CELL)
        number = 0
        try:
            with file.open() as content:
                text = io.TextIOWrapper(content, "utf-8-sig", newline="")
                for number, row in enumerate(csv.reader(text, delimiter=delimiter, strict=True), 1):
                    self.count += 1
                    if self.count > ROWS:
                        raise RefusedError(_too_many(file.name))
                    if any(row):
                        yield number, [cell.strip() for cell in row]
        except UnicodeDecodeError:
            place = Cell(file.name, _line_that_is_not_utf8(file))
            self.problems.add(Problem.at(place, _NOT_UTF8))
        except csv.Error as error:
            self.problems.add(Problem.at(Cell(file.name, number + 1), _not_csv(error)))
        except (OSError, EOFError, zipfile.BadZipFile, zlib.error) as error:
            self.problems.add(Problem.at(Cell(file.name), _unreadable(error)))
        finally:
            csv.field_size_limit(before)


def _line_that_is_not_utf8(file: Input) -> int | None:
    with file.open() as content:
        for number, line in enumerate(content, 1):
            try:
                line.decode()
            except UnicodeDecodeError:
                return number
    return None


def _too_many(name: str) -> Text:
    return Text(
        nl=f"{name}: de bestanden hebben samen meer dan {ROWS} rijen, meer dan hier wordt "
        "ingelezen; geef alleen de bestanden die nodig zijn",
        en=f"{name}: the files have more than {ROWS} rows together, more than are imported; "
        "give only the files that are needed",
    )


def _not_csv(error: csv.Error) -> Text:
    return Text(
        nl=f"vanaf hier is dit geen CSV ({error}); kijk of een aanhalingsteken ontbreekt "
        "of te veel is",
        en=f"from here on this is no CSV ({error}); look for a quote that is missing "
        "or one too many",
    )


def _unreadable(error: Exception) -> Text:
    return Text(
        nl=f"dit is niet te lezen: {error}; haal het bestand opnieuw op",
        en=f"this cannot be read: {error}; download the file again",
    )


_NOT_UTF8 = Text(
    nl="op deze regel staan tekens die geen UTF-8 zijn; bewaar het bestand als CSV UTF-8, "
    "of neem het zoals de uitgever het geeft",
    en="this line has characters that are not UTF-8; save the file as CSV UTF-8, "
    "or take it as the publisher gives it",
)
