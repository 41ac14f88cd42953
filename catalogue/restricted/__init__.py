"""The restricted site: the same pages over what is not public, for people who have a token."""
