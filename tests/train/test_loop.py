"""Runs that stop and go on, and what stops them."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import count
from pathlib import Path
from typing import Any

import pytest
import torch

from kinema.data import stream as streams
from kinema.errors import BrokenLoss, OutputError, WeightsError
from kinema.models import own
from kinema.recipes import tiny
from kinema.train import checkpoint, command, loop
from kinema.weights import store
from kinema.weights.manifest import read_manifest
from tests.train.small import STREAM, small, small_base

CPU = torch.device("cpu")


def same(a: Any, b: Any) -> bool:
    if isinstance(a, torch.Tensor):
        return torch.equal(a, b)
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    if isinstance(a, list | tuple):
        return len(a) == len(b) and all(map(same, a, b))
    return a == b


def state_of(out: Path, config: Any) -> dict[str, Any]:
    state = checkpoint.load(out, config.fingerprint())
    assert state is not None
    return state


@pytest.fixture(scope="module")
def finished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "whole"
    assert loop.train(small_base(), out, device=CPU).complete
    return out


def test_a_run_that_was_stopped_ends_with_the_same_bits(finished: Path, tmp_path: Path):
    calls = 0
    while not loop.train(small_base(), tmp_path / "run", time_limit=0.0, device=CPU).complete:
        calls += 1
    assert calls >= 3
    whole, pieces = (state_of(out, small_base()) for out in (finished, tmp_path / "run"))
    assert same(whole, pieces)


def test_another_seed_ends_with_other_bits(finished: Path, tmp_path: Path):
    other = small_base(seed=1)
    loop.train(other, tmp_path / "run", device=CPU)
    assert not same(state_of(finished, small_base())["networks"], state_of(tmp_path / "run", other))


def test_a_warm_start_takes_the_weights_and_a_fresh_optimiser(finished: Path, tmp_path: Path):
    config = small_base(start=(str(finished),), steps=8)
    run = loop.Run(config, tmp_path / "run", CPU)
    given = checkpoint.weights_of(finished)
    assert same(dict(run.networks.state_dict()), given)
    assert all(not optimiser.state for optimiser in run.optimisers)
    assert (run.step, run.position, run.warm_from) == (4, 4, 4)
    other = loop.Run(replace(config, name="another"), tmp_path / "other", CPU)
    assert (other.step, other.position) == (0, 0)


def test_weights_that_do_not_fit_are_named(finished: Path, tmp_path: Path):
    assert tiny.DIT.depth > 1
    wider = replace(tiny.DIT, hidden=96)
    with pytest.raises(WeightsError, match="mlp"):
        loop.Run(small_base(start=(str(finished),), dit=wider), tmp_path / "run", CPU)


def test_a_checkpoint_of_another_recipe_is_refused(finished: Path):
    with pytest.raises(WeightsError, match="another recipe"):
        loop.train(small(tiny.autoencoder()), finished, device=CPU)


def test_a_broken_newest_checkpoint_gives_way_to_the_one_before(finished: Path, tmp_path: Path):
    out = Path(shutil.copytree(finished, tmp_path / "run"))
    newest = checkpoint.checkpoints(out)[-1] / "state.pt"
    newest.write_bytes(newest.read_bytes()[:1000])
    assert state_of(out, small_base())["step"] == 2
    assert loop.train(small_base(), out, device=CPU).complete
    assert same(state_of(out, small_base()), state_of(finished, small_base()))


def test_a_full_disk_leaves_the_checkpoint_before(
    finished: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    out = Path(shutil.copytree(finished, tmp_path / "run"))

    def full(*_: Any) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(checkpoint.os, "fsync", full)
    with pytest.raises(OutputError, match="No space left"):
        loop.train(small_base(steps=6), out, device=CPU)
    assert state_of(out, small_base())["step"] == 4
    assert not list(out.glob(".*part"))


def test_a_loss_that_is_no_number_stops_the_run_and_keeps_the_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    config = small_base(camera_told=1.0)
    run = loop.Run(config, tmp_path, CPU)
    batches = streams.stream(STREAM)
    run.update(next(batches))
    good = {name: tensor.clone() for name, tensor in run.networks.state_dict().items()}
    bad = next(batches)
    camera = bad.camera_BTK.copy()
    camera[:] = float("nan")
    assert run.networks.dit is not None
    assert run.networks.dit.extra.camera is not None
    for weight in run.networks.dit.extra.camera.parameters():  # zeros would hide the camera
        assert torch.isfinite(weight).all()
    with pytest.raises(BrokenLoss, match="step 2"):
        run.update(bad._replace(camera_BTK=camera))
    kept = state_of(tmp_path, config)
    assert kept["step"] == 1
    assert same(dict(kept["networks"]), good)


def test_the_log_names_tasks_and_noise_levels(finished: Path):
    lines = [json.loads(line) for line in (finished / loop.LOG).read_text("utf-8").splitlines()]
    assert [line["step"] for line in lines] == [1, 2, 3, 4]
    assert any("/" in key for line in lines for key in line)
    assert list(finished.glob("sheet-*.png"))


def test_a_killed_run_goes_on_from_its_last_checkpoint(finished: Path, tmp_path: Path):
    program = (
        "import sys, pathlib, torch\n"
        "from kinema.train import loop\n"
        "from tests.train.small import small_base\n"
        "loop.train(small_base(steps=400), pathlib.Path(sys.argv[1]), device=torch.device('cpu'))\n"
    )
    out = tmp_path / "run"
    root = Path(__file__).parents[2]
    process = subprocess.Popen([sys.executable, "-c", program, str(out)], cwd=root)
    until = time.monotonic() + 120
    while len(checkpoint.checkpoints(out)) < 2 and time.monotonic() < until:
        assert process.poll() is None, "the run ended by itself"
        time.sleep(0.02)
    process.send_signal(signal.SIGKILL)
    process.wait()
    state = state_of(out, small_base())
    assert state["step"] >= 2
    found = loop.train(small_base(steps=state["step"] + 1), out, device=CPU)
    assert found.complete
    assert found.step == state["step"] + 1


def test_a_run_that_is_fitted_to_its_time_brings_its_rate_down_and_goes_on_later(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ticks = count()
    monkeypatch.setattr(loop, "clock", lambda: next(ticks) / 20)  # a step takes 50 ms
    config = small(tiny.autoencoder(), steps=1)
    first = loop.train(config, tmp_path, time_limit=1.0, stretch=2.0, device=CPU)
    assert not first.complete and loop.FITTED < first.step < 25
    second = loop.train(config, tmp_path, time_limit=1.5, stretch=1.5, device=CPU)
    assert second.complete and second.step > first.step
    lines = [json.loads(line) for line in (tmp_path / loop.LOG).read_text().splitlines()]
    rates = [line["rate"] for line in lines]
    assert rates[-1] < 0.5 * max(rates)
    weights = checkpoint.weights_of(tmp_path)
    assert not torch.equal(weights["vae.std_K"], torch.ones(8))  # latents are measured


def test_a_frozen_network_that_no_start_gives_is_named(finished: Path, tmp_path: Path):
    weights = checkpoint.weights_of(finished)
    kept = {name: tensor for name, tensor in weights.items() if not name.startswith("vae.")}
    store.save(tmp_path / "start", "weights", kept)
    with pytest.raises(WeightsError, match="no start gives vae"):
        loop.Run(small_base(start=(str(tmp_path / "start"),)), tmp_path / "run", CPU)


def test_a_run_becomes_a_folder_of_weights_that_the_engine_takes(finished: Path, tmp_path: Path):
    said = command.pack_run(finished, tmp_path / "packed", with_graphs=False)
    assert "MB" in said
    loaded = own.load(tmp_path / "packed", torch.float32, CPU)
    assert not loaded.few_steps
    exact = checkpoint.weights_of(finished)["dit.blocks.0.self_attn.qkv.bias"]
    found = loaded.transformer.state_dict()["blocks.0.self_attn.qkv.bias"]
    assert torch.allclose(found, exact, atol=1e-2)
    manifest = read_manifest(tmp_path / "packed")
    assert (manifest.made["recipe"], manifest.made["steps"]) == ("tiny-base", 4)


def test_a_run_of_the_autoencoder_alone_is_no_model(tmp_path: Path):
    loop.train(small(tiny.autoencoder(), steps=1), tmp_path / "run", device=CPU)
    with pytest.raises(WeightsError, match="no run of the transformer"):
        command.pack_run(tmp_path / "run", tmp_path / "packed")
