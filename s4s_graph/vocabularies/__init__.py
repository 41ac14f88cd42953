"""Vocabularies of others: read as their publishers give them, kept apart, linked to ours."""
