"""Coding projects of other software, in REFI-QDA 1.0, read as rows of our tables."""
