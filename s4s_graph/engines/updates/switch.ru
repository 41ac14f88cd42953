# The set is complete, and the current one: one update, so that nobody sees half of it.
# The WHERE begins with what is there: Virtuoso finds nothing for one of OPTIONAL alone.
PREFIX dcat: <http://www.w3.org/ns/dcat#>
PREFIX dcterms: <http://purl.org/dc/terms/>
PREFIX xsd: <http://www.w3.org/2001/XMLSchema#>
DELETE { GRAPH <$pointer> { ?subject ?property ?before } }
INSERT {
  GRAPH <$pointer> {
    <$pointer> dcat:hasVersion <$set> ; dcat:hasCurrentVersion <$set> .
    <$set> dcterms:issued "$moment"^^xsd:dateTime
  }
}
WHERE {
  GRAPH <$pointer> {
    <$set> dcterms:hasPart <$all>
    OPTIONAL {
      ?subject ?property ?before
      FILTER (
        (?subject = <$pointer> && ?property = dcat:hasCurrentVersion)
        || (?subject = <$set> && ?property = dcterms:issued)
      )
    }
  }
}
