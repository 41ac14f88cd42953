# Nothing is known of a set any more.
DELETE WHERE { GRAPH <$pointer> { <$set> ?property ?value } }
