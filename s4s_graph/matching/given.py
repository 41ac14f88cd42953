"""The concepts that someone names on the command line: our skills, a vocabulary, or a file."""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pyoxigraph as ox

from s4s_graph import forms, labels, reading, sources
from s4s_graph.forms import Text
from s4s_graph.mappings.exchange import slug
from s4s_graph.namespaces import STANDARD
from s4s_graph.settings import Settings
from s4s_graph.vocabularies import folder
from s4s_graph.vocabularies.concepts import Concept, Texts, concepts

OWN = "skills"
_EXACT = f"{STANDARD['skos']}exactMatch"
_SEPARATOR = "|"  # between the values of one cell
_CELL = 1 << 20  # characters


class GivenError(ValueError):
    """What was named cannot be matched; `message` says why, and what would be right."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Given:
    """Concepts, what they are called together, and where they are from.

    source: the name of their graph in a release; None of a file. exact: pairs of IRIs that they
    themselves say are the same, the first of which is one of theirs.
    """

    name: str
    concepts: Sequence[Concept]
    source: str | None
    exact: frozenset[tuple[str, str]] = frozenset()


def read(named: str, settings: Settings) -> Given:
    """Return the concepts of our own table, of an imported vocabulary, or of a file.

    Raises GivenError, FormsError for the shapes, and OSError.
    """
    path = Path(named)
    if named == OWN:
        found = _own(settings)
    elif named in (known := {place.name: place for place in folder.folders(settings.data)}):
        try:
            triples = list(folder.stored(known[named]).triples())
        except (SyntaxError, KeyError) as error:
            raise GivenError(_damaged(known[named], error)) from error
        found = _of(named, triples, folder.graph(named, settings.base))
    elif path.is_file():
        found = _file(path)
    else:
        raise GivenError(_unknown(named, [OWN, *known]))
    if not found.concepts:
        raise GivenError(_empty(named))
    return found


def _own(settings: Settings) -> Given:
    form_set = forms.read(settings.shapes, settings.base)
    files = [f for f in sources.data_files(settings.data) if f.path.suffix in reading.TABLES]
    read = [sources.read(file, form_set, settings.base) for file in files]
    quads = (quad for source in labels.resolved(read, settings.base) for quad in source.quads)
    start = f"{settings.base}id/skill/"
    ours = [
        quad
        for quad in quads
        if isinstance(quad.subject, ox.NamedNode) and quad.subject.value.startswith(start)
    ]
    return _of(OWN, ours, None)


def _file(path: Path) -> Given:
    if path.suffix.lower() == ".csv":
        return Given(slug(path), list(_rows(path)), None)
    format_ = ox.RdfFormat.from_extension(path.suffix.removeprefix("."))
    if format_ is None:
        raise GivenError(_other_kind(path))
    try:
        return _of(slug(path), list(ox.parse(path=path, format=format_)), None)
    except SyntaxError as error:
        raise GivenError(_damaged(path, error)) from error


def _of(name: str, said: Sequence[ox.Quad | ox.Triple], source: str | None) -> Given:
    exact = frozenset(
        (each.subject.value, each.object.value)
        for each in said
        if each.predicate.value == _EXACT
        and isinstance(each.subject, ox.NamedNode)
        and isinstance(each.object, ox.NamedNode)
    )
    return Given(name, list(concepts(said).values()), source, exact)


def _rows(path: Path) -> Iterator[Concept]:
    """Yield a concept for each row of a table with columns such as iri and prefLabel_nl."""
    csv.field_size_limit(_CELL)
    with path.open(encoding="utf-8-sig", newline="") as lines:
        table = csv.DictReader(lines, strict=True)
        try:
            heading = table.fieldnames or []
            if "iri" not in heading or not any(_is(name, "prefLabel") for name in heading):
                raise GivenError(_headless(path, heading))
            for row in table:
                if concept := _concept(row, path, table.line_num):
                    yield concept
        except (csv.Error, UnicodeDecodeError) as error:
            raise GivenError(_damaged(path, error)) from error


def _concept(row: dict[str, str | None], path: Path, line: int) -> Concept | None:
    if None in row or None in row.values():
        raise GivenError(_shifted(path, line))
    cells = {name: value or "" for name, value in row.items()}
    preferred = _texts(cells, "prefLabel")
    if not preferred:
        return None
    if not cells["iri"].startswith(("http://", "https://", "urn:")):
        raise GivenError(_no_address(path, line, cells["iri"]))
    return Concept(
        cells["iri"],
        preferred,
        _texts(cells, "altLabel"),
        _texts(cells, "definition"),
        _values(cells.get("broader", "")),
        _values(cells.get("type", "")),
    )


def _texts(cells: dict[str, str], column: str) -> Texts:
    found = {
        name.removeprefix(column).removeprefix("_"): _values(value)
        for name, value in cells.items()
        if _is(name, column)
    }
    return {tag: values for tag, values in found.items() if values}


def _is(name: str, column: str) -> bool:
    return name == column or name.startswith(f"{column}_")


def _values(cell: str) -> list[str]:
    return [text.strip() for text in cell.split(_SEPARATOR) if text.strip()]


def _unknown(named: str, known: Sequence[str]) -> Text:
    near = ", ".join(get_close_matches(named, known, n=3) or known)
    return Text(
        nl=f"'{named}' is geen vocabulaire in de gegevensmap en geen bestand; er is {near}",
        en=f"'{named}' is no vocabulary in the data folder and no file; there is {near}",
    )


def _empty(named: str) -> Text:
    return Text(
        nl=f"{named}: hierin staat geen enkel begrip met een naam (skos:prefLabel)",
        en=f"{named}: this holds no concept with a name (skos:prefLabel)",
    )


def _damaged(path: Path, error: Exception) -> Text:
    return Text(
        nl=f"{path}: dit is niet te lezen ({error}); herstel het of haal het opnieuw op",
        en=f"{path}: this cannot be read ({error}); repair it or get it again",
    )


def _other_kind(path: Path) -> Text:
    return Text(
        nl=f"{path}: dit soort bestand wordt hier niet gelezen; gebruik .csv, .ttl, .nt of .rdf",
        en=f"{path}: this kind of file is not read here; use .csv, .ttl, .nt or .rdf",
    )


def _headless(path: Path, heading: Sequence[str]) -> Text:
    had = ", ".join(heading)[:200]
    return Text(
        nl=f"{path}, regel 1: de kolommen iri en prefLabel_nl of prefLabel_en ontbreken; "
        f"er is: {had}",
        en=f"{path}, line 1: the columns iri and prefLabel_nl or prefLabel_en are missing; "
        f"there is: {had}",
    )


def _shifted(path: Path, line: int) -> Text:
    return Text(
        nl=f"{path}, regel {line}: deze rij heeft niet zoveel cellen als er kolommen zijn",
        en=f"{path}, line {line}: this row does not have as many cells as there are columns",
    )


def _no_address(path: Path, line: int, value: str) -> Text:
    return Text(
        nl=f"{path}, regel {line}, kolom iri: '{value[:80]}' is geen volledig webadres",
        en=f"{path}, line {line}, column iri: '{value[:80]}' is not a full web address",
    )
