"""One parser a publisher: bytes in, a table out, in the publisher's own unit."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from helpers.sources.parsers.expectations import parse_cleveland_nowcast, parse_spf
from helpers.sources.parsers.fomc import parse_target_changes
from helpers.sources.parsers.fred import parse_fred
from helpers.sources.parsers.french import parse_french
from helpers.sources.parsers.ism import parse_ism
from helpers.sources.parsers.packages import parse_bls_extract, parse_delimited, parse_events
from helpers.sources.parsers.philadelphia import parse_real_time
from helpers.sources.parsers.quotes import parse_quotes
from helpers.sources.parsers.shiller import parse_shiller, parse_shiller_csv
from helpers.sources.parsers.surprises import (
    parse_bauer_swanson,
    parse_jarocinski_karadi,
    parse_usmpd,
    parse_usmpd_surprises,
)

PARSERS: dict[str, Callable[..., pd.DataFrame]] = {
    "bauer_swanson": parse_bauer_swanson,
    "bls_extract": parse_bls_extract,
    "cleveland_nowcast": parse_cleveland_nowcast,
    "delimited": parse_delimited,
    "events": parse_events,
    "fred": parse_fred,
    "french": parse_french,
    "ism": parse_ism,
    "jarocinski_karadi": parse_jarocinski_karadi,
    "quotes": parse_quotes,
    "real_time": parse_real_time,
    "shiller": parse_shiller,
    "shiller_csv": parse_shiller_csv,
    "spf": parse_spf,
    "target_changes": parse_target_changes,
    "usmpd": parse_usmpd,
    "usmpd_surprises": parse_usmpd_surprises,
}

__all__ = ["PARSERS"]
