"""Writing beside and renaming, and telling files apart by content."""

from __future__ import annotations

import hashlib
import os
import tempfile
from pathlib import Path

from helpers.project.errors import ProjectError


def sha256_of(data: bytes | Path) -> str:
    """Hex sha256 of some bytes, or of a file's content."""
    if isinstance(data, Path):
        with data.open("rb") as stream:
            return hashlib.file_digest(stream, "sha256").hexdigest()
    return hashlib.sha256(data).hexdigest()


def write_atomic(path: Path, data: bytes | str) -> Path:
    """Write beside `path` and rename, so that a reader never meets half a file.

    The folder is made when missing. On any failure the old file stands and nothing is left over.

    Raises
    ------
    ProjectError : the disk is full, or the folder cannot be written to.
    """
    payload = data.encode("utf-8") if isinstance(data, str) else data
    try:
        return _write_beside(path, payload)
    except OSError as error:
        raise ProjectError(
            f"cannot be written ({error.strerror})",
            where=path.name,
            mend="free disk space, or the folder's permissions; then run it again",
        ) from error


def _write_beside(path: Path, payload: bytes) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", suffix=".tmp", dir=path.parent)
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(payload)
            stream.flush()
            os.fsync(stream.fileno())
        beside.chmod(0o644)
        beside.replace(path)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    return path
