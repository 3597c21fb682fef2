"""High-frequency surprises of Federal Reserve announcements: three files, one row a trading day."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.pivots import effective_day
from helpers.project import ProjectError, Workspace, write_atomic
from helpers.sources import available, load

# dataset -> column of the file -> column of the table. The first file that has a surprise leads.
FILES: dict[str, dict[str, str]] = {
    "jk_surprises": {"mp1_pp": "target_pp", "ed4_pp": "path_pp", "sp500_pct": "sp500_pct"},
    "jk_shocks": {"mp_median_pp": "policy_pp", "cbi_median_pp": "information_pp"},
    "usmpd_events": {
        "mp1_pp": "usmpd_target_pp",
        "ed4_pp": "usmpd_path_pp",
        "ust2y_pp": "two_year_pp",
    },
    "bauer_swanson": {"mps": "mps_pp", "mps_orth": "mps_orth_pp", "ed4_pp": "bs_path_pp"},
}
# The same surprise in two files.
PAIRS = (("target_pp", "usmpd_target_pp"), ("path_pp", "usmpd_path_pp"), ("path_pp", "bs_path_pp"))
TOLERANCE_BP = 1.0
FILE = "processed/announcements.parquet"


@dataclass(frozen=True)
class Announcements:
    """Surprises by effective trading day.

    Attributes
    ----------
    table : by day: the columns of `FILES`, percentage points (`_pp`) or percent (`_pct`), positive
        for tighter policy; missing where a file has no quote: nothing is filled in. scheduled.
    collapsed : days with several announcements, summed: day, announcements, file.
    left_out : rows that are no announcements of the FOMC: date, file, reason.
    """

    table: pd.DataFrame
    collapsed: pd.DataFrame
    left_out: pd.DataFrame

    def disagreements(self, *, tolerance_bp: float = TOLERANCE_BP) -> pd.DataFrame:
        """Two files on one surprise: pair, days, correlation, beyond (days), largest_bp, day."""
        rows = []
        for one, two in PAIRS:
            if one in self.table and two in self.table:
                both = self.table[[one, two]].dropna()
                gap = 100 * (both[one] - both[two]).abs()
                rows.append({
                    "pair": f"{one}, {two}", "days": len(both),
                    "correlation": both[one].corr(both[two]),
                    "beyond": int((gap > tolerance_bp).sum()),
                    "largest_bp": gap.max(), "day": gap.idxmax(),
                })  # fmt: skip
        return pd.DataFrame(rows)


def build_announcements(
    tables: Mapping[str, pd.DataFrame], calendar: pd.DatetimeIndex
) -> Announcements:
    """Align the files of `FILES` that are given.

    At or after 16:00 in New York, or on a day without trading: the next trading day
    (`helpers.pivots.effective_day`). Announcements outside the calendar are left out.

    Parameters
    ----------
    tables : dataset -> events, index the date of announcement, `time` as the file has it.
    calendar : trading days of the returns.

    Raises
    ------
    ProjectError : a file without one of its columns, or with a time that cannot be read.
    """
    columns: dict[str, pd.Series] = {}
    collapsed, left_out, scheduled = [], [], []
    for name, wanted in FILES.items():
        if name not in tables:
            continue
        events = tables[name]
        if absent := [each for each in ("time", *wanted) if each not in events]:
            raise ProjectError(
                f"no column {', '.join(absent)}", where=name, expected=", ".join(("time", *wanted)),
                mend="another vintage of the file? map its columns in helpers/surprises",
            )  # fmt: skip
        day = _days(events, calendar, name)
        reason = pd.Series("", events.index)
        if "is_announcement" in events:
            words = events.get("description", pd.Series("no announcement", events.index))
            reason = reason.mask(events["is_announcement"].ne(1).to_numpy(), words.astype(str))
        reason = reason.mask(day.isna() & reason.eq(""), "outside the trading days of the returns")
        gone = reason.ne("").to_numpy()
        left_out.append(pd.DataFrame({"date": events.index, "file": name, "reason": reason})[gone])
        kept, day = events[~gone], day[~gone]
        count = kept.groupby(day.to_numpy()).size()
        several = count[count > 1]
        collapsed.append(
            pd.DataFrame({"day": several.index, "announcements": several.to_numpy(), "file": name})
        )
        for column, made in wanted.items():
            columns[made] = kept[column].groupby(day.to_numpy()).sum(min_count=1)
        if "schedule" in kept:
            scheduled.append(kept["schedule"].eq("scheduled").groupby(day.to_numpy()).any())
    table = pd.DataFrame(columns).rename_axis("day").sort_index()
    if scheduled:
        table["scheduled"] = scheduled[0].reindex(table.index)
    return Announcements(table, _stacked(collapsed), _stacked(left_out))


def _days(events: pd.DataFrame, calendar: pd.DatetimeIndex, name: str) -> pd.Series:
    said = events["time"].astype(str).str.strip()
    moments = pd.to_datetime(
        [f"{date:%Y-%m-%d} {time}" for date, time in zip(events.index, said, strict=True)],
        format="mixed", errors="coerce",
    )  # fmt: skip
    if moments.isna().any():
        row = int(np.argmax(moments.isna()))
        raise ProjectError(
            f"time = {said.iloc[row]!r}", where=f"{name}, {events.index[row]:%Y-%m-%d}",
            expected="a time of day, such as 14:15",
        )  # fmt: skip
    inside = (moments >= calendar[0]) & (moments < calendar[-1])
    found = [
        effective_day(moment, calendar) if within else pd.NaT
        for moment, within in zip(moments, inside, strict=True)
    ]
    return pd.Series(pd.DatetimeIndex(found), events.index)


def _stacked(parts: list[pd.DataFrame]) -> pd.DataFrame:
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def load_surprise_files(workspace: Workspace) -> dict[str, pd.DataFrame]:
    """The files of `FILES` that the edition has."""
    here = set(available(workspace))
    return {name: load(workspace, name) for name in FILES if name in here}


def save_announcements(workspace: Workspace, found: Announcements) -> None:
    """Write the table, by rename; without any file it is empty."""
    buffer = io.BytesIO()
    found.table.to_parquet(buffer, engine="pyarrow", compression="zstd")
    write_atomic(workspace.write(FILE), buffer.getvalue())


def load_announcements(workspace: Workspace) -> pd.DataFrame:
    """The table as `save_announcements` wrote it.

    Raises
    ------
    ProjectError : not built yet.
    """
    return pd.read_parquet(io.BytesIO(workspace.read(FILE).read_bytes()), engine="pyarrow")
