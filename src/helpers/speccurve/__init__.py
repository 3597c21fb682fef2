"""Every defensible way to ask the question, in one curve, with one test of the whole."""

from helpers.speccurve.curve import SpecificationCurve, estimate_curve, is_primary
from helpers.speccurve.explorer import EXPLORED, explore
from helpers.speccurve.grid import Grid, load_grid
from helpers.speccurve.joint import STATISTICS, shift_test
from helpers.speccurve.mappers import mapper

__all__ = [
    "EXPLORED",
    "STATISTICS",
    "Grid",
    "SpecificationCurve",
    "estimate_curve",
    "explore",
    "is_primary",
    "load_grid",
    "mapper",
    "shift_test",
]
