"""Ids that are made from names, where nobody chose one."""

import re
import unicodedata

_SLUG_CHARACTERS = 60


def slug_of(name: str) -> str:
    """Return a name as an id, cut at a word; empty if it has no Latin letter or digit."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    # Two hyphens are between the two halves of an id.
    return "--".join(filter(None, map(_short, re.sub(r"['`]", "", plain).split("--"))))


def _short(name: str) -> str:
    slug = "-".join(re.findall(r"[a-z0-9]+", name))
    if len(slug) <= _SLUG_CHARACTERS:
        return slug
    return slug[: _SLUG_CHARACTERS + 1].rpartition("-")[0] or slug[:_SLUG_CHARACTERS]
