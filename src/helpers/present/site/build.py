"""Assemble a Sphinx source folder, run Sphinx beside the target, and rename."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from helpers.present.site.explore import explore_page
from helpers.present.site.front import front_page
from helpers.present.site.pages import notebook_page
from helpers.present.site.references import reference_page
from helpers.project import ProjectError, Result

# Written by Sphinx or its theme, and needed by no reader: icon scripts and fonts, source maps,
# machine notes, translations of a theme in one language.
_IDLE = (
    "**/*.map", "**/*.LICENSE.txt", ".buildinfo", "objects.inv", "_static/scripts/fontawesome.js",
    "_static/vendor", "_static/locales", "_static/images", "_static/webpack-macros.html",
    "_static/sbt-webpack-macros.html", "_static/sphinx-thebe*", "_static/design-*",
    "_static/togglebutton.*", "_static/file.png", "_static/plus.png", "_static/minus.png",
    "_sphinx_design_static",
)  # fmt: skip


def build(executed: list[Path], results: Path, out: Path, pages: Path) -> Path:
    """Build the site of one edition.

    Parameters
    ----------
    executed : executed notebooks, in the order of the table of contents.
    results : folder of their result files, `build/<edition>/results`; figures and tables stand
        beside it in `figures/` and `tables/`.
    out : the site's folder; replaced as a whole, and only when the build succeeded.
    pages : Sphinx sources: `conf.py`, static files, templates and prose.

    Returns
    -------
    The first page, `out/index.html`.

    Raises
    ------
    ProjectError : no notebook, no or unlike results, or a warning of Sphinx (all are errors).
    """
    found = _load_results(executed, results)
    editions = sorted({result.edition for result in found.values()})
    if len(editions) != 1:
        raise ProjectError(f"results of several editions: {', '.join(editions)}", mend="make")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".site-", dir=out.parent) as folder:
        source, html = Path(folder) / "source", Path(folder) / "html"
        _assemble(source, executed, found, results.parent, pages)
        _run_sphinx(source, html, editions[0])
        _strip(html)
        shutil.rmtree(out, ignore_errors=True)
        html.replace(out)
    return out / "index.html"


def _load_results(executed: list[Path], results: Path) -> dict[str, Result]:
    if not executed:
        raise ProjectError("no executed notebook", where=results.parent.name, mend="make notebooks")
    found = {}
    for notebook in executed:
        path = results / f"{notebook.stem}.json"
        if path.is_file():
            found[notebook.stem] = Result.load(path)
    if not found:
        raise ProjectError("no result file", where=results.name, mend="make notebooks")
    return found


def _assemble(
    source: Path, executed: list[Path], found: dict[str, Result], built: Path, pages: Path
) -> None:
    """Write the Sphinx sources."""
    shutil.copytree(pages, source, ignore=shutil.ignore_patterns(".*", "__pycache__"))
    for room in ("figures", "tables"):
        if (built / room).is_dir():
            shutil.copytree(built / room, source / "_extra" / room)
    (source / "_extra").mkdir(exist_ok=True)
    for notebook in executed:
        text = notebook_page(notebook.read_text(encoding="utf-8"))
        (source / notebook.name).write_text(text, encoding="utf-8")
    bibliography = source / "references.bib"
    if bibliography.is_file():
        text = reference_page(bibliography.read_text(encoding="utf-8"))
        (source / "references.md").write_text(text, encoding="utf-8")
    prose = sorted(path.stem for path in source.glob("*.md"))
    explore = explore_page(found, built / "tables")
    if explore is not None:
        (source / "explore.md").write_text(explore, encoding="utf-8")
        prose.insert(0, "explore")
    text = front_page(found, built / "tables", [path.stem for path in executed], prose)
    (source / "index.md").write_text(text, encoding="utf-8")


def _run_sphinx(source: Path, html: Path, edition: str) -> None:
    """Warnings are errors; the first one is what the reader of the error gets."""
    still = {"SOURCE_DATE_EPOCH": "0", "PYTHONHASHSEED": "0", "TZ": "UTC", "LC_ALL": "C.UTF-8"}
    done = subprocess.run(
        [
            sys.executable, "-m", "sphinx", "-W", "--keep-going", "-E", "-q", "--no-color",
            "-b", "html", "-d", str(source.with_name("doctrees")), "-A", f"edition={edition}",
            str(source), str(html),
        ],
        capture_output=True, text=True, env={**os.environ, **still}, check=False,
    )  # fmt: skip
    if done.returncode:
        said = done.stderr.replace(str(source), "report").strip().splitlines() or ["no message"]
        first = next((line for line in said if re.search(r"WARNING|ERROR|rror:", line)), said[-1])
        raise ProjectError(first, where="site", mend="mend the page that is named")


def _strip(html: Path) -> None:
    for pattern in _IDLE:
        for path in list(html.glob(pattern)):
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()
