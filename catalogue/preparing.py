"""What readers of a release would have to wait for, computed before they ask."""

from catalogue.i18n import LANGUAGES
from catalogue.live import Release
from catalogue.mapping.mappings import mappings
from catalogue.mirroring.overall import overall
from catalogue.picturing.facts import facts
from catalogue.quality.missing import missing
from catalogue.reconciling.entities import directory


def prepare(release: Release) -> None:
    """Count for the pictures, compute coherence, index names: for 10,000 interventions seconds."""
    facts(release)
    for lang in LANGUAGES:
        mappings(release, lang)
    release.computed.prepare()
    directory(release)
    overall(release)
    missing(release)
