"""A mirror as lines of text, for a terminal or a mail."""

from collections.abc import Iterable, Iterator

from catalogue.coherence.reaching import Tried
from catalogue.mirroring.mirror import Claim, Mirror, Named
from catalogue.mirroring.standing import Between, Links, Said
from catalogue.page import Page
from catalogue.rows import Shown

INVENTED = "*"  # behind what was invented


def lines(page: Page, found: Mirror) -> Iterator[str]:
    """Yield the lines about an intervention, a star behind what was invented."""
    gettext = page.words.gettext
    yield f"{found.name.text}, {found.year}"
    yield f"{gettext('Holder')}: {_all(found.holders) or gettext('not known')}"
    yield from _part(gettext("What was found in %(year)s") % {"year": found.year})
    yield f"{gettext('Findings')}: {found.found}; {_at(page, found.companies)}"
    for claim in found.claims:
        yield from _claim(page, claim)
    yield from _part(gettext("What changed since %(year)s") % {"year": found.year - 1})
    for version in found.versions:
        yield f"- {_one(version.name)}. {_all(version.notes)}"
    if not found.versions:
        yield f"- {gettext('No new version.')}"
    yield from _part(gettext("What it misses from others, and what others wait for"))
    yield from _between(page, found.between)
    yield from _part(gettext("Open questions"))
    yield from _open(page, found)
    yield from _part(gettext("The answer of the holder"))
    yield from _answers(page, found)
    if found.has_example:
        yield ""
        yield f"{INVENTED} {gettext('Illustrative: an invented example, not a finding.')}"


def _part(heading: str) -> tuple[str, ...]:
    return "", heading, "-" * len(heading)


def _claim(page: Page, claim: Claim) -> Iterator[str]:
    gettext = page.words.gettext
    star = INVENTED if claim.invented else ""
    yield f"- {claim.sentence.text}{star}"
    words = (gettext("for"), gettext("against"), gettext("refining"))
    counted = zip(words, claim.said, claim.before, strict=True)
    year_before = gettext("year before")
    said = (f"{word} {now} ({year_before} {before})" for word, now, before in counted)
    yield f"  {', '.join(said)}; {_at(page, claim.companies)}"
    if claim.needs:
        yield f"  {gettext('When')}: {_all(claim.needs)}"
    if claim.hinders:
        yield f"  {gettext('Not when')}: {_all(claim.hinders)}"


def _between(page: Page, between: Between | None) -> Iterator[str]:
    gettext = page.words.gettext
    if between is None:
        yield f"- {gettext('Coherence was not computed for this year.')}"
        return
    for heading, found in (
        (gettext("Needed here, and nobody brings it about"), between.missing),
        (gettext("Needed here, and others bring it about"), between.leaning),
        (gettext("Others need it, and this brings it about"), between.waited),
        (gettext("Others need it, and here it stayed away"), between.away),
    ):
        if found:
            yield f"{heading}:"
            yield from (_line(line) for line in found)
    for heading, links in (
        (gettext("Links gained"), between.gained),
        (gettext("Links lost"), between.lost),
    ):
        if links:
            yield f"{heading}: {_some(links)}{INVENTED if links.invented else ''}"


def _line(line: Said) -> str:
    star = INVENTED if line.invented else ""
    more = f" (+{line.number - len(line.others)})" if line.number > len(line.others) else ""
    others = f": {_all(line.others)}{more}" if line.others else ""
    return f"- {line.condition.text}{star}{others}"


def _open(page: Page, found: Mirror) -> Iterator[str]:
    gettext, questions = page.words.gettext, found.questions
    for heading, named in (
        (gettext("Never tested in a case"), questions.untested),
        (gettext("Cases for and against"), questions.contested),
        (gettext("Half a mechanism"), questions.halves),
    ):
        if named.number:
            yield f"- {heading}: {_some(named)}"
    apart = gettext("Findings that were not put before the holder")
    if questions.apart:
        yield f"- {apart}: {questions.apart}"


def _answers(page: Page, found: Mirror) -> Iterator[str]:
    gettext = page.words.gettext
    if not found.sessions:
        yield f"- {gettext('There was no mirror session in this year.')}"
    for session in found.sessions:
        yield f"- {_one(session.name)}"
        for answer in session.answers:
            day = f", {answer.day.text}" if answer.day else ""
            yield f"  {answer.decision.text}{day}. {_all(answer.said)}"
            if answer.versions:
                yield f"  {gettext('It led to')} {_all(answer.versions)}"
        if not session.answers:
            yield f"  {gettext('No answer yet.')}"


def _at(page: Page, tried: Tried) -> str:
    return f"{page.words.gettext('Companies')}: {'<3' if tried.few else tried.count}"


def _some(some: Named | Links) -> str:
    more = some.number - len(some.things)
    if not some.number:
        return "0"
    return _all(some.things) + (f" (+{more})" if more > 0 else "")


def _all(values: Iterable[Shown]) -> str:
    return "; ".join(map(_one, values))


def _one(value: Shown) -> str:
    return value.text + (INVENTED if value.illustrative else "")
