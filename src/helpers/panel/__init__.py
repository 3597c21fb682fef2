"""Raw to one daily and one monthly table, with a column dictionary."""

from helpers.panel.build import (
    as_known,
    build_panel,
    firm_weighted,
    load_panel,
    recipes,
    save_panel,
)
from helpers.panel.crosschecks import cross_check

__all__ = [
    "as_known",
    "build_panel",
    "cross_check",
    "firm_weighted",
    "load_panel",
    "recipes",
    "save_panel",
]
