"""One address of the service: of which release, in which language, and how it writes things."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from catalogue.live import Release
from catalogue.reconciling import entities
from catalogue.reconciling.entities import Directory, Kind
from catalogue.reconciling.properties import Property, properties
from s4s_graph.forms import Text
from s4s_graph.vocabularies.concepts import Concept

ROOT = "/reconcile"
DRAFT = "/1.0"  # behind ROOT: the draft of version 1.0, whose answers have other shapes
LETTERS = 200  # of what something is, where it stands beside a name
ILLUSTRATIVE = Text("Illustratief: verzonnen.", "Illustrative: invented.")

Json = dict[str, Any]


@dataclass(frozen=True)
class Service:
    """What answers are made of. site: the address of the site, with a slash at the end."""

    release: Release
    lang: str
    site: str
    draft: bool = False

    @cached_property
    def directory(self) -> Directory:
        """What can be found."""
        return entities.directory(self.release)

    @cached_property
    def properties(self) -> Mapping[str, Property]:
        """What can be asked of it."""
        return properties(self.release, self.directory)

    def say(self, text: Text) -> str:
        """Return words in the language of the service."""
        return text.of(self.lang)

    def name(self, concept: Concept) -> Json:
        """Return the name of a thing; the draft wants to know its language."""
        label = entities.label(concept, self.lang)
        spoken = {"lang": label.lang} if self.draft and label.lang else {}
        return {"name": label.text, **spoken}

    def described(self, concept: Concept) -> str:
        """Return what it is in a few words, and that it was invented if it was."""
        found = entities.defined(concept, self.lang)
        text = _short(found.text) if found else ""
        if concept.iri in self.release.illustrative:
            return f"{self.say(ILLUSTRATIVE)} {text}".rstrip()
        return text

    def kinds(self, concept: Concept) -> list[Json]:
        """Return the kinds of a thing, each with its name."""
        found = (self.directory.kinds[one] for one in concept.types)
        return [{"id": kind.id, "name": self.say(kind.name)} for kind in found]

    def kind(self, kind: Kind) -> Json:
        """Return a kind with what it is and what is above it."""
        above = self.directory.kinds.get(kind.broader or "")
        help_ = {"description": self.say(kind.help)} if kind.help else {}
        broader = {"broader": [self.kind(above)]} if above else {}
        return {"id": kind.id, "name": self.say(kind.name), **help_, **broader}

    def property(self, one: Property) -> Json:
        """Return a property with what it is."""
        help_ = {"description": self.say(one.help)} if one.help else {}
        return {"id": one.id, "name": self.say(one.name), **help_}


def _short(text: str) -> str:
    if len(text) <= LETTERS:
        return text
    return f"{text[:LETTERS].rpartition(' ')[0] or text[:LETTERS]}…"
