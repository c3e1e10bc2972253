"""How close are the forecasts of time and memory to what a run takes?

    python benchmarks/estimate.py [RESULTS.md]

A small model of the Wan family is made, written as a folder and loaded as a user's is. Loading
measures the pace of the machine in small; each run then corrects it. For clips of several sizes the
forecast is compared with the run: by the small measurement alone, and after one run of that size.
The last row streams every block of the transformer from its file. Prints a Markdown table with the
command, machine, versions and date, and writes it where a path is given.
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

# As the `kinema` command has it; see `kinema.ops.cpu`.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")

import torch
from tokenizers import Tokenizer, models, pre_tokenizers
from torch import nn

from kinema.engine.latent.memory import forecast, latent_shape, plan_memory
from kinema.engine.latent.native import load_spec
from kinema.engine.latent.pace import known
from kinema.engine.latent.protocol import LatentModel
from kinema.models.configs import DiTConfig, TextConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.loading import native_fields, tensors
from kinema.models.registry import ModelSpec, model
from kinema.models.text import TextEncoder
from kinema.models.vae import WanVae
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.loop import integrate
from kinema.sample.noise import Noise
from kinema.sample.schedule import schedule
from kinema.sample.solvers import UniPC
from kinema.types import Size
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part
from machine import described

STEPS = 4
WORDS = ("<pad>", "</s>", "<unk>", "a", "red", "fox", "walks")
GOAL = 0.10


@dataclass(frozen=True)
class Clip:
    """What is made in one row of the table."""

    size: Size
    frames: int


CLIPS = (
    Clip(Size(width=256, height=256), 25),
    Clip(Size(width=320, height=192), 49),
)


def main(results: Path | None) -> None:
    """Run every clip twice and report."""
    torch.manual_seed(0)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["KINEMA_HOME"] = str(folder / "home")
        spec = _written(folder / "weights")
        lines = [
            "# Forecasts beside what runs took",
            "",
            *described("torch"),
            f"- {torch.get_num_threads()} threads; text, {STEPS} steps with guidance, decoding; "
            f"goal after one run of the size: within {GOAL:.0%}",
            "",
            "| clip | run | forecast | taken | off | after one run: forecast | taken | off |",
            "| --- | --- | --- | --- | --- | --- | --- | --- |",
        ]
        made = load_spec(spec, folder / "weights")
        for clip in CLIPS:
            lines.append(_row(made, spec, clip, "whole"))
            print(lines[-1], flush=True)
        clip = CLIPS[0]
        itemsize = _itemsize(spec)
        plan = plan_memory(spec, clip.size, clip.frames, 1 << 50, itemsize=itemsize)
        least = max(plan.sampling + 2 * plan.block, plan.decoding.bytes, plan.text)
        streamed = load_spec(spec, folder / "weights", budget=plan.resting + least)
        lines.append(_row(streamed, spec, clip, "all but what fits streamed"))
    report = "\n".join(lines) + "\n"
    print(report)
    if results is not None:
        results.write_text(report, encoding="utf-8")


def _row(made: LatentModel, spec: ModelSpec, clip: Clip, label: str) -> str:
    """Forecast, run, forecast again, run again."""
    cells = [f"{clip.size}, {clip.frames} frames", label]
    for _ in range(2):
        pace = known(spec)
        assert pace is not None
        told = forecast(spec, clip.size, clip.frames, STEPS, pace).seconds
        began = time.perf_counter()
        _run(made, spec, clip)
        taken = time.perf_counter() - began
        cells += [f"{told:.2f} s", f"{taken:.2f} s", f"{told / taken - 1:+.0%}"]
    return "| " + " | ".join(cells) + " |"


def _run(made: LatentModel, spec: ModelSpec, clip: Clip) -> None:
    """From words to pixels, as the engine does it."""
    net: Any = made.denoiser
    prompts = [net.prepare(said) for said in made.text.embed(["a red fox walks", "a fox"])]
    frames, rows, columns = latent_shape(spec, clip.size, clip.frames)
    noise = Noise((0,), (spec.vae.channels, frames, rows, columns))
    plan = schedule(made.recipe.table, STEPS, made.recipe.shift)
    both: dict[Branch, Any] = {Branch.PROMPT: prompts[0], Branch.NEGATIVE: prompts[1]}

    def ask(latent: Any, sigma: float, branches: Sequence[Branch]) -> Sequence[Any]:
        level = plan.timestep(sigma) / 1000
        return net.velocities(latent, level, [both[branch] for branch in branches])

    velocity = guided(ask, Guidance(made.recipe.guidance), plan.sigmas)
    latent = integrate(velocity, net.device_array(noise.start()), plan.sigmas, solver=UniPC())
    for _ in made.codec.decode(latent):
        pass


def _itemsize(spec: ModelSpec) -> int:
    pace = known(spec)
    assert pace is not None
    return pace.itemsize


def _written(folder: Path) -> ModelSpec:
    """The model, and its folder in the published layout."""
    text = TextConfig(vocabulary=len(WORDS), width=64, heads=2, head_width=32, hidden=128, depth=4)
    spec = replace(
        model("wan2.1-t2v-1.3b"),
        name="bench",
        transformer=DiTConfig(width=384, heads=6, hidden=1536, depth=12, text_width=64),
        vae=VaeConfig(width=24, decoder_width=24),
        text=text,
    )
    networks: dict[Part, nn.Module] = {
        Part.TRANSFORMER: WanTransformer(spec.transformer),
        Part.VAE: WanVae(spec.vae),
        Part.TEXT: TextEncoder(text),
    }
    configs = {Part.TRANSFORMER: spec.transformer, Part.VAE: spec.vae, Part.TEXT: text}
    parts = {
        part: (native_fields(configs[part]), tensors(network)) for part, network in networks.items()
    }
    save_pipeline(folder, parts, shift=spec.defaults.shift)
    table = Tokenizer(models.WordLevel({word: i for i, word in enumerate(WORDS)}, "<unk>"))
    table.pre_tokenizer = pre_tokenizers.Whitespace()
    (folder / "tokenizer").mkdir()
    table.save(str(folder / "tokenizer" / "tokenizer.json"))
    return spec


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
