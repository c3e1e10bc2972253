"""Objectives that can be met, and are not met by networks that do not learn."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from pathlib import Path

import pytest
import torch

from kinema.data.stream import stream
from kinema.models.dit import Route, WanTransformer
from kinema.recipes import tiny
from kinema.train import loop, objectives
from kinema.train.optimisers import orthogonal, pace
from tests.train.small import FAST, STREAM, small, small_base

CPU = torch.device("cpu")


def losses(run: loop.Run, steps: int) -> list[float]:
    """On one batch, over and over."""
    (batch,) = islice(stream(STREAM), 1)
    return [run.update(batch) for _ in range(steps)]


def test_the_autoencoder_learns_one_batch_by_heart(tmp_path: Path):
    slower = replace(FAST, rate=3e-3)
    config = small(tiny.autoencoder(), optim=slower, steps=1000)
    found = losses(loop.Run(config, tmp_path, CPU), 60)
    assert sum(found[-5:]) < 0.85 * sum(found[:5])


def test_the_transformer_learns_one_batch_by_heart(tmp_path: Path):
    config = small_base(optim=FAST, steps=1000, routed=0.0)
    found = losses(loop.Run(config, tmp_path, CPU), 120)
    assert sum(found[-20:]) < 0.8 * sum(found[:20])


def test_jumps_are_learned_from_the_smoothed_network(tmp_path: Path):
    run = loop.Run(small(tiny.shortcut()), tmp_path, CPU)
    assert run.networks.dit is not None
    table = run.networks.dit.extra.step_size
    assert table is not None
    before = table.weight.detach().clone()
    losses(run, 6)
    assert not torch.equal(before, table.weight)


def test_given_frames_have_no_noise_and_no_loss():
    torch.manual_seed(0)
    levels = objectives.draw_levels(256, (5, 2, 2), CPU)
    assert set(levels.task_B.tolist()) == {0, 1, 2, 3}
    assert (levels.sigma_BS.amax(1) > 0).all()
    clean, noise = torch.zeros(256, 3, 5, 4, 4), torch.ones(256, 3, 5, 4, 4)
    x = objectives.noised(clean, noise, levels.sigma_BS)
    assert torch.allclose(x, objectives.spread(levels.sigma_BS, x).expand_as(x))
    wrong_where_given = (objectives.spread(levels.sigma_BS, x) == 0).float().expand_as(x)
    assert wrong_where_given.sum() > 0
    loss = objectives.velocity_loss(wrong_where_given, torch.zeros_like(x), levels.sigma_BS)
    assert loss.max() == 0.0


def test_keeping_every_token_is_no_route():
    torch.manual_seed(0)
    net = WanTransformer(tiny.DIT).eval()
    x, text = torch.randn(2, 8, 2, 4, 4), torch.randn(2, 3, 16)
    sigma = torch.rand(2, 2, dtype=torch.float64)
    with torch.no_grad():
        context = net.context(text)
        plain = net(x, sigma, context)
        every = net(x, sigma, context, route=Route(2, 3, torch.arange(8)))
        half = net(x, sigma, context, route=Route(2, 3, torch.tensor([0, 2, 5, 7])))
    assert torch.equal(plain, every)
    assert not torch.allclose(plain, half)


@pytest.mark.parametrize("shape", [(8, 8), (12, 4), (4, 12)])
def test_a_made_orthogonal_matrix_has_singular_values_near_one(shape: tuple[int, int]):
    torch.manual_seed(0)
    values = torch.linalg.svdvals(orthogonal(torch.randn(shape)))
    assert values.min() > 0.4
    assert values.max() < 1.4


def test_the_pace_rises_stays_and_falls():
    optim = small_base().optim
    found = [pace(step, 100, optim) for step in range(100)]
    assert found[0] == pytest.approx(1 / optim.warm_up)
    assert found[50] == 1.0
    assert 0 < found[99] < 0.1
