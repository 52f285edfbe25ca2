"""Redirects as Scrapy follows them, without falling over an address that is none, or telling others what was sent."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from scrapy import Request, Spider
from scrapy.downloadermiddlewares.redirect import RedirectMiddleware
from scrapy.http import Response

#: Those that keep method and body (RFC 9110, section 15.4); the others would turn a question into a mere look.
_KEEPING = frozenset({307, 308})


class SafeRedirectMiddleware(RedirectMiddleware):
    """Leaves a redirect to what is no URL as the answer: it is a status like any other that is not 200.

    What is sent by POST goes to the host that was asked, and to no other.
    """

    def process_response(
        self,
        request: Request,
        response: Response,
        spider: Spider | None = None,  # noqa: ARG002 (the parent's signature)
    ) -> Request | Response:
        """Follow the redirect, or return the answer itself."""
        try:
            if request.method == "POST" and not _is_kept(request, response):
                return response
            return super().process_response(request, response)
        except ValueError:
            # `Location: javascript:1`, `http://[`: Scrapy raises what building a request raises.
            return response


def _is_kept(request: Request, response: Response) -> bool:
    location = (response.headers.get("Location") or b"").decode("latin-1")
    asked, target = urlsplit(request.url), urlsplit(urljoin(request.url, location))
    safe = target.scheme in {asked.scheme, "https"}
    return response.status in _KEEPING and target.hostname == asked.hostname and safe
