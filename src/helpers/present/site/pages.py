"""An executed notebook as a page: the answer first, code folded, figures as files."""

from __future__ import annotations

import json
import re
from typing import Any

# A figure in a notebook carries its picture; on the site the picture is a file of its own.
_PICTURE = re.compile(r'src="data:image/[^"]+" (alt="[^"]*") data-file="([^"]+)"')


def notebook_page(text: str) -> str:
    """The notebook as the site shows it.

    Code is folded; the cell tagged `parameters` goes, and the injected one says what it is; the
    output of the cell tagged `answer` stands directly under the title.
    """
    notebook = json.loads(text)
    cells = [_folded(cell) for cell in notebook["cells"] if "parameters" not in _tags(cell)]
    notebook["cells"] = _answer_first(cells)
    return json.dumps(notebook, ensure_ascii=False, indent=1)


def _tags(cell: dict[str, Any]) -> list[str]:
    return cell["metadata"].get("tags", [])


def _text(cell: dict[str, Any]) -> str:
    return cell["source"] if isinstance(cell["source"], str) else "".join(cell["source"])


def _folded(cell: dict[str, Any]) -> dict[str, Any]:
    if cell["cell_type"] != "code":
        return cell
    if not _text(cell).strip():
        return {**cell, "metadata": {**cell["metadata"], "tags": ["remove-cell"]}}
    what = "parameters" if "injected-parameters" in _tags(cell) else "code"
    metadata = {
        **cell["metadata"],
        "tags": sorted({*_tags(cell), "hide-input"}),
        "mystnb": {"code_prompt_show": f"Show the {what}", "code_prompt_hide": f"Hide the {what}"},
    }
    return {**cell, "metadata": metadata, "outputs": [_linked(each) for each in cell["outputs"]]}


def _linked(output: dict[str, Any]) -> dict[str, Any]:
    """Replace pictures inside HTML by links to their files."""
    page = output.get("data", {}).get("text/html")
    if page is None:
        return output
    page = page if isinstance(page, str) else "".join(page)
    page = _PICTURE.sub(r'src="figures/\2" \1 loading="lazy"', page)
    return {**output, "data": {**output["data"], "text/html": page}}


def _answer_first(cells: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Split the title from the text below it, and put the answer's output between."""
    title = next((n for n, cell in enumerate(cells) if cell["cell_type"] == "markdown"), None)
    answer = next((n for n, cell in enumerate(cells) if "answer" in _tags(cell)), None)
    if title is None or answer is None:
        return cells
    head, _, rest = _text(cells[title]).strip().partition("\n")
    told = cells[answer]
    shown = {**told, "id": "answer", "metadata": {"tags": ["answer", "remove-input"]}}
    cells[answer] = {**told, "outputs": []}
    below = [{**cells[title], "id": "below-title", "source": rest.strip()}] if rest.strip() else []
    cells[title : title + 1] = [{**cells[title], "source": head}, shown, *below]
    return cells
