"""The data-quality report of a release as a page for people."""

from collections.abc import Iterable
from itertools import groupby

import jinja2

from s4s_graph import steering
from s4s_graph.counts import Counts
from s4s_graph.forms import Forms, Text
from s4s_graph.problems import Problem, Standing

_WORDS = {
    "title": Text(nl="Verslag over de gegevens", en="Data quality report"),
    "about": Text(
        nl="Wat in deze release staat, en wat de controle ervan vond. Een release met fouten "
        "bestaat niet; wat hier staat, is het waard om na te kijken.",
        en="What is in this release, and what checking it found. There is no release with errors; "
        "what stands here is worth a second look.",
    ),
    "wrong": Text(
        nl="Wat er in de tabellen niet klopt, en wat wel zou kloppen.",
        en="What is wrong in the tables, and what would be right.",
    ),
    "project": Text(
        nl="Wat er in het codeerproject niet klopt, en wat niet kon worden overgenomen.",
        en="What is wrong in the coding project, and what could not be taken over.",
    ),
    "counts": Text(nl="Aantallen", en="Counts"),
    "things": Text(nl="Dingen naar soort", en="Things by kind"),
    "statuses": Text(nl="Dingen naar soort gegeven", en="Things by kind of data"),
    "kind": Text(nl="Soort", en="Kind"),
    "number": Text(nl="Aantal", en="Number"),
    "problems": Text(nl="Meldingen", en="Findings of the check"),
    "places": Text(nl="Aantal plaatsen", en="Number of places"),
    "place": Text(nl="Plaats", en="Place"),
    "thing": Text(nl="Ding", en="Thing"),
    "value": Text(nl="Waarde", en="Value"),
    "none": Text(nl="Geen.", en="None."),
}


def page(
    problems: Iterable[Problem],
    counts: Counts | None,
    forms: Forms,
    standing: Standing | None = None,
) -> str:
    """Return the report as one HTML page in Dutch and English, without scripts or pictures.

    `standing` is that of tables with errors, which no release has. Without it and without counts
    the report is about a coding project.
    """
    ordered = sorted(problems, key=_by_message)
    groups = [list(group) for _, group in groupby(ordered, key=lambda p: (p.shape, p.message))]
    environment = jinja2.Environment(
        loader=jinja2.PackageLoader("s4s_graph"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    text = environment.get_template("report.html").render(
        groups=groups,
        counts=counts,
        names={form.segment: form.name for form in forms},
        words=_WORDS,
        standing=standing,
        languages=("nl", "en"),
    )
    return steering.replaced(text)


def _by_message(problem: Problem) -> tuple[str, str, str, str, int, str, str, str]:
    return (
        problem.shape or "",
        problem.message.en,
        problem.file or "",
        problem.sheet or "",
        problem.row or 0,
        problem.column or "",
        problem.focus or "",
        problem.value or "",
    )
