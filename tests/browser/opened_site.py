"""The site under test, and a page of it opened in chromium with what went wrong kept.

Needs playwright, axe-playwright-python and chromium (none of them in the lock), and the folder of
a built site in SITE.
"""

from __future__ import annotations

import os
import shutil
from pathlib import Path
from typing import Any

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
SITE = Path(os.environ.get("SITE") or "build/bundled/site").resolve()
VIEWS = [(width, mode) for width in (390, 1280) for mode in ("light", "dark")]


def lacking() -> str:
    try:
        import axe_playwright_python  # noqa: F401
        import playwright  # noqa: F401
    except ImportError:
        return "playwright is missing: pip install playwright axe-playwright-python"
    if not CHROMIUM:
        return "chromium is missing: apt install chromium, or set CHROMIUM to its path"
    if not (SITE / "index.html").is_file():
        return f"no site at {os.environ.get('SITE') or 'build/bundled/site'}: make, or set SITE"
    return ""


class Opened:
    """A page, and what went wrong while it was opened."""

    def __init__(self, browser: Any, name: str, width: int, mode: str, **options: Any) -> None:
        self.context = browser.new_context(
            viewport={"width": width, "height": 900}, color_scheme=mode, **options
        )
        self.page = self.context.new_page()
        self.errors: list[str] = []
        self.strangers: list[str] = []
        self.page.on("console", self._console)
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("request", self._request)
        self.page.goto(f"{SITE.as_uri()}/{name}", wait_until="load")

    def _console(self, message: Any) -> None:
        if message.type == "error":
            self.errors.append(message.text)

    def _request(self, request: Any) -> None:
        if not request.url.startswith(("file:", "data:")):
            self.strangers.append(request.url)

    def __enter__(self) -> Opened:
        return self

    def __exit__(self, *_: object) -> None:
        self.context.close()


def grave_findings(page: Any) -> list[str]:
    """What axe calls serious or critical."""
    from axe_playwright_python.sync_playwright import Axe

    return [
        f"{each['id']}: {each['nodes'][0]['html'][:120]}"
        for each in Axe().run(page).response["violations"]
        if each["impact"] in ("serious", "critical")
    ]
