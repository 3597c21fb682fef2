"""README and the published results say the same."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from helpers.present.prose import check_prose
from helpers.present.readme import BEGIN, END, QUOTED, findings
from helpers.project import Result
from helpers.project.parameters import SECTIONS

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PUBLISHED = ROOT / "results" / QUOTED


def test_the_findings_are_those_of_the_published_results() -> None:
    block = README[README.index(BEGIN) + len(BEGIN) : README.index(END)]
    assert block.strip() == findings(PUBLISHED, f"results/{QUOTED}").strip()


def test_every_notebook_is_listed_with_its_question() -> None:
    listed = dict(
        re.findall(r"^\| \[(\d\d_\w+)\]\(notebooks/\1\.ipynb\) \| (.+) \|$", README, re.M)
    )
    asked = {name: Result.load(PUBLISHED / f"{name}.json").question for name in SECTIONS}
    assert listed == asked


def test_every_link_leads_somewhere() -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)|src=\"([^\"]+)\"", README):
        assert (ROOT / (target[0] or target[1])).exists(), target


@pytest.mark.parametrize("path", sorted((ROOT / "notebooks").glob("*.ipynb")), ids=lambda p: p.stem)
def test_no_result_is_typed_in_a_notebook(path: Path) -> None:
    assert [str(each) for each in check_prose(path)] == []


def test_no_result_is_typed_in_the_pages() -> None:
    pages = sorted((ROOT / "report/pages").glob("*.md"))
    assert [str(each) for page in pages for each in check_prose(page)] == []


@pytest.mark.parametrize("edition", sorted(p.name for p in (ROOT / "results").iterdir()))
def test_published_results_follow_the_schema_and_name_files_that_are_there(edition: str) -> None:
    folder = ROOT / "results" / edition
    files = sorted(folder.glob("[0-9][0-9]_*.json"))
    assert files
    for path in files:
        result = Result.load(path)
        assert result.edition == edition
        assert result.notebook == path.stem
        assert result.answer
        for figure in result.figures.values():
            assert (folder / "figures" / figure.file).is_file()
        for table in result.tables.values():
            assert (folder / "tables" / table.file).is_file()
