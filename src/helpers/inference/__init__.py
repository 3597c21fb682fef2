"""Inference for few events and persistent regimes; knows nothing of what is being tested."""

from helpers.inference.exact import ExactTest, sign_flip, sign_flip_columns
from helpers.inference.means import MeanTest, leave_one_out, t_mean
from helpers.inference.multiplicity import benjamini_hochberg, holm, romano_wolf

__all__ = [
    "ExactTest",
    "MeanTest",
    "benjamini_hochberg",
    "holm",
    "leave_one_out",
    "romano_wolf",
    "sign_flip",
    "sign_flip_columns",
    "t_mean",
]
