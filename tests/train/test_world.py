"""Runs over several processes: the mean of their gradients, in checkpoints that are whole."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from torch import nn

from kinema.data.stream import stream
from kinema.train import checkpoint, loop
from kinema.train.optimisers import pace
from tests.train.small import STREAM, small_base

pytestmark = pytest.mark.slow  # processes that import torch

CPU = torch.device("cpu")


def torchrun(out: Path, steps: int, limit: float = 1e9) -> None:
    """Two processes on the CPU, as ``torchrun`` starts them."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    root = Path(__file__).parents[2]
    paths = os.pathsep.join([str(root), str(root / "src")])
    shared = {"MASTER_ADDR": "127.0.0.1", "MASTER_PORT": str(port), "WORLD_SIZE": "2"}
    arguments = [sys.executable, "-m", "tests.train.sharded", str(out), str(steps), str(limit)]
    processes = [
        subprocess.Popen(
            arguments,
            env={**os.environ, **shared, "PYTHONPATH": paths, "RANK": rank, "LOCAL_RANK": rank},
        )
        for rank in ("0", "1")
    ]
    try:
        assert [process.wait(timeout=200) for process in processes] == [0, 0]
    finally:
        for process in processes:
            process.kill()


def alone(out: Path, steps: int) -> loop.Run:
    """The same in one process: each update by the mean of two batches' gradients."""
    config = small_base(steps=steps, routed=0.0)
    run = loop.Run(config, out, CPU)
    seeds = (STREAM.seed + rank * loop.RANK_SEEDS for rank in (0, 1))
    sources = [stream(replace(STREAM, seed=seed)) for seed in seeds]
    for step in range(steps):
        for source in sources:
            torch.manual_seed(step)  # the seed of the recipe is 0
            loss, _ = run.computes.loss(run.networks, run.smoothed, next(source), step / steps)
            (loss / 2).backward()
        nn.utils.clip_grad_norm_(run.networks.parameters(), config.optim.clip)
        for optimiser in run.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = config.optim.rate * pace(step, steps, config.optim)
            optimiser.step()
            optimiser.zero_grad()
    return run


def test_two_processes_learn_from_the_mean_of_both(tmp_path: Path):
    torchrun(tmp_path / "two", 3)
    config = small_base(steps=3, routed=0.0)
    state = checkpoint.load(tmp_path / "two", config.fingerprint())
    assert state is not None and state["step"] == 3
    wanted = alone(tmp_path / "one", 3).networks.state_dict()
    for name, tensor in state["networks"].items():
        assert type(tensor) is torch.Tensor
        assert torch.allclose(tensor, wanted[name], atol=2e-4), name


def test_a_sharded_run_goes_on_and_can_go_on_alone(tmp_path: Path):
    torchrun(tmp_path, 4, limit=0.0)
    torchrun(tmp_path, 2)
    config = small_base(steps=3, routed=0.0)
    state = checkpoint.load(tmp_path, config.fingerprint())
    assert state is not None and state["step"] == 2
    assert loop.train(config, tmp_path, device=CPU).step == 3
    lines = (tmp_path / loop.LOG).read_text().splitlines()
    assert len(lines) == 3
