"""How a site stands: what it serves, what is wrong with that, and its workers."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field

from starlette.concurrency import run_in_threadpool

from catalogue.lending import Live
from s4s_graph.endpoint import Counts
from s4s_graph.release import Manifest


@dataclass(frozen=True)
class Served:
    """The release that a site serves.

    made_by: the versions of the software that built it.
    """

    id: str
    base: str = ""
    quads: int = 0
    made_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Standing:
    """How a site stands.

    served: None while there is nothing to serve. problem: a sentence when something newer could
    not be served. pools: of each endpoint of the site, its workers.
    """

    served: Served | None
    problem: str | None = None
    pools: Sequence[Counts] = ()

    @property
    def is_ready(self) -> bool:
        """Tell whether readers and queries get an answer: a release is open, workers run."""
        return self.served is not None and all(counts.workers for counts in self.pools)


Look = Callable[[], Awaitable[Standing]]


async def of(live: Live) -> Standing:
    """Look at a site over releases; a new one is opened first, as for a reader."""
    if live.changed():
        await run_in_threadpool(live.refresh)
    with live.lend() as release:
        if release is None:
            return Standing(None, live.problem)
        return Standing(served(release.manifest), live.problem, (release.pool.counts(),))


def served(manifest: Manifest) -> Served:
    """Return what is told of a release."""
    return Served(manifest.id, manifest.base, manifest.quads, manifest.software)
