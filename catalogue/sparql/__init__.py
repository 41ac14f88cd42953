"""Questions, stored ones and a reader's own, and the SPARQL endpoint."""
