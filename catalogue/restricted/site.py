"""The site over the restricted release: for each scope an application over a release of its own."""

import asyncio
import logging
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from fastapi import FastAPI, Request
from fastapi.responses import Response
from fastapi.staticfiles import StaticFiles
from starlette.concurrency import run_in_threadpool
from starlette.types import Receive, Scope, Send

from catalogue import app as catalogue
from catalogue import choosing
from catalogue.operating import headers, standing, status
from catalogue.operating.site import Front, Site
from catalogue.operating.standing import Served, Standing
from catalogue.operating.status import Status
from catalogue.page import Templates
from catalogue.restricted.audit import Audit
from catalogue.restricted.door import Door
from catalogue.restricted.door import StartError as StartError
from catalogue.restricted.guard import Guard, sentence
from s4s_graph import release, scopes
from s4s_graph.access import AccessError, Person, Register
from s4s_graph.forms import Text
from s4s_graph.release import ReleaseError
from s4s_graph.settings import Settings

log = logging.getLogger(__name__)


def create(settings: Settings, host: str) -> FastAPI:
    """Return the restricted site, to listen on a host.

    Raises StartError when it would not be safe, or could not tell who may come in or who came.
    """
    try:
        register, audit = Register(settings.tokens), Audit(settings.audit_log)
    except AccessError as error:
        raise StartError(error.message) from error
    except OSError as error:
        raise StartError(_no_audit(error)) from error
    rooms = _Rooms(settings)

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        async with AsyncExitStack() as stack:
            rooms.stack = stack
            yield

    templates = Templates(settings)
    # Who has no token learns that the site is there, and nothing of what it holds.
    front = Front(settings, templates, rooms.standing, headers.CLOSED, status.OPEN, told=False)
    site = Site(lifespan, front)
    site.state.templates = templates
    site.add_exception_handler(ReleaseError, _unmade)
    site.add_exception_handler(OSError, _unmade)
    site.mount("/static", StaticFiles(directory=Path(catalogue.__file__).parent / "static"))
    site.get("/theme.css")(choosing.stylesheet)
    seen = Status(rooms, rooms.standing, front.metrics, paths=status.OWN, monitors=None, told=True)
    site.mount("", seen)
    door = Door(register, settings, host)
    site.add_middleware(Guard, door=door, audit=audit, templates=templates)
    return site


class _Rooms:
    """Leads people to the site of their scope, which is made when the first of them comes."""

    def __init__(self, settings: Settings) -> None:
        self.stack = AsyncExitStack()
        self._settings = settings
        self._sites: dict[str, FastAPI] = {}
        self._made: dict[str, Path | None] = {}
        self._locks: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of someone who was let in."""
        person: Person = scope["state"]["person"]
        site = await self._site(person.scope)
        await site(scope, receive, send)

    async def standing(self) -> Standing:
        """Say how the sites of all scopes stand together."""
        seen = [await standing.of(site.state.live) for site in list(self._sites.values())]
        problem = next((one.problem for one in seen if one.problem), None)
        try:
            served = _served(self._settings.restricted_releases)
        except ReleaseError as error:
            served, problem = None, str(error)
        pools = [counts for one in seen for counts in one.pools]
        return Standing(served if all(one.served for one in seen) else None, problem, pools)

    async def _site(self, scope: str) -> FastAPI:
        async with self._locks[scope]:
            current = release.current(self._settings.restricted_releases)
            if scope not in self._made or self._made[scope] != current:
                # What a holder is no longer to see may be what changed: they wait for the new one.
                await run_in_threadpool(scopes.make, self._settings, scope)
                self._made[scope] = current
            if scope not in self._sites:
                folder = scopes.releases(self._settings, scope)
                site = catalogue.create(replace(self._settings, releases=folder), restricted=True)
                await self.stack.enter_async_context(site.router.lifespan_context(site))
                self._sites[scope] = site
        return self._sites[scope]


def _served(releases: Path) -> Served | None:
    folder = release.current(releases)
    return standing.served(release.read_manifest(folder / release.MANIFEST)) if folder else None


async def _unmade(request: Request, error: Exception) -> Response:
    log.error("The release of a scope cannot be made: %s", error)
    return sentence(request.app.state.templates, request.scope, 503, _UNMADE)


_UNMADE = Text(
    nl="Wat u mag zien is nog niet klaargezet. Probeer het later, of zeg het wie de site beheert.",
    en="What you may see is not there yet. Try again later, or tell who runs this site.",
)


def _no_audit(error: OSError) -> Text:
    return Text(
        nl=f"wie wat ziet kan niet worden vastgelegd ({error}); geef S4S_AUDIT_LOG een plaats "
        "waar deze gebruiker mag schrijven",
        en=f"who sees what cannot be written down ({error}); give S4S_AUDIT_LOG a place where "
        "this user may write",
    )
