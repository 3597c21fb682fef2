"""The article's figures, its fund since, and what the fund behaves as if it held.

Most sector funds hold large companies, XBI and KRE smaller ones: a fund of small companies can look
like XBI for its size alone. Show the healthcare share with a small-company fund among the sectors
too, and that of a fund whose holdings are known.
"""

from helpers.fund.figures import Nearest, Search, search_figures
from helpers.fund.rates import RateBeta, rate_beta
from helpers.fund.since import Against, Drawdown, Since, Year, max_drawdown, performance_since
from helpers.fund.style import HEALTHCARE, Style, rolling_style, style_analysis

__all__ = [
    "HEALTHCARE",
    "Against",
    "Drawdown",
    "Nearest",
    "RateBeta",
    "Search",
    "Since",
    "Style",
    "Year",
    "max_drawdown",
    "performance_since",
    "rate_beta",
    "rolling_style",
    "search_figures",
    "style_analysis",
]
