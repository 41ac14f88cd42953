"""Skills4Skills: from a data folder to a checked graph, and the questions asked of it."""

__version__ = "0.1.0"
