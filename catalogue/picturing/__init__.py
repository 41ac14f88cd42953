"""Pictures of a selection of interventions: what each counts, how it is drawn, where it stands."""
