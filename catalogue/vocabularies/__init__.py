"""The vocabularies of others that a release holds: what they are, their concepts, our links."""
