"""Fixtures of the studio's tests."""

from __future__ import annotations

from pathlib import Path

import pytest
from small_films import BOARD, SCREENPLAY, brief

from kinema.studio.cache import ClipCache
from kinema.studio.make import Made, make
from kinema.studio.render import Rendering


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of shots that tests share."""
    return tmp_path_factory.mktemp("shots")


@pytest.fixture(scope="session")
def film(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> tuple[Path, Made]:
    """A film that was made of the screenplay; not to be changed."""
    folder = tmp_path_factory.mktemp("film")
    script = brief(folder, SCREENPLAY, "fox.fountain")
    return folder / "out", make("film", script, folder / "out", Rendering(ClipCache(cache)))


@pytest.fixture(scope="session")
def posts(tmp_path_factory: pytest.TempPathFactory, cache: Path) -> tuple[Path, Made]:
    """Posts that were made of the board; not to be changed."""
    folder = tmp_path_factory.mktemp("posts")
    board = brief(folder, BOARD, "mia.toml")
    return folder / "out", make("social", board, folder / "out", Rendering(ClipCache(cache)))
