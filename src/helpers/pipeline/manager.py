"""Starts our kernel with this interpreter, whatever kernels the machine has installed."""

from __future__ import annotations

import os
import sys

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager


class ProjectKernelManager(AsyncKernelManager):
    """Named `python3` in the notebook on every machine; sockets are files, so no port can race."""

    def __init__(self, **options: object) -> None:
        super().__init__(**options)
        self.transport = "ipc"
        self.ip = os.environ["HELPERS_SOCKET"]

    @property
    def kernel_spec(self) -> KernelSpec:
        command = [sys.executable, "-m", "helpers.pipeline.kernel", "-f", "{connection_file}"]
        return KernelSpec(argv=command, display_name="Python 3", language="python")

    async def _async_interrupt_kernel(self) -> None:
        """Nothing: it is called before shutdown only, when no cell runs, and its signal can meet
        the kernel's own closing and print an error where there is none.
        """
