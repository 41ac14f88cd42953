"""What may differ between one installation and the next, read from the environment."""

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any, Self

from s4s_graph.namespaces import BASE

INSTALLATION = "S4S_SKIP_FRONTEND"  # is read when the site is installed, not when it runs
PACKAGE = Path(__file__).resolve().parent
FORMS = {
    "S4S_THEME_CLASS": (
        re.compile(r"[\w-]+(?: [\w-]+)*"),
        "one class name or several, with spaces",
    ),
    "S4S_CONTACT": (
        re.compile(r"[^\s@:/]+@[^\s@:/]+|https?://\S+"),
        "an e-mail address or a web address",
    ),
    "S4S_PROXY_USER_HEADER": (re.compile(r"[A-Za-z][A-Za-z0-9-]*"), "the name of a header"),
    "S4S_SPARQL_URL": (
        re.compile(r"https?://[^\s/?#@]+(?:/[^\s#@]*)?"),
        "the web address of a SPARQL endpoint, without a name or password in it",
    ),
    "S4S_WITHOUT_TLS": (re.compile("yes"), "yes, or be left out"),
    "S4S_LOG": (re.compile("text|json"), "text or json"),
}


class SettingsError(ValueError):
    """A setting has a value that nothing can be done with; the message says what would do."""


def _beside(name: str) -> Path:
    # A wheel carries these folders inside the package; a clone has them beside it.
    inside = PACKAGE / name
    return inside if inside.is_dir() else PACKAGE.parent / name


def _bounded(default: float, least: float, most: float = float("inf")) -> Any:
    return field(default=default, metadata={"least": least, "most": most})


@dataclass(frozen=True)
class Settings:
    """All settings; the variable of `query_seconds` is S4S_QUERY_SECONDS, and so on."""

    base: str = BASE
    data: Path = PACKAGE / "data"
    ontology: Path = field(default_factory=lambda: _beside("ontology"))
    shapes: Path = field(default_factory=lambda: _beside("shapes"))
    releases: Path = Path("releases")
    restricted_releases: Path = Path("releases-restricted")
    keep_releases: int = _bounded(3, 1)
    disclosure_floor: int = _bounded(3, 1)  # companies that look alike, at least
    memory_quads: int = _bounded(100_000, 0)  # larger releases are read from disk
    workers: int = _bounded(2, 1)
    query_seconds: float = _bounded(10, 0.1)
    query_rows: int = _bounded(100_000, 1)  # of a table; what is more is cut off and said
    query_bytes: int = _bounded(50_000_000, 1)  # of an answer
    query_memory: int = _bounded(512 * 1024**2, 64 * 1024**2)  # that a query adds to its worker
    query_length: int = _bounded(100_000, 1)  # characters of a query
    query_nesting: int = _bounded(100, 1)
    query_graphs: int = _bounded(20, 0)  # that a query may name for its default graph or FROM
    request_bytes: int = _bounded(2_000_000, 1)  # of the body of a request
    cache_bytes: int = _bounded(64_000_000, 0)  # of answers that are kept to be given again
    queue_length: int = _bounded(20, 0)
    queue_seconds: float = _bounded(5, 0)
    host: str = "127.0.0.1"
    port: int = _bounded(8000, 0, 65_535)
    sparql_url: str = ""  # of an engine elsewhere, that is asked instead of the one inside
    sparql_user: str = ""
    sparql_password: str = field(default="", repr=False)
    sparql_seconds: float = _bounded(30, 0.1)  # for an answer of it, whole
    sparql_bytes: int = _bounded(200_000_000, 1)  # of an answer of it
    theme_css: Path | None = None  # over the site's own stylesheet
    theme_class: str = ""  # of the root element of each page
    organisation: str = ""  # that runs the site
    contact: str = ""  # of that organisation
    competentnl_key: str = field(default="", repr=False)  # of the endpoint of CompetentNL
    tokens: Path = Path("tokens.json")  # of who may see the restricted release
    audit_log: Path = Path("audit.jsonl")  # who saw what of it
    trusted_proxies: str = ""  # addresses and networks of the proxies that headers are believed of
    monitors: str = ""  # addresses and networks that may see versions and counts
    log: str = "text"  # or "json"
    rate_pages: int = _bounded(600, 0)  # that a client may ask for in a minute; 0 is no limit
    rate_programs: int = _bounded(6_000, 0)  # the same of the endpoint, the API and reconciling
    proxy_user_header: str = ""  # in which such a proxy says who its user is
    without_tls: str = ""  # "yes" to serve what is restricted on an address without TLS

    @classmethod
    def from_environment(cls, environ: Mapping[str, str] = os.environ) -> Self:
        """Return the settings with the S4S_ variables filled in.

        Raises SettingsError for an unknown variable or a value that cannot be.
        """
        known = {f"S4S_{item.name.upper()}": item for item in fields(cls)}
        given = {name: value for name, value in environ.items() if name.startswith("S4S_")}
        given.pop(INSTALLATION, None)
        # A misspelt limit that is silently ignored is worse than one that stops the site.
        if unknown := sorted(given.keys() - known.keys()):
            raise SettingsError(f"{unknown[0]} is not a setting; use one of {', '.join(known)}")
        values: dict[str, Any] = {
            known[name].name: _value(name, text, known[name].type, known[name].metadata)
            for name, text in given.items()
        }
        return cls(**values)


def _value(name: str, text: str, kind: object, bounds: Mapping[str, float]) -> str | Path | float:
    if not text.strip():
        raise SettingsError(f"{name} is empty; give it a value or leave the variable out")
    if name == "S4S_BASE":
        return _base(text)
    if name == "S4S_THEME_CSS":
        return _file(name, text)
    if kind is Path:
        return Path(text).expanduser()
    if name in ("S4S_TRUSTED_PROXIES", "S4S_MONITORS"):
        return _networks(name, text)
    if name in FORMS and not FORMS[name][0].fullmatch(text):
        raise SettingsError(f"{name} is '{text}'; it must be {FORMS[name][1]}")
    if kind is int or kind is float:
        return _counted(name, text, kind, bounds)
    return text


def _file(name: str, text: str) -> Path:
    path = Path(text).expanduser()
    if not path.is_file():
        raise SettingsError(f"{name} is '{text}', which is not a file; name a stylesheet")
    return path


def _networks(name: str, text: str) -> str:
    try:
        networks(text)
    except ValueError as error:
        raise SettingsError(
            f"{name} is '{text}'; it must be addresses or networks, such as 127.0.0.1, 10.1.0.0/16"
        ) from error
    return text


def networks(text: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Return the addresses and networks in a list with commas. Raises ValueError."""
    return tuple(ip_network(part.strip()) for part in text.split(",") if part.strip())


def _base(text: str) -> str:
    if not re.fullmatch(r'https?://[^\s<>"{}|\\^`?#]+/', text):
        raise SettingsError(
            f"S4S_BASE is '{text}'; it must be a web address that ends with a slash, such as {BASE}"
        )
    return text


def _counted(
    name: str, text: str, kind: type[int] | type[float], bounds: Mapping[str, float]
) -> float:
    least, most = bounds["least"], bounds["most"]
    noun = "a whole number" if kind is int else "a number"
    span = f"of {least:g} or more" if most == float("inf") else f"from {least:g} to {most:g}"
    try:
        number = kind(text)
    except ValueError:
        number = float("nan")
    # Written so that "nan" and "inf", which float() accepts, are refused as well.
    if not (least <= number <= most and number < float("inf")):
        raise SettingsError(f"{name} is '{text}'; it must be {noun} {span}")
    return number
