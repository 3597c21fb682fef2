"""Write an edition's payloads as a folder that others can use as `MIRROR=`."""

from __future__ import annotations

import csv
import io
from pathlib import Path

from helpers.project import ProjectError, Workspace, write_atomic
from helpers.sources.catalogue import load_catalogue
from helpers.sources.store import Manifest, payload


def write_mirror(workspace: Workspace, folder: Path) -> int:
    """Copy every payload of a mirror or live edition under the name that `EDITION=mirror` asks for.

    `MANIFEST.csv`, written last, lists file, sha256, bytes, when it was retrieved and by whom it was
    published.

    Returns
    -------
    Number of files.

    Raises
    ------
    ProjectError : the bundled edition (its files lie in packages), or a folder that holds another
        file of a payload's name.
    """
    if workspace.edition == "bundled":
        raise ProjectError(
            "the bundled edition has no mirror: packages carry its files",
            where="make mirror",
            mend="make mirror EDITION=live DEST=folder",
        )
    manifest, catalogue = Manifest.load(workspace), load_catalogue()
    publishers = {
        extent.file: catalogue[name].publisher for name, extent in manifest.datasets.items()
    }
    rows = []
    for file, record in manifest.payloads.items():
        if record.stored.startswith("compiled/"):
            continue
        content, target = payload(workspace, record), folder / file
        if target.is_file() and target.read_bytes() != content:
            raise ProjectError(
                "the folder holds another file of that name", where=file, mend="an empty folder"
            )
        write_atomic(target, content)
        rows.append([file, record.sha256, record.bytes, record.retrieved, publishers.get(file, "")])
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["file", "sha256", "bytes", "retrieved", "publisher"])
    writer.writerows(rows)
    write_atomic(folder / "MANIFEST.csv", text.getvalue())
    return len(rows)
