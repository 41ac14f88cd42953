"""The web server around a site, with its limits, its log, and without a word of which it is."""

import uvicorn
from starlette.types import ASGIApp

from catalogue.operating import connections, logs
from catalogue.operating.connections import Bounds
from s4s_graph.settings import Settings, networks

KEEP_ALIVE_SECONDS = 5
LAST_SECONDS = 10  # that answers may still take when the site stops


def config(site: ASGIApp, settings: Settings, host: str, port: int) -> uvicorn.Config:
    """Return how to serve a site at an address."""
    trusted = networks(settings.trusted_proxies)
    bounds = Bounds(settings.request_bytes, connections.most(), trusted)
    return uvicorn.Config(
        site,
        host=host,
        port=port,
        http=connections.bounded(bounds),
        ws="none",
        log_config=logs.config(settings.log),
        # No list of who asked what: a query, and the address it came from, are its reader's own.
        access_log=False,
        # The site looks at the headers of proxies itself: it believes some, and refuses others.
        proxy_headers=False,
        server_header=False,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=LAST_SECONDS,
    )
