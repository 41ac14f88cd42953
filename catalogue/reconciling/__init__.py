"""Matching columns of others with what is in a release: the Reconciliation Service API of W3C."""
