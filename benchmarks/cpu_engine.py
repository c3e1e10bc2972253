"""How much faster than diffusers is our engine on a CPU, with the same random weights?

    python benchmarks/cpu_engine.py [RESULTS.md]

A small model of the Wan family is made once, written as a folder, and opened by diffusers: both
sides hold the same weights in bfloat16 and are given the same latents and prompts. Each runs in a
process of its own, as its users run it: ours keeps freed memory (`kinema.ops.cpu`), diffusers
does not know of such a thing. They take turns, and the shortest time of each counts, so that what
else the machine does falls on both. Prints a Markdown table with the command, machine, versions and
date, and writes it where a path is given.
"""

from __future__ import annotations

import multiprocessing
import os
import sys
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final

# As the `kinema` command has it; see `kinema.ops.cpu`.
os.environ.setdefault("GOMP_SPINCOUNT", "2000")

import torch
from torch import Tensor

from kinema.engine.latent.native import WanCodec, WanDenoiser
from kinema.models.configs import DiTConfig, VaeConfig
from kinema.models.dit import WanTransformer
from kinema.models.loading import load, native_fields, tensors
from kinema.models.registry import model
from kinema.models.vae import WanVae
from kinema.ops.attention import Backend, fastest
from kinema.ops.cpu import keep_freed_memory
from kinema.sample.guidance import Branch, Guidance, guided
from kinema.sample.loop import integrate
from kinema.sample.schedule import Table, schedule
from kinema.sample.solvers import UniPC
from kinema.weights.foreign import save_pipeline
from kinema.weights.keys import Part
from machine import described

DIT = DiTConfig(width=384, heads=6, hidden=1536, depth=12, text_width=512)
VAE = VaeConfig(width=24, decoder_width=24)
FRAMES, STEPS, SHIFT, GUIDANCE = 49, 8, 3.0, 5.0
LATENT = 1, 16, 13, 16, 16
"""13 x 8 x 8 = 832 tokens: 49 frames of 128x128."""
DECODED = 1, 16, 13, 16, 28
"""49 frames of 224x128."""
PROMPT, NEGATIVE = 60, 40
"""Lengths of the prompts in tokens; both sides see them as padded to 512."""
CPU = torch.device("cpu")
SPEC = replace(model("wan2.1-t2v-1.3b"), name="small", transformer=DIT, vae=VAE)


@dataclass(frozen=True)
class Engine:
    """Our side, as the engine runs it on a CPU."""

    attention: Backend
    denoiser: WanDenoiser
    codec: WanCodec

    @classmethod
    def loaded(cls, folder: Path) -> Engine:
        """The folder's networks in bfloat16."""
        networks = load(SPEC, folder, dtype=torch.bfloat16, with_text=False)
        networks.vae.channels_last()
        network = networks.transformer
        assert isinstance(network, WanTransformer)
        quickest = fastest(
            CPU, torch.bfloat16, tokens=832, heads=DIT.heads, head_width=DIT.head_width
        )
        network.use_attention(quickest)
        denoiser, codec = WanDenoiser(networks, CPU, None), WanCodec(networks.vae, CPU)
        return cls(quickest, denoiser, codec)

    def prompt(self, text: Tensor, length: int) -> Any:
        """A prompt made ready once, at its true length."""
        return self.denoiser.prepare({"text": text[0, :length].numpy()})

    def forward(self, latent: Tensor, sigma: float, prompt: Any) -> Tensor:
        """One velocity."""
        return self.denoiser.velocities(latent, sigma, [prompt])[0]

    def decode(self, latent: Tensor) -> Tensor:
        """A latent to pixels."""
        return torch.cat([*self.codec.decoded(latent)], dim=2)

    def run(self, noise: Tensor, prompt: Tensor, negative: Tensor) -> Tensor:
        """From noise and embedded prompts to pixels."""
        plan = schedule(Table.DIFFUSERS, STEPS, SHIFT)
        both = [self.prompt(prompt, PROMPT), self.prompt(negative, NEGATIVE)]

        def ask(latent: Tensor, sigma: float, _: Sequence[Branch]) -> Sequence[Tensor]:
            return self.denoiser.velocities(latent, plan.timestep(sigma) / 1000, both)

        velocity = guided(ask, Guidance(GUIDANCE), plan.sigmas)
        return self.decode(integrate(velocity, noise, plan.sigmas, solver=UniPC()))


@dataclass(frozen=True)
class Case:
    """One line of the report: the same work on both sides."""

    label: str
    goal: float
    runs: int


CASES: Final = {
    "forward": Case("one forward, 384 wide x 12 deep, 832 tokens", 0.65, 15),
    "decode": Case("decoding 49 frames of 224x128, base width 24", 0.4, 5),
    "whole": Case("8 steps with guidance, 49 frames of 128x128, noise to pixels", 0.5, 5),
}


