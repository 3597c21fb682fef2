"""`data/README.md`, made from the catalogue so that it cannot drift from it."""

from __future__ import annotations

from helpers.sources.catalogue import Catalogue, Dataset

EXAMPLE = """\
[datasets.small_business_optimism]
by = "compiled"
title = "An index of small-business optimism"
frequency = "monthly"
cost_if_missing = "nothing yet"
columns = { index = { unit = "1986 = 100", low = 50, high = 150 } }
[datasets.small_business_optimism.compiled]
file = "small_business_optimism.csv"
parser = "delimited"
options = { date_column = "month", date_format = "%Y-%m", period = "month" }
rename = { value = "index" }
first = 2023-01-31
last = 2023-12-31
min_rows = 12
"""
_TEXT = """\
# Data

Made by `python -m helpers.sources readme` from the [catalogue](../src/helpers/sources/catalogue.toml).

| folder | what is in it | tracked |
|---|---|---|
| `raw/compiled/` | facts compiled by this project | yes |
| `raw/<edition>/` | payloads as received, each with a sidecar, and `manifest.json` | no |
| `processed/<edition>/` | the two panels and their column dictionaries | no |

A payload is never changed: its name carries the first digits of its sha256, the manifest the whole. `make data` fetches what is missing and never replaces a file; `make refresh` fetches anew beside the old, says what changed in each dataset, and then switches; `make mirror DEST=folder` writes a folder that others can use as `MIRROR=folder`.

## Datasets

{count} datasets. Where an edition lacks one, the report says what that costs.

| name | what | frequency | unit | bundled | mirror | live |
|---|---|---|---|:-:|:-:|:-:|
{datasets}

## Publishers

| publisher | licence | known | cite |
|---|---|---|---|
{publishers}

## Bring your own

A series needs one entry in the catalogue and one file. Put the file into `raw/compiled/`, say `small_business_optimism.csv` with the columns `month` and `value`, and the entry into the catalogue:

```toml
{example}```

`make data` checks it: columns, units' ranges, dates without gaps, first and last date. Then `helpers.sources.load(workspace, "small_business_optimism")` gives the table. To have it in a panel, add a column to the [column dictionary](../src/helpers/panel/columns.toml):

```toml
[monthly.small_business_index]
what = "small-business optimism"
unit = "1986 = 100"
make = "level"
from = ["small_business_optimism.index"]
```

A file of another publisher needs a parser: a function from bytes to a table in `src/helpers/sources/parsers/`, named in `PARSERS`.
"""


def data_readme(catalogue: Catalogue) -> str:
    """The whole text of `data/README.md`."""
    rows = [_row(name, dataset) for name, dataset in catalogue.items()]
    publishers = {
        each.publisher: f"| [{each.publisher}]({each.homepage}) | {each.licence} | {each.lag} | "
        f"{each.citation} |"
        for each in catalogue.values()
    }
    return _TEXT.format(
        count=len(catalogue),
        datasets="\n".join(rows),
        publishers="\n".join(publishers.values()),
        example=EXAMPLE,
    )


def _row(name: str, dataset: Dataset) -> str:
    units = "; ".join(dict.fromkeys(column.unit for column in dataset.columns.values()))
    has = ["yes" if dataset.at(edition) else "" for edition in ("bundled", "mirror", "live")]
    return f"| `{name}` | {dataset.title} | {dataset.frequency} | {units} | {' | '.join(has)} |"
