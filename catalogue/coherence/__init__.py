"""The pages about coherence."""
