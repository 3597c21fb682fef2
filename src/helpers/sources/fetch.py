"""From a publisher's address to bytes that can be trusted, or to one line that says what to do.

Plain requests rather than pooch: pooch guards files whose hash is known beforehand and writes as it
downloads, while market data change daily, and a payload must pass its checks before it may reach
the disk. Its retries know neither Retry-After nor a limit for a body that trickles.

Nothing here is random: two runs that meet the same faults wait the same seconds.
"""

from __future__ import annotations

import fcntl
import gzip
import http
import io
import os
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path, PurePosixPath, PureWindowsPath
from typing import Literal
from urllib.parse import quote, urlsplit

import pandas as pd
import requests
import urllib3
from tqdm import tqdm

from helpers.project import ProjectError

# Bytes as they lie at the publisher, and a Content-Length that can be compared with them.
HEADERS = {
    "User-Agent": "pivots-and-prices (research; reads a file a day)",
    "Accept-Encoding": "identity",
}
LONGEST_PAUSE = 120.0  # seconds; a publisher who asks for more is left alone until a later run
PASSING = {408, 425, 429, 500, 502, 503, 504}  # states that may be over by the next attempt
CHUNK = 1 << 16


@dataclass(frozen=True)
class Payload:
    """What a publisher sent.

    Attributes
    ----------
    content : the bytes as received.
    url : the address as the catalogue has it: an API key is never in it.
    retrieved_at : when the last byte came, UTC.
    content_type : the publisher's Content-Type, or "".
    note : something a reader should know (a second provider stood in), or "".
    """

    content: bytes
    url: str
    retrieved_at: datetime
    content_type: str
    note: str = ""


@dataclass
class Pace:
    """Politeness: at least `gap` seconds between two requests to one host.

    `sleep` and `clock` (seconds, monotonic) are arguments so that tests need not wait.
    """

    gap: float = 0.5
    sleep: Callable[[float], None] = time.sleep
    clock: Callable[[], float] = time.monotonic
    _free_at: dict[str, float] = field(default_factory=dict)

    def wait(self, host: str) -> None:
        early = self._free_at.get(host, 0.0) - self.clock()
        if host in self._free_at and early > 0:
            self.sleep(early)
        self._free_at[host] = self.clock() + self.gap


PACE = Pace()


class _FetchError(Exception):
    """Why an attempt gave nothing; `passing` when another attempt may do better."""

    def __init__(
        self, what: str, mend: str, *, expected: str = "", passing: bool = False, pause: float = 0.0
    ) -> None:
        super().__init__(what)
        self.what, self.mend, self.expected = what, mend, expected
        self.passing, self.pause = passing, pause


_AGAIN = "run make data again; if it stays, open the address in a browser"
_MOVED = "open the address in a browser, and correct it in the catalogue if the file has moved"


def fetch(
    url: str,
    *,
    dataset: str,
    check: Callable[[bytes], object] | None = None,
    timeout: tuple[float, float] = (10.0, 30.0),
    deadline: float = 300.0,
    attempts: int = 4,
    backoff: float = 1.0,
    session: requests.Session | None = None,
    progress: bool | None = None,
    api_key_env: str | None = None,
    pace: Pace = PACE,
) -> Payload:
    """The file at `url`, whole and of the right kind.

    Parameters
    ----------
    url : http(s) address; `{api_key}` in it stands for the key.
    dataset : catalogue name, for messages.
    check : raises ProjectError when the content is not what the dataset needs (parser, schema).
    timeout : seconds to connect, and between two pieces of the body.
    deadline : seconds for the whole body, however steadily it trickles.
    attempts : tries in all; only passing faults are tried again.
    backoff : seconds before the second try, doubled before each further one. Retry-After wins when
        it is longer; beyond `LONGEST_PAUSE` there is no further try.
    progress : True or False; None means a bar on a terminal only.
    api_key_env : environment variable that holds the key.

    Raises
    ------
    ProjectError : one line with dataset, address (never the key), what happened and the mend.
    """
    key = _api_key(api_key_env, dataset, url)
    address = url.replace("{api_key}", quote(key, safe=""))
    with ExitStack() as stack:
        opened = session or stack.enter_context(requests.Session())
        for attempt in range(1, attempts + 1):
            pace.wait(urlsplit(url).netloc)
            try:
                content, content_type = _receive(
                    opened, address, dataset, timeout, deadline, progress, pace.clock
                )
                _refuse_wrong_kind(content, urlsplit(url).path)
                if check is not None:
                    _apply(check, content)
                return Payload(content, url, datetime.now(UTC), content_type)
            except _FetchError as error:
                fault = error
            pause = max(fault.pause, backoff * 2 ** (attempt - 1))
            if not fault.passing or attempt == attempts or pause > LONGEST_PAUSE:
                break
            pace.sleep(pause)
    # Raised here, outside `except`, so that no traceback carries an address with the key in it.
    raise ProjectError(
        _without(key, fault.what) + (f" (attempt {attempt})" if attempt > 1 else ""),
        where=f"{dataset} ({url})",
        expected=_without(key, fault.expected),
        mend=_without(key, fault.mend),
    )


