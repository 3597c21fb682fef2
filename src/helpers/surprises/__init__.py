"""Surprises of Federal Reserve announcements, and what small and large companies did after them."""

from helpers.surprises.announcements import (
    Announcements,
    build_announcements,
    load_announcements,
    load_surprise_files,
    save_announcements,
)
from helpers.surprises.responses import (
    EqualSlopes,
    Response,
    by_subperiod,
    equal_slopes,
    path,
    respond,
    responses_table,
    sums_after,
)

__all__ = [
    "Announcements",
    "EqualSlopes",
    "Response",
    "build_announcements",
    "by_subperiod",
    "equal_slopes",
    "load_announcements",
    "load_surprise_files",
    "path",
    "respond",
    "responses_table",
    "save_announcements",
    "sums_after",
]
