"""The library in a real browser, against a real server."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pages import drive, needs_browser

from tests.serve.conftest import RunningServer

pytestmark = [needs_browser, pytest.mark.slow]


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[RunningServer]:
    """A server that the test may break."""
    running = RunningServer(tmp_path)
    yield running
    running.stop()


def test_a_sentence_becomes_a_clip_and_everything_is_done_with_it(
    own_server: RunningServer,
) -> None:
    drive(own_server, "library")
