"""A pipeline that runs only as a whole, behind the same adapter as every other model."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.engine.latent.bench import Bench

from kinema.engine.latent.whole_run import sample_whole
from kinema.errors import Cancelled
from kinema.types import Preview, Progress, Sampling

pytestmark = [
    pytest.mark.requires("diffusers"),
    pytest.mark.filterwarnings("ignore::FutureWarning", "ignore::DeprecationWarning"),
]


@pytest.fixture(scope="module")
def latte(tmp_path_factory: pytest.TempPathFactory) -> tuple[Bench, Path]:
    from tests.engine.latent import small_pipelines

    from kinema.engine.latent import pipelines

    folder = tmp_path_factory.mktemp("latte")
    small_pipelines.latte().save_pretrained(folder / "weights")
    model = pipelines.load("diffusers:latte", folder / "weights")
    return Bench(model, folder), folder / "weights"


def test_it_tells_shows_and_gives_as_many_pictures_as_were_asked_for(latte: tuple[Bench, Path]):
    bench, weights = latte
    events: list[Any] = []
    request = bench.request(frames=3, sampling=Sampling(steps=2))
    run = bench.run(on_event=events.append, weights=weights)
    latent = bench.adapter.sample(request, bench.adapter.condition(request, run), run)
    pictures = np.stack([*bench.adapter.decode(request, latent, run).pictures])
    assert pictures.shape == (3, 128, 128, 3) and pictures.std() > 1.0
    assert [one.done for one in events if isinstance(one, Progress)] == [0, 1, 2]
    assert any(isinstance(one, Preview) for one in events)


def test_it_stops_after_the_step_in_which_it_was_asked_to(latte: tuple[Bench, Path]):
    bench, weights = latte
    request = bench.request(frames=3, sampling=Sampling(steps=5))
    plan = bench.plan(request, weights=weights)
    events: list[Any] = []
    asked = iter([False, False, True])
    run = bench.run(on_event=events.append, cancelled=lambda: next(asked))
    with pytest.raises(Cancelled, match="after step 3 of 5"):
        sample_whole(bench.model, request, plan, run)
    assert [one.done for one in events if isinstance(one, Progress)] == [0, 1, 2]
