"""Where a release is asked when not here: the engine, and what the release is called there."""

import json
from dataclasses import asdict, dataclass, field

from s4s_graph.engines.client import Client
from s4s_graph.engines.naming import Names


@dataclass(frozen=True)
class Elsewhere:
    """An engine and a release at it; `graphs` are the names there of the graphs of the release."""

    url: str
    user: str
    password: str = field(repr=False)
    seconds: float
    most_bytes: int
    base: str
    id: str
    graphs: tuple[str, ...]

    @classmethod
    def of(cls, text: str) -> "Elsewhere":
        """Read what `as_json` wrote."""
        values = json.loads(text)
        return cls(**{**values, "graphs": tuple(values["graphs"])})

    def as_json(self) -> str:
        """Return all of it, the password too."""
        return json.dumps(asdict(self))

    @property
    def names(self) -> Names:
        """The names of the release at the engine."""
        known = Names(self.base, self.id)
        start = f"{known.set}/named/"
        foreign = frozenset(known.here(graph) for graph in self.graphs if graph.startswith(start))
        return Names(self.base, self.id, foreign)

    def client(self) -> Client:
        """Return a client of the engine."""
        return Client(
            self.url,
            seconds=self.seconds,
            most_bytes=self.most_bytes,
            user=self.user,
            password=self.password,
        )
