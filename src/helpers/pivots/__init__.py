"""Days on which monetary policy turned: the list, its checks, effective days, and sets of events."""

from helpers.pivots.calendar import effective_day, events_for_engine
from helpers.pivots.events import column_dictionary, load_pivots, read_event_list
from helpers.pivots.sets import EventSet, derive_sets, table_sets

__all__ = [
    "EventSet",
    "column_dictionary",
    "derive_sets",
    "effective_day",
    "events_for_engine",
    "load_pivots",
    "read_event_list",
    "table_sets",
]
