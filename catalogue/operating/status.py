"""What a site tells of itself below `/-/`: alive, ready, its versions, its counts.

These answer before everything else, and without a release.
"""

import json
import sys
from collections.abc import Collection
from functools import cache
from importlib import metadata

from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from catalogue.operating.caller import Caller, Networks, within
from catalogue.operating.measuring import Metrics
from catalogue.operating.standing import Look, Standing
from s4s_graph import __version__

HEALTH, READY, VERSION, METRICS = "/-/health", "/-/ready", "/-/version", "/-/metrics"
OPEN, OWN = frozenset((HEALTH, READY)), frozenset((VERSION, METRICS))
ALLOW = "GET, HEAD"
AGAIN_SECONDS = 10
_PARTS = ("fastapi", "httptools", "pyoxigraph", "starlette", "uvicorn", "uvloop")


class Status:
    """Answers at some of these addresses, and passes everything else on."""

    def __init__(
        self,
        app: ASGIApp,
        look: Look,
        metrics: Metrics,
        *,
        paths: Collection[str],
        monitors: Networks | None,
        told: bool,
    ) -> None:
        """Answer what is `OPEN` to everyone, the others to `monitors`, or with None to all.

        Without `told`, what is open says neither which release is served nor what is wrong.
        """
        self._app = app
        self._look = look
        self._metrics = metrics
        self._paths = paths
        self._monitors = monitors
        self._told = told

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] == "http" and scope["path"] in self._paths:
            response = await self._answer(scope)
            response.headers["Cache-Control"] = "no-store"
            if scope["method"] == "HEAD":
                response.body = b""
            await response(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    async def _answer(self, scope: Scope) -> Response:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            return _said(405, f"Use one of {ALLOW}.", {"Allow": ALLOW})
        if path in OWN and not self._may_see(scope["state"]["caller"]):
            return _said(403, "This is for who watches over the site: see S4S_MONITORS.")
        standing = await self._look()
        match path:
            case "/-/health":
                return self._health(standing)
            case "/-/ready":
                return _ready(standing)
            case "/-/version":
                return _json(200, _version(standing))
        text = self._metrics.text(standing)
        return Response(text, headers={"Content-Type": CONTENT_TYPE_PLAIN_0_0_4})

    def _may_see(self, caller: Caller) -> bool:
        # Behind a proxy that is not trusted anyone may be at that address.
        monitors = self._monitors
        return monitors is None or (not caller.claimed and within(caller.address, monitors))

    def _health(self, standing: Standing) -> Response:
        content: dict[str, object] = {"status": "degraded" if standing.problem else "ok"}
        if self._told:
            content["release"] = standing.served.id if standing.served else None
            content["problem"] = standing.problem
        return _json(200, content)


def _ready(standing: Standing) -> Response:
    if standing.is_ready:
        return _json(200, {"ready": True})
    missing = "No worker answers." if standing.served else "No release is open."
    headers = {"Retry-After": str(AGAIN_SECONDS)}
    return _json(503, {"ready": False, "reason": missing}, headers)


def _version(standing: Standing) -> dict[str, object]:
    served = standing.served
    return {
        "software": {"skills4skills": __version__, "python": sys.version.split()[0], **_parts()},
        "release": served
        and {
            "id": served.id,
            "base": served.base,
            "quads": served.quads,
            "built_with": dict(served.made_by),
        },
    }


@cache
def _parts() -> dict[str, str]:
    return {name: metadata.version(name) for name in _PARTS}


def _json(status: int, content: object, headers: dict[str, str] | None = None) -> Response:
    sent = {**(headers or {}), "Content-Type": "application/json"}
    return Response(json.dumps(content).encode(), status, sent)


def _said(status: int, sentence: str, headers: dict[str, str] | None = None) -> Response:
    sent = {**(headers or {}), "Content-Type": "text/plain; charset=utf-8"}
    return Response(f"{sentence}\n".encode(), status, sent)
