"""The web app: one origin, server-rendered, read only. No route writes, no page runs a script."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.staticfiles import StaticFiles

from archive.health import Health, health_json, is_well
from archive.pages import Pages, Site, view_document
from archive.query import PAGE_SIZE, FindPlace, Listing, find, read_query
from archive.security import APP_HEADERS, SNAPSHOT_ID, Guard
from facts.canary import CANARY
from facts.errors import NotFound, StorageError
from storage.protocols import Catalogue

_STATIC = Path(__file__).parent / "static"
_LINKS_SHOWN = 20
_LONGEST_ADDRESS = 4096


def make_app(catalogue: Catalogue, site: Site, *, health: Callable[[], Health], find_place: FindPlace) -> Starlette:
    """Return the main app; `health` is asked on every visit of `/health`, `find_place` reads a place as typed."""
    web = _Web(catalogue=catalogue, site=site, pages=Pages(site), health=health, find_place=find_place)
    app = Starlette(
        routes=[
            Route("/", web.documents),
            Route("/documents/{id}", web.document),
            Route("/history", web.history),
            Route("/sources", web.sources),
            Route("/health", web.show_health),
            Mount("/static", StaticFiles(directory=_STATIC)),
        ],
        middleware=[Middleware(Guard, headers=APP_HEADERS, hosts=site.allowed_hosts)],
        exception_handlers={
            HTTPException: web.http_error,
            NotFound: web.not_found,
            StorageError: web.storage_error,
            Exception: web.bug,
        },
    )
    app.router.redirect_slashes = False
    return app


@dataclass(frozen=True, slots=True, kw_only=True)
class _Web:
    """The routes; each is a plain function, which Starlette runs in a thread, since the catalogue blocks."""

    catalogue: Catalogue
    site: Site
    pages: Pages
    health: Callable[[], Health]
    find_place: FindPlace

    def documents(self, request: Request) -> Response:
        labels = tuple(self.site.labels)
        query = read_query(request.query_params, labels, self.find_place)
        listing = Listing() if query.problems else find(self.catalogue, query)
        page = self.pages.render("list", query=query, listing=listing, first=1 + PAGE_SIZE * (query.page - 1))
        return HTMLResponse(page, 400 if query.problems else 200)

    def document(self, request: Request) -> Response:
        snapshot_id = request.path_params["id"]
        if not SNAPSHOT_ID.match(snapshot_id):
            raise HTTPException(404, "No document has this id.")
        snapshot = self.catalogue.snapshot(snapshot_id)
        view = view_document(self.catalogue.trace(snapshot.id), self.catalogue.versions(snapshot.url))
        return HTMLResponse(self.pages.render("document", view=view))

    def history(self, request: Request) -> Response:
        url = request.query_params.get("url", "").strip()
        if len(url) > _LONGEST_ADDRESS:
            raise HTTPException(400, f"An address has at most {_LONGEST_ADDRESS:,} characters.")
        versions = self.catalogue.versions(url) if url else []
        page = self.pages.render("history", url=url, versions=versions)
        return HTMLResponse(page, 404 if url and not versions else 200)

    def sources(self, _request: Request) -> Response:
        known = [row for row in self.catalogue.sources() if row.name != CANARY]
        rows = sorted(known, key=lambda row: (row.failures == 0, row.name))
        links = self.catalogue.given_up_links(_LINKS_SHOWN)
        return HTMLResponse(self.pages.render("sources", rows=rows, links=links, path=self.health().path))

    def show_health(self, _request: Request) -> Response:
        health = self.health()
        return JSONResponse(health_json(health), 200 if is_well(health) else 503, {"Cache-Control": "no-store"})

    def http_error(self, _request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        detail = "" if error.detail == HTTPStatus(error.status_code).phrase else error.detail
        return self._error(error.status_code, detail)

    def not_found(self, _request: Request, _error: Exception) -> Response:
        return self._error(404, "The archive has no document of this id, or more than one that begins so.")

    def storage_error(self, _request: Request, error: Exception) -> Response:
        return self._error(503, f"The archive could not be read: {error}")

    def bug(self, _request: Request, _error: Exception) -> Response:
        # Runs outside the middleware; the server logs the error itself.
        page = self._error(500, "Something went wrong here; the service's log says what.")
        page.headers.update(APP_HEADERS)
        return page

    def _error(self, status: int, detail: str) -> Response:
        return HTMLResponse(self.pages.render("error", status=status, detail=detail), status)
