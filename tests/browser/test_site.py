"""Every page of a built site in a real browser: phone and desktop, light and dark.

Needs playwright, axe-playwright-python and chromium (none of them in the lock), and the folder of
a built site in SITE.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.browser

CHROMIUM = os.environ.get("CHROMIUM") or shutil.which("chromium") or ""
SITE = Path(os.environ.get("SITE") or "build/bundled/site").resolve()
VIEWS = [(width, mode) for width in (390, 1280) for mode in ("light", "dark")]


def _lacking() -> str:
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


LACKING = _lacking()
if LACKING:
    pytest.skip(LACKING, allow_module_level=True)

PAGES = sorted(path.name for path in SITE.glob("*.html"))


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as engine:
        chromium = engine.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        yield chromium
        chromium.close()


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


@pytest.mark.parametrize(("width", "mode"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page(browser: Any, name: str, width: int, mode: str) -> None:
    from axe_playwright_python.sync_playwright import Axe

    with Opened(browser, name, width, mode) as opened:
        page = opened.page
        page.evaluate("document.querySelectorAll('img').forEach(img => img.loading = 'eager')")
        page.wait_for_function("[...document.images].every(img => img.complete)")
        assert opened.errors == []
        assert opened.strangers == []
        assert page.evaluate(
            "[...document.images].filter(img => !img.naturalWidth).map(img => img.src)"
        ) == []  # fmt: skip
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate("document.documentElement.dataset.theme") == mode
        for alt in page.eval_on_selector_all("figure img", "imgs => imgs.map(img => img.alt)"):
            assert len(alt.split()) >= 8, alt
            assert not alt.endswith((".svg", ".png")), alt
        found = Axe().run(page).response["violations"]
        grave = [
            f"{each['id']}: {each['nodes'][0]['html'][:120]}"
            for each in found
            if each["impact"] in ("serious", "critical")
        ]
        assert grave == []


@pytest.mark.parametrize("name", PAGES)
def test_links_lead_somewhere(browser: Any, name: str) -> None:
    with Opened(browser, name, 1280, "light") as opened:
        links = opened.page.eval_on_selector_all("a[href]", "all => all.map(link => link.href)")
        for address in {each for each in links if each.startswith("file:")}:
            path, _, anchor = address.removeprefix("file://").partition("#")
            target = Path(path.partition("?")[0])
            assert target.is_file(), address
            if anchor and target.suffix == ".html":
                assert f'id="{anchor}"' in target.read_text(encoding="utf-8"), address


def test_search_works_from_disk(browser: Any) -> None:
    with Opened(browser, "search.html?q=bootstrap", 1280, "light") as opened:
        opened.page.wait_for_selector("#search-results li a", timeout=10_000)
        assert "methods.html" in opened.page.inner_html("#search-results")
        assert opened.errors == []


@pytest.mark.parametrize("mode", ["light", "dark"])
def test_first_page_reads_without_scripts(browser: Any, mode: str) -> None:
    with Opened(browser, "index.html", 1280, mode, java_script_enabled=False) as opened:
        assert opened.page.locator("article h1").is_visible()
        assert opened.page.locator(".generated.answer").is_visible()
        assert opened.page.locator("nav a:visible").count() >= len(PAGES) - 3