class Side:
    """One engine in a process of its own, which does a piece of work whenever it is asked."""

    def __init__(self, name: str, folder: Path) -> None:
        spawning = multiprocessing.get_context("spawn")
        self._far, there = spawning.Pipe()
        # As a daemon it ends with this process, whatever happens here.
        spawning.Process(target=_serve, args=(name, folder, there), daemon=True).start()
        self.about: str = self._far.recv()

    def run(self, case: str) -> tuple[float, Tensor]:
        """Seconds, and what came of it."""
        self._far.send(case)
        seconds, values = self._far.recv()
        return seconds, torch.from_numpy(values)

    def end(self) -> None:
        """Let the process go."""
        self._far.send("")


def main(results: Path | None) -> None:
    """Measure every case and report."""
    torch.manual_seed(0)
    parts = {Part.TRANSFORMER: WanTransformer(DIT), Part.VAE: WanVae(VAE)}
    found = {part: (native_fields(one.config), tensors(one)) for part, one in parts.items()}
    with tempfile.TemporaryDirectory() as folder:
        save_pipeline(Path(folder), found, shift=SHIFT)
        ours, theirs = Side("ours", Path(folder)), Side("theirs", Path(folder))
    lines = [
        "# The engine on a CPU, beside diffusers",
        "",
        *described("diffusers", "torch"),
        f"- both in bfloat16 with {torch.get_num_threads()} threads, eager, each in a process of "
        f"its own; {ours.about}; shortest time of runs that take turns",
        "",
        "| work | ours | diffusers | ratio | goal | difference |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for name, case in CASES.items():
        lines.append(_measured(name, case, ours, theirs))
        print(lines[-1], flush=True)
    ours.end()
    theirs.end()
    report = "\n".join(lines) + "\n"
    print(report)
    if results is not None:
        results.write_text(report, encoding="utf-8")


def _measured(name: str, case: Case, ours: Side, theirs: Side) -> str:
    """One line of the table. The first turn warms up and is not counted, but compared."""
    first, second = ours.run(name)[1], theirs.run(name)[1]
    difference = (first - second).norm() / second.norm()
    turns = [(ours.run(name)[0], theirs.run(name)[0]) for _ in range(case.runs)]
    our_best, their_best = (min(taken) for taken in zip(*turns, strict=True))
    return (
        f"| {case.label} | {our_best:.3f} s | {their_best:.3f} s | {our_best / their_best:.2f} "
        f"| at most {case.goal} | {difference:.1%} |"
    )


def _serve(name: str, folder: Path, near: Connection) -> None:
    """Load one side, say so, and do what is asked until nobody asks any more."""
    if name == "ours":
        keep_freed_memory()
        engine = Engine.loaded(folder)
        work, about = _ours(engine), f"attention of ours: {engine.attention}"
    else:
        work, about = _theirs(_pipeline(folder)), "as it comes"
    near.send(about)
    with torch.inference_mode():
        while (asked := work.get(near.recv())) is not None:
            started = time.perf_counter()
            result = asked()
            seconds = time.perf_counter() - started
            near.send((seconds, result.float().numpy()))


def _given() -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Noise, a latent to decode, a prompt and a negative one: the same on both sides."""
    torch.manual_seed(1)
    return torch.randn(LATENT), torch.randn(DECODED), _padded(PROMPT), _padded(NEGATIVE)


def _ours(engine: Engine) -> Mapping[str, Callable[[], Tensor]]:
    noise, latent, prompt, negative = _given()
    ready = engine.prompt(prompt, PROMPT)
    return {
        "forward": lambda: engine.forward(noise, 0.5, ready),
        "decode": lambda: engine.decode(latent),
        "whole": lambda: engine.run(noise, prompt, negative),
    }


def _theirs(pipeline: Any) -> Mapping[str, Callable[[], Tensor]]:
    noise, latent, prompt, negative = _given()
    embedded, time_half = prompt.bfloat16(), torch.tensor([500.0])
    mean, std = (torch.tensor(v).view(1, -1, 1, 1, 1) for v in (VAE.mean, VAE.std))
    spread_out = (latent * std + mean).bfloat16()

    def pixels() -> Tensor:
        video = pipeline(
            prompt_embeds=prompt,
            negative_prompt_embeds=negative,
            latents=noise,
            height=128,
            width=128,
            num_frames=FRAMES,
            num_inference_steps=STEPS,
            guidance_scale=GUIDANCE,
            output_type="pt",
        ).frames
        return 2.0 * video.transpose(1, 2) - 1.0

    return {
        "forward": lambda: pipeline.transformer(
            noise.bfloat16(), time_half, embedded, return_dict=False
        )[0],
        "decode": lambda: pipeline.vae.decode(spread_out, return_dict=False)[0],
        "whole": pixels,
    }


def _pipeline(folder: Path) -> Any:
    from diffusers.pipelines.wan.pipeline_wan import WanPipeline
    from diffusers.utils import logging

    logging.disable_progress_bar()
    pipeline: Any = WanPipeline.from_pretrained(
        folder, text_encoder=None, tokenizer=None, dtype=torch.bfloat16
    )
    pipeline.set_progress_bar_config(disable=True)
    return pipeline


def _padded(length: int) -> Tensor:
    """An embedded prompt, with zeros behind it."""
    text = torch.zeros(1, DIT.text_tokens, DIT.text_width)
    text[:, :length] = torch.randn(length, DIT.text_width)
    return text


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
