"""Sets never mix cuts and hikes, and say which of them were chosen by their market move."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from helpers.pivots import EventSet, derive_sets, load_pivots, table_sets
from helpers.project import Workspace

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def pivots() -> pd.DataFrame:
    return load_pivots(Workspace.current({"HELPERS_ROOT": str(ROOT)}))


@pytest.fixture(scope="module")
def sets(pivots: pd.DataFrame) -> dict[str, EventSet]:
    return derive_sets(pivots)


def days(chosen: EventSet) -> list[str]:
    return chosen.events["effective_day"].dt.strftime("%Y-%m-%d").tolist()


def test_the_primary_sets(sets: dict[str, EventSet]) -> None:
    assert [name for name, each in sets.items() if each.status == "primary"] == [
        "first_cuts", "first_hikes", "emergency_cuts",
    ]  # fmt: skip
    assert days(sets["first_cuts"]) == [
        "1989-06-06", "1995-07-06", "1998-09-29", "2001-01-03", "2007-09-18", "2019-07-31",
        "2024-09-18",
    ]  # fmt: skip
    assert days(sets["first_hikes"]) == [
        "1994-02-04", "1997-03-25", "1999-06-30", "2004-06-30", "2015-12-16", "2022-03-16",
    ]  # fmt: skip


def test_an_event_of_two_kinds_is_in_both_sets(sets: dict[str, EventSet]) -> None:
    assert "2001-01-03" in days(sets["emergency_cuts"])
    assert len(sets["rule_based_cuts"].events) == 14  # 7 + 8 - 1


def test_no_set_mixes_cuts_and_hikes_or_sides(sets: dict[str, EventSet]) -> None:
    for each in sets.values():
        assert set(each.events["direction"]) == {each.direction}, each.name
        actions = set(each.events["action"])
        assert not ("hike" in actions and actions & {"cut", "discount_rate_cut"}), each.name


def test_what_the_market_chose_is_marked(sets: dict[str, EventSet]) -> None:
    for each in sets.values():
        chosen = (each.events["chosen_by"] == "market_move").any()
        assert each.selection_contaminated == chosen, each.name


def test_excluded_and_confounded_days(sets: dict[str, EventSet]) -> None:
    for name, each in sets.items():
        assert ("2001-09-17" in days(each)) <= name.endswith("_with_excluded")
        if name.endswith("_unconfounded"):
            whole = sets[name.removesuffix("_unconfounded")].events
            assert each.events["event_id"].tolist() == (
                whole.loc[whole["confounders"].map(len) == 0, "event_id"].tolist()
            )
    assert "2001-09-17" in days(sets["emergency_cuts_with_excluded"])
    dovish, hawkish = sets["dovish_communication"], sets["hawkish_communication"]
    assert set(days(dovish)) - set(days(sets["dovish_communication_unconfounded"])) == {
        "2019-01-04", "2023-11-01",
    }  # fmt: skip
    assert set(days(hawkish)) - set(days(sets["hawkish_communication_unconfounded"])) == {
        "2021-11-30", "2023-03-07",
    }  # fmt: skip


def test_every_event_is_in_a_set(pivots: pd.DataFrame, sets: dict[str, EventSet]) -> None:
    members = {name for each in sets.values() for name in each.events["event_id"]}
    assert members == set(pivots["event_id"])


def test_the_table_of_sets(sets: dict[str, EventSet]) -> None:
    table = table_sets(sets).set_index("set")
    assert table["n"].to_dict() == {name: len(each.events) for name, each in sets.items()}
    assert table.loc["dovish_communication", "n"] == 10
    assert table.loc["hawkish_communication", "n"] == 8, "two more acted on the same day"


def test_a_list_without_kinds_has_no_sets(pivots: pd.DataFrame) -> None:
    assert derive_sets(pivots.assign(kind=None, kind_secondary=None, action=None)) == {}
