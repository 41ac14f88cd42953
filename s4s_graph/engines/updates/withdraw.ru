# The set is no longer complete: nobody is to open it from here on.
DELETE DATA {
  GRAPH <$pointer> { <$pointer> <http://www.w3.org/ns/dcat#hasVersion> <$set> }
}
