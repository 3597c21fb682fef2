"""Where blocks of specifications are computed: in this process, on all cores, or on a cluster."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from typing import Any, Literal

from helpers.project import ProjectError
from helpers.speccurve.curve import Mapper

ANSWER_SECONDS = 10
Where = Literal["one process", "all cores", "dask"]


@contextmanager
def mapper(where: Where = "one process", *, address: str | None = None) -> Iterator[Mapper]:
    """A `map` for `estimate_curve`; the digits do not depend on which.

    Parameters
    ----------
    where : "dask" sends blocks to the scheduler at `address`, or at the one that
        DASK_SCHEDULER_ADDRESS names; without either it starts workers on this machine.

    Raises
    ------
    ProjectError : dask is asked for and not installed, or no scheduler answers.
    """
    if where == "one process":
        yield map
    elif where == "all cores":
        with ProcessPoolExecutor(os.cpu_count()) as pool:
            yield pool.map
    else:
        yield from _dask(address or os.environ.get("DASK_SCHEDULER_ADDRESS"))


def _dask(address: str | None) -> Iterator[Mapper]:
    try:
        from distributed import Client
    except ImportError as error:
        raise ProjectError(
            "distributed is not installed", where="run_on = dask",
            mend="pip install distributed, or run_on = \"all cores\"",
        ) from error  # fmt: skip
    try:
        client = (
            Client(address, timeout=ANSWER_SECONDS) if address else Client(dashboard_address=None)
        )
    except OSError as error:
        raise ProjectError(f"no scheduler answers at {address}", where="run_on = dask") from error

    def over_cluster(call: Callable[[Any], Any], items: Iterable[Any]) -> Iterable[Any]:
        return client.gather(client.map(call, list(items)))

    with client:
        yield over_cluster
