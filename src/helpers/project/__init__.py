"""What everything else stands on: paths, the edition, typed parameters, results, one kind of error."""

from helpers.project.errors import ProjectError
from helpers.project.files import sha256_of, write_atomic
from helpers.project.results import Estimate, Exclusion, FigureRecord, Result, TableRecord
from helpers.project.workspace import Workspace

__all__ = [
    "Estimate",
    "Exclusion",
    "FigureRecord",
    "ProjectError",
    "Result",
    "TableRecord",
    "Workspace",
    "sha256_of",
    "write_atomic",
]
