"""One kind of error for people: what is wrong, where, what was expected, and the mend."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ProjectError(Exception):
    """An error a user can mend, said in one line.

    Parameters
    ----------
    what : what is wrong, with the value given.
    where : file, row, dataset, section or name.
    expected : what would have been right.
    mend : what to do now.
    """

    def __init__(self, what: str, *, where: str = "", expected: str = "", mend: str = "") -> None:
        self.what, self.where, self.expected, self.mend = what, where, expected, mend
        line = f"{where}: {what}" if where else what
        if expected:
            line += f"; expected {expected}"
        if mend:
            line += f". Mend: {mend}"
        super().__init__(" ".join(line.split()))


def nearest(name: str, valid: Iterable[str]) -> str:
    """'; nearest valid name: x', or nothing when no name is close."""
    close = difflib.get_close_matches(name, list(valid), n=1, cutoff=0.5)
    return f"; nearest valid name: {close[0]}" if close else ""
