"""The mirror: what was found of an intervention, held up to its holder, and what came of that."""
