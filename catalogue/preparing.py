"""What readers of a release would have to wait for, computed before they ask."""

from catalogue.live import Release
from catalogue.picturing.facts import facts


def prepare(release: Release) -> None:
    """Count for the pictures, then compute coherence: for 10,000 interventions that is seconds."""
    facts(release)
    release.computed.prepare()
