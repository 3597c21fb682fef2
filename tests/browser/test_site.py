"""Every page of a built site in a real browser: phone and desktop, light and dark."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from opened_site import SITE, VIEWS, Opened, grave_findings, lacking

pytestmark = pytest.mark.browser

if LACKING := lacking():
    pytest.skip(LACKING, allow_module_level=True)

PAGES = sorted(path.name for path in SITE.glob("*.html"))


@pytest.mark.parametrize(("width", "mode"), VIEWS)
@pytest.mark.parametrize("name", PAGES)
def test_page(browser: Any, name: str, width: int, mode: str) -> None:
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
        assert grave_findings(page) == []


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
