"""Figures on disk and on the page, with a text for those who cannot see them."""

from __future__ import annotations

import base64
import html
import io
import re
from dataclasses import dataclass
from typing import Any

from matplotlib.figure import Figure

from helpers.present import style
from helpers.project import FigureRecord, ProjectError, Workspace, write_atomic


def save_figure(
    workspace: Workspace,
    name: str,
    figure: Figure,
    *,
    alt: str,
    caption: str,
    source: str,
    raster: bool = False,
) -> FigureRecord:
    """Write `figures/<name>.svg`; the bytes depend on the figure alone.

    Parameters
    ----------
    name : number of the notebook and a word or two: "04_car_paths".
    alt : states the finding, in at least eight words; made from the numbers, never typed.
    caption : what to see. Source and edition are added.
    source : who published the data.
    raster : write a PNG instead: for raw series, whose values an SVG would give away.

    Raises
    ------
    ProjectError : the name is no file name.
    """
    if not re.fullmatch(r"[0-9]{2}_[a-z0-9_]+", name):
        raise ProjectError(f"{name!r} cannot name a figure", expected="NN_words, as in 04_paths")
    style.use()
    suffix = "png" if raster else "svg"
    stream = io.BytesIO()
    metadata = {"Software": None} if raster else {"Creator": None, "Date": None}
    figure.savefig(stream, format=suffix, metadata=metadata)
    write_atomic(workspace.write(f"figures/{name}.{suffix}"), stream.getvalue())
    said = f"{caption.rstrip('. ')}. Source: {source.rstrip('. ')}. Edition: {workspace.edition}."
    return FigureRecord(file=f"{name}.{suffix}", alt=" ".join(alt.split()), caption=said)


@dataclass(frozen=True)
class ShownFigure:
    """A figure as notebooks and pages display it: the picture inside, its text beside."""

    record: FigureRecord
    payload: bytes

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        kind = "png" if self.record.file.endswith(".png") else "svg+xml"
        source = f"data:image/{kind};base64,{base64.b64encode(self.payload).decode()}"
        return {
            "text/html": figure_html(self.record, source),
            "text/plain": f"Figure: {self.record.alt}",
        }


def show_figure(workspace: Workspace, record: FigureRecord) -> ShownFigure:
    """The saved figure, for the last line of a cell."""
    path = workspace.write(f"figures/{record.file}")
    return ShownFigure(record, path.read_bytes())


def figure_html(record: FigureRecord, source: str) -> str:
    """A figure with its caption; `source` is a data address, or a path from the page."""
    alt, caption = html.escape(record.alt), html.escape(record.caption, quote=False)
    return (
        f'<figure class="finding"><img src="{source}" alt="{alt}" '
        f'data-file="{html.escape(record.file)}" style="max-width:100%;background:#fff">'
        f"<figcaption>{caption}</figcaption></figure>"
    )
