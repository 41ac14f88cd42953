"""By what each list can be narrowed, as the forms and the facet files say, and what that gives.

A field whose values come from a list is a facet of its form, and so is a year: a new property
needs nothing here. What takes more than one step through the graph is a file,
`facets/{table}/{facet}.rq`: a header with the words of the facet, and a query for ?thing, ?value
and perhaps ?via, the thing that the value rests on.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.forms import Field, Form, Forms, Text
from s4s_graph.questions import split
from s4s_graph.store import EngineTerm, Iri, Store, Term, as_term

FOLDER = Path(__file__).parent / "facets"
VALUES = (Path(__file__).parent / "queries/values.rq").read_text(encoding="utf-8")
# How readers look for something comes before what it contains.
FIRST_GROUP = "Classification"


@dataclass(frozen=True)
class Facet:
    """One way to narrow a list.

    list: the table that its values are in, or None for years and for `values` of its own.
    path: the property that gives the values of a field; a facet file has a `query` instead.
    """

    id: str
    title: Text
    help: Text
    group: str
    order: float
    list: str | None
    path: str | None
    query: str | None
    values: Mapping[str, Text]
    instead_of: tuple[str, ...] = ()

    @property
    def is_year(self) -> bool:
        """Whether its values are years."""
        return not self.list and not self.values


# Of each value, the things that have it, and the thing that says so where it is another one.
Valued = Mapping[Term, Sequence[tuple[str, str | None]]]


def facets(form: Form, forms: Forms) -> list[Facet]:
    """Return the facets of a form, in the order in which a list shows them."""
    files = [_read(path) for path in sorted((FOLDER / form.table).glob("*.rq"))]
    replaced = {name for facet in files for name in (facet.id, *facet.instead_of)}
    fields = [_of_field(form, field, forms) for field in form.fields if field.id not in replaced]
    found = [*files, *(facet for facet in fields if facet)]
    groups = forms.groups
    return sorted(
        found, key=lambda f: (f.group != FIRST_GROUP, groups[f.group].order, f.order, f.id)
    )


def valued(store: Store, facet: Facet, form: Form, member: Mapping[str, Iri]) -> Valued:
    """Return which things have which values of a facet; `member` says what is of the form."""
    if facet.query:
        columns, rows = store.solutions(facet.query)
    elif facet.path:
        columns, rows = store.solutions(VALUES, property=Iri(facet.path), **member)
    else:
        raise ValueError(f"the facet {facet.id} of {form.table} has neither a path nor a query")
    thing, value = columns.index("thing"), columns.index("value")
    via = columns.index("via") if "via" in columns else None
    found: dict[EngineTerm, list[tuple[str, str | None]]] = defaultdict(list)
    for row in rows:
        named, said = row[thing], row[value]
        if isinstance(named, ox.NamedNode) and said is not None:
            rests_on = None if via is None else row[via]
            source = rests_on.value if isinstance(rests_on, ox.NamedNode) else None
            found[said].append((named.value, source))
    return {as_term(said): things for said, things in found.items()}


def _read(path: Path) -> Facet:
    header, query = split(path.read_text(encoding="utf-8"))
    return Facet(
        id=path.stem,
        title=Text(**header["title"]),
        help=Text(**header["help"]),
        group=header["group"],
        order=header["order"],
        list=header.get("list"),
        path=None,
        query=query.strip() + "\n",
        values={str(key): Text(**words) for key, words in header.get("values", {}).items()},
        instead_of=tuple(header.get("instead_of", ())),
    )


def _of_field(form: Form, field: Field, forms: Forms) -> Facet | None:
    if field.inverse or field.constant is not None or field.disclosure != "public":
        return None
    lists = [forms.by_segment(segment) for segment in field.values]
    # What is of the same kind is a link to follow, not a choice; and so is what is in no list.
    is_choice = field.kind == "thing" and len(lists) == 1 and form not in lists
    if field.kind != "year" and not (is_choice and lists[0] and lists[0].scheme):
        return None
    return Facet(
        id=field.id,
        title=field.name,
        help=Text("", ""),  # that of a field is for who fills it in
        group=field.group,
        order=field.order,
        list=lists[0].table if lists and lists[0] else None,
        path=field.path,
        query=None,
        values={},
    )
