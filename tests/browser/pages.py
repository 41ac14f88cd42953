"""The pages that the browser visits: one of each kind, over the data that the project ships."""

LANGUAGES = ("nl", "en")
NOT_FOUND = "/nothing"

# What is shown → the path below the language. A template that none of them uses fails a test.
PAGES = {
    "home": "/",
    "about": "/about",
    "accessibility": "/accessibility",
    "data": "/data",
    "ontology": "/ontology",
    "lists": "/schemes",
    "list": "/schemes/intervention-kinds",
    "interventions": "/interventions",
    "filtered": "/interventions?q=leren&ofKind=training-course",
    "search": "/search?q=leerambassadeur",
    "intervention": "/interventions/werkplekleren",
    "kind": "/intervention-kinds/workplace-learning",
    "configuration": "/configurations/ev-training-course-06",
    "mechanism": "/mechanisms/active-manager-support",
    "condition": "/conditions/joint-learning-network",
    "organisation": "/organisations/5xbeter",
    "company": "/companies/bedrijf-01",
    "pointing": "/intervention-kinds/workplace-learning/incoming/configurations/aboutKind",
    "questions": "/questions",
    "question": "/questions/what-works-for-whom",
    "question-with-choice": "/questions/fits-company?company=bedrijf-01",
    "sparql": "/sparql",
    "not-found": NOT_FOUND,
    "advice": "/advice?size=10-49&holds=no-hr-function&holds=small-or-medium-firm"
    "&lacks=no-time-for-learning",
    "changes": "/changes",
    "compare": "/compare?i=werkplekleren&i=5xbeter",
    "coherence": "/coherence",
    "gaps": "/coherence/gaps",
    "improvements": "/coherence/improvements",
    "routes": "/coherence/routes",
    "reach": "/coherence/reach",
    "method": "/coherence/method",
    "matrix": "/coherence/matrix",
    "coverage": "/coherence/coverage",
    "picture": "/coherence/picture",
    "pair": "/coherence/pair?from=intervention-kind/learning-culture"
    "&to=intervention-kind/training-subsidy",
    "success": "/coherence/success",
    "outcome": "/coherence/success/employees-learn-informally",
    "regularities": "/coherence/regularities",
    "report": "/coherence/report/2026",
}
# The pages that are pictured in each look.
MAIN = (
    "home",
    "interventions",
    "intervention",
    "configuration",
    "condition",
    "company",
    "question",
    "coherence",
    "matrix",
    "sparql",
)
