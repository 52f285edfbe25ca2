"""What every source's stanza may hold; `spider`, `every` and `places` are read elsewhere."""

from __future__ import annotations

from typing import Annotated

from cssselect import SelectorError
from parsel.csstranslator import HTMLTranslator
from pydantic import AfterValidator, BaseModel, ConfigDict, ValidationInfo, field_validator

from facts.address import refusal_of_url


def _http(url: str) -> str:
    # The ports that may be dialled are the fetcher's to judge.
    reason = refusal_of_url(url, range(1, 65536))
    if reason is not None:
        msg = f"expected an http or https address, but {reason}"
        raise ValueError(msg)
    return url


def _css(selector: str) -> str:
    try:
        HTMLTranslator().css_to_xpath(selector)
    except SelectorError as error:
        msg = f"expected a CSS selector such as 'article h2 a': {error}"
        raise ValueError(msg) from error
    return selector


#: An address that may be fetched, as far as its looks go.
Url = Annotated[str, AfterValidator(_http)]
#: A CSS selector.
Css = Annotated[str, AfterValidator(_css)]


class SourceSettings(BaseModel):
    """The keys that every kind of source has."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    url: Url
    #: Also fetch the pages that entries lead to, and the letters these link.
    follow: bool = False


class PageSettings(SourceSettings):
    """The keys of the kinds that read pages written for people."""

    #: The page is made by scripts: read it, and with `follow` the pages it leads to, as a browser shows them.
    browser: bool = False
    #: What has to appear before the page is read; without it, until the page asked for nothing for half a second.
    wait_for: Css | None = None

    @field_validator("wait_for")
    @classmethod
    def _of_browser(cls, wait_for: str | None, info: ValidationInfo) -> str | None:
        # A mistake in `browser` itself is told by itself.
        if wait_for is not None and info.data.get("browser") is False:
            msg = "is waited for in a browser alone; expected browser = true beside it, or no wait_for"
            raise ValueError(msg)
        return wait_for
