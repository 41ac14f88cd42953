"""From findings to versions: what was put before holders, what they decided, what followed."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from catalogue.live import Release, query
from catalogue.things.understanding import slug
from s4s_graph.store import Iri

AWAITED, APART = "awaited", "apart"  # no answer yet; not put forward at all

Key = tuple[str, int]  # an intervention and a year


@dataclass(frozen=True)
class Found:
    """A row of the query: a finding from a case at a company, and the year of its round."""

    finding: str
    direction: str
    configuration: str
    intervention: str
    year: int
    company: str
    size: str | None

    @property
    def says(self) -> str:
        """Whether it supports, contradicts or refines: the last part of the property."""
        return self.direction.rpartition("#")[2]


@dataclass(frozen=True)
class Put:
    """A row of the query: a finding that was put forward in a mirror session."""

    session: str
    intervention: str
    year: int
    finding: str


@dataclass(frozen=True)
class Answered:
    """A row of the query: an answer, and a version that it led to."""

    response: str
    session: str
    intervention: str
    decision: str
    day: str | None
    version: str | None


@dataclass(frozen=True)
class Prompted:
    """A row of the query: a finding that a version names as its reason."""

    version: str
    intervention: str
    finding: str


@dataclass(frozen=True)
class Rows:
    """What the four queries answer, of one intervention or of all."""

    found: Sequence[Found]
    put: Sequence[Put]
    answered: Sequence[Answered]
    prompted: Sequence[Prompted]


@dataclass(frozen=True)
class Course:
    """What became of the findings of one round about one intervention.

    decisions: the last one on each finding, by its slug, AWAITED or APART. led: the findings that
    a version names as its reason, or that were put forward in a session after whose answer there
    was a version. versions: those versions. sessions: those of the year.
    """

    decisions: Mapping[str, str]
    led: frozenset[str]
    versions: frozenset[str]
    sessions: frozenset[str]

    @property
    def made(self) -> int:
        """How many findings there are."""
        return len(self.decisions)

    @property
    def mirrored(self) -> int:
        """How many were put before the holder."""
        return sum(decision != APART for decision in self.decisions.values())

    @property
    def answered(self) -> int:
        """How many the holder answered."""
        return sum(decision not in {APART, AWAITED} for decision in self.decisions.values())


def read(release: Release, intervention: str | None = None) -> Rows:
    """Ask for what is known of one intervention, or of all (None)."""
    select = release.store.select
    of = {"intervention": Iri(intervention)} if intervention else {}
    return Rows(
        select(query("mirror_findings"), Found, **of),
        select(query("mirror_sessions"), Put, **of),
        select(query("mirror_answers"), Answered, **of),
        select(query("mirror_versions"), Prompted, **of),
    )


def courses(rows: Rows) -> dict[Key, Course]:
    """Return what became of the findings of each intervention in each year that has any.

    A year with mirror sessions counts too.
    """
    made: defaultdict[Key, set[str]] = defaultdict(set)
    for found in rows.found:
        made[found.intervention, found.year].add(found.finding)
    sessions: defaultdict[Key, set[str]] = defaultdict(set)
    heard: defaultdict[tuple[str, str], set[str]] = defaultdict(set)  # sessions on a finding
    for put in rows.put:
        sessions[put.intervention, put.year].add(put.session)
        heard[put.intervention, put.finding].add(put.session)
    last = _last(rows.answered)
    after = _grouped((row.session, row.version) for row in rows.answered if row.version)
    named = _grouped(((r.intervention, r.finding), r.version) for r in rows.prompted)
    found_in = {}
    for key in sorted(made.keys() | sessions.keys()):
        decisions, versions, led = {}, set[str](), set[str]()
        for finding in sorted(made[key]):
            asked = heard.get((key[0], finding), set())
            decisions[finding] = _decision(asked, last)
            followed = set(named.get((key[0], finding), ()))
            followed = followed.union(*(after.get(session, ()) for session in asked))
            versions |= followed
            if followed:
                led.add(finding)
        of_year = frozenset(sessions[key])
        versions = versions.union(*(after.get(session, ()) for session in of_year))
        found_in[key] = Course(decisions, frozenset(led), frozenset(versions), of_year)
    return found_in


def _decision(sessions: Iterable[str], last: Mapping[str, Answered]) -> str:
    sessions = list(sessions)
    answers = [last[session] for session in sessions if session in last]
    if not answers:
        return AWAITED if sessions else APART
    return slug(max(answers, key=_when).decision) or AWAITED


def _last(answers: Iterable[Answered]) -> dict[str, Answered]:
    """Return the last answer to each session."""
    return {answer.session: answer for answer in sorted(answers, key=_when)}


def _when(answer: Answered) -> tuple[str, str]:
    return answer.day or "", answer.response


def _grouped(pairs: Iterable[tuple[object, str | None]]) -> dict[object, set[str]]:
    found: dict[object, set[str]] = {}
    for key, value in pairs:
        if value:
            found.setdefault(key, set()).add(value)
    return found
