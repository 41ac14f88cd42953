"""How a query says which things are of a kind."""

from s4s_graph.forms import Form
from s4s_graph.store import Iri

RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
IN_SCHEME = "http://www.w3.org/2004/02/skos/core#inScheme"


def member(form: Form) -> dict[str, Iri]:
    """Return the parameters that say which things are of a kind."""
    if form.class_iri:
        return {"member": Iri(RDF_TYPE), "kind": Iri(form.class_iri)}
    if form.scheme:
        return {"member": Iri(IN_SCHEME), "kind": Iri(form.scheme)}
    raise ValueError(f"{form.shape} has neither a class nor a scheme")
