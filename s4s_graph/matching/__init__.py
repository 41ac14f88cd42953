"""Which concepts a name, or another concept, may stand for, with a chance that means something."""

from s4s_graph.matching.index import Index, Match

__all__ = ["Index", "Match"]
