"""Where interventions connect, where not, and what would improve it most: computed, not argued.

`model` says what is known, `read` takes it from a store, the other modules are pure functions.
"""
