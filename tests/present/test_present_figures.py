"""Figures: the same bytes twice, intervals where they belong, text for those who cannot see."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from pydantic import ValidationError

from helpers import present
from helpers.project import FigureRecord, ProjectError, Workspace

PIVOTS = pd.DataFrame(
    {
        "effective_day": ["1999-06-30", "2001-01-03", "2031-01-01"],
        "direction": ["hawkish", "dovish action / hawkish surprise", "dovish"],
    }
)
ROWS = pd.DataFrame(
    {"label": ["a", "b"], "value": [1.0, -2.0], "low": [-1.0, -3.0], "high": [3.0, -1.0]}
)
DAYS = pd.date_range("1999-01-31", periods=60, freq="ME")
SERIES = pd.Series(np.linspace(1.0, 5.0, 60), DAYS)
PATH = pd.DataFrame({"day": range(-5, 21), "mean": 1.0, "low": 0.0, "high": 2.0})
DRAWN: dict[str, Callable[[], Figure]] = {
    "paths": lambda: present.plot_car_paths({"a": PATH, "b": PATH, "c": PATH}, title="T"),
    "forest": lambda: present.plot_event_forest(ROWS, means=ROWS, title="T"),
    "bars": lambda: present.plot_regime_bars(
        pd.DataFrame({"label": ["a"], "mean_rising": [-1.0], "mean_falling": [2.0]}), title="T"
    ),
    "differences": lambda: present.plot_differences(ROWS.assign(n=7, note="short"), title="T"),
    "rate": lambda: present.plot_funds_rate_pivots(
        SERIES, [("2001-03-01", "2001-11-30")], PIVOTS, title="T"
    ),
    "coverage": lambda: present.plot_coverage(
        pd.DataFrame({"label": ["a"], "first": ["1999-01-01"], "last": ["2018-12-31"]}),
        PIVOTS,
        title="T",
    ),
    "cumulative": lambda: present.plot_cumulative({"a": SERIES, "b": SERIES}, title="T"),
}
SAID = {"alt": "A line rises from one to five in sixty months.", "caption": "C.", "source": "S"}


@pytest.mark.parametrize("name", DRAWN)
@pytest.mark.parametrize("raster", [False, True])
def test_a_figure_has_the_same_bytes_twice(
    fake_workspace: Workspace, name: str, raster: bool
) -> None:
    written = []
    for _ in range(2):
        record = present.save_figure(
            fake_workspace, f"99_{name}", DRAWN[name](), **SAID, raster=raster
        )
        written.append(fake_workspace.read(f"figures/{record.file}").read_bytes())
    assert written[0] == written[1]
    assert b"<dc:date>" not in written[0]
    assert record.caption == "C. Source: S. Edition: bundled."


def test_alt_text_must_say_something(fake_workspace: Workspace) -> None:
    with pytest.raises(ValidationError, match="eight words"):
        present.save_figure(
            fake_workspace, "99_x", DRAWN["rate"](), alt="figure of the funds rate.png",
            caption="C", source="S",
        )  # fmt: skip


def test_a_dot_is_filled_only_where_the_interval_misses_zero() -> None:
    ax = DRAWN["differences"]().axes[0]
    filled = [
        line.get_markerfacecolor() != "white" for line in ax.lines if line.get_marker() == "o"
    ]
    assert filled == [False, True]


def test_pivots_point_by_their_action_and_stay_inside_the_axis() -> None:
    ax = DRAWN["rate"]().axes[0]
    marks = {
        line.get_marker(): len(line.get_xdata()) for line in ax.lines if line.get_marker() in "v^"
    }
    assert marks == {"v": 1, "^": 1}  # the pivot of 2031 lies beyond the data


def test_end_labels_do_not_touch() -> None:
    ax = DRAWN["cumulative"]().axes[0]
    low, high = (text.xy[1] for text in ax.texts)
    bottom, top = ax.get_ylim()
    assert high - low == pytest.approx(0.06 * (top - bottom))


def test_bad_input_is_named() -> None:
    with pytest.raises(ProjectError, match="no column high"):
        present.plot_differences(ROWS.drop(columns="high"), title="T")
    with pytest.raises(ProjectError, match="nothing to draw"):
        present.plot_car_paths({}, title="T")
    with pytest.raises(ProjectError, match="nearest valid name: market"):
        present.colour("markets")


def test_a_shown_figure_carries_its_picture_and_its_text(fake_workspace: Workspace) -> None:
    record = present.save_figure(fake_workspace, "99_shown", DRAWN["rate"](), **SAID)
    quoted = FigureRecord(file=record.file, alt=f'{record.alt} "Quoted" & <odd>', caption="C")
    page = present.show_figure(fake_workspace, quoted)._repr_mimebundle_()["text/html"]
    assert 'src="data:image/svg+xml;base64,' in page
    assert "&quot;Quoted&quot; &amp; &lt;odd&gt;" in page
