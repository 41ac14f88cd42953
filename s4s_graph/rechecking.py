"""Checking what changed, with every problem at its cell."""

from collections.abc import Sequence
from dataclasses import dataclass

import pyoxigraph as ox

from s4s_graph import forms, graphs, since, sources
from s4s_graph.forms import Text
from s4s_graph.places import Places, located, without_echoes
from s4s_graph.problems import Problem
from s4s_graph.progress import READ, VALIDATE, Progress, quiet
from s4s_graph.settings import Settings
from s4s_graph.shacl import Result
from s4s_graph.shacl.partial import Partial, partial
from s4s_graph.shacl.paths import UnsupportedError
from s4s_graph.shacl.rules import Rules
from s4s_graph.shacl.terms import Lexicon
from s4s_graph.since import Changed, WholeError


@dataclass(frozen=True)
class Rechecked:
    """What is wrong with what changed and with what depends on it.

    came, went: how many statements are new and how many are gone. nodes: how many things a
    shape was asked about again. rows: how many rows the tables that changed have.
    """

    problems: tuple[Problem, ...]
    came: int
    went: int
    nodes: int
    rows: int


def recheck(name: str, settings: Settings, progress: Progress = quiet) -> Rechecked:
    """Check what changed since a release or a commit.

    Raises WholeError when only a check of everything can tell, UnknownError for a name that means
    nothing, OSError, and what is wrong with the shapes as `forms.read` does.
    """
    form_set, lexicon = forms.read(settings.shapes, settings.base), Lexicon()
    progress(READ, 0, 1)
    found = since.changed(name, settings, form_set, lexicon)
    progress(READ, 1, 1)
    reading = [
        *(problem for source in found.read for problem in source.problems),
        *sources.duplicates([found.context, *found.read]),
    ]
    progress(VALIDATE, 0, 1)
    checked = _checked(found, settings, lexicon)
    progress(VALIDATE, 1, 1)
    results = checked.report.results
    # Everything that refers to a file which cannot be read would look wrong.
    told = () if any(source.is_unread for source in found.read) else results
    places = _places(found, told, form_set, settings)
    return Rechecked(
        (*reading, *without_echoes([located(one, places) for one in told], reading)),
        len(found.change.came),
        len(found.change.went),
        len(set[str]().union(*checked.affected.values())),
        sum(source.rows for source in found.read),
    )


def _checked(found: Changed, settings: Settings, lexicon: Lexicon) -> Partial:
    prepared = Rules.of(graphs.shapes(settings.shapes, settings.base))
    try:
        return partial(found.change, prepared, lexicon)
    except UnsupportedError as error:
        raise WholeError(_untold(error)) from error


def _untold(error: UnsupportedError) -> Text:
    return Text(
        nl=f"van een vorm is niet te zeggen wat zij bekijkt ({error})",
        en=f"there is no telling what a shape looks at ({error})",
    )


def _places(
    found: Changed, results: Sequence[Result], form_set: forms.Forms, settings: Settings
) -> Places:
    """Index what changed, and what else a result is about: those files are read for it."""
    if not results:
        return Places.of(found.read, form_set, settings.base)
    known = {quad.subject for source in found.read for quad in source.quads}
    focus = {ox.NamedNode(one.focus) for one in results if not one.focus.startswith(("_:", '"'))}
    others = found.files(focus - known)
    read = [sources.read(file, form_set, settings.base) for file in others]
    return Places.of([*found.read, *read, found.things()], form_set, settings.base)
