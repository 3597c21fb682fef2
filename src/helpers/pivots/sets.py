"""Sets of events that may be averaged, as `sets.toml` defines them."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pandas as pd
from pydantic import BaseModel, ConfigDict

Status = Literal["primary", "sensitivity", "selection_contaminated"]


class Definition(BaseModel):
    """One entry of `sets.toml`."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    name: str
    definition: str
    direction: Literal["dovish", "hawkish"]
    status: Status
    keep: dict[str, list[str | bool]]
    leave_out: dict[str, list[str | bool]] = {}


@dataclass(frozen=True)
class EventSet:
    """Events that stand for one thing.

    Attributes
    ----------
    events : rows of the event list, by effective day.
    direction : side the set stands for; what follows for a price is the claim's business.
    """

    name: str
    definition: str
    direction: Literal["dovish", "hawkish"]
    status: Status
    events: pd.DataFrame

    @property
    def selection_contaminated(self) -> bool:
        """Whether the events were chosen partly because the market moved."""
        return self.status == "selection_contaminated"


def derive_sets(events: pd.DataFrame) -> dict[str, EventSet]:
    """Every set of `sets.toml` that has an event, with its variants.

    Parameters
    ----------
    events : as from `load_pivots` or `read_event_list`.

    Returns
    -------
    name -> set, in the order of the definitions. Events marked `exclude` are in
    `<name>_with_excluded` only, confounded ones not in `<name>_unconfounded`; a variant that would
    equal its set is left out.
    """
    path = Path(__file__).with_name("sets.toml")
    entries = tomllib.loads(path.read_text(encoding="utf-8"))["set"]
    excluded = events["exclude"].fillna(False).astype(bool)
    confounded = events["confounders"].map(len) > 0
    found: dict[str, EventSet] = {}
    for entry in map(Definition.model_validate, entries):
        chosen = _matching(events, entry.keep, all_of=True) & ~_matching(
            events, entry.leave_out, all_of=False
        )
        base = chosen & ~excluded
        for suffix, words, mask in (
            ("", "", base),
            ("_unconfounded", ", unconfounded", base & ~confounded),
            ("_with_excluded", ", excluded events included", chosen),
        ):
            if mask.any() and (not suffix or not mask.equals(base)):
                status: Status = "sensitivity" if suffix else entry.status
                if entry.status == "selection_contaminated":
                    status = entry.status
                found[entry.name + suffix] = EventSet(
                    name=entry.name + suffix,
                    definition=entry.definition + words,
                    direction=entry.direction,
                    status=status,
                    events=events.loc[mask].sort_values("effective_day", kind="stable"),
                )
    return found


def table_sets(sets: Mapping[str, EventSet]) -> pd.DataFrame:
    """One row a set: set, definition, direction, status, n, first, last (effective days)."""
    return pd.DataFrame(
        [
            {
                "set": each.name,
                "definition": each.definition,
                "direction": each.direction,
                "status": each.status,
                "n": len(each.events),
                "first": each.events["effective_day"].min(),
                "last": each.events["effective_day"].max(),
            }
            for each in sets.values()
        ]
    )


def _matching(
    events: pd.DataFrame, wanted: Mapping[str, list[str | bool]], *, all_of: bool
) -> pd.Series:
    """Rows that meet all (or any) of the conditions; a missing value meets none."""
    mask = pd.Series(all_of, index=events.index)
    for column, values in wanted.items():
        met = events[column].isin(values)
        if column == "kind":
            met |= events["kind_secondary"].isin(values)
        met = met.fillna(False).astype(bool)
        mask = mask & met if all_of else mask | met
    return mask
