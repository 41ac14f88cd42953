# The graphs of a set, before the first is there: what a broken publication leaves can be found.
INSERT DATA {
  GRAPH <$pointer> { <$set> <http://purl.org/dc/terms/hasPart> $parts }
}
