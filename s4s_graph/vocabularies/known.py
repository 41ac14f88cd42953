"""What is known of vocabularies before they are read, so that nobody has to look it up."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_VERSION = re.compile(r"v?(\d+\.(?:\d+|x)(?:\.(?:\d+|x))*)", re.IGNORECASE)


@dataclass(frozen=True)
class Known:
    """A publisher's own words on its vocabulary; None is what it does not say in public."""

    title: Mapping[str, str]
    source: str
    licence: str | None = None
    acknowledgement: Mapping[str, str] = field(default_factory=dict)


# The Commission gives the sentence for its own reuse terms (Decision 2011/833/EU).
ESCO = Known(
    {"en": "ESCO"},
    "https://esco.ec.europa.eu/en/use-esco/download",
    "http://data.europa.eu/eli/dec/2011/833/oj",
    {"en": "This service uses the ESCO classification of the European Commission."},
)
COMPETENTNL = Known({"nl": "CompetentNL"}, "https://www.competentnl.nl")


def versions(names: list[str]) -> list[str]:
    """Return the versions that names of files tell: `ESCO dataset - v1.1.1 - en - csv.zip`."""
    return sorted({found[1] for name in names if (found := _VERSION.search(name))})
