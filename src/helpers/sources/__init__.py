"""Where data come from: one catalogue, three sources, one loader."""

from helpers.sources.acquire import acquire
from helpers.sources.catalogue import Catalogue, Dataset, load_catalogue
from helpers.sources.store import Manifest, available, load, missing, provenance

__all__ = [
    "Catalogue",
    "Dataset",
    "Manifest",
    "acquire",
    "available",
    "load",
    "load_catalogue",
    "missing",
    "provenance",
]
