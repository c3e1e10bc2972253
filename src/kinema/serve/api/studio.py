"""The studio's built files: one page for all its addresses, and what the page loads.

Nothing is here in a package that was built without them; then there is no studio, and the rest
is as it is.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from fastapi import APIRouter, FastAPI, Response
from starlette.responses import FileResponse
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from kinema.serve.api.auth import COOKIE

FILES: Final = Path(__file__).resolve().parent.parent / "studio"
PAGES: Final = ("c", "s", "compare", "live", "characters", "settings")
"""First pieces of the addresses that the page itself understands."""
POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
"""Nothing comes from elsewhere, and no text that somebody typed can become a script."""
_HEADERS: Final = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cache-control": "no-cache",
}


class _Assets(StaticFiles):
    """Files whose names change with what is in them, so that they can be kept for ever."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        """The file, to be kept for a year."""
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        response.headers["x-content-type-options"] = "nosniff"
        return response


def install(app: FastAPI, *, single_user: bool) -> None:
    """Serve the studio at the root of the application, where it was built.

    Args:
        app: The application.
        single_user: Any key is good; the page then gets one, since a browser that loads pictures
            shows no other than a cookie.
    """
    if not (FILES / "index.html").is_file():
        return
    router = APIRouter(include_in_schema=False)

    async def page() -> Response:
        response = FileResponse(FILES / "index.html", headers=_HEADERS)
        if single_user:
            response.set_cookie(COOKIE, "local", path="/v1", httponly=True, samesite="strict")
        return response

    router.add_api_route("/", page, methods=["GET", "HEAD"])
    for name in PAGES:
        router.add_api_route(f"/{name}", page, methods=["GET", "HEAD"])
        router.add_api_route(f"/{name}/{{rest:path}}", page, methods=["GET", "HEAD"])
    app.include_router(router)
    app.mount("/assets", _Assets(directory=FILES / "assets"))
