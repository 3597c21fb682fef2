"""Parameters fail before a kernel starts, and say what to mend."""

from __future__ import annotations

from pathlib import Path

import pytest

from helpers.project import ProjectError
from helpers.project.parameters import SECTIONS, load_parameters

PARAMS = Path(__file__).parents[2] / "params.toml"


def edited(tmp_path: Path, old: str, new: str) -> Path:
    text = PARAMS.read_text(encoding="utf-8")
    assert old in text
    path = tmp_path / "params.toml"
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


@pytest.mark.parametrize("notebook", SECTIONS)
def test_tracked_parameters_are_valid(notebook: str) -> None:
    assert isinstance(load_parameters(PARAMS, notebook), SECTIONS[notebook])


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("horizon = 6", 'horizon = "6"', ["horizon = '6' (str)", "an integer from 1 to 24"]),
        ("horizon = 6", "horizon = 600", ["horizon = 600", "from 1 to 24"]),
        ("horizon = 6", "horizn = 6", ["no parameter is called 'horizn'", "name: horizon"]),
        ("horizon = 6", "", ["horizon is missing", "an integer from 1 to 24"]),
        ("horizon = 6", "horizon = 6.0", ["horizon = 6.0 (float)"]),
        ("horizon = 6", "horizon = true", ["horizon = True (bool)"]),
        ("rate_months = 12", "rate_months = 7", ["rate_months = 7", "one of 1, 3, 6, 12"]),
        ('"2020-12"', '"2020-13"', ["sample_end = '2020-13'", "YYYY-MM"]),
        ("[08_inflation_regimes]", "[08_inflation]", ["[08_inflation]", "08_inflation_regimes"]),
        ("[08_inflation_regimes]", "[08_inflation_regimes", ["unreadable", "line"]),
    ],
)
def test_a_bad_file_is_explained(tmp_path: Path, old: str, new: str, said: list[str]) -> None:
    with pytest.raises(ProjectError) as caught:
        load_parameters(edited(tmp_path, old, new), "08_inflation_regimes")
    message = str(caught.value)
    assert "params.toml" in message
    assert "\n" not in message
    for words in said:
        assert words in message


def test_windows_must_not_overlap(tmp_path: Path) -> None:
    path = edited(tmp_path, "estimation_end = -30", "estimation_end = -3")
    with pytest.raises(ProjectError, match="estimation_end must come before window_start"):
        load_parameters(path, "04_event_study")


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("horizon", "012", 12),
        ("sample_end", "2019-12", "2019-12"),
        ("rate_months", "3", 3),
        ("sample_starts", "[1963]", [1963]),
    ],
)
def test_the_declared_type_reads_the_command_line(name: str, text: str, value: object) -> None:
    section = load_parameters(PARAMS, "08_inflation_regimes", {name: text})
    assert getattr(section, name) == value
    assert type(getattr(section, name)) is type(value)


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("horizon", "six", "horizon = 'six'"),
        ("horizon", "99", "from 1 to 24"),
        ("horzon", "3", "nearest valid name: horizon"),
        ("sample_starts", "1963", "a list"),
        ("rate_months", "7", "one of 1, 3, 6, 12"),
    ],
)
def test_a_bad_override_names_the_command_line(name: str, text: str, said: str) -> None:
    with pytest.raises(ProjectError, match="command line, 08_inflation_regimes") as caught:
        load_parameters(PARAMS, "08_inflation_regimes", {name: text})
    assert said in str(caught.value)


def test_text_stays_text_where_text_is_declared(monkeypatch: pytest.MonkeyPatch) -> None:
    from helpers.project import parameters

    class Named(parameters.Section):
        label: str
        count: int

    monkeypatch.setitem(parameters.SECTIONS, "01_acquire_data", Named)
    monkeypatch.setattr(
        parameters, "read_sections", lambda _: {"01_acquire_data": {"label": "a", "count": 2}}
    )
    section = parameters.load_parameters(
        PARAMS, "01_acquire_data", {"label": "001", "count": "001"}
    )
    assert section.model_dump() == {"label": "001", "count": 1}


def test_an_unknown_notebook_gets_the_nearest_name() -> None:
    with pytest.raises(ProjectError, match="nearest valid name: 04_event_study"):
        load_parameters(PARAMS, "04_event_studies")
