"""What the size, the sector and the region of a company say about interventions: not much.

No rule of a configuration speaks of them, so they decide no verdict. What can be said is where
something was seen, and for whom an intervention is meant, where that is stated.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from catalogue.coherence.reaching import Tried
from catalogue.live import query
from catalogue.page import Page
from s4s_graph.coherence import sightings
from s4s_graph.coherence.fit import Fit
from s4s_graph.coherence.view import View
from s4s_graph.search.words import split
from s4s_graph.store import Literal

COUNTRY = "nederland"  # a region that every intervention here is in


@dataclass(frozen=True)
class Alike:
    """The companies that have a feature in common with that of a reader.

    invented: whether one of them is an example, so that counts of them are.
    """

    feature: str
    companies: frozenset[str]
    invented: bool


@dataclass(frozen=True)
class Seen:
    """At how many such companies a favourable configuration was seen to work, and not to."""

    feature: str
    worked: Tried
    failed: Tried
    invented: bool


@dataclass(frozen=True)
class Scope:
    """For whom an intervention is stated to be; None where nothing is stated.

    here: whether those words name the region of the company; None where they name no region.
    """

    note: str | None
    here: bool | None = None


@dataclass(frozen=True)
class Studied:
    """A published study of a configuration, and of what it says that it studied."""

    study: str
    favours: bool
    sector: str | None
    size: str | None
    country: str | None


@dataclass(frozen=True)
class FeatureRow:
    """That a company has a feature."""

    company: str
    feature: str


@dataclass(frozen=True)
class StudyRow:
    """One finding of a study about one configuration."""

    configuration: str
    direction: str
    study: str
    sector: Literal | None
    size: Literal | None
    country: str | None


@dataclass(frozen=True)
class ScopeRow:
    """What one intervention says."""

    intervention: str
    note: Literal


def alike(page: Page, features: Mapping[str, str]) -> list[Alike]:
    """Return the companies with each of these features, by its name."""
    every = page.release.computed.keep("companies by feature", lambda: _companies(page))
    return [
        Alike(name, companies, not companies.isdisjoint(page.release.illustrative))
        for name, iri in features.items()
        for companies in [every.get(iri, frozenset())]
    ]


def seen(view: View, found: Fit, likenesses: Iterable[Alike]) -> list[Seen]:
    """Return what cases say of an intervention; one or two companies are not told apart."""
    names = [way.configuration for way in found.ways]
    counted = ((item, sightings.seen(view, names, item.companies)) for item in likenesses)
    return [
        Seen(item.feature, Tried.of(cases.worked), Tried.of(cases.failed), item.invented)
        for item, cases in counted
        if cases.worked or cases.failed
    ]


def scopes(page: Page, region: str | None) -> Mapping[str, Scope]:
    """Return for whom each intervention that says so is."""
    notes = page.release.computed.keep(("scopes", page.lang), lambda: _scopes(page))
    if not region or region == COUNTRY:
        return notes
    names = {
        slug: _phrase(name)
        for slug, name in page.release.names("regions", page.lang).items()
        if slug != COUNTRY
    }
    return {iri: _placed(scope, names, region) for iri, scope in notes.items()}


def studies(page: Page, configuration: str) -> tuple[Studied, ...]:
    """Return the published studies of a configuration, those in its favour first."""
    every = page.release.computed.keep(("studies", page.lang), lambda: _studies(page))
    return every.get(configuration, ())


def _companies(page: Page) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for row in page.release.store.select(query("advice_companies"), FeatureRow):
        found[row.feature].add(row.company)
    return {feature: frozenset(companies) for feature, companies in found.items()}


def _scopes(page: Page) -> dict[str, Scope]:
    rows = page.release.store.select(query("advice_scopes"), ScopeRow, lang=page.lang)
    return {row.intervention: Scope(row.note.value) for row in rows}


def _placed(scope: Scope, names: Mapping[str, str], region: str) -> Scope:
    said = _phrase(scope.note or "")
    named = {slug for slug, name in names.items() if name in said}
    return replace(scope, here=region in named) if named else scope


def _phrase(text: str) -> str:
    """Return the words of a text, with a space around each: then a part of one is in none."""
    return f" {' '.join(split(text))} "


def _studies(page: Page) -> dict[str, tuple[Studied, ...]]:
    found: defaultdict[str, list[Studied]] = defaultdict(list)
    for row in page.release.store.select(query("advice_studies"), StudyRow, lang=page.lang):
        found[row.configuration].append(
            Studied(
                row.study,
                row.direction.endswith("supports"),
                _text(row.sector),
                _text(row.size),
                row.country,
            )
        )
    return {
        name: tuple(sorted(items, key=lambda item: (not item.favours, item.study)))
        for name, items in found.items()
    }


def _text(literal: Literal | None) -> str | None:
    return literal.value if literal else None
