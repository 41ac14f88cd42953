"""What who runs the site states about it: its accessibility."""

from fastapi import APIRouter
from fastapi.responses import Response

from catalogue.page import OnPage

AXE = "4.12.1"  # the version of the automatic check; the browser tests see that it is this one

router = APIRouter()


@router.get("/{lang}/accessibility")
def accessibility(page: OnPage) -> Response:
    """What was tested and what was not, as the start of a statement of who runs the site."""
    return page.html("accessibility.html", axe=AXE, settings=page.request.app.state.settings)
