"""How results look: figures, tables and sentences in one style. The site is `helpers.present.site`."""

from helpers.present.economy import after_rows, reading, slope_rows
from helpers.present.events import readable_events, readable_sets, spells
from helpers.present.figures import (
    interval_rows,
    plot_car_paths,
    plot_coverage,
    plot_cumulative,
    plot_differences,
    plot_event_forest,
    plot_funds_rate_pivots,
    plot_placebo,
    plot_regime_bars,
    plot_replications,
)
from helpers.present.fund import since_table, variants_table
from helpers.present.page import Page
from helpers.present.prose import Violation, check_prose
from helpers.present.regimes import (
    did,
    pick,
    power_sentence,
    regime_finding,
    regime_headline,
    regime_means,
    regime_rows,
    show_slice,
    slice_sentence,
)
from helpers.present.replications import direction_sentence
from helpers.present.sentences import in_words, interval, number, p_value, said, signed
from helpers.present.show import save_figure, show_figure
from helpers.present.speccurve import curve_sentence, moving_sentence, plot_specification_curve
from helpers.present.style import colour, label_ends, mark_pivots, mark_recessions, use
from helpers.present.tables import Table, save_table, table
from helpers.present.verdicts import (
    LedgerView,
    ledger_sentence,
    readable_ledger,
    readable_since,
)

__all__ = [
    "LedgerView",
    "Page",
    "Table",
    "Violation",
    "after_rows",
    "check_prose",
    "colour",
    "curve_sentence",
    "did",
    "direction_sentence",
    "in_words",
    "interval",
    "interval_rows",
    "label_ends",
    "ledger_sentence",
    "mark_pivots",
    "mark_recessions",
    "moving_sentence",
    "number",
    "p_value",
    "pick",
    "plot_car_paths",
    "plot_coverage",
    "plot_cumulative",
    "plot_differences",
    "plot_event_forest",
    "plot_funds_rate_pivots",
    "plot_placebo",
    "plot_regime_bars",
    "plot_replications",
    "plot_specification_curve",
    "power_sentence",
    "readable_events",
    "readable_ledger",
    "readable_sets",
    "readable_since",
    "reading",
    "regime_finding",
    "regime_headline",
    "regime_means",
    "regime_rows",
    "said",
    "save_figure",
    "save_table",
    "show_figure",
    "show_slice",
    "signed",
    "since_table",
    "slice_sentence",
    "slope_rows",
    "spells",
    "table",
    "use",
    "variants_table",
]
