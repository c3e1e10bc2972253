"""The referee is trained by the same loop, and its folder says what it is worth."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch

from kinema.data.bank import BankConfig
from kinema.data.stream import Bucket, StreamConfig, stream
from kinema.errors import WeightsError
from kinema.eval.judge import Judge
from kinema.models.referee import Referee, load_referee, slot_losses, slot_shares
from kinema.recipes.referee import REFEREE, tiny_referee
from kinema.storybook.labels import SLOTS, classes
from kinema.train import checkpoint, loop, reading
from kinema.train.command import pack_run
from kinema.train.config import TrainConfig
from kinema.train.referee import worse
from tests.train.small import small_base
from tests.train.test_loop import same, state_of

CPU = torch.device("cpu")


def small_referee() -> TrainConfig:
    base = tiny_referee()
    assert base.referee is not None
    referee = replace(base.referee, side=16, widths=(8, 16))
    shown = StreamConfig((Bucket(16, 16, 5, 4),), seed=3, fps=6)
    return replace(base, referee=referee, stream=shown, steps=4, save_every=2, log_every=1)


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "referee"
    assert loop.train(small_referee(), out, device=CPU).complete
    return out


def test_a_stopped_run_of_the_referee_ends_with_the_same_bits(run: Path, tmp_path: Path):
    config = small_referee()
    while not loop.train(config, tmp_path / "run", time_limit=0.0, device=CPU).complete:
        pass
    assert same(state_of(run, config), state_of(tmp_path / "run", config))


def test_its_log_says_what_share_it_reads(run: Path):
    lines = [json.loads(line) for line in (run / loop.LOG).read_text("utf-8").splitlines()]
    assert len(lines) == 4
    assert all(0 <= line["setting"] <= 1 for line in lines)
    assert not list(run.glob("sheet-*"))


def test_a_packed_referee_says_the_same_and_what_it_is_worth(run: Path, tmp_path: Path):
    rows = reading.measure(run, clips=32)
    more = reading.measure(run, clips=64)
    total = sum(count for _, count in more["setting"].values())
    assert sum(count for _, count in rows["setting"].values()) == 32
    assert total == 64  # what was counted before is counted on
    assert "reads subject" in pack_run(run, tmp_path / "packed")
    folder = load_referee(tmp_path / "packed")
    assert folder.classes == classes()
    assert folder.reading["setting"] == more["setting"]
    clips = torch.rand(2, 5, 16, 16, 3) * 2 - 1
    with torch.inference_mode():
        (ours, _), (theirs, _) = reading.referee_of(run)(clips), folder.network(clips)
    for a, b in zip(ours, theirs, strict=True):
        assert (a - b).abs().max() < 0.05 * a.abs().max() + 0.02
    assert not any(slot.readable for slot in Judge(tmp_path / "packed").slots.values())


def test_a_run_of_something_else_is_no_referee(tmp_path: Path):
    loop.train(small_base(steps=1), tmp_path / "base", device=CPU)
    with pytest.raises(WeightsError, match="no run of the referee"):
        reading.referee_of(tmp_path / "base")


def test_a_small_referee_learns_clips_by_heart():
    config = small_referee()
    assert isinstance(config.stream, StreamConfig)
    batch = next(stream(replace(config.stream, buckets=(Bucket(16, 16, 5, 8),))))
    assert batch.labels_BS is not None
    clips = torch.from_numpy(batch.pixels_BTHWC).float() / 127.5 - 1
    wanted = torch.from_numpy(batch.labels_BS.astype("int64"))
    assert config.referee is not None
    torch.manual_seed(0)
    network = Referee(config.referee)
    optimiser = torch.optim.AdamW(network.parameters(), 1e-2)
    for _ in range(60):
        loss = slot_losses(network(clips)[0], wanted).mean()
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimiser.step()
    shares = slot_shares(network(clips)[0], wanted, SLOTS)
    assert min(shares.values()) >= 0.75
    assert shares["setting"] == 1.0


def test_slots_without_a_label_cost_nothing():
    logits = [torch.zeros(2, 3, requires_grad=True) for _ in SLOTS]
    none = torch.full((2, len(SLOTS)), -1)
    assert slot_losses(logits, none).sum() == 0
    one = none.clone()
    one[0, 2] = 1
    assert slot_losses(logits, one).count_nonzero() == 1
    assert slot_shares(logits, one, SLOTS).keys() == {SLOTS[2]}


def test_worsened_clips_stay_in_range_and_are_not_mirrored():
    ramp = torch.linspace(-1, 1, 32).expand(2, 3, 32, 32)[..., None].repeat(1, 1, 1, 1, 3)
    for seed in range(8):
        torch.manual_seed(seed)
        found = worse(ramp)
        assert found.shape == ramp.shape
        assert found.abs().max() <= 1
        assert found[..., 4:12, :].mean() < found[..., 20:28, :].mean()


def test_the_full_referee_has_a_class_for_every_label():
    assert REFEREE.classes == tuple(len(names) for names in classes().values())
    assert sum(p.numel() for p in Referee(REFEREE).parameters()) < 4_000_000


def test_a_transformer_learns_from_the_bank_with_the_same_bits(tmp_path: Path):
    config = small_base(bank=BankConfig(passes=2, apart=1), steps=4)
    loop.train(config, tmp_path / "whole", device=CPU)
    while not loop.train(config, tmp_path / "pieces", time_limit=0.0, device=CPU).complete:
        pass
    whole, pieces = (state_of(tmp_path / name, config) for name in ("whole", "pieces"))
    assert same(whole, pieces)
    assert whole["position"] > whole["step"]  # at the second there was nothing to show again
    assert checkpoint.checkpoints(tmp_path / "whole")
