"""The matrix in words, as a sheet and as a file of its own; its page writes it as a table."""

from collections.abc import Iterator

from markupsafe import Markup

from catalogue.coherence.sheets import Count, Row, Sheet, Things, Words, listed
from catalogue.picturing import grid
from catalogue.picturing.asked import Asked, Picture
from catalogue.picturing.matrix import SHADES, SYMBOLS, Matrix, Square, Standing, table
from catalogue.views import Showing


def matrix(asked: Asked, *, literal: bool = False) -> Picture:
    """Return the matrix as a sheet and, for a file of its own, as a picture."""
    found = table(asked)
    caption = _caption(asked, found)
    svg = _drawn(asked, found, caption) if literal and found else None
    return Picture(caption, _sheet(asked, found), svg, tuple(_notes(asked, found)))


def meanings(asked: Asked) -> dict[Standing, str]:
    """Return what each symbol says."""
    gettext = asked.page.words.gettext
    return {
        "found": gettext("configurations of its own, with findings"),
        "stated": gettext("configurations of its own, without findings"),
        "kind": gettext("known of its kind only"),
        "example": gettext("an invented example"),
        "said": gettext("described so, but no configuration says how"),
    }


def _caption(asked: Asked, found: Matrix | None) -> str:
    gettext, lang = asked.page.words.gettext, asked.page.lang
    if not found or not found.columns:
        return gettext("There is nothing to hold these interventions against.")
    white = [
        value.name.of(lang)
        for value, number in zip(found.columns, found.supported, strict=True)
        if not number
    ]
    if not white:
        return gettext("There are findings in every column.")
    said = gettext("No findings yet on: %(names)s.")
    names = ", ".join(white[:6]) + (" …" if len(white) > 6 else "")
    return said % {"names": names}


def _notes(asked: Asked, found: Matrix | None) -> Iterator[str]:
    gettext, ngettext = asked.page.words.gettext, asked.page.words.ngettext
    if not found:
        return
    if found.kinds:
        said = gettext(
            "There are %(count)s interventions, too many for a row each: the rows are their "
            "kinds. A number is how many interventions of the kind have it, in this list."
        )
        yield said % {"count": len(asked.things)}
    else:
        yield gettext(
            "A number is how many configurations say so: of the intervention itself, or else of "
            "its kind. Rejected ones do not count."
        )
    if found.left_out:
        said = ngettext(
            "%(num)s column that fewer have is left out.",
            "%(num)s columns that fewer have are left out.",
            found.left_out,
        )
        yield said % {"num": found.left_out}


def _sheet(asked: Asked, found: Matrix | None) -> Sheet:
    gettext, means = asked.page.words.gettext, meanings(asked)
    kinds = bool(found and found.kinds)
    row_name = gettext("Kind") if kinds else gettext("Intervention")
    axis = found.facet.title.of(asked.page.lang) if found else ""
    counted = gettext("Interventions") if kinds else gettext("Configurations")
    columns = {
        "row": row_name,
        "column": axis,
        "known": gettext("What is known"),
        "count": counted,
        "findings": gettext("Findings"),
    }
    cells = [
        (line.iri, value.term[1:-1], square)
        for line in (found.lines if found else ())
        for value, square in zip(found.columns if found else (), line.squares, strict=True)
        if square.standing
    ]

    def row(cell: tuple[str, str, Square]) -> Row:
        iri, value, square = cell
        standing = square.standing or "said"
        known = Words(((standing, means[standing]),))
        numbers = Count(square.count), Count(square.findings)
        things = Things((iri,)), Things((value,))
        return Row((*things, known, *numbers), rests=square.examples)

    return listed(columns, cells, row)


def _drawn(asked: Asked, found: Matrix, caption: str) -> Markup:
    lang, means = asked.page.lang, meanings(asked)
    showing = Showing(asked.page, {line.iri for line in found.lines})
    rows = [
        (showing.thing(line.iri).text, line.iri, [_cell(square) for square in line.squares])
        for line in found.lines
    ]
    legend = [(SYMBOLS[s], SHADES[s], means[s]) for s in found.used]
    columns = [value.name.of(lang) for value in found.columns]
    title = asked.page.words.gettext("Matrix")
    return grid.drawn(title, caption, columns, rows, legend)


def _cell(square: Square) -> tuple[str, str]:
    """Return the text of a cell and the class of its shade."""
    if not square.standing:
        return "", ""
    return f"{SYMBOLS[square.standing]} {square.count or ''}".rstrip(), SHADES[square.standing]
