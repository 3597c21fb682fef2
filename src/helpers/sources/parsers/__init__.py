"""One parser a publisher: bytes in, a table out, in the publisher's own unit."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.sources.parsers.fred import parse_fred
from helpers.sources.parsers.french import parse_french
from helpers.sources.parsers.packages import parse_bls_extract, parse_delimited, parse_events
from helpers.sources.parsers.quotes import parse_quotes

PARSERS: dict[str, Callable[..., pd.DataFrame]] = {
    "bls_extract": parse_bls_extract,
    "delimited": parse_delimited,
    "events": parse_events,
    "fred": parse_fred,
    "french": parse_french,
    "quotes": parse_quotes,
}

__all__ = ["PARSERS"]
