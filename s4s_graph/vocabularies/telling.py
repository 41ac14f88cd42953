"""What the commands about vocabularies say: as lines for people, as a document for scripts."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from s4s_graph.forms import Text
from s4s_graph.namespaces import STANDARD
from s4s_graph.problems import Problem
from s4s_graph.vocabularies.about import About
from s4s_graph.vocabularies.adding import Found
from s4s_graph.vocabularies.folder import Stored
from s4s_graph.vocabularies.links import Broken
from s4s_graph.vocabularies.renewal import ADDED, CHANGED, REMOVED, Change, Renewal

LISTED = 20  # changes of each kind, and links, that are printed; --json has more
_LONGEST = 100  # characters of a text that changed
_SIGNS = {ADDED: "+", CHANGED: "~", REMOVED: "-"}


def told(found: Found, lang: str) -> Iterator[str]:
    """Yield the lines about an import: what is wrong, or else what it holds and changes."""
    for problem in sorted(found.problems.kept, key=Problem.order):
        yield problem.text(lang)
    if found.problems.kept:
        yield found.problems.summary().of(lang)
    if found.about is None:
        yield _NOTHING_WRITTEN.of(lang)
        return
    yield from _described(found.about, lang)
    if found.is_same:
        yield _SAME.of(lang)
    if found.renewal and found.before:
        yield from _changes(found.renewal, lang)
        for tag in sorted({*found.before.metadata.languages} - {*found.about.languages}):
            yield f"{_LANGUAGE_GONE.of(lang)}: {tag}"
        yield from _links(found, found.renewal, lang)


def listed(stored: Stored, lang: str) -> Iterator[str]:
    """Yield the lines about a vocabulary that is there."""
    yield f"{stored.name} ({stored.folder})"
    for line in _described(stored.metadata, lang):
        yield f"    {line}"


def document(found: Found, kept: Path | None) -> dict[str, Any]:
    """Return the outcome of an import for scripts; kept: where the old one is, if written."""
    renewal = found.renewal
    return {
        "written": kept is not None,
        "backup": str(kept) if kept else None,
        "vocabulary": asdict(found.about) if found.about else None,
        "concepts": found.gathered.overview.concepts,
        "changes": [asdict(change) for change in renewal.changes] if renewal else [],
        "counts": dict(_counts(renewal)) if renewal else {},
        "broken": [_link(link) for link in found.broken],
        "problems": {
            "errors": found.problems.errors,
            "warnings": found.problems.warnings,
            "told": [asdict(problem) for problem in found.problems.kept],
        },
    }


def listed_document(stored: Stored) -> dict[str, Any]:
    """Return what is known of a vocabulary that is there, for scripts."""
    return {"name": stored.name, "folder": str(stored.folder), **asdict(stored.metadata)}


def _described(about: About, lang: str) -> Iterator[str]:
    title = about.title.get(lang) or next(iter(about.title.values()))
    yield f"{title} {about.version}"
    for heading, value in (
        (_LICENCE, about.licence),
        (_SOURCE, about.source),
        (_LANGUAGES, ", ".join(about.languages)),
    ):
        yield f"{heading.of(lang)}: {value}"
    for text in about.acknowledgement.values():
        yield f"{_ACKNOWLEDGEMENT.of(lang)}: {text}"
    counts = sorted(about.counts.items(), key=lambda item: -item[1])
    yield ", ".join(f"{_short(kind)}: {count}" for kind, count in counts)


def _changes(renewal: Renewal, lang: str) -> Iterator[str]:
    shown: Counter[str] = Counter()
    for change in sorted(renewal.changes, key=lambda change: (change.kind, change.iri)):
        shown[change.kind] += 1
        if shown[change.kind] <= LISTED:
            yield from _lines(change, renewal, lang)
    for kind, count in renewal.counts.items():
        if count > LISTED:
            yield _and_more(_SIGNS[kind], count - LISTED).of(lang)
    counts = _counts(renewal)
    yield Text(
        nl=f"nieuw: {counts['added']}, gewijzigd: {counts['changed']}, ongewijzigd: "
        f"{counts['unchanged']}, vervallen: {counts['removed']}; vervangen door een ander: "
        f"{counts['replaced']}",
        en=f"new: {counts['added']}, changed: {counts['changed']}, unchanged: "
        f"{counts['unchanged']}, removed: {counts['removed']}; replaced by another: "
        f"{counts['replaced']}",
    ).of(lang)


def _counts(renewal: Renewal) -> Mapping[str, int]:
    return {
        **{kind: renewal.counts[kind] for kind in (ADDED, CHANGED, REMOVED)},
        "unchanged": renewal.unchanged,
        "replaced": renewal.replaced,
    }


def _lines(change: Change, renewal: Renewal, lang: str) -> Iterator[str]:
    yield f"{_SIGNS[change.kind]} {change.name} <{change.iri}>"
    for what in sorted({*change.before, *change.after}):
        before, after = (_cut(side.get(what, [])) for side in (change.before, change.after))
        yield f"    {what}: {before} → {after}"
    for iri in renewal.replacements(change.iri):
        replacement = f"{renewal.names.get(iri, iri)} <{iri}>"
        yield f"    {_REPLACED.of(lang)}: {replacement}"


def _links(found: Found, renewal: Renewal, lang: str) -> Iterator[str]:
    if not found.broken:
        yield _NO_LINK.of(lang)
        return
    for link in found.broken[:LISTED]:
        yield link.problem(renewal).text(lang)
    yield _broken(len(found.broken), len(found.broken[:LISTED])).of(lang)


def _link(link: Broken) -> dict[str, Any]:
    return {**asdict(link.cell), "concept": link.iri, "replacements": list(link.replacements)}


def _cut(values: list[str]) -> str:
    text = "; ".join(values) or "–"
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _short(iri: str) -> str:
    for prefix, start in STANDARD.items():
        if iri.startswith(start):
            return f"{prefix}:{iri.removeprefix(start)}"
    return iri


def _and_more(sign: str, number: int) -> Text:
    return Text(nl=f"{sign} … en nog {number}", en=f"{sign} … and {number} more")


def _broken(number: int, shown: int) -> Text:
    return Text(
        nl=f"koppelingen van ons die breken: {number}; hierboven staan er {shown}",
        en=f"links of ours that break: {number}; {shown} are told above",
    )


NONE = Text(
    nl="er staat geen vocabulaire in deze map; voeg er een toe met `s4s vocabulary add`",
    en="there is no vocabulary in this folder; add one with `s4s vocabulary add`",
)
_NOTHING_WRITTEN = Text(nl="er is niets geschreven", en="nothing was written")
_SAME = Text(
    nl="dit staat er al, er is niets te schrijven", en="this is there already, nothing to write"
)
_LANGUAGE_GONE = Text(nl="teksten in deze taal vervallen", en="texts in this language are gone")
_NO_LINK = Text(nl="geen koppeling van ons breekt", en="no link of ours breaks")
_REPLACED = Text(nl="vervangen door", en="replaced by")
_LICENCE = Text(nl="licentie", en="licence")
_SOURCE = Text(nl="bron", en="source")
_LANGUAGES = Text(nl="talen", en="languages")
_ACKNOWLEDGEMENT = Text(nl="bronvermelding", en="acknowledgement")
