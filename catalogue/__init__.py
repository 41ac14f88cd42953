"""The bilingual catalogue: pages, linked data and SPARQL over one release."""
