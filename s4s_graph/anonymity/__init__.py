"""The disclosure check: no company in public can be told apart from at least some others."""
