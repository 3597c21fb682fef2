"""Raw to one daily and one monthly table, with a column dictionary."""

from helpers.panel.build import build_panel, load_panel, recipes, save_panel
from helpers.panel.crosschecks import cross_check

__all__ = ["build_panel", "cross_check", "load_panel", "recipes", "save_panel"]
