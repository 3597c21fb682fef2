"""How results look: figures, tables and sentences in one style. The site is `helpers.present.site`."""

from helpers.present.figures import (
    plot_car_paths,
    plot_coverage,
    plot_cumulative,
    plot_differences,
    plot_event_forest,
    plot_funds_rate_pivots,
    plot_regime_bars,
)
from helpers.present.prose import Violation, check_prose
from helpers.present.sentences import in_words, interval, number, p_value, said
from helpers.present.show import save_figure, show_figure
from helpers.present.style import colour, label_ends, mark_pivots, mark_recessions, use
from helpers.present.tables import Table, save_table, table

__all__ = [
    "Table",
    "Violation",
    "check_prose",
    "colour",
    "in_words",
    "interval",
    "label_ends",
    "mark_pivots",
    "mark_recessions",
    "number",
    "p_value",
    "plot_car_paths",
    "plot_coverage",
    "plot_cumulative",
    "plot_differences",
    "plot_event_forest",
    "plot_funds_rate_pivots",
    "plot_regime_bars",
    "said",
    "save_figure",
    "save_table",
    "show_figure",
    "table",
    "use",
]
