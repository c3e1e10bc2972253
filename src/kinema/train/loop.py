"""The training loop, from the first batch to the last checkpoint.

A run is a folder: checkpoints, ``log.jsonl`` and sheets of what the networks make. Called again
with the same recipe it goes on where it was, bit for bit on the same machine: every step seeds its
draws with its own number, and the stream starts at the step's position. Many short runs add up.
"""

from __future__ import annotations

import copy
import json
import math
import time
from collections.abc import Generator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from kinema.data.bank import bank
from kinema.data.footage import FootageConfig, footage, surveyed
from kinema.data.stream import Batch, stream
from kinema.errors import BrokenLoss, OutputError, WeightsError
from kinema.models.autoencoder import MemoryVae
from kinema.train import checkpoint, world
from kinema.train.config import Objective, TrainConfig
from kinema.train.networks import Networks
from kinema.train.optimisers import optimisers_of, pace
from kinema.train.sheets import draw_sheet
from kinema.train.step import Step

LOG: Final = "log.jsonl"
BANK: Final = "bank"
RANK_SEEDS: Final = 7919  # between the streams of two processes
clock = time.monotonic
"""What time limits are measured by."""
FITTED: Final = 10
"""Steps between two estimates of how many there will be."""
CALIBRATED: Final = 8
"""Batches over which the latents are measured."""
_UNKNOWN: Final = 1_000_000
_PRIME: Final = 1_000_003  # between the seeds of two runs


@dataclass(frozen=True, slots=True)
class Outcome:
    """How far a call came: steps done in all, and whether the run is complete."""

    step: int
    complete: bool
    loss: float


def train(
    config: TrainConfig,
    out: Path,
    *,
    time_limit: float = math.inf,
    stretch: float | None = None,
    device: torch.device | None = None,
) -> Outcome:
    """Begin a run, or go on with it.

    Args:
        config: The recipe.
        out: Folder of the run; made where it is missing.
        time_limit: Seconds after which to save and return.
        stretch: Seconds that this call and those after it have for the run; the number of steps is
            fitted to them as it goes, and the rate with it. Such a run depends on the machine's
            pace: only ``config.steps`` gives the same bits again.
        device: Where to compute; a GPU where there is one.

    Returns:
        How far it came. The newest checkpoint holds exactly that.

    Raises:
        WeightsError: The folder holds another recipe's run, or the start has no weights that fit.
        OutputError: The disk is full; earlier checkpoints are whole.
        BrokenLoss: The loss is no number any more; says at which step, and what is kept.
    """
    began = clock()
    device = device or torch.device("cuda" if torch.cuda.is_available() else "cpu")
    run = Run(config, out, device)
    batches = run.batches()
    loss, first, gone = math.nan, run.step, 0.0
    if stretch is not None:  # until the pace is known, far from the end
        config = run.config = replace(config, steps=run.step + _UNKNOWN)
    ready = clock() - began
    try:
        for batch in batches:
            if run.step >= config.steps:
                break
            loss = run.update(batch)
            gone = run.agreed(clock() - began)
            if stretch is not None and run.step % FITTED == 0:
                pace_of = (run.step - first) / max(gone - ready, 1e-9)
                left = max(0, round((stretch - gone) * pace_of))
                config = run.config = replace(config, steps=run.step + left)
            if run.step % config.save_every == 0 and run.step < config.steps:
                run.save()
            if gone > time_limit:
                break
    finally:
        batches.close()
    complete = run.step >= config.steps or (stretch is not None and gone >= stretch)
    if config.objective is Objective.AUTOENCODER and (complete or stretch is not None):
        run.calibrate()
    run.save()
    draws = config.objective is not Objective.REFEREE and config.tune is None
    if draws and run.processes == 1:  # shards are of no use to one process alone
        draw_sheet(run.smoothed, config, out / f"sheet-{run.step:08}.png")
    return Outcome(run.step, complete, loss)


