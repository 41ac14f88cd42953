"""People who visit the restricted site: their settings, their tokens, the road they come by."""

from base64 import b64encode
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

from fastapi.testclient import TestClient

from catalogue.restricted import site
from s4s_graph import access
from s4s_graph.settings import Settings

NEAR, FAR, PROXY = "127.0.0.1", "192.0.2.7", "10.1.2.3"
EVERYWHERE = "0.0.0.0"
PAGE = "/en/companies/bedrijf-a"
Visit = Callable[..., TestClient]


def own(settings: Settings, folder: Path) -> Settings:
    """Return the settings of a site with tokens and a log of its own."""
    return replace(settings, tokens=folder / "tokens.json", audit_log=folder / "log/audit.jsonl")


@contextmanager
def visits(settings: Settings) -> Iterator[Visit]:
    """Lend a function that visits the site from an address, with the settings changed."""
    with ExitStack() as stack:

        def opened(address: str = NEAR, host: str = NEAR, **changed: Any) -> TestClient:
            app = site.create(replace(settings, **changed), host)
            client = TestClient(app, client=(address, 1), follow_redirects=False)
            return stack.enter_context(client)

        yield opened


def token(settings: Settings, name: str = "ada", scope: str = "all") -> str:
    """Admit someone; return their token."""
    made = access.add(settings.tokens, name, scope, 1)
    assert made
    return made


def bearer(value: str) -> dict[str, str]:
    """Return the header by which a program gives a token."""
    return {"Authorization": f"Bearer {value}"}


def basic(name: str, value: str) -> dict[str, str]:
    """Return the header by which a browser gives a name and a token."""
    return {"Authorization": f"Basic {b64encode(f'{name}:{value}'.encode()).decode()}"}
