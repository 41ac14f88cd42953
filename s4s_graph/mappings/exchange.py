"""Mapping sets of others, in whatever form sssom-py reads; and its judgement of what we write.

sssom-py is the extra `mappings`: without it, sets in our own form are read all the same.
"""

import io
import logging
import re
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from xml.parsers.expat import ExpatError
from xml.sax import SAXException

import yaml

from s4s_graph.forms import Text
from s4s_graph.mappings import read, write
from s4s_graph.mappings.sets import SUFFIX, MappingSet
from s4s_graph.problems import Problem

# What files are called, and what sssom-py calls their form.
FORMATS = {
    ".csv": "csv",
    ".json": "json",
    ".owl": "rdf",
    ".rdf": "rdf",
    ".tsv": "tsv",
    ".ttl": "rdf",
    ".xml": "alignment-api-xml",
}
_SYNTAXES = {".owl": "xml", ".rdf": "xml", ".ttl": "turtle"}
_BESIDE = (".yml", ".yaml")
# What sssom-py and its libraries raise on a file that is not what its name says.
_UNREADABLE = (
    AssertionError,
    AttributeError,
    ExpatError,
    LookupError,
    RecursionError,
    SAXException,
    SyntaxError,
    TypeError,
    ValueError,
    yaml.YAMLError,
)
_RESOURCE = re.compile(r'rdf:resource\s*=\s*"([^"]+[/#])')
_SLUG = re.compile(r"[^a-z0-9]+")


class ExchangeError(ValueError):
    """A file that cannot be taken over; `message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Taken:
    """A set of others: what of it can be taken over, and what cannot.

    problems: rows and columns that are refused. dropped: what sssom-py left out or changed on the
    way, in its own words, which are English. rows: how many it has, right or wrong.
    """

    set: MappingSet
    problems: tuple[Problem, ...]
    dropped: tuple[str, ...]
    rows: int


def taken(path: Path, name: str) -> Taken:
    """Read a file and call the set by a name.

    A table with its metadata in it is read by our own reader, which tells the line of a problem;
    every other form by sssom-py. Raises ExchangeError, and OSError.
    """
    if path.suffix not in FORMATS:
        raise ExchangeError(_unknown_form(path.suffix))
    dropped: tuple[str, ...] = ()
    if path.suffix == ".tsv" and _metadata_beside(path) is None:
        found = read.read(path, path.name)
    else:
        text, dropped = _converted(path)
        found = _again(text, path.name)
    return Taken(replace(found.set, name=name), found.problems, dropped, found.rows)


def refused(mapping_set: MappingSet) -> list[str]:
    """Return what the validation of sssom-py has against the file we would write; English.

    Takes most of a millisecond for each mapping. Without sssom-py there is nothing to say.
    """
    if find_spec("sssom") is None:
        return []
    parsers, validators = _sssom("parsers"), _sssom("validators")
    with TemporaryDirectory() as folder, _messages() as said:
        file = Path(folder) / f"set{SUFFIX}"
        write.write(mapping_set, file)
        parsed = parsers.parse_sssom_table(file)
        reports = validators.validate(parsed, fail_on_error=False)
    lost = len(parsed.df) < len(mapping_set.mappings)  # it leaves out what it cannot make sense of
    found = [found.message for report in reports.values() for found in report.results]
    return [*(said if lost else ()), *found]


def slug(path: Path) -> str:
    """Return the name for a set that is in a file: lower case, digits and hyphens."""
    stem = path.name.partition(".sssom")[0] if ".sssom" in path.name else path.stem
    return _SLUG.sub("-", stem.lower()).strip("-")


def _converted(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return a file as SSSOM/TSV, and what sssom-py said on the way."""
    parsers = _sssom("parsers")
    writers = _sssom("writers")
    options: dict[str, Any] = {"propagate": True}
    beside = _metadata_beside(path)
    if beside is not None:
        options["meta"] = yaml.safe_load(beside.read_text("utf-8"))
    if path.suffix in _SYNTAXES:
        options["serialisation"] = _SYNTAXES[path.suffix]
    if path.suffix == ".xml":
        options["prefix_map"] = _namespaces(path)
    with _messages() as said:
        try:
            parse = parsers.get_parsing_function(FORMATS[path.suffix], str(path))
            parsed = parse(str(path), **options)
            output = io.StringIO()
            writers.write_table(parsed, output, condense=False)
        except _UNREADABLE as error:
            raise ExchangeError(_unreadable(path.name, error)) from error
    return output.getvalue(), tuple(dict.fromkeys(said))


def _namespaces(path: Path) -> dict[str, str]:
    """Return a prefix for each namespace in an alignment, which has full addresses only."""
    found = dict.fromkeys(_RESOURCE.findall(path.read_text("utf-8")))
    return {f"ns{number}": namespace for number, namespace in enumerate(found, start=1)}


def _again(text: str, name: str) -> read.Read:
    with TemporaryDirectory() as folder:
        file = Path(folder) / f"set{SUFFIX}"
        file.write_text(text, encoding="utf-8")
        return read.read(file, name)


def _metadata_beside(path: Path) -> Path | None:
    """Return the file with the metadata of a table that has none of its own."""
    with path.open("rb") as file:
        if file.read(1) == b"#":
            return None
    found = (path.with_suffix(suffix) for suffix in _BESIDE)
    return next((file for file in found if file.is_file()), None)


def _sssom(module: str) -> Any:
    # It takes two seconds and a hundred packages, which only these commands need.
    try:
        with _quietly():
            return import_module(f"sssom.{module}")
    except ImportError as error:
        raise ExchangeError(_NOT_INSTALLED) from error


@contextmanager
def _quietly() -> Iterator[None]:
    """Keep back what its libraries warn each other of."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


@contextmanager
def _messages() -> Iterator[list[str]]:
    """Collect what sssom-py logs instead of showing it."""
    said: list[str] = []

    class Collector(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            said.append(record.getMessage())

    root, collector = logging.getLogger(), Collector(logging.WARNING)
    before = root.handlers[:]
    root.handlers = [collector]
    try:
        with _quietly():
            yield said
    finally:
        root.handlers = before


def _unknown_form(suffix: str) -> Text:
    known = ", ".join(FORMATS)
    return Text(
        nl=f"een bestand op {suffix or 'niets'} wordt niet gelezen; gebruik {known}",
        en=f"a file that ends with {suffix or 'nothing'} is not read; use {known}",
    )


def _unreadable(file: str, error: Exception) -> Text:
    said = str(error).partition("\n")[0][:200] or type(error).__name__
    return Text(
        nl=f"{file} is niet als SSSOM te lezen: {said}",
        en=f"{file} cannot be read as SSSOM: {said}",
    )


_NOT_INSTALLED = Text(
    nl="hiervoor is sssom-py nodig: pip install -c constraints.txt '.[mappings]'",
    en="this needs sssom-py: pip install -c constraints.txt '.[mappings]'",
)
