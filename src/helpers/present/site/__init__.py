"""The report as a site that opens from disk: executed notebooks and results in, HTML out.

Nothing is executed here, and nothing of what is written loads anything from another host.
"""

from helpers.present.site.build import build

__all__ = ["build"]
