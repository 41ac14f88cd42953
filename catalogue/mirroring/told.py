"""A mirror as data."""

from catalogue.coherence.reaching import Tried
from catalogue.mirroring.mirror import SAYS, Claim, Mirror, Named
from catalogue.mirroring.standing import Between, Links, Said
from catalogue.page import Page
from catalogue.rows import Shown
from catalogue.things.understood import Answer


def document(page: Page, found: Mirror) -> dict[str, object]:
    """Return a mirror for JSON; a number of companies below three is null."""
    return {
        "intervention": found.record.iri,
        "label": found.name.text,
        "year": found.year,
        "holders": [value.text for value in found.holders],
        "release": page.release.id,
        "illustrative": found.has_example,
        "findings": found.found,
        "companies": _companies(found.companies),
        "statements": [_claim(claim) for claim in found.claims],
        "statements_left_out": found.more_claims,
        "versions": [_named(version.name) for version in found.versions],
        "others": _between(found.between) if found.between else None,
        "open": {
            name: _some(value) if isinstance(value, Named) else value
            for name, value in vars(found.questions).items()
        },
        "sessions": [
            {
                **_named(session.name),
                "findings": session.findings,
                "answers": [_answer(answer) for answer in session.answers],
            }
            for session in found.sessions
        ],
    }


def _companies(tried: Tried) -> int | None:
    return None if tried.few else tried.count


def _named(value: Shown) -> dict[str, object]:
    return {"label": value.text, "href": value.href, "illustrative": value.illustrative}


def _claim(claim: Claim) -> dict[str, object]:
    return {
        **_named(claim.name),
        "statement": claim.sentence.text,
        "valence": claim.valence,
        "findings": dict(zip(SAYS, claim.said, strict=True)),
        "year_before": dict(zip(SAYS, claim.before, strict=True)),
        "first": claim.first,
        "companies": _companies(claim.companies),
        "sizes": {size.text: _companies(tried) for size, tried in claim.sizes},
        "needs": [_named(value) for value in claim.needs],
        "hindered_by": [_named(value) for value in claim.hinders],
    }


def _between(between: Between) -> dict[str, object]:
    found: dict[str, object] = {}
    for name, value in vars(between).items():
        if isinstance(value, tuple):
            found[name] = [_line(line) for line in value]
        else:
            found[name] = _some(value) if value else None
    return found


def _line(line: Said) -> dict[str, object]:
    return {
        **_named(line.condition),
        "others": [_named(other) for other in line.others],
        "others_number": line.number,
        "of_kind": line.of_kind,
        "alone": line.alone,
        "illustrative": line.invented,
    }


def _some(some: Named | Links) -> dict[str, object]:
    return {"number": some.number, "first": [_named(value) for value in some.things]}


def _answer(answer: Answer) -> dict[str, object]:
    return {
        "decision": answer.decision.text,
        "said": [value.text for value in answer.said],
        "day": answer.day.text if answer.day else None,
        "versions": [_named(value) for value in answer.versions],
    }
