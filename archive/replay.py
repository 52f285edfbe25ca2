"""The second origin: captures as they were received, inert. Nothing here shares an origin with the app."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from archive.display import visible
from archive.security import REPLAY_HEADERS, SNAPSHOT_ID, Guard
from facts.document import Capture
from facts.errors import NotFound, StorageError
from storage.protocols import Catalogue

_TEXT = re.compile(r"\A(?:text/.*|application/(?:json|xml|xhtml\+xml|[a-z.-]+\+(?:json|xml)))\Z")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([A-Za-z0-9._-]{1,40})", re.IGNORECASE)
_PDF = "application/pdf"


def make_replay_app(catalogue: Catalogue, *, allowed_hosts: Iterable[str]) -> Starlette:
    """Return the app of the second origin, which answers `/captures/{snapshot_id}` and nothing else."""
    replay = _Replay(catalogue=catalogue)
    app = Starlette(
        routes=[Route("/captures/{id}", replay.capture)],
        middleware=[Middleware(Guard, headers=REPLAY_HEADERS, hosts=allowed_hosts)],
        exception_handlers={
            HTTPException: _http_error,
            NotFound: _not_found,
            StorageError: _damaged,
            Exception: _bug,
        },
    )
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class _Replay:
    catalogue: Catalogue

    def capture(self, request: Request) -> Response:
        snapshot_id = request.path_params["id"]
        if not SNAPSHOT_ID.match(snapshot_id):
            raise HTTPException(404)
        snapshot = self.catalogue.snapshot(snapshot_id)
        return as_received(self.catalogue.capture(snapshot), snapshot.id)


def as_received(capture: Capture, name: str) -> Response:
    """Return the bytes of a capture in a form that no browser runs.

    Text of every kind, HTML with it, is shown as plain text. Anything else is a download, PDF too: a browser's viewer
    does not work inside the sandbox, and the sandbox is worth more than the viewer.
    """
    media_type = capture.media_type.partition(";")[0].strip().lower()
    if _TEXT.match(media_type):
        return Response(capture.body, headers={"Content-Type": f"text/plain; charset={charset(capture)}"})
    suffix = ".pdf" if media_type == _PDF else ".bin"
    return Response(
        capture.body,
        headers={
            "Content-Type": _PDF if media_type == _PDF else "application/octet-stream",
            "Content-Disposition": f'attachment; filename="capture-{name}{suffix}"',
        },
    )


def charset(capture: Capture) -> str:
    """Return the character set the answer named, when there is such a one, else UTF-8."""
    named = [value for name, value in capture.headers if name.lower() == "content-type"]
    match = _CHARSET.search(" ".join((*named, capture.media_type)))
    try:
        codecs.lookup(match[1] if match else "")
    except LookupError:
        return "utf-8"
    return match[1].lower() if match else "utf-8"


def _http_error(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    return PlainTextResponse("There is no such capture.\n", error.status_code)


def _not_found(_request: Request, _error: Exception) -> Response:
    return PlainTextResponse("There is no such capture.\n", 404)


def _damaged(_request: Request, error: Exception) -> Response:
    told = visible(str(error))
    return PlainTextResponse(f"This capture is damaged and is not shown.\n{told}\nRun: pursestrings verify\n", 502)


def _bug(_request: Request, _error: Exception) -> Response:
    # Runs outside the middleware; the server logs the error itself.
    return PlainTextResponse("Something went wrong here; the service's log says what.\n", 500, REPLAY_HEADERS)
