"""What a notebook depends on."""

from __future__ import annotations

from helpers.pipeline.notebook import SOURCE, helpers_used

ROOM = SOURCE / "helpers"


def test_a_notebook_depends_on_what_its_imports_import() -> None:
    used = helpers_used("from helpers.eventstudy import run")
    assert {ROOM / "eventstudy/study.py", ROOM / "inference/exact.py"} <= used
    assert not {path for path in used if path.is_relative_to(ROOM / "inflation")}


def test_what_only_a_type_checker_reads_is_no_dependency() -> None:
    used = helpers_used("from helpers.present import Page")
    assert ROOM / "present/regimes.py" in used
    assert not {path for path in used if path.is_relative_to(ROOM / "inflation")}
