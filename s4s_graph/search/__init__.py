"""Finding things: the words and the facets of a release, written once and then only read."""
