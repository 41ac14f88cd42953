"""Mappings between vocabularies as pages: to look at for everyone, to decide on for a reviewer."""
