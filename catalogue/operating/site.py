"""An application with everything around it that a server on the internet needs."""

from collections.abc import Callable, Collection, Mapping
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field

from fastapi import FastAPI
from starlette.types import ASGIApp

from catalogue import policy
from catalogue.operating import headers, status
from catalogue.operating.caller import Known
from catalogue.operating.headers import Headed
from catalogue.operating.measuring import Measured, Metrics
from catalogue.operating.rate import Limited
from catalogue.operating.standing import Look
from catalogue.operating.status import Status
from catalogue.page import Templates
from s4s_graph.settings import Settings, networks


@dataclass(frozen=True)
class Front:
    """What stands before an application: who asks, how often, and what every answer carries.

    told: whether what everyone may ask of `/-/` names the release; paths: what it answers there.
    """

    settings: Settings
    templates: Templates
    look: Look
    headers: Mapping[str, str] = field(default_factory=lambda: headers.PUBLIC)
    paths: Collection[str] = status.OPEN | status.OWN
    told: bool = True
    metrics: Metrics = field(default_factory=Metrics)

    def before(self, app: ASGIApp) -> ASGIApp:
        """Return the application with all of it."""
        settings = self.settings
        app = Limited(app, settings, self.templates)
        app = Status(
            app,
            self.look,
            self.metrics,
            paths=self.paths,
            monitors=networks(settings.monitors),
            told=self.told,
        )
        app = Measured(Headed(app, self.headers), self.metrics)
        return Known(app, networks(settings.trusted_proxies))


class Site(FastAPI):
    """An application without pages of the framework's own, which tells nobody of its requests."""

    def __init__(
        self,
        lifespan: Callable[[FastAPI], AbstractAsyncContextManager[None]],
        front: Front | None,
    ) -> None:
        """Make an application; without `front` it stands behind that of another one."""
        super().__init__(
            lifespan=lifespan,
            docs_url=None,
            redoc_url=None,
            openapi_url=None,
            telemetry=policy.UNOBSERVED,
        )
        self._front = front

    def build_middleware_stack(self) -> ASGIApp:
        """Return the application with what stands before it, also before its page for failures."""
        app = super().build_middleware_stack()
        return self._front.before(app) if self._front else app
