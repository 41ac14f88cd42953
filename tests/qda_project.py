"""One coding project with everything in it, as any of the programs writes it."""

from pathlib import Path

from qda import NVIVO, Program, Xml, packed

COMPANY, PERSON = "Janssen Metaal BV", "Jan Janssen"
TEXT = "Er is geen HR. De coach kwam langs. Ik voelde me gezien. Nu wil ik leren."
QUOTED = ("Er is geen HR.", "De coach kwam langs. Ik voelde me gezien.", "Nu wil ik leren.")
MEMO, LOOSE = "Jan zei: ik werd gezien.", "Nog bellen."
NO_HR, BUSY, SEASON, COACH, SEEN, LEARN = 10, 11, 12, 20, 30, 40
FIRM, SHOP, LADY = 60, 61, 62
WAKES = 100


def both(nl: str, en: str) -> str:
    """Return a text in the two languages of a project."""
    return f"{nl} | {en}"


def codes(x: Xml, *, learn: str = "Wil leren", more: str = "") -> str:
    """Return the codes, all below one theory."""

    def code(number: int, nl: str, en: str, *children: str, notes: tuple[int, ...] = ()) -> str:
        return x.code(number, both(nl, en), *children, said=both(f"{nl} x.", f"{en} x."),
                      notes=notes)  # fmt: skip

    season = code(SEASON, "Seizoensdrukte", "Rush of the season")
    context = x.code(2, "Context", code(NO_HR, "Geen HR-afdeling", "No HR department"),
                     code(BUSY, "Drukte op het werk", "Much work", season))  # fmt: skip
    resource = x.code(3, "Middel", code(COACH, "Coach op bezoek", "Visit of a coach"))
    response = x.code(4, "Redenering", code(SEEN, "Ziet zich gezien", "Is seen", notes=(70,)))
    outcome = x.code(5, "Uitkomst", code(LEARN, learn, "Wants to learn"), more)
    return x.code(1, "Theorie", context, resource, response, outcome)


def cases(x: Xml, employees: str | int = 35) -> str:
    """Return the cases: a company by its interview, one by a selection, and a person."""
    firm = {50: employees, 51: "metaalproducten"}
    return (
        x.case(FIRM, COMPANY, firm, sources=[80])
        + x.case(SHOP, "Pieters BV", {50: "10-49"}, selections=[85])
        + x.case(LADY, "Mevrouw X")
    )


def interviews(x: Xml, *, inside: bool = False) -> str:
    """Return the interviews, the text of the first in a file beside the project or inside it."""
    parts = (
        x.selection(81, 0, 14, x.coding(90, NO_HR)),
        x.selection(82, 15, 56, x.coding(91, COACH), x.coding(92, SEEN, [71])),
        x.selection(83, 57, 73, x.coding(93, LEARN)),
    )
    path = None if inside else f"internal://{x.id(80).strip('{}')}.txt"
    first = x.interview(80, f"Interview {PERSON}", *parts, text=TEXT if inside else "", path=path)
    return first + x.interview(84, "Groep", x.selection(85, 0, 3, x.coding(94, SEASON)))


def project(program: Program, *, inside: bool = False, links: str = "", **parts: str) -> bytes:
    """Return the whole project; parts take the place of those here."""
    x = Xml(program)
    variables = x.variable(50, "Grootteklasse") + x.variable(51, "Sector")
    notes = x.note(70, MEMO) + x.note(71, "Mooi gezegd.") + x.note(72, LOOSE)
    wakes = x.set(WAKES, both("Coach wekt leerlust", "Coach wakes"), [NO_HR, COACH, SEEN, LEARN],
                  both("Als A, dan B, waardoor C.", "If A, then B, so that C."))  # fmt: skip
    made = {
        "Codes": codes(x),
        "Variables": variables,
        "Cases": cases(x),
        "Sources": interviews(x, inside=inside),
        "Notes": notes,
        "Sets": wakes,
    }
    if links:
        made["Links"] = links
    return x.project(**(made | parts))


def written(folder: Path, content: bytes, program: Program = NVIVO) -> Path:
    """Return a file with a project and the text of its first interview."""
    member = Xml(program).id(80).strip("{}") + "__txt"
    return packed(folder / "study.qdpx", content, **{member: "\ufeff" + TEXT})
