"""What pages about coherence need of a release: computed when first asked for, then kept."""

from collections import defaultdict
from collections.abc import Callable, Hashable
from functools import cached_property
from pathlib import Path
from threading import Lock
from typing import TypeVar, cast

from s4s_graph.coherence import links, model, read
from s4s_graph.coherence.improvements import Improvement
from s4s_graph.coherence.links import Links
from s4s_graph.coherence.model import Level, World
from s4s_graph.coherence.routes import prepare
from s4s_graph.coherence.summary import LEVELS, Summary
from s4s_graph.coherence.view import View
from s4s_graph.release import COHERENCE, ReleaseError
from s4s_graph.store import Store

Found = TypeVar("Found")


class Computed:
    """The coherence of one release.

    The build computed the summary; the rest comes from the store. Threads may ask at the same
    time: what two of them need is computed once, and what only one needs holds up no other.
    """

    def __init__(self, path: Path, store: Store) -> None:
        """Read the summary. Raises ReleaseError where the build was of other software."""
        self.summary = _summary(path / COHERENCE)
        self._store = store
        self._kept: dict[Hashable, object] = {}
        self._locks: defaultdict[Hashable, Lock] = defaultdict(Lock)
        self._lock = Lock()

    def keep(self, key: Hashable, make: Callable[[], Found]) -> Found:
        """Return what is kept under a key, made first if need be.

        There have to be few keys: nothing is ever thrown away. So a key can hold a notion, a
        year and a level, but nothing that readers make up.
        """
        if key not in self._kept:
            with self._lock:
                lock = self._locks[key]
            with lock:
                if key not in self._kept:
                    self._kept[key] = make()
        return cast(Found, self._kept[key])

    @cached_property
    def years(self) -> tuple[int, ...]:
        """The years that coherence is known of."""
        return tuple(sorted({item.year for item in self.summary.reports if item.year is not None}))

    @property
    def world(self) -> World:
        """All that coherence is computed from, of all years."""
        return self.keep("world", lambda: read.world(self._store))

    def view(self, year: int | None, level: Level) -> View:
        """Return the world of one of the `years`, or of all (None), on a level."""
        world = self.keep(("world", year), lambda: model.valid(self.world, year))
        return self.keep(("view", year, level), lambda: View(world, level))

    def prepared(self, year: int | None, level: Level) -> View:
        """Return a view in which routes can be searched without further ado."""
        view = self.view(year, level)
        self.keep(("routes", year, level), lambda: prepare(view))
        return view

    def prepare(self) -> None:
        """Compute what the first readers of a release would have to wait for, all years together.

        For 10,000 interventions that takes seconds, and 70 MB for the routes between them.
        """
        for level in LEVELS:
            self.prepared(None, level)
            self.links(None, level)

    def links(self, year: int | None, level: Level) -> Links:
        """Return what links in a view."""
        return self.keep(("links", year, level), lambda: links.links(self.view(year, level)))

    def improvements(self, level: Level) -> tuple[Improvement, ...]:
        """Return what would improve coherence most, best first."""
        return self.summary.improvements[level]


def _summary(path: Path) -> Summary:
    try:
        return Summary.from_json(path.read_text(encoding="utf-8"))
    except (OSError, KeyError, TypeError, ValueError) as error:
        raise ReleaseError(f"{path} is of other software; run `s4s build` again") from error
