"""The quality of the data: what the check of a release found, and what is missing."""
