"""At which companies a case supports or contradicts a configuration."""

from collections.abc import Iterable
from dataclasses import dataclass

from s4s_graph.coherence.view import View


@dataclass(frozen=True)
class Seen:
    """The companies where a case supports, and those where one contradicts, what was asked."""

    worked: frozenset[str]
    failed: frozenset[str]


def seen(view: View, configurations: Iterable[str], companies: frozenset[str]) -> Seen:
    """Return at which of these companies cases say something of one of the configurations."""
    found = [item for name in configurations for item in view.findings.get(name, ())]
    at = {
        direction: frozenset(
            item.company
            for item in found
            if item.direction == direction and item.company in companies
        )
        for direction in ("supports", "contradicts")
    }
    return Seen(at["supports"], at["contradicts"])
