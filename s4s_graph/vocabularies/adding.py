"""An import of a vocabulary: what it holds and changes, then its place in a data folder."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pyoxigraph as ox

from s4s_graph.forms import Text
from s4s_graph.problems import VIOLATION, Problem
from s4s_graph.progress import COMPARE, Progress, quiet
from s4s_graph.settings import Settings
from s4s_graph.statements import name as term
from s4s_graph.vocabularies import folder, known, links, renewal, writing
from s4s_graph.vocabularies.about import About
from s4s_graph.vocabularies.collecting import Collected, RefusedError
from s4s_graph.vocabularies.folder import VOCABULARIES, Stored
from s4s_graph.vocabularies.gathering import Gathered, Given, gather
from s4s_graph.vocabularies.inputs import sha256
from s4s_graph.vocabularies.known import Known
from s4s_graph.vocabularies.links import Broken
from s4s_graph.vocabularies.renewal import Renewal
from s4s_graph.vocabularies.terms import is_iri

_DATE = re.compile(r"\d{4}-\d\d-\d\d(?:T[\d:.]+(?:Z|[+-]\d\d:\d\d)?)?")


@dataclass(frozen=True)
class Asked:
    """What someone asked to import, and where to.

    given: what to read. settings: those of the data folder that `into` is, or is in. name: of its
    folder. known: what is known of its publisher. facts: version, licence and source as they were
    said. texts: title and acknowledgement as they were said, by language.
    """

    given: Given
    into: Path
    settings: Settings
    name: str
    known: Known | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def place(self) -> Path:
        """Return the folder that it gets."""
        return self.into / VOCABULARIES / self.name


@dataclass(frozen=True)
class Found:
    """What an import would do.

    about: None while something is wrong. renewal: None when there was none before. broken: the
    links of ours that break.
    """

    gathered: Gathered
    about: About | None = None
    before: Stored | None = None
    renewal: Renewal | None = None
    broken: Sequence[Broken] = ()

    @property
    def problems(self) -> Collected:
        """Return what is wrong with the vocabulary."""
        return self.gathered.problems

    @property
    def is_same(self) -> bool:
        """Tell whether it is what is there already."""
        return self.before is not None and self.before.metadata == self.about

    @property
    def is_ready(self) -> bool:
        """Tell whether it can be written and changes anything."""
        return self.about is not None and not self.is_same


def find(asked: Asked, work: Path, lang: str, progress: Progress = quiet) -> Found:
    """Read, check and compare a vocabulary; nothing is written but to the folder `work`.

    lang: of the names of concepts. progress: is told the stages of gathering, and of comparing
    with what was there. Raises RefusedError, FormsError, OSError, and SyntaxError or
    KeyError when what is there before is not what an import wrote.
    """
    before = _before(asked)
    gathered = gather(asked.given, work / "gathered", progress)
    about = _about(asked, gathered, before)
    if about is None or gathered.problems.errors:
        return Found(gathered)
    if before is None or before.metadata == about:
        return Found(gathered, about, before)
    progress(COMPARE, 0, 1)
    compared = renewal.compare(before.concepts, gathered.statements, lang)
    broken = links.broken(compared, asked.settings)
    return Found(gathered, about, before, compared, broken)


def write(asked: Asked, found: Found) -> Path:
    """Put what was found in its place; return the folder that keeps what was there.

    Raises RefusedError when that changed meanwhile, and OSError: all is then as it was.
    """
    if found.about is None:
        raise ValueError("what is wrong cannot be written")
    statements = found.gathered.statements
    return writing.write(asked.name, asked.into, statements, found.about, found.before)


def _before(asked: Asked) -> Stored | None:
    for stored in folder.found(asked.settings.data):
        if stored.name == asked.name:
            if stored.folder.resolve() != asked.place:
                raise RefusedError(_elsewhere(stored, asked.name))
            return stored
    return None


def _about(asked: Asked, gathered: Gathered, before: Stored | None) -> About | None:
    """Return what the vocabulary is: as it was said, else known, else as it says itself."""
    said = _Described(gathered.overview.described)
    publisher = asked.known or Known({}, "")
    old = before.metadata if before else None
    facts = {
        "version": asked.facts.get("version") or _version(asked, said),
        "licence": asked.facts.get("licence")
        or publisher.licence
        or said.iri("dcterms:license")
        or (old and old.licence),
        "source": asked.facts.get("source")
        or publisher.source
        or said.iri("dcterms:source")
        or (old and old.source),
    }
    for option, value in facts.items():
        if not value and gathered.overview.concepts:
            gathered.problems.add(Problem(VIOLATION, _MISSING[option]))
    if not all(facts.values()):
        return None
    title = said.texts("dcterms:title") or (old and old.title) or {"": asked.name}
    acknowledgement = publisher.acknowledgement or (old.acknowledgement if old else {})
    return About(
        title=asked.texts.get("title") or publisher.title or title,
        **{option: str(value) for option, value in facts.items()},
        acknowledgement=asked.texts.get("acknowledgement") or acknowledgement,
        issued=said.date("dcterms:issued"),
        modified=said.date("dcterms:modified"),
        languages=tuple(sorted(gathered.overview.languages)),
        counts=dict(sorted(gathered.overview.counts.items())),
        files=gathered.files,
        concepts=sha256(gathered.statements),
    )


def _version(asked: Asked, said: "_Described") -> str | None:
    if stated := said.one("owl:versionInfo"):
        return stated
    told = known.versions([path.name for path in asked.given.files])
    if len(told) > 1:
        raise RefusedError(_mixed(told))
    return told[0] if told else None


class _Described:
    """What a vocabulary says of itself, where it says one thing only."""

    def __init__(self, values: Mapping[str, Iterable[str]]) -> None:
        self._values = values

    def _nodes(self, path: str) -> list[ox.NamedNode | ox.Literal]:
        found = []
        for value in sorted(self._values.get(term(path).value, ())):
            (quad,) = ox.parse(f"<urn:a:b> <urn:a:b> {value} .", ox.RdfFormat.N_TRIPLES)
            if isinstance(quad.object, ox.NamedNode | ox.Literal):
                found.append(quad.object)
        return found

    def one(self, path: str) -> str | None:
        values = {value.value for value in self._nodes(path)}
        return values.pop() if len(values) == 1 else None

    def iri(self, path: str) -> str | None:
        value = self.one(path)
        return value if value and is_iri(value) else None

    def date(self, path: str) -> str | None:
        value = self.one(path)
        return value if value and _DATE.fullmatch(value) else None

    def texts(self, path: str) -> dict[str, str]:
        texts = [node for node in self._nodes(path) if isinstance(node, ox.Literal)]
        by_language = {text.language or "": text.value for text in texts}
        return by_language if len(by_language) == len(texts) else {}


def _elsewhere(stored: Stored, name: str) -> Text:
    place = stored.folder.parent.parent
    return Text(
        nl=f"{name} staat al in {stored.folder}; geef --into {place}, of een andere --name",
        en=f"{name} is in {stored.folder} already; give --into {place}, or another --name",
    )


def _mixed(told: Sequence[str]) -> Text:
    return Text(
        nl=f"de namen van de bestanden noemen meer dan één versie: {', '.join(told)}; "
        "geef bestanden van één versie, of zeg met --version welke het is",
        en=f"the names of the files tell more than one version: {', '.join(told)}; "
        "give files of one version, or say with --version which it is",
    )


_MISSING = {
    "version": Text(
        nl="zeg met --version welke versie dit is, bijvoorbeeld --version 1.2.0",
        en="say with --version which version this is, such as --version 1.2.0",
    ),
    "licence": Text(
        nl="zeg met --licence onder welke licentie dit is uitgegeven, als webadres, bijvoorbeeld "
        "--licence https://creativecommons.org/licenses/by/4.0/",
        en="say with --licence which licence this is published under, as a web address, such as "
        "--licence https://creativecommons.org/licenses/by/4.0/",
    ),
    "source": Text(
        nl="zeg met --source op welk webadres dit te vinden is",
        en="say with --source at which web address this is found",
    ),
}
