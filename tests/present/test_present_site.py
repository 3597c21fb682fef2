"""The site of an invented edition: built whole, offline, the same twice."""

from __future__ import annotations

import gzip
import re
import shutil
from pathlib import Path

import pytest

from helpers.present.site import build
from helpers.present.site.references import reference_page
from helpers.project import ProjectError, sha256_of

PAGES = Path(__file__).resolve().parents[2] / "report/pages"
# What a browser fetches from an address, as opposed to what a reader may click on.
LOADED = re.compile(r'(?:<(?:script|img|iframe|source)[^>]*\ssrc|<link[^>]*\shref)="([^"]+)"')


def built(edition: Path, out: Path, pages: Path = PAGES) -> Path:
    return build(sorted((edition / "notebooks").glob("*.ipynb")), edition / "results", out, pages)


@pytest.fixture(scope="module")
def site(fake_edition: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    return built(fake_edition, tmp_path_factory.mktemp("out") / "site").parent


def test_every_page_says_its_edition_and_loads_only_files_that_are_there(site: Path) -> None:
    pages = sorted(site.glob("*.html"))
    assert {"index.html", "08_fake_regimes.html", "methods.html", "references.html"} <= {
        page.name for page in pages
    }
    for page in pages:
        text = page.read_text()
        assert "Edition: <strong>bundled</strong>" in text
        for address in LOADED.findall(text):
            assert not re.match(r"(https?:)?//", address), f"{page.name} loads {address}"
            if not address.startswith(("data:", "#")):
                assert (site / address.partition("?")[0]).is_file(), f"{page.name}: no {address}"
        assert "MathJax" not in text
        assert "fontawesome" not in text
    assert not list(site.rglob("*.map"))


def test_first_page_gives_question_answer_verdicts_and_findings(site: Path) -> None:
    text = (site / "index.html").read_text()
    body = text[text.index('<article class="bd-article">') :]
    places = [
        body.index(part)
        for part in (
            "Does the invented stock do better", "a dollar is $1 or $2", "An invented claim",
            'src="figures/08_differences.svg"',
        )
    ]  # fmt: skip
    assert places == sorted(places)
    assert '<span class="verdict not-supported"><a href="08_fake_regimes.html">' in body
    assert 'alt="An invented dot and its interval' in body


def test_answer_stands_under_the_title_and_code_is_folded(site: Path) -> None:
    text = (site / "08_fake_regimes.html").read_text()
    body = text[text.index('<article class="bd-article">') :]
    assert body.index("<h1>") < body.index("It does not:") < body.index("What is asked")
    assert body.count("It does not:") == 1
    assert "horizon = 6" not in re.sub("<[^>]+>", "", body)  # the default gives way to the run's
    assert "Show the parameters" in body
    assert "data:image" not in body
    assert "<mfrac>" in body
    assert body.count("<details") == 4  # every cell with code: parameters, answer, figure, table


def test_site_is_the_same_twice(site: Path, fake_edition: Path, tmp_path: Path) -> None:
    again = built(fake_edition, tmp_path / "site").parent
    digests = [
        {
            path.relative_to(root).as_posix(): sha256_of(path)
            for path in root.rglob("*")
            if path.is_file()
        }
        for root in (site, again)
    ]
    assert digests[0] == digests[1]


def test_first_page_is_light(site: Path) -> None:
    text = (site / "index.html").read_text()
    files = {site / each.partition("?")[0] for each in LOADED.findall(text) if ":" not in each}
    weight = sum(len(gzip.compress(path.read_bytes())) for path in {*files, site / "index.html"})
    assert weight < 350_000  # leaves room for the figures of a full edition: 500 kB in all


def test_a_broken_link_stops_the_build_and_leaves_the_old_site(
    site: Path, fake_edition: Path, tmp_path: Path
) -> None:
    pages = shutil.copytree(PAGES, tmp_path / "pages")
    (pages / "data.md").write_text("# Data\n\n[nowhere](nowhere.md)\n")
    out = shutil.copytree(site, tmp_path / "site")
    with pytest.raises(ProjectError, match=r"data\.md.*nowhere"):
        built(fake_edition, out, pages)
    assert (out / "index.html").read_bytes() == (site / "index.html").read_bytes()
    assert [path.name for path in tmp_path.iterdir() if path.name.startswith(".")] == []


def test_an_incomplete_reference_is_refused() -> None:
    with pytest.raises(ProjectError, match="patell1976"):
        reference_page("@article{patell1976,\n  author = {Patell, J. M.},\n}\n")
    with pytest.raises(ProjectError, match="cannot be read"):
        reference_page("@article{patell1976, author = {Patell, J. M.}}\n")