def _api_key(variable: str | None, dataset: str, url: str) -> str:
    if variable is None:
        return ""
    if not (key := os.environ.get(variable, "").strip()):
        raise ProjectError(
            f"{variable} is not set",
            where=f"{dataset} ({url})",
            expected="an API key of this publisher in the environment",
            mend=f"get a key from the publisher, then: export {variable}=...",
        )
    return key


def _without(key: str, text: str) -> str:
    for form in {key, quote(key, safe="")} - {""}:
        text = text.replace(form, "***")
    return text


def _receive(
    session: requests.Session,
    address: str,
    dataset: str,
    timeout: tuple[float, float],
    deadline: float,
    progress: bool | None,
    clock: Callable[[], float],
) -> tuple[bytes, str]:
    """Body and Content-Type of one attempt; every trouble becomes a _FetchError."""
    begun = clock()
    parts: list[bytes] = []
    try:
        with session.get(address, stream=True, timeout=timeout, headers=HEADERS) as response:
            _refuse_status(response)
            declared = int(response.headers.get("Content-Length", "").strip() or 0)
            with tqdm(
                desc=dataset, total=declared or None, unit="B", unit_scale=True, leave=False,
                disable=None if progress is None else not progress,
            ) as bar:  # fmt: skip
                # read1 returns with every packet: iter_content would wait for a full chunk, and
                # a body of one byte a second would pass every time-out.
                while chunk := response.raw.read1(CHUNK, decode_content=True):
                    parts.append(chunk)
                    bar.update(len(chunk))
                    if clock() - begun > deadline:
                        raise _FetchError(
                            f"not complete after {deadline:g} s", _AGAIN, passing=True
                        )
            return b"".join(parts), response.headers.get("Content-Type", "")
    except (OSError, ValueError, urllib3.exceptions.HTTPError) as error:
        raise _network_fault(error, sum(map(len, parts)), address) from None


def _network_fault(error: Exception, received: int, address: str) -> _FetchError:
    """In our own words: the libraries' messages hold the address with its key."""
    chain = _chain(error)
    host = urlsplit(address).hostname
    after = f" after {received} bytes" if received else ""
    online = "check the connection and run make data again; EDITION=bundled works without one"
    if _any(chain, urllib3.exceptions.NameResolutionError):
        return _FetchError(f"the host name {host} cannot be resolved", online, passing=True)
    if _any(chain, ConnectionRefusedError):
        return _FetchError(f"{host} refused the connection", online, passing=True)
    if _any(chain, (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError)):
        return _FetchError(f"timed out{after}", online, passing=True)
    if _any(chain, (requests.exceptions.SSLError, urllib3.exceptions.SSLError)):
        return _FetchError(f"{host} has no certificate that can be trusted", _MOVED)
    for each in chain:
        if isinstance(each, urllib3.exceptions.IncompleteRead):
            return _FetchError(
                f"the body ended after {received} bytes", _AGAIN, passing=True,
                expected=f"{received + (each.expected or 0)} bytes" if each.expected else "",
            )  # fmt: skip
    if isinstance(error, ValueError):
        return _FetchError("the address cannot be used", "correct it in the catalogue")
    return _FetchError(
        f"the connection broke{after} ({type(error).__name__})", online, passing=True
    )


