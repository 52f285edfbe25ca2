"""Redirects as Scrapy follows them, without falling over an address that is none."""

from __future__ import annotations

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response


class SafeRedirectMiddleware(RedirectMiddleware):
    """Leaves a redirect to what is no URL as the answer: it is a status like any other that is not 200."""

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 (the parent's signature)
    ) -> Request | Response:
        """Follow the redirect, or return the answer itself."""
        try:
            return super().process_response(request, response)
        except ValueError:
            # `Location: javascript:1`, `http://[`: Scrapy raises what building a request raises.
            return response
