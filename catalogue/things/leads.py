"""The sentence under the heading of what has no text of its own: made of the fields of its form."""

import re
from collections.abc import Callable, Mapping

from catalogue.page import Page
from catalogue.rows import Record, Shown
from catalogue.views import Showing

PLACE = re.compile(r"%\((\w+)\)s")


def lead(page: Page, showing: Showing, record: Record) -> Shown | None:
    """Return the fullest sentence of which every field is known; None for other kinds."""
    for sentence in _sentences(page.words.gettext).get(record.form.table, ()):
        words = {name: _word(showing, record, name) for name in PLACE.findall(sentence)}
        if all(words.values()):
            return Shown(sentence % words)
    return None


def _word(showing: Showing, record: Record, field: str) -> str:
    return ", ".join(value.text for value in showing.terms(record.values.get(field, ())))


def _sentences(gettext: Callable[[str], str]) -> Mapping[str, tuple[str, ...]]:
    return {
        "cases": (gettext("A case study at %(atCompany)s, in %(inRound)s."),),
        "companies": (
            gettext(
                "A company with %(sizeClass)s employees; sector: %(sector)s; region: %(region)s."
            ),
            gettext("A company with %(sizeClass)s employees; sector: %(sector)s."),
            gettext("A company with %(sizeClass)s employees."),
        ),
        "deployments": (gettext("In %(year)s, %(atCompany)s used %(deploys)s."),),
        "holder-responses": (
            gettext("The answer of the holder to “%(respondsTo)s”: %(decision)s. %(change)s"),
            gettext("The answer of the holder to “%(respondsTo)s”: %(decision)s. %(reason)s"),
            gettext("The answer of the holder to “%(respondsTo)s”: %(decision)s."),
        ),
        "mirror-sessions": (
            gettext(
                "A talk in %(inRound)s, in which researchers put their findings about "
                "“%(aboutIntervention)s” to its holder."
            ),
        ),
        "organisations": (
            gettext("Kind of organisation: %(classification)s."),
            gettext("An organisation."),
        ),
        "relations": (
            gettext("Said of two interventions: %(relationFrom)s %(relationType)s %(relationTo)s."),
        ),
        "roles": (gettext("%(agent)s is %(hadRole)s of %(thing)s."),),
        "rounds": (
            gettext("A round of evaluation in %(year)s, in the programme %(inProgramme)s."),
        ),
        "sources": (
            gettext("A public source: %(sourceKind)s, %(publisher)s, %(issued)s."),
            gettext("A public source: %(sourceKind)s, %(publisher)s."),
            gettext("A public source: %(sourceKind)s."),
        ),
        "studies": (
            gettext("A published study (%(studyDesign)s), %(country)s, %(year)s."),
            gettext("A published study (%(studyDesign)s), %(year)s."),
            gettext("A published study (%(studyDesign)s), %(country)s."),
            gettext("A published study (%(studyDesign)s)."),
        ),
        "versions": (gettext("How %(versionOf)s was in %(year)s."),),
    }
