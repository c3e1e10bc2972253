"""The application of the API tests with a network of its own, and somebody who is called."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from kinema.config import Config, NetworkConfig
from tests.serve.api.conftest import Api, User, running

PATIENCE = 30.0


class Hook:
    """A server that is called, and answers what the test says; it keeps what came."""

    def __init__(self) -> None:
        self.calls: list[tuple[dict[str, str], bytes]] = []
        self.statuses: list[int] = []
        """Answered first, one each; 200 after them."""
        hook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                hook.calls.append(({k.lower(): v for k, v in self.headers.items()}, body))
                status = hook.statuses.pop(0) if hook.statuses else 200
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("location", "/elsewhere")
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/hook"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def until(found: Callable[[], Any]) -> Any:
    """Wait for something to be true, and return it."""
    end = time.monotonic() + PATIENCE
    while not (value := found()):
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.05)
    return value


@pytest.fixture(scope="session")
def api(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application for all tests of this folder; it may call this machine."""
    config = Config(single_user=False, network=NetworkConfig(private=("127.0.0.1",), seconds=2))
    with running(tmp_path_factory.mktemp("beyond"), config) as found:
        yield found


@pytest.fixture
def user(api: Api) -> User:
    """Somebody who has made nothing yet."""
    return api.user()


@pytest.fixture
def hook() -> Iterator[Hook]:
    """Somebody who is called."""
    found = Hook()
    yield found
    found.close()
