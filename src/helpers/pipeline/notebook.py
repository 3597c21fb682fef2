"""What a source notebook says of itself: what it reads and writes, and which helpers it imports.

Declarations stand in the notebook's metadata, in the names of `Workspace` (globs allowed):

    "helpers": {"reads": ["processed/monthly.parquet"], "writes": ["results/08_x.json"]}
"""

from __future__ import annotations

import ast
import fnmatch
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import helpers
from helpers.project import ProjectError, sha256_of

SOURCE = Path(helpers.__file__).parents[1]


@dataclass(frozen=True)
class Notebook:
    """A source notebook: its name, declarations and code."""

    name: str
    path: Path
    reads: tuple[str, ...]
    writes: tuple[str, ...]
    code: str
    digest: str

    @classmethod
    def load(cls, path: Path) -> Notebook:
        """Read a source notebook.

        Raises
        ------
        ProjectError : not a notebook, or its metadata declare no reads and writes.
        """
        try:
            document = json.loads(path.read_bytes())
            cells = document["cells"]
        except (ValueError, KeyError, TypeError) as error:
            raise ProjectError(f"no notebook: {error}", where=f"notebooks/{path.name}") from error
        declared = document.get("metadata", {}).get("helpers", {})
        if not all(isinstance(declared.get(key), list) for key in ("reads", "writes")):
            raise ProjectError(
                "its metadata do not declare what it reads and writes",
                where=f"notebooks/{path.name}",
                expected='"helpers": {"reads": [...], "writes": [...]}',
            )
        # Outputs and execution counts are no source: saving a run in JupyterLab changes nothing.
        source = [[cell["cell_type"], _text(cell), cell.get("metadata", {})] for cell in cells]
        return cls(
            name=path.stem,
            path=path,
            reads=tuple(declared["reads"]),
            writes=tuple(declared["writes"]),
            code="\n".join(_text(cell) for cell in cells if cell["cell_type"] == "code"),
            digest=sha256_of(json.dumps([source, declared], sort_keys=True).encode()),
        )

    def undeclared(self, opened: Iterable[str], written: Iterable[str]) -> list[str]:
        """How a run differs from the declarations, one sentence each; empty when it does not."""
        # What a notebook stores it may read back: payloads of an earlier run stay where they are.
        opened = sorted(each for each in set(opened) if not matches(each, self.writes))
        written = sorted(set(written))
        complaints = []
        for verb, names, patterns in (
            ("read", opened, self.reads),
            ("wrote", written, self.writes),
        ):
            extra = [name for name in names if not matches(name, patterns)]
            # A pattern may match nothing: an edition can lack what a page is about.
            idle = [each for each in patterns if "*" not in each and each not in names]
            complaints += [f"it {verb} {name}, which is not declared" for name in extra]
            complaints += [f"it never {verb} the declared {pattern}" for pattern in idle]
        return complaints


def matches(name: str, patterns: Iterable[str]) -> bool:
    """Whether a name meets one of the patterns."""
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in patterns)


def load_notebooks(folder: Path) -> list[Notebook]:
    """Every numbered notebook, in order."""
    return [Notebook.load(path) for path in sorted(folder.glob("[0-9][0-9]_*.ipynb"))]


def helpers_used(code: str) -> set[Path]:
    """Files of the package that some code imports, directly or not, with the data beside them."""
    found: set[Path] = set()
    queue = list(_imported(code))
    seen: set[str] = set()
    while queue:
        module = queue.pop()
        if module in seen:
            continue
        seen.add(module)
        parent = module.rpartition(".")[0]
        if parent:
            queue.append(parent)  # importing a.b runs a's __init__ too
        path = SOURCE / Path(*module.split("."))
        file = path / "__init__.py" if path.is_dir() else path.with_suffix(".py")
        if not file.is_file():
            continue  # `from helpers.x import name`: a name, not a module
        found.add(file)
        found |= {each for each in file.parent.iterdir() if _is_data(each)}
        package = module if file.name == "__init__.py" else parent
        queue += _imported(file.read_text(encoding="utf-8"), package)
    return found


def _imported(code: str, package: str = "") -> Iterator[str]:
    """Names of our modules that some code may import."""
    lines = [line for line in code.splitlines() if not line.lstrip().startswith(("%", "!"))]
    for node in _running(ast.parse("\n".join(lines))):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                above = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*above, base] if base else above)
            names = [base, *(f"{base}.{alias.name}" for alias in node.names)]
        else:
            continue
        yield from (name for name in names if name.split(".")[0] == "helpers")


def _running(node: ast.AST) -> Iterator[ast.AST]:
    """Every node but those that only type checkers read."""
    yield node
    children: Iterable[ast.AST] = ast.iter_child_nodes(node)
    if isinstance(node, ast.If) and ast.unparse(node.test).endswith("TYPE_CHECKING"):
        children = node.orelse
    for child in children:
        yield from _running(child)


def _is_data(path: Path) -> bool:
    return path.is_file() and path.suffix not in {".py", ".pyc"} and not path.name.startswith(".")


def _text(cell: dict[str, Any]) -> str:
    source = cell["source"]
    return source if isinstance(source, str) else "".join(source)