def _chain(error: BaseException) -> list[BaseException]:
    """The error, what it wraps and what caused it."""
    found: list[BaseException] = []
    pending: list[object] = [error]
    while pending:
        each = pending.pop(0)
        if isinstance(each, BaseException) and each not in found:
            found.append(each)
            pending += [each.__cause__, each.__context__, getattr(each, "reason", None), *each.args]
    return found


def _any(
    chain: list[BaseException], kinds: type[BaseException] | tuple[type[BaseException], ...]
) -> bool:
    return any(isinstance(each, kinds) for each in chain)


def _refuse_status(response: requests.Response) -> None:
    status = response.status_code
    if status == http.HTTPStatus.OK:
        return
    name = http.client.responses.get(status, "unknown status")
    if status in PASSING:
        pause = _retry_after(response.headers.get("Retry-After", ""))
        mend = f"wait {pause:.0f} s, then make data" if pause else _AGAIN
        raise _FetchError(f"HTTP {status} {name}", mend, passing=True, pause=pause)
    if status in (401, 403):
        raise _FetchError(
            f"HTTP {status} {name}", "check the API key, or open the address in a browser"
        )
    raise _FetchError(f"HTTP {status} {name}", _MOVED)


def _retry_after(text: str) -> float:
    """Seconds that a publisher asks for: a number or a date (RFC 9110, section 10.2.3)."""
    if text.strip().isdecimal():
        return float(text)
    try:
        asked = parsedate_to_datetime(text)
    except ValueError:
        return 0.0
    return max(0.0, (asked - datetime.now(UTC)).total_seconds())


def _apply(check: Callable[[bytes], object], content: bytes) -> None:
    try:
        check(content)
    except ProjectError as error:
        where = f"{error.where}: " if error.where else ""
        raise _FetchError(
            where + error.what, error.mend or _MOVED, expected=error.expected
        ) from None


_SIGNATURES = {
    ".zip": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".xls": (b"\xd0\xcf\x11\xe0", b"PK\x03\x04"),
}


def _refuse_wrong_kind(content: bytes, path: str) -> None:
    """Empty, a web page, or an archive that is broken or reaches outside its folder."""
    suffix = PurePosixPath(path.lower()).suffix
    kind = suffix.removeprefix(".") or "csv"
    if not content.strip():
        raise _FetchError("the body is empty", _AGAIN, expected=f"a {kind} file", passing=True)
    # No csv, workbook or archive begins with '<'; pages, and XML that reports an error, do.
    if content.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<"):
        raise _FetchError("a web page came instead of data", _MOVED, expected=f"a {kind} file")
    if suffix in _SIGNATURES and not content.startswith(_SIGNATURES[suffix]):
        raise _FetchError(f"the content is no {kind} file", _MOVED, expected=f"a {kind} file")
    if content.startswith(b"PK\x03\x04"):
        _refuse_bad_zip(content)
    elif content.startswith(b"\x1f\x8b"):
        try:
            gzip.decompress(content)
        except (OSError, EOFError, zlib.error):
            raise _FetchError(
                "the gzip file is damaged or cut short", _AGAIN, passing=True
            ) from None


def _refuse_bad_zip(content: bytes) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for name in archive.namelist():
                if _leaves_folder(name):
                    raise _FetchError(
                        f"the zip holds {name!r}, a path outside its folder",
                        "do not unpack it; check that the address is the publisher's",
                    )
            damaged = archive.testzip()
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise _FetchError(
            f"the zip is damaged or cut short ({type(error).__name__})", _AGAIN, passing=True
        ) from None
    if damaged is not None:
        raise _FetchError(f"the zip's member {damaged!r} is damaged", _AGAIN, passing=True)


