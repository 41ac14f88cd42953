"""The reader's choice between light and dark, and the stylesheet of who runs the site."""

import re

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from catalogue.page import OnPage, Templates
from catalogue.themes import CHOICES, COOKIE

SECONDS = 365 * 24 * 60 * 60
# Where a reader may be sent back to: a page of this site and nothing else.
BACK = re.compile(r"/(?:nl|en)/[^\\\s]*")

router = APIRouter()


@router.get("/theme.css")
def stylesheet(request: Request) -> Response:
    """The stylesheet that the setting names; empty when it names none, and no page asks for it."""
    templates: Templates = request.app.state.templates
    return Response(templates.theme.css, media_type="text/css")


@router.post("/{lang}/theme")
def choose(page: OnPage, choice: str = "", back: str = "") -> Response:
    """Keep the reader's choice in a cookie, or forget it, and go back to the page it came from."""
    response = RedirectResponse(back if BACK.fullmatch(back) else f"/{page.lang}/", 303)
    if choice in CHOICES:
        secure = page.request.url.scheme == "https"
        response.set_cookie(COOKIE, choice, SECONDS, httponly=True, samesite="lax", secure=secure)
    else:
        response.delete_cookie(COOKIE)
    return response


@router.get("/{lang}/theme")
def nothing_chosen(page: OnPage) -> Response:
    """Send who opens the address of the choice itself to the home page."""
    return RedirectResponse(f"/{page.lang}/", 303)
