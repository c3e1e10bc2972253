"""The page of a clip and the comparison of clips in a real browser, against a real server."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from pages import drive, needs_browser
from tests.serve.conftest import RunningServer

pytestmark = [needs_browser, pytest.mark.slow]


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """One server for both tests, which leave it running."""
    running = RunningServer(tmp_path_factory.mktemp("data"))
    yield running
    running.stop()


def test_a_clip_plays_by_frames_and_each_action_makes_another_of_it(server: RunningServer) -> None:
    drive(server, "clip")


def test_what_is_copied_from_a_recipe_makes_the_same_clip_again(server: RunningServer) -> None:
    drive(server, "copied")


def test_four_clips_are_compared_frame_by_frame(server: RunningServer) -> None:
    drive(server, "compare")
