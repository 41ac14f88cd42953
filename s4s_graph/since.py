"""What changed in the data folder since a release or a commit, as triples that came and went.

Since a release, only the files that differ from those of its build are read: what was there before
is in its store. Since a commit, all files are read, and those that changed in both their states.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import pyoxigraph as ox

from s4s_graph import commits, dataset, labels, release, sources, tables
from s4s_graph.forms import Forms, Text
from s4s_graph.headings import ID
from s4s_graph.mappings.sets import SUFFIX
from s4s_graph.problems import Cell
from s4s_graph.settings import Settings
from s4s_graph.shacl.partial import Change
from s4s_graph.shacl.terms import Lexicon
from s4s_graph.shacl.view import Triple, triple
from s4s_graph.sources import File, Source

# Files of these kinds may hold graphs of any name.
_OWN_GRAPHS = (".trig", ".nq", ".jsonld")


class WholeError(Exception):
    """A change that asks for a check of everything; `message` says why."""

    def __init__(self, message: Text) -> None:
        super().__init__(message.en)
        self.message = message


@dataclass(frozen=True)
class Changed:
    """What is different, and the files that say so.

    read: those files, as they are now. context: what is known of other things that matter to
    them. names: the file that each graph of the data folder comes from.
    """

    change: Change
    read: Sequence[Source]
    context: Source
    names: Mapping[str, File]

    def files(self, nodes: Set[ox.NamedNode]) -> list[File]:
        """Return the files that say something of these things."""
        stated = [quad for quad in self.context.quads if quad.subject in nodes]
        for node in nodes:
            stated += self.change.store.quads_for_pattern(node, None, None, None)
        graphs = {
            quad.graph_name.value for quad in stated if isinstance(quad.graph_name, ox.NamedNode)
        }
        return [file for graph, file in sorted(self.names.items()) if graph in graphs]

    def things(self) -> Source:
        """Return all things that there are, each with its kind."""
        if self.change.is_after:
            return self.context
        typed = self.change.store.quads_for_pattern(None, tables.RDF_TYPE, None, None)
        there = [quad for quad in typed if triple(quad) not in self.change.went]
        return Source("", "", [*there, *self.context.quads], {}, [])


def changed(since: str, settings: Settings, forms: Forms, lexicon: Lexicon) -> Changed:
    """Find what changed. Raises WholeError, OSError and commits.UnknownError."""
    files = sources.files(settings.ontology, settings.shapes, settings.data)
    folder = settings.releases / since
    if (folder / release.MANIFEST).is_file():
        return _since_release(folder, files, settings, forms, lexicon)
    return _since_commit(since, files, settings, forms, lexicon)


def _since_release(
    folder: Path, files: Sequence[File], settings: Settings, forms: Forms, lexicon: Lexicon
) -> Changed:
    manifest, base = release.read_manifest(folder / release.MANIFEST), settings.base
    if manifest.base != base or not manifest.illustrative:
        raise WholeError(_OTHER_BUILD)
    now = {file.name: file for file in files}
    before = {name: digest for name, digest in manifest.inputs.items() if _is_checked(name)}
    # Of a file with restricted values the manifest has no hash, and the store not all it says.
    differing = {
        name
        for name in now.keys() | before.keys()
        if name not in now or now[name].refused or before.get(name) != _digest(now[name].path)
    }
    _must_be_tables(differing)
    old = _Recorded(ox.Store.read_only(str(folder / release.STORE)), differing, base)
    raw = [sources.read(now[name], forms, base) for name in sorted(differing & now.keys())]
    context = old.context(raw)
    read = labels.resolved([*raw, context], base)[:-1]
    new = _triples(read, lexicon)
    came, went = new - old.replaced, {t for t in old.replaced - new if not old.stays(t)}
    change = Change(old.store, came, went, False, old.counts)
    return Changed(change, read, context, {file.graph(base): file for file in files})


def _since_commit(
    since: str, files: Sequence[File], settings: Settings, forms: Forms, lexicon: Lexicon
) -> Changed:
    for folder in (settings.ontology, settings.shapes):
        if commits.is_beside(folder, settings.data) and commits.differing(folder, since):
            raise WholeError(_MODEL)
    differing, base = commits.differing(settings.data, since), settings.base
    _must_be_tables(differing)
    now = labels.resolved([sources.read(file, forms, base) for file in files], base)
    read = [source for source in now if source.name in differing]
    rest = [source for source in now if source.name not in differing]
    with TemporaryDirectory() as name:
        earlier = list(commits.earlier(since, differing, settings.data, Path(name)))
        raw = [sources.read(file, forms, base) for file in earlier]
    before = labels.resolved([*raw, *rest], base)[: len(raw)]
    store = ox.Store()
    for source in now:
        store.bulk_extend(lexicon.quads(source.quads))
    new, old = _triples(read, lexicon), _triples(before, lexicon)
    went = {one for one in old if not _holds(store, one)}
    context = Source("", "", [quad for source in rest for quad in source.quads], {}, [])
    names = {file.graph(base): file for file in files}
    return Changed(Change(store, new - old, went, True), read, context, names)


class _Recorded:
    """What a release recorded, and which of it stood in files that changed.

    replaced: the triples of those files, as the store keeps them.
    """

    def __init__(self, store: ox.Store, differing: Iterable[str], base: str) -> None:
        self.store = store
        self._base = base
        self._changed = {File(Path(name), name).graph(base) for name in differing}
        self.replaced = {
            triple(quad)
            for graph in store.named_graphs()
            if isinstance(graph, ox.NamedNode) and self._is_changed(graph.value)
            for quad in store.quads_for_pattern(None, None, None, graph)
        }

    def counts(self, graph: str) -> bool:
        """Tell whether a graph was recorded, and not computed or taken over."""
        name = graph.removeprefix(f"{self._base}graph/")
        computed = (sources.DERIVED, dataset.GRAPH, f"mappings/{sources.DERIVED}")
        return name not in computed and not name.startswith("vocabularies/")

    def stays(self, one: Triple) -> bool:
        """Tell whether a triple stands in a file that did not change as well."""
        found = self.store.quads_for_pattern(one[0], one[1], one[2], None)  # type: ignore[arg-type]
        return any(self._is_other(quad) for quad in found)

    def context(self, read: Sequence[Source]) -> Source:
        """Return what the other files say of the things in some: that they are there.

        If one cannot be found, it may be called by its name: then what all things are called.
        """
        things = f"{self._base}id/"
        own = {quad.subject for source in read for quad in source.quads}
        meant = own | {quad.object for source in read for quad in source.quads}
        quads: list[ox.Quad] = []
        missing = any(source.references for source in read)
        for node in meant:
            if isinstance(node, ox.NamedNode) and node.value.startswith(things):
                types = [*self._others(node, tables.RDF_TYPE)]
                quads += types
                missing |= not types and node not in own
        if missing:
            quads += self._others(None, _NAME)
        cells = {
            quad.triple: Cell(self._file(quad), column=ID)
            for quad in quads
            if quad.predicate == tables.RDF_TYPE and quad.subject in own
        }
        return Source("", "", quads, cells, [])

    def _others(self, node: ox.NamedNode | None, name: ox.NamedNode) -> Iterator[ox.Quad]:
        found = self.store.quads_for_pattern(node, name, None, None)
        return (quad for quad in found if self._is_other(quad))

    def _is_other(self, quad: ox.Quad) -> bool:
        name = quad.graph_name
        if not isinstance(name, ox.NamedNode):
            return False
        return self.counts(name.value) and not self._is_changed(name.value)

    def _is_changed(self, graph: str) -> bool:
        # The graph of a sheet is called after its workbook.
        return graph in self._changed or graph.rpartition("/")[0] in self._changed

    def _file(self, quad: ox.Quad) -> str:
        name = quad.graph_name
        return (
            name.value.removeprefix(f"{self._base}graph/") if isinstance(name, ox.NamedNode) else ""
        )


def _triples(read: Iterable[Source], lexicon: Lexicon) -> set[Triple]:
    return {triple(quad) for source in read for quad in lexicon.quads(source.quads)}


def _holds(store: ox.Store, one: Triple) -> bool:
    return next(store.quads_for_pattern(one[0], one[1], one[2], None), None) is not None  # type: ignore[arg-type]


def _is_checked(name: str) -> bool:
    """Tell whether a file is held against the shapes; the vocabularies of others are not."""
    return "vocabularies/" not in f"/{name}"


def _must_be_tables(differing: Iterable[str]) -> None:
    for name in differing:
        if name.startswith(("ontology/", "shapes/")):
            raise WholeError(_MODEL)
        if name.endswith(SUFFIX):
            raise WholeError(_MAPPINGS)
        if name.endswith(_OWN_GRAPHS):
            raise WholeError(_GRAPHS)


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


_NAME = ox.NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel")
_MODEL = Text(
    nl="de ontologie of de vormen zijn veranderd", en="the ontology or the shapes changed"
)
_MAPPINGS = Text(nl="een verzameling verbanden is veranderd", en="a set of mappings changed")
_GRAPHS = Text(
    nl="een bestand met eigen grafen is veranderd", en="a file with graphs of its own changed"
)
_OTHER_BUILD = Text(
    nl="die release is met een ander webadres of zonder het verzonnen deel gemaakt",
    en="that release was made with another address or without the invented part",
)