class Run:
    """The state of a run in memory."""

    def __init__(self, config: TrainConfig, out: Path, device: torch.device) -> None:
        self.config, self.out, self.device = config, out, device
        torch.manual_seed(config.seed)
        self.networks = Networks(config)
        self.step, self.position, self.warm_from, self.saved = 0, 0, 0, -1
        state = checkpoint.load(out, config.fingerprint())
        if state is None:
            self._given: set[str] = set()
            for folder in config.start:
                self._warm_start(Path(folder))
            self._check_frozen()
        else:
            self.networks.take(state["networks"])
        self.networks.to(device)
        self.smoothed = copy.deepcopy(self.networks).requires_grad_(False)
        if state is not None:
            self.smoothed.take(state["smoothed"])
        self.rank, self.processes = world.joined()
        if self.processes > 1:
            for networks in (self.networks, self.smoothed):
                if networks.dit is not None:
                    world.shard(networks.dit)
        self.optimisers = optimisers_of(self.networks, config.optim)
        if state is not None:
            self._resume(state)
        self.computes = Step(config, device)
        self._last: list[Batch] = []
        self._idle = time.perf_counter()  # since when a batch is waited for
        try:
            out.mkdir(parents=True, exist_ok=True)
            self._forget_log_behind()
        except OSError as error:
            raise OutputError("out", f"cannot write to {out.name}/: {error}") from error

    def batches(self) -> Generator[Batch]:
        """What is learned from, from where this run is."""
        source, shown = self.config.stream, self.config.bank
        if self.rank:
            source = replace(source, seed=source.seed + RANK_SEEDS * self.rank)
        if isinstance(source, FootageConfig):
            codec = self.config.name
            return footage(source, surveyed(source), self.position, encode=self.encode, codec=codec)
        if shown.passes == 1:
            return stream(source, self.position)
        encode = self.encode if self.config.dit is not None else None
        return bank(
            source, shown, self.out / f"{BANK}-{self.rank}", position=self.position, encode=encode
        )

    @torch.no_grad()
    def encode(self, pixels_BTHWC: NDArray[np.uint8]) -> NDArray[np.float16]:
        """Latents as the bank keeps them."""
        pixels = torch.from_numpy(pixels_BTHWC).to(self.device).movedim(-1, 1)
        return self.networks.vae.encode(pixels.float() / 127.5 - 1.0).half().cpu().numpy()

    def agreed(self, seconds: float) -> float:
        """A time that all processes hold for the same, so that they stop together."""
        return seconds if self.processes == 1 else world.mean_of(seconds, self.device)

    def update(self, batch: Batch) -> float:
        """One step: loss, gradients, weights, average; returns the loss."""
        began, optim = time.perf_counter(), self.config.optim
        torch.manual_seed(self.config.seed * _PRIME + self.step)
        progress = self.step / self.config.steps
        bf16 = torch.autocast(self.device.type, torch.bfloat16, enabled=self.config.bfloat16)
        with bf16:
            loss, said = self.computes.loss(self.networks, self.smoothed, batch, progress)
        value = float(loss.detach())
        if self.processes > 1:
            value = world.mean_of(value, self.device)
        if not math.isfinite(value):
            self._stop(value)
        loss.backward()
        wanted = [p for p in self.networks.parameters() if p.grad is not None]
        if self.processes > 1:
            world.average_gradients(wanted, self.processes)
            norm = world.clipped(wanted, optim.clip)
        else:
            norm = float(nn.utils.clip_grad_norm_(wanted, optim.clip))
        if not math.isfinite(norm):
            self._stop(norm)
        rate = optim.rate * pace(self.step, self.config.steps, optim, self.warm_from)
        for optimiser in self.optimisers:
            for group in optimiser.param_groups:
                group["lr"] = rate
            optimiser.step()
            optimiser.zero_grad(set_to_none=True)
        self._smooth()
        self.step, self.position = self.step + 1, batch.position
        self._last = [*self._last[1 - CALIBRATED :], batch]
        if self.step % self.config.log_every == 0 or self.step == 1:
            seconds = time.perf_counter() - began
            waited = began - self._idle
            pace_of = {"seconds": seconds, "waited": waited, "clips": len(batch.captions)}
            self._log({"loss": value, "norm": norm, "rate": rate, **pace_of, **said})
        self._idle = time.perf_counter()
        return value

    def save(self) -> None:
        """Write a checkpoint, unless this step has one."""
        if self.saved == self.step:
            return
        kept = world.whole(self.smoothed.kept())
        state = {
            "recipe": self.config.name,
            "fingerprint": self.config.fingerprint(),
            "networks": world.whole(self.networks.kept()),
            "smoothed": kept,
            "optimisers": [world.whole(optimiser.state_dict()) for optimiser in self.optimisers],
            "step": self.step,
            "position": self.position,
            "warm_from": self.warm_from,
            "made": self.config.made(),
        }
        if self.rank == 0:
            checkpoint.save(self.out, self.step, state, kept)
        self.saved = self.step

    @torch.no_grad()
    def calibrate(self) -> None:
        """Measure the latents, so that a transformer gets them with mean 0 and variance 1."""
        vae, seen = self.smoothed.vae, list[Tensor]()
        assert isinstance(vae, MemoryVae)
        for batch in self._last:
            pixels = torch.from_numpy(batch.pixels_BTHWC).to(self.device).movedim(-1, 1)
            latent = vae.encode(pixels.float() / 127.5 - 1.0)
            seen.append(latent.movedim(1, 0).flatten(1))
        if seen:
            vae.calibrate(torch.cat(seen, dim=1)[None, :, :, None, None])

    def _resume(self, state: dict[str, Any]) -> None:
        for optimiser, kept in zip(self.optimisers, state["optimisers"], strict=True):
            optimiser.load_state_dict(kept)
            for parameter, own in optimiser.state.items():
                for name, value in own.items():
                    own[name] = world.cut_like(value, parameter)
        self.step, self.position = state["step"], state["position"]
        self.warm_from, self.saved = state["warm_from"], state["step"]

    def _warm_start(self, folder: Path) -> None:
        """Take the weights of an earlier run; what it did not have stays as it was made."""
        ours, given = self.networks.state_dict(), checkpoint.weights_of(folder)
        fitting = {name: tensor for name, tensor in given.items() if name in ours}
        if not fitting:
            raise WeightsError("start", f"{folder.name}/ has no weights of these networks")
        for name, tensor in fitting.items():
            if tensor.shape != ours[name].shape:
                shapes = f"{list(tensor.shape)} for {name}"
                raise WeightsError(
                    "start", f"{folder.name}/ has {shapes}", str(list(ours[name].shape))
                )
        self.networks.load_state_dict(fitting, strict=False)
        self._given |= fitting.keys()
        known = checkpoint.progress_of(folder)
        if known.get("recipe") == self.config.name:  # the same run on another machine
            self.step, self.position = known["step"], known["position"]
            self.warm_from = self.step

    def _check_frozen(self) -> None:
        """A network that is not trained must come from somewhere, once anything does."""
        frozen = [name for name, p in self.networks.named_parameters() if not p.requires_grad]
        missing = [name for name in frozen if name not in self._given]
        if self._given and missing:
            problem = f"no start gives {missing[0]}, which this run does not train"
            raise WeightsError("start", problem, "the folder of a run that trained it")

    @torch.no_grad()
    def _smooth(self) -> None:
        # Early on the average follows closely, or it would remember the first draw for long.
        keep = min(self.config.optim.ema, (1 + self.step) / (10 + self.step))
        pairs: zip[tuple[Tensor, Tensor]] = zip(
            self.smoothed.parameters(), self.networks.parameters(), strict=True
        )
        for average, now in pairs:
            if now.requires_grad:
                average.lerp_(now, 1 - keep)

    def _stop(self, value: float) -> None:
        """Leave the weights as they are before this step, on the disk, and say so."""
        self.save()
        place = f"step {self.step + 1} (stream position {self.position})"
        raise BrokenLoss(
            f"the loss is {value} at {place}; the weights of step {self.step} are kept"
        )

    def _log(self, said: dict[str, float]) -> None:
        if self.rank:
            return
        line = {"step": self.step, **{key: round(value, 6) for key, value in said.items()}}
        with (self.out / LOG).open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")

    def _forget_log_behind(self) -> None:
        """Lines of steps that were lost with a killed run would come twice."""
        if self.rank:
            return
        path = self.out / LOG
        if not path.is_file():
            return
        lines = path.read_text("utf-8").splitlines(keepends=True)
        kept = [x for x in lines if x.endswith("}\n") and json.loads(x)["step"] <= self.step]
        path.write_text("".join(kept), "utf-8")
