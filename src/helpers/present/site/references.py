"""The references page from `references.bib`: one entry a paragraph, with an anchor to link to.

The file keeps to a regular subset of BibTeX: `key = {value}`, one field a line.
"""

from __future__ import annotations

import re

from helpers.project import ProjectError

_ENTRY = re.compile(r"@(\w+)\{([\w:-]+),\n(.*?)\n\}", re.DOTALL)
_FIELD = re.compile(r"^\s*(\w+)\s*=\s*\{(.*)\},?$", re.MULTILINE)


def reference_page(bibliography: str) -> str:
    """Markdown of the references, by author and year.

    Raises
    ------
    ProjectError : an entry lacks author, year, title or where it appeared.
    """
    entries = {key: dict(_FIELD.findall(body)) for _, key, body in _ENTRY.findall(bibliography)}
    if len(entries) != bibliography.count("\n@") + bibliography.startswith("@"):
        raise ProjectError("an entry cannot be read", where="references.bib")
    ordered = sorted(entries.items(), key=lambda item: (item[1].get("author", ""), item[0]))
    paragraphs = [f"({key})=\n\n{_paragraph(key, fields)}" for key, fields in ordered]
    return "\n\n".join(["# References", *paragraphs]) + "\n"


def _paragraph(key: str, fields: dict[str, str]) -> str:
    where = fields.get("journal") or fields.get("publisher") or fields.get("institution")
    if where is None or any(name not in fields for name in ("author", "year", "title")):
        raise ProjectError(
            "an entry is not complete", where=f"references.bib, {key}",
            expected="author, year, title and journal, publisher or institution",
        )  # fmt: skip
    people = fields["author"].split(" and ")
    authors = people[0] if len(people) == 1 else ", ".join(people[:-1]) + " and " + people[-1]
    place = f"*{where}*"
    if "volume" in fields:
        place += f" {fields['volume']}" + (f"({fields['number']})" if "number" in fields else "")
    if "pages" in fields:
        place += ", " + fields["pages"].replace("--", "\N{EN DASH}")
    link = f" [doi:{fields['doi']}](https://doi.org/{fields['doi']})." if "doi" in fields else ""
    title = fields["title"].replace("{", "").replace("}", "")
    return f"{authors} ({fields['year']}). {title}. {place}.{link}"
