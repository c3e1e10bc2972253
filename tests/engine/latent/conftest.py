"""Fixtures of the tests of latent models."""

from __future__ import annotations

from functools import cache

import pytest
from tests.engine.latent.bench import NAMES, Bench, Benches, small, smooth


@pytest.fixture(scope="session")
def benches(tmp_path_factory: pytest.TempPathFactory) -> Benches:
    """Small models by how given frames get into them, loaded once."""

    @cache
    def made(kind: str) -> Bench:
        return small(NAMES[kind], tmp_path_factory.mktemp("model"))

    return made


@pytest.fixture(params=[False, True], ids=["one level", "level by frame"])
def likely(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """The model that is known in closed form."""
    return smooth(tmp_path_factory.mktemp("smooth"), by_frame=request.param)
