"""Mappings between vocabularies: read, written, chained, decided on (SSSOM)."""
