"""The tracked list says what it was compiled to say, and a faulty list is refused by row."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest

from helpers.pivots import column_dictionary, load_pivots, read_event_list
from helpers.project import ProjectError, Workspace

ROOT = Path(__file__).parents[2]
GOOD = (
    "event_id,announced_at,effective_day,direction,action,action_bp,confounders,exclude\n"
    "a,2019-07-31T14:00,2019-07-31,dovish,cut,-25,,false\n"
    'b,2022-03-16T14:00,,hawkish,hike,25,"svb;payrolls",\n'
)


@pytest.fixture(scope="module")
def pivots() -> pd.DataFrame:
    return load_pivots(Workspace.current({"HELPERS_ROOT": str(ROOT)}))


def written(folder: Path, text: str, name: str = "mine.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_the_list_has_its_events(pivots: pd.DataFrame) -> None:
    assert len(pivots) == 42
    assert pivots["kind"].value_counts().to_dict() == {
        "communication": 20, "emergency": 8, "first_cut": 7, "first_hike": 6, "resumed_cut": 1,
    }  # fmt: skip
    assert pivots["effective_day"].agg(["min", "max"]).astype(str).tolist() == [
        "1989-06-06", "2025-09-17",
    ]  # fmt: skip
    assert pivots["effective_day"].is_monotonic_increasing


def test_the_file_holds_exactly_the_dictionary(pivots: pd.DataFrame) -> None:
    names = column_dictionary()["name"].tolist()
    header = (ROOT / "data/raw/compiled/fed_pivots.csv").read_text().splitlines()[0]
    assert header.split(",") == names == pivots.columns.tolist()


def test_no_cell_is_lost_where_one_is_needed(pivots: pd.DataFrame) -> None:
    """Empty only where empty says something."""
    may_be_empty = {
        "time_note", "kind_secondary", "kind_note", "surprise_known_by", "mp1_bp", "economy_note",
        "recession_note", "confidence_about",
    }  # fmt: skip
    assert set(pivots.columns[pivots.isna().any()]) == may_be_empty


def test_action_and_surprise_are_two_columns(pivots: pd.DataFrame) -> None:
    days = pivots.set_index(pivots["effective_day"].astype(str))
    opposite = days[
        days["kind"].isin(["first_cut", "first_hike"])
        & days["surprise_sign"].isin(["dovish", "hawkish"])
        & (days["surprise_sign"] != days["action_direction"])
    ]
    assert opposite["surprise_sign"].to_dict() == {
        "1998-09-29": "hawkish", "1999-06-30": "dovish", "2019-07-31": "hawkish",
    }  # fmt: skip
    assert days.loc[["1998-09-29", "1999-06-30"], "mp1_bp"].tolist() == [6, -5]
    assert days.loc["2024-12-18", ["direction", "action_direction"]].tolist() == [
        "hawkish", "dovish",
    ]  # fmt: skip


def test_known_sign_and_how_it_is_known_go_together(pivots: pd.DataFrame) -> None:
    assert (pivots["surprise_known_by"].isna() == (pivots["surprise_sign"] == "unknown")).all()
    communication = pivots["kind"] == "communication"
    assert ((pivots["surprise_known_by"] == "communication") == communication).all()
    assert ((pivots["chosen_by"] == "market_move") == communication).all()


def test_confounders_and_the_excluded_day(pivots: pd.DataFrame) -> None:
    days = pivots.set_index(pivots["effective_day"].astype(str))
    found = days.loc[days["confounders"].map(len) > 0, "confounders"].to_dict()
    assert found == {
        "2001-09-17": ("sept_11",), "2019-01-04": ("payrolls",), "2021-11-30": ("omicron",),
        "2023-03-07": ("svb",), "2023-11-01": ("treasury_refunding",),
    }  # fmt: skip
    assert days.index[days["exclude"]].tolist() == ["2001-09-17"]


def test_csv_and_toml_give_the_same(tmp_path: Path) -> None:
    toml = """
        [[event]]
        event_id = "a"
        announced_at = 2019-07-31T14:00:00
        effective_day = 2019-07-31
        direction = "dovish"
        action = "cut"
        action_bp = -25
        exclude = false
        [[event]]
        event_id = "b"
        announced_at = 2022-03-16T14:00:00
        direction = "hawkish"
        action = "hike"
        action_bp = 25
        confounders = ["svb", "payrolls"]
    """
    from_csv = read_event_list(written(tmp_path, GOOD))
    from_toml = read_event_list(written(tmp_path, toml, "mine.toml"))
    pd.testing.assert_frame_equal(
        from_csv.reset_index(drop=True), from_toml.reset_index(drop=True), check_names=False
    )
    assert from_csv.index.tolist() == [2, 3], "lines of the file"
    assert from_toml.index.tolist() == [1, 2], "numbers of the tables"
    assert from_csv.loc[3, "confounders"] == ("svb", "payrolls")
    assert from_csv.loc[2, "announced_at"] == pd.Timestamp("2019-07-31 18:00", tz="UTC")


FAULTS = {
    "impossible day": ("2019-07-31T", "2019-02-30T", r"row 2: announced_at = '2019-02-30T14:00'"),
    "day without time": ("2019-07-31T14:00,", "2019-07-31,", r"row 2.*YYYY-MM-DDTHH:MM"),
    "epoch for a date": (",2019-07-31,d", ",1564531200,d", r"row 2: effective_day = '1564531200'"),
    "unknown column": ("action_bp", "acton_bp", r"row 1: no column .*'acton_bp'.*name: action_bp"),
    "column twice": ("exclude", "action", r"row 1: column 'action' stands twice"),
    "misspelt choice": ("dovish", "dovsh", r"row 2: direction = 'dovsh'; nearest .*: dovish; expected dovish, hawkish"),
    "unknown confounder": ("payrolls", "payrols", r"row 3: confounders = 'payrols'; .*: payrolls"),
    "duplicate id": ("\nb,", "\na,", r"row 3: event_id 'a' is also that of row 2"),
    "missing id": ("\nb,", "\n,", r"row 3: event_id is missing"),
    "missing direction": ("hawkish", "", r"row 3: direction is missing; expected dovish, hawkish"),
    "no day at all": ("2022-03-16T14:00", "", r"row 3: announced_at and effective_day are missing"),
    "words for a number": ("-25", "minus", r"row 2: action_bp = 'minus'; expected a whole number"),
    "a fraction": ("-25", "-2.5", r"row 2: action_bp = '-2.5'"),
    "a flag in words": ("false", "perhaps", r"row 2: exclude = 'perhaps'; expected true or false"),
    "sign of a cut": ("-25", "25", r"row 2: action_bp = 25 for action = cut"),
    "effect before cause": (",2019-07-31,", ",2019-07-30,", r"row 2: effective_day .* before"),
    "too few cells": (",false", "", r"row 2: 7 cells; expected 8"),
    "a name with blanks": ("\na,", "\nmy event,", r"row 2: event_id = 'my event'"),
    "open quote": ('payrolls"', "payrolls", r"row 3: unreadable"),
}  # fmt: skip


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_is_named_with_file_row_and_column(tmp_path: Path, fault: str) -> None:
    good, bad, message = FAULTS[fault]
    assert good in GOOD
    with pytest.raises(ProjectError) as raised:
        read_event_list(written(tmp_path, GOOD.replace(good, bad, 1)))
    line = str(raised.value)
    assert line.startswith("mine.csv, row "), line
    assert re.search(message, line), line
    assert "\n" not in line


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[[event]]\nevent_id = "a"\nannounced_at = "2019-07-31T14:00"\ndirection = "dovish"',
         r"mine.toml, row 1: announced_at = '2019-07-31T14:00'; expected a day and time"),
        ("[[event]]\nevent_id = ", r"mine.toml: unreadable"),
        ('[[events]]\nevent_id = "a"', r"'events' is no event"),
        ("event = 3", r"'event' is no event"),
        ("", r"mine.toml: no event in it"),
    ],
)  # fmt: skip
def test_a_faulty_toml_is_refused(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(ProjectError, match=message):
        read_event_list(written(tmp_path, text, "mine.toml"))


def test_a_file_that_is_not_there_or_no_list(tmp_path: Path) -> None:
    with pytest.raises(ProjectError, match=r"absent.csv: the file is missing"):
        read_event_list(tmp_path / "absent.csv")
    with pytest.raises(ProjectError, match=r"mine.xlsx is no event list"):
        read_event_list(tmp_path / "mine.xlsx")
    (tmp_path / "latin.csv").write_bytes("event_id\nä".encode("latin-1"))
    with pytest.raises(ProjectError, match="UTF-8"):
        read_event_list(tmp_path / "latin.csv")


def test_the_dictionary_explains_every_column() -> None:
    table = column_dictionary()
    assert table["name"].is_unique
    assert (table["description"].str.len() > 10).all()
    assert set(table["basis"]) == {"fact", "reading"}
    assert table.loc[table["required"], "name"].tolist() == ["event_id", "direction"]