def _leaves_folder(name: str) -> bool:
    path = PureWindowsPath(name)  # splits at both slashes, and knows drives
    return bool(path.anchor) or ".." in path.parts


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    """Hold the lock file `path`: a second process waits here, and says so.

    The kernel lets go of the lock when its holder ends in whatever way, so a killed run never
    blocks the next. The file itself stays: removing it would let two runs hold two locks.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            sys.stderr.write(f"another run holds {path.name}; waiting for it to end\n")
            fcntl.flock(handle, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Change:
    """What a refresh changed in one dataset.

    Attributes
    ----------
    kind : "same"; "appended" (rows after the old end, nothing else); "revised" (a past value
        changed, or a past row or a column came in between: reported, no error); "shrunken" (a row
        or a column is gone: refused).
    rows_added, rows_changed, rows_lost : counts of rows; lost ones held a value before.
    columns_added, columns_lost : names.
    first_changed : first index label whose past value changed, came in or is gone.
    last : last index label with a value in the new table.
    """

    kind: Literal["same", "appended", "revised", "shrunken"]
    rows_added: int = 0
    rows_changed: int = 0
    rows_lost: int = 0
    columns_added: tuple[str, ...] = ()
    columns_lost: tuple[str, ...] = ()
    first_changed: object = None
    last: object = None

    def __str__(self) -> str:
        parts = [
            f"{count} row{'s' * (count != 1)} {word}"
            for count, word in (
                (self.rows_added, "added"), (self.rows_changed, "changed"), (self.rows_lost, "lost")
            )
            if count
        ]  # fmt: skip
        parts += [f"column {name} added" for name in self.columns_added]
        parts += [f"column {name} lost" for name in self.columns_lost]
        if self.first_changed is not None:
            parts.append(f"first past change at {_label(self.first_changed)}")
        if self.last is not None:
            parts.append(f"last {_label(self.last)}")
        return ": ".join(filter(None, (self.kind, ", ".join(parts))))


def _label(label: object) -> str:
    return f"{label:%Y-%m-%d}" if isinstance(label, datetime) else str(label)


def compare_payloads(old: pd.DataFrame, new: pd.DataFrame) -> Change:
    """What `new` changes in `old`: two tables of one dataset, index unique and sortable (dates).

    A missing value is no observation: a row of missing values counts as absent, a value that turns
    missing in a row that stays counts as changed. Values are compared exactly.

    Raises
    ------
    ProjectError : an index label occurs twice.
    """
    for name, table in (("old", old), ("new", new)):
        if not table.index.is_unique:
            twice = table.index[table.index.duplicated()][0]
            raise ProjectError(f"{_label(twice)} occurs twice", where=f"the {name} table")
    old, new = old.dropna(how="all"), new.dropna(how="all")
    added, lost = new.index.difference(old.index), old.index.difference(new.index)
    both, columns = old.index.intersection(new.index), old.columns.intersection(new.columns)
    before, after = old.loc[both, columns], new.loc[both, columns]
    differs = (before.ne(after) & ~(before.isna() & after.isna())).any(axis=1)
    changed = both[differs.to_numpy()]
    inserted = added[added < old.index.max()] if len(old) else added[:0]
    past = changed.union(lost).union(inserted)
    more, fewer = new.columns.difference(old.columns), old.columns.difference(new.columns)
    kind: Literal["same", "appended", "revised", "shrunken"] = "same"
    if len(lost) or len(fewer):
        kind = "shrunken"
    elif len(past) or len(more):
        kind = "revised"
    elif len(added):
        kind = "appended"
    return Change(
        kind,
        rows_added=len(added),
        rows_changed=len(changed),
        rows_lost=len(lost),
        columns_added=tuple(map(str, more)),
        columns_lost=tuple(map(str, fewer)),
        first_changed=past.min() if len(past) else None,
        last=new.index.max() if len(new) else None,
    )
