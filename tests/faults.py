"""Random faults in a graph: statements that go, come, or say something else."""

from pathlib import Path
from random import Random

import pyoxigraph as ox

from s4s_graph.namespaces import STANDARD

ROOT = Path(__file__).parent.parent
EXAMPLES = Path(__file__).parent / "shapes"
SUBCLASS = ox.NamedNode(f"{STANDARD['rdfs']}subClassOf")

# Texts that each mean trouble somewhere: to a number, a year, a language, or the store.
_ODD = [
    ox.Literal(text, datatype=ox.NamedNode(f"{STANDARD['xsd']}{kind}"))
    for text in ("07", "1.50", "x", "2020", "-3", " 4", "true")
    for kind in ("integer", "decimal", "gYear", "string", "date", "boolean")
]
_ODD += [ox.Literal("één", language=lang) for lang in ("nl", "en", "nl-be", "de")]


def examples() -> list[ox.Quad]:
    """Return the ontology with the valid and the invalid examples."""
    files = [*ROOT.glob("ontology/*.ttl"), *ROOT.glob("ontology/schemes/*.ttl")]
    files += EXAMPLES.glob("*/*.ttl")
    assert files
    return [
        quad
        for file in sorted(files)
        for quad in ox.parse(file.read_bytes(), format=ox.RdfFormat.TURTLE, rename_blank_nodes=True)
    ]


class Faults:
    """Makes changes to a graph, the same for the same seed.

    Which class is below which stays: a change of that asks for a check of everything.
    """

    def __init__(self, quads: list[ox.Quad]) -> None:
        self.quads = sorted({q for q in quads if q.predicate != SUBCLASS}, key=str)
        self._kept = [quad for quad in quads if quad.predicate == SUBCLASS]
        self._things = [q.subject for q in self.quads if isinstance(q.subject, ox.NamedNode)]
        self._objects = [*(quad.object for quad in self.quads), *_ODD * 20]

    def changed(self, seed: int) -> list[ox.Quad]:
        """Return the graph with up to a dozen changes."""
        random = Random(seed)
        gone = set(random.sample(self.quads, random.randint(0, 5)))
        if random.random() < 0.3:
            thing = random.choice(self._things)
            gone |= {quad for quad in self.quads if quad.subject == thing}
        new = [self._new(random) for _ in range(random.randint(0, 6))]
        return [*self._kept, *(quad for quad in self.quads if quad not in gone), *new]

    def _new(self, random: Random) -> ox.Quad:
        quad, kind = random.choice(self.quads), random.random()
        if kind < 0.2:
            return ox.Quad(random.choice(self._things), quad.predicate, quad.object)
        if kind < 0.8:
            return ox.Quad(quad.subject, quad.predicate, random.choice(self._objects))
        blank = ox.BlankNode(f"new{random.randrange(3)}")
        return random.choice(
            (
                ox.Quad(blank, quad.predicate, quad.object),
                ox.Quad(quad.subject, quad.predicate, blank),
            )
        )
