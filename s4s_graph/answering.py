"""The sheet on which holders answer: a row for each mirror session, still without an answer."""

from collections.abc import Iterator, Mapping

from s4s_graph.content import Rows
from s4s_graph.headings import ID

SESSIONS, ANSWERS, VERSIONS = "mirror-sessions", "holder-responses", "versions"
AWAITED = "awaited"

Row = Mapping[str, str]


def sheet(rows: Rows, wanted: tuple[str, str], year: int) -> Rows:
    """Return the rows to hand out: the answers to the sessions of a year, and room for versions.

    rows: those of a data folder. wanted: "holder" and the id of an organisation, or
    "intervention" and the id of one. A session that was answered already has the row of that
    answer. Without a session there are no rows.
    """
    sessions = list(_sessions(rows, _interventions(rows, wanted), year))
    given: dict[str, list[Row]] = {}
    for row in rows.get(ANSWERS, ()):
        given.setdefault(_id(row.get("respondsTo", "")), []).append(row)
    answers = [row for one in sessions for row in given.get(one[ID]) or [_open(one)]]
    return {VERSIONS: [], ANSWERS: answers}


def _interventions(rows: Rows, wanted: tuple[str, str]) -> frozenset[str]:
    what, slug = wanted
    if what == "intervention":
        return frozenset({slug})
    held = (row for row in rows.get("interventions", ()) if slug in _ids(row.get("holder", "")))
    return frozenset(row[ID] for row in held)


def _sessions(rows: Rows, interventions: frozenset[str], year: int) -> Iterator[Row]:
    rounds = {row[ID] for row in rows.get("rounds", ()) if row.get("year") == str(year)}
    for row in rows.get(SESSIONS, ()):
        about, within = _id(row.get("aboutIntervention", "")), _id(row.get("inRound", ""))
        if about in interventions and within in rounds:
            yield row


def _open(session: Row) -> Row:
    """Return the row of an answer that is still to come; the id may be changed."""
    slug = session[ID]
    return {
        ID: f"antwoord-{slug}",
        "prefLabel_nl": f"Antwoord op {session.get('prefLabel_nl') or slug}",
        "prefLabel_en": f"Answer to {session.get('prefLabel_en') or slug}",
        "respondsTo": slug,
        "decision": AWAITED,
        "dataStatus": session.get("dataStatus", ""),
    }


def _ids(cell: str) -> list[str]:
    return [_id(part) for part in cell.split(";")]


def _id(value: str) -> str:
    """Return the id of a thing that is named by its id, with its kind, or by its address."""
    return value.strip().rpartition("/")[2]
