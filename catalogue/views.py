"""From records to what a page shows: labels, sections, cards, lines of a list."""

from collections.abc import Callable, Iterable, Sequence

from catalogue import records
from catalogue.i18n import literal
from catalogue.page import Page
from catalogue.rows import Card, Line, Property, Record, Section, Shown
from s4s_graph.forms import Field, Form
from s4s_graph.store import Iri, Label, Literal, Term

SHOWN = 50  # values of one field on a page; the rest is in the data
NAMES = {"prefLabel", "title"}  # they are the heading of the page
LEADS = ("statement", "definition", "description")  # the first of these stands under the heading
TAGS = 4  # fields in a line of a list
TAG_VALUES = 3
# Where the order of the form does not give the most telling fields of a line.
TELLING = {"interventions": ("ofKind", "targetsActor", "skillsStep", "holder")}
CARD = {
    "context": ("hasContext", "hinderedBy"),
    "mechanism": ("hasMechanism",),
    "outcome": ("hasOutcome", "undermines"),
}
CARD_FIELDS = {"statement", "hasActor", *(name for names in CARD.values() for name in names)}


class Showing:
    """Turns terms into what a page shows, with one query for the labels of all of them."""

    def __init__(self, page: Page, iris: Iterable[str]) -> None:
        self._page = page
        self._release = page.release
        self._illustrative = page.release.illustrative
        self.labels = page.release.store.labels(iris, page.lang)
        words = page.words
        self._shown: dict[str, Shown] = {}
        self._booleans = {"true": words.gettext("yes"), "false": words.gettext("no")}

    def label(self, label: Label, href: str | None = None) -> Shown:
        """Return a label, with its language if that is not the page's."""
        return Shown(label.text, self._foreign(label.lang), href)

    def thing(self, iri: str) -> Shown:
        """Return a thing as a link with its label."""
        if iri not in self._shown:  # pages name the same few things many times
            self._shown[iri] = self._thing(iri)
        return self._shown[iri]

    def _thing(self, iri: str) -> Shown:
        label = self.labels.get(iri) or self._release.name(iri)
        href = self._page.href(iri)
        # An address with another scheme ("javascript:") must not become a link.
        external = href is None and iri.startswith(("http://", "https://"))
        if external and iri.startswith(self._release.base):
            external = False
        return Shown(
            label.text,
            self._foreign(label.lang),
            iri if external else href,
            external,
            iri in self._illustrative,
        )

    def term(self, term: Term) -> Shown:
        """Return one value."""
        if isinstance(term, Iri):
            return self.thing(term.value)
        if term.datatype.endswith("#anyURI") and term.value.startswith(("http://", "https://")):
            return Shown(term.value, href=term.value, external=True)
        text = literal(term.value, term.datatype, self._page.lang, self._booleans)
        return Shown(text, self._foreign(term.lang))

    def terms(self, terms: Iterable[Term]) -> tuple[Shown, ...]:
        """Return the values of a field: texts in the language of the page if there are any."""
        values = list(terms)
        langs = {term.lang for term in values if isinstance(term, Literal) and term.lang}
        best = self._page.lang if self._page.lang in langs else min(langs, default=None)
        chosen = (t for t in values if not isinstance(t, Literal) or t.lang in {None, best})
        return tuple(map(self.term, chosen))

    def field(self, field: Field, terms: Sequence[Term], limit: int = SHOWN) -> Property:
        """Return a field with its name, its help and its values."""
        shown = self.terms(terms)
        # Links read in the order of their names, not of their addresses.
        if field.kind == "thing":
            shown = tuple(sorted(shown, key=lambda value: value.text.casefold()))
        lang = self._page.lang
        name = Shown(field.name.of(lang))
        return Property(
            field.id, name, field.help.of(lang), shown[:limit], max(0, len(shown) - limit)
        )

    def _foreign(self, lang: str | None) -> str | None:
        return None if lang == self._page.lang else lang


def fields(record: Record, ids: Iterable[str]) -> list[Field]:
    """Return the fields with these ids for which the thing has values, in this order."""
    by_id = {field.id: field for field in record.form.fields}
    return [by_id[name] for name in ids if name in by_id and record.values[name]]


def lead(showing: Showing, record: Record) -> Property | None:
    """Return the sentence that says what a thing is."""
    return next((showing.field(f, record.values[f.id]) for f in fields(record, LEADS)), None)


def sections(page: Page, showing: Showing, record: Record, without: set[str]) -> list[Section]:
    """Return the groups of the form that have values, in the order of the shapes."""
    found: dict[str, list[Property]] = {}
    for field in record.form.fields:
        if record.values[field.id] and field.id not in without:
            found.setdefault(field.group, []).append(showing.field(field, record.values[field.id]))
    groups, lang = page.release.forms.groups, page.lang
    return [
        Section(name, groups[name].name.of(lang), groups[name].help.of(lang), tuple(properties))
        for name, properties in found.items()
    ]


def card(showing: Showing, record: Record) -> Card:
    """Return a configuration as context, mechanism and outcome."""

    def properties(ids: Iterable[str]) -> tuple[Property, ...]:
        return tuple(showing.field(f, record.values[f.id]) for f in fields(record, ids))

    return Card(
        name=showing.thing(record.iri),
        statement=next((p.values[0] for p in properties(("statement",))), None),
        actors=next(iter(properties(("hasActor",))), None),
        parts={part: properties(ids) for part, ids in CARD.items()},
        notes=properties(("valence", "status", "confidence")),
        status=records.choice(record, "dataStatus"),
        valence=records.choice(record, "valence"),
    )


def line(
    showing: Showing,
    record: Record,
    sentence: Callable[[str], str] | None = None,
) -> Line:
    """Return a thing as a line of a list: its name, one sentence, its most telling fields."""
    said = lead(showing, record)
    summary = said.values[0] if said and said.values else None
    telling = _telling(record.form)
    tags = [showing.field(f, record.values[f.id], TAG_VALUES) for f in fields(record, telling)]
    return Line(
        showing.thing(record.iri),
        Shown((sentence or first_sentence)(summary.text), summary.lang) if summary else None,
        tuple(tags[:TAGS]),
        records.choice(record, "dataStatus"),
        records.choice(record, "confidence"),
    )


def in_line(form: Form) -> set[str]:
    """Return the fields that a line shows something of."""
    return {*LEADS, *_telling(form), "dataStatus", "confidence"}


def _telling(form: Form) -> Sequence[str]:
    dull = {"dataStatus", "source", "confidence"}
    return TELLING.get(form.table) or [
        field.id
        for field in form.fields
        if field.kind in {"thing", "year", "integer"} and field.id not in dull
    ]


def first_sentence(text: str) -> str:
    """Return the first sentence of a text; an abbreviation is no end: a capital must follow."""
    for position, letter in enumerate(text):
        after = text[position + 1 : position + 3]
        if letter in ".!?" and len(after) == 2 and after[0] == " " and after[1].isupper():
            return text[: position + 1]
    return text
