"""The pages that the browser visits: one of each kind, over the data that the project ships."""

from s4s_graph.namespaces import BASE

LANGUAGES = ("nl", "en")
NOT_FOUND = "/nothing"

# What is shown → the path below the language. A template that none of them uses fails a test.
# Kinds of thing that have parts of their own on their pages stand here one by one.
PAGES = {
    "home": "/",
    "about": "/about",
    "accessibility": "/accessibility",
    "data": "/data",
    "quality": "/data/quality",
    "ontology": "/ontology",
    "lists": "/schemes",
    "vocabularies": "/vocabularies",
    "list": "/schemes/intervention-kinds",
    "interventions": "/interventions",
    "filtered": "/interventions?q=leren&ofKind=training-course",
    "search": "/search?q=leerambassadeur",
    "nothing-found": "/search?q=qqqqzzzz",
    "intervention": "/interventions/werkplekleren",
    "factsheet": "/interventions/werkplekleren/factsheet",
    "kind": "/intervention-kinds/workplace-learning",
    "configuration": "/configurations/ev-training-course-06",
    "mechanism": "/mechanisms/active-manager-support",
    "condition": "/conditions/joint-learning-network",
    "organisation": "/organisations/5xbeter",
    "company": "/companies/bedrijf-01",
    "case": "/cases/vb-casus-2023-bedrijf-01",
    "finding": "/findings/finding-ev-academy-training-01",
    "skill": "/skills/3d-printing-process",
    "pointing": "/intervention-kinds/workplace-learning/incoming/configurations/aboutKind",
    "questions": "/questions",
    "questions-found": "/questions?q=skill",
    "api": "/api",
    "question": "/questions/what-works-for-whom",
    "question-with-choice": "/questions/fits-company?company=bedrijf-01",
    "question-bars": "/questions/gaps",
    "question-matrix": "/questions/coverage-actor-step",
    "question-network": "/questions/hand-offs",
    "sparql": "/sparql",
    "sparql-answer": "/sparql?show=iris&query=SELECT%20%3Fs%20%7B%3Fs%20%3Fp%20%3Fo%7D%20LIMIT%209",
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
    "mappings": "/skills/mappings",
    "mirrors": "/mirror",
    "mirror": "/mirror/werkplekleren/2026",
    "rameses": "/rameses",
    "pictures": "/pictures",
    "picture-matrix": "/pictures/matrix?axis=condition&ofKind=scholing",
    "picture-network": "/pictures/network",
    "picture-around": "/pictures/network?intervention=leercultuur",
    "picture-flow": "/pictures/flow",
    "picture-timeline": "/pictures/timeline",
    "picture-evidence": "/pictures/evidence",
    "reconciling": f"/reconcile/preview?id={BASE}id/skill/adapt-to-change",
}
# What stands there when there is no site to speak of: a template and no address.
WITHOUT = ("unavailable", "failure", "refused")
# The pages that are pictured in each look.
MAIN = (
    "home",
    "interventions",
    "intervention",
    "factsheet",
    "condition",
    "compare",
    "advice",
    "coherence",
    "matrix",
    "sparql",
)
