"""A publisher on 127.0.0.1 that answers by script, faults included."""

from __future__ import annotations

import io
import socket
import threading
import time
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass
class Reply:
    """One answer; faults are asked for by name."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    declare: int | None = None  # a Content-Length that is not the body's
    cut_after: int | None = None  # send so many bytes, then hang up
    hang_after: int | None = None  # send so many bytes, then nothing until the client leaves
    every: float = 0.0  # seconds between single bytes: a body that trickles
    chunked: bool = False


class Publisher:
    """`say(path, reply, ...)`: replies come in turn, the last for ever. `asked` is the log."""

    def __init__(self) -> None:
        self.replies: dict[str, list[Reply]] = {}
        self.asked: list[str] = []
        self.closing = threading.Event()
        publisher = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                publisher.asked.append(self.path)
                queue = publisher.replies.get(urlsplit(self.path).path) or [Reply(status=404)]
                reply = queue.pop(0) if len(queue) > 1 else queue[0]
                try:
                    publisher.send(self, reply)
                except (BrokenPipeError, ConnectionResetError):
                    self.close_connection = True

            def log_message(self, format: str, *args: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def say(self, path: str, *replies: Reply | bytes) -> str:
        """Script the replies at `path`; returns its address."""
        self.replies[path] = [r if isinstance(r, Reply) else Reply(r) for r in replies]
        return self.url + path

    def send(self, handler: BaseHTTPRequestHandler, reply: Reply) -> None:
        handler.send_response(reply.status)
        for name, value in reply.headers.items():
            handler.send_header(name, value)
        if reply.chunked:
            handler.send_header("Transfer-Encoding", "chunked")
        else:
            length = len(reply.body) if reply.declare is None else reply.declare
            handler.send_header("Content-Length", str(length))
        handler.end_headers()
        stop = min(x for x in (reply.cut_after, reply.hang_after, len(reply.body)) if x is not None)
        step = 1 if reply.every else max(stop, 1)
        for start in range(0, stop, step):
            piece = reply.body[start : min(start + step, stop)]
            handler.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if reply.chunked else piece)
            handler.wfile.flush()
            if self.closing.wait(reply.every):
                return
        if reply.hang_after is not None:
            self.hang(handler.connection)
        if reply.cut_after is not None or reply.hang_after is not None or reply.declare is not None:
            handler.close_connection = True
        elif reply.chunked:
            handler.wfile.write(b"0\r\n\r\n")

    def hang(self, connection: socket.socket) -> None:
        """Say nothing until the client hangs up or the test ends."""
        connection.settimeout(0.02)
        while not self.closing.is_set():
            try:
                if not connection.recv(1):
                    return
            except TimeoutError:
                continue


@contextmanager
def publishing() -> Iterator[Publisher]:
    publisher = Publisher()
    thread = threading.Thread(target=publisher.server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield publisher
    finally:
        publisher.closing.set()
        publisher.server.shutdown()
        publisher.server.server_close()
        thread.join()


def free_port() -> int:
    """A port of 127.0.0.1 on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def zipped(members: Mapping[str, bytes]) -> bytes:
    """A zip as publishers send them; the fixed date makes the bytes repeatable."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    return stream.getvalue()


def wait_until(condition: object, seconds: float = 5.0) -> None:
    """Until `condition()` holds; a test that waits too long fails."""
    end = time.monotonic() + seconds
    while not condition():  # type: ignore[operator]
        if time.monotonic() > end:
            raise AssertionError("waited too long")
        time.sleep(0.01)
