"""Where the graph of a release is asked: at the engine inside, or at the one of the settings."""

from functools import lru_cache
from pathlib import Path

from s4s_graph import release
from s4s_graph.engines.breaker import UnpublishedError
from s4s_graph.engines.client import Client
from s4s_graph.engines.elsewhere import Elsewhere
from s4s_graph.engines.remote import Remote, graphs
from s4s_graph.settings import Settings
from s4s_graph.store import Store, prefixes


@lru_cache(maxsize=4)
def client(settings: Settings) -> Client:
    """Return what asks the engine elsewhere: one for all releases, since all see it go away."""
    return Client(
        settings.sparql_url,
        seconds=settings.sparql_seconds,
        most_bytes=settings.sparql_bytes,
        user=settings.sparql_user,
        password=settings.sparql_password,
    )


def elsewhere(folder: Path, settings: Settings) -> Elsewhere | None:
    """Return where the release in a folder is asked; None if it is here.

    Raises UnpublishedError and AwayError.
    """
    if not settings.sparql_url:
        return None
    manifest = release.read_manifest(folder / release.MANIFEST)
    found = graphs(client(settings), manifest.base, manifest.id)
    if not found:
        raise UnpublishedError(
            f"release {manifest.id} is not at the engine of S4S_SPARQL_URL, or not all of it; "
            "run `s4s publish`"
        )
    return Elsewhere(
        settings.sparql_url,
        settings.sparql_user,
        settings.sparql_password,
        settings.sparql_seconds,
        settings.sparql_bytes,
        manifest.base,
        manifest.id,
        found,
    )


def store(folder: Path, settings: Settings, there: Elsewhere | None = None) -> Store:
    """Open the release in a folder: here, or where `elsewhere` found it."""
    if not there:
        return Store.open(folder, memory_quads=settings.memory_quads)
    known = prefixes(folder)
    return Store(Remote(client(settings), there.names, there.graphs, known), known)
