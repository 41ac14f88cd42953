"""What the disclosure check did, as files: for the world in numbers, for researchers in full."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict

import jinja2

from s4s_graph import steering
from s4s_graph.anonymity import protecting
from s4s_graph.anonymity.protecting import Outcome, by_kind
from s4s_graph.forms import Forms, Text
from s4s_graph.places import Places
from s4s_graph.problems import VIOLATION, Cell, Problem

_DONE = {
    protecting.GENERALISED: Text(nl="ruimer gezegd", en="said less exactly"),
    protecting.SUPPRESSED: Text(nl="weggelaten", en="left out"),
    protecting.WITHHELD: Text(
        nl="toepassing of casestudy van een bedrijf weggelaten",
        en="deployment or case study of a company left out",
    ),
    protecting.DROPPED: Text(nl="bedrijf weggelaten", en="company left out"),
    protecting.MOVED: Text(
        nl="verteld zonder het bestand waar het in stond",
        en="told without the file that it stood in",
    ),
    protecting.HELD_BACK: Text(
        nl="bedrijf vastgehouden, omdat te weinig andere tegelijk erbij komen of weggaan",
        en="company held back, since too few others come or go with it",
    ),
}
_WORDS = {
    "title": Text(nl="Verslag over de herkenbaarheid van bedrijven", en="Disclosure report"),
    "about": Text(
        nl="Van buiten kan iemand van een bedrijf weten hoe groot het is, in welke sector en "
        "regio het zit, wat er is toegepast en wanneer, en in welke ronde het is onderzocht. Al "
        "die dingen samen gelden in deze uitgave voor minstens zoveel bedrijven tegelijk:",
        en="Someone outside may know how large a company is, its sector and region, what was "
        "deployed there and when, and in which round it was studied. In this release all of that "
        "together holds for at least so many companies at once:",
    ),
    "companies": Text(nl="Bedrijven in de uitgave", en="Companies in the release"),
    "groups": Text(nl="Groepen van bedrijven die op elkaar lijken", en="Groups of companies alike"),
    "alike": Text(
        nl="Groepen waarin één omstandigheid van alle bedrijven hetzelfde bekend is",
        en="Groups in which one condition is known to be the same of all companies",
    ),
    "done": Text(nl="Wat daarvoor is gedaan", en="What was done for it"),
    "along": Text(nl="Wat daardoor ook niet kon blijven", en="What could not stay because of it"),
    "what": Text(nl="Wat", en="What"),
    "of": Text(nl="Veld", en="Field"),
    "kind": Text(nl="Soort", en="Kind"),
    "number": Text(nl="Aantal", en="Number"),
    "none": Text(nl="Niets; dat was niet nodig.", en="Nothing; there was no need."),
}


def summary(outcome: Outcome) -> str:
    """Return the numbers as JSON: nothing about any one company."""
    return _json(
        {
            "floor": outcome.floor,
            "companies": outcome.companies,
            "groups": outcome.groups,
            "groups with a condition in common": outcome.alike,
            "done": [
                {"what": what, "property": of or None, "number": number}
                for what, of, number in by_kind(outcome)
            ],
            "along": outcome.along,
        }
    )


def full(outcome: Outcome) -> str:
    """Return all that was done as JSON, for those who may see every company."""
    return _json(asdict(outcome))


def page(outcome: Outcome, forms: Forms) -> str:
    """Return the numbers as one HTML page in Dutch and English, without scripts or pictures."""
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("s4s_graph"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    fields = {field.path: field.name for form in forms for field in form.fields}
    text = environment.get_template("disclosure.html").render(
        outcome=outcome,
        done=[(_DONE[what], fields.get(of), number) for what, of, number in by_kind(outcome)],
        names={form.segment: form.name for form in forms},
        words=_WORDS,
        languages=("nl", "en"),
    )
    return steering.replaced(text)


def problems(outcome: Outcome, forms: Forms, places: Places) -> Iterator[Problem]:
    """Yield a violation at the row of each company that stands out."""
    fields = {field.path: field for form in forms for field in form.fields}
    by_company: dict[str, list[Text]] = {}
    for change in outcome.changes:
        field = fields.get(change.of)
        done, name = _DONE[change.what], field.name if field else None
        text = Text(f"{name.nl} {done.nl}", f"{name.en} {done.en}") if name else done
        by_company.setdefault(change.company.strip("<>"), []).append(text)
    for company, texts in by_company.items():
        yield _problem(company, texts, outcome.floor, places.rows)


def _problem(company: str, texts: list[Text], floor: int, rows: Mapping[str, Cell]) -> Problem:
    cell = rows.get(company)
    nl, en = (", ".join(sorted({text.of(lang) for text in texts})) for lang in ("nl", "en"))
    return Problem(
        VIOLATION,
        Text(
            nl=f"van buiten lijken minder dan {floor} bedrijven op dit bedrijf; zonder --strict "
            f"wordt dit openbaar gemaakt na: {nl}",
            en=f"seen from outside fewer than {floor} companies look like this one; without "
            f"--strict this is published after: {en}",
        ),
        file=cell.file if cell else None,
        row=cell.row if cell else None,
        focus=company,
        sheet=cell.sheet if cell else None,
    )


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, indent=2, sort_keys=True) + "\n"
