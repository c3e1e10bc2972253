"""Fixtures of the engine's tests."""

from __future__ import annotations

from collections.abc import Callable

import msgspec
import pytest
from small_clips import FOX, Clips

from kinema.types import Request, Task


@pytest.fixture(scope="session")
def clips(tmp_path_factory: pytest.TempPathFactory) -> Clips:
    return Clips(tmp_path_factory.mktemp("clips"))


@pytest.fixture
def ask(clips: Clips) -> Callable[..., Request]:
    """A request for a change of the fox clip."""

    def request(task: Task, **fields: object) -> Request:
        fields.setdefault("clip", clips.fox.file)
        fields.setdefault("prompt", "")
        return msgspec.structs.replace(FOX, task=task, **fields)

    return request
