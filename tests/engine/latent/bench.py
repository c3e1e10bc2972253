"""What the tests of tasks work with: small models behind the real adapter, and small real clips.

Everything between a request and its pictures is the engine's own; only the networks are small.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from fractions import Fraction
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest
from tests.engine.latent.smooth_model import smooth_model

from kinema import media, trust
from kinema.engine.adapters import Latent, Picture, Run
from kinema.engine.facts import Facts
from kinema.engine.latent.adapter import LatentAdapter
from kinema.engine.latent.order import Order
from kinema.engine.latent.plan import Plan
from kinema.engine.latent.protocol import LatentModel
from kinema.engine.latent.run import sample
from kinema.engine.progress import ignore, never
from kinema.sample.arrays import on_host
from kinema.types import FileId, Request, Size, Task, to_builtins

SIZE, FPS, FRAMES = Size(width=128, height=128), Fraction(8), 17
FOX, DUCK = "a red fox walks", "a duck swims"


@dataclass
class Watched:
    """A denoiser that notes what the network is asked; the network answers."""

    inner: Any
    asked: list[dict[str, Any]] = field(default_factory=list)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def velocities(self, latent: Any, sigma: Any, prompts: Any, **more: Any) -> Any:
        level = sigma if isinstance(sigma, float) else np.array(on_host(sigma))
        beside = more.get("given_BGTHW")
        self.asked.append(
            {
                "latent": np.array(on_host(latent)),
                "level": level,
                "prompts": list(prompts),
                "frames": more.get("frames"),
                "beside": None if beside is None else np.array(on_host(beside)),
            }
        )
        return self.inner.velocities(latent, sigma, prompts, **more)


class Notes:
    """A checkpoint in memory that remembers how often it was written."""

    def __init__(self) -> None:
        self.saved: dict[str, tuple[int, dict[str, np.ndarray]]] = {}
        self.steps: list[int] = []

    def load(self, stage: str) -> tuple[int, dict[str, np.ndarray]] | None:
        return self.saved.get(stage)

    def save(self, stage: str, step: int, arrays: Any) -> None:
        self.saved[stage] = (step, {name: np.array(array) for name, array in arrays.items()})
        self.steps.append(step)


class Bench:
    """One model, ready for requests; the files that they name lie in ``folder``."""

    def __init__(self, model: LatentModel, folder: Path) -> None:
        self.watched = Watched(model.denoiser)
        self.model = replace(model, denoiser=self.watched)
        self.adapter = LatentAdapter(self.model)
        self.folder = folder
        self.files: dict[FileId, Path] = {}

    def with_recipe(self, **changes: Any) -> Bench:
        """The same model run in another way."""
        model = replace(self.model, denoiser=self.watched.inner)
        bench = Bench(replace(model, recipe=replace(model.recipe, **changes)), self.folder)
        bench.files = self.files
        return bench

    def request(self, task: Task = Task.TEXT_TO_VIDEO, **fields: Any) -> Request:
        usual = {"prompt": FOX, "size": SIZE, "fps": FPS, "frames": FRAMES, "seed": 5}
        return Request(task=task, model=self.model.name, **{**usual, **fields})

    def run(self, **fields: Any) -> Run:
        return Run(self.files, **{"on_event": ignore, "cancelled": never, **fields})

    def order(self, request: Request, **fields: Any) -> Order:
        return self.adapter._order(request, self.run(**fields))  # pyright: ignore[reportPrivateUsage]

    def plan(self, request: Request, **fields: Any) -> Plan:
        return Plan.restore(self.adapter.condition(request, self.run(**fields)).arrays)

    def sampled(self, request: Request, plan: Plan | None = None, **run: Any) -> np.ndarray:
        """The finished latent, (1, C, T, H, W)."""
        plan = self.plan(request) if plan is None else plan
        return np.array(on_host(sample(self.model, request, plan, self.run(**run))))

    def chunk(self, request: Request, before: Latent | None = None) -> tuple[Latent, list[Picture]]:
        """One piece of a stream."""
        run = self.run(before=before)
        latent = self.adapter.sample(request, self.adapter.condition(request, run), run)
        return latent, list(self.adapter.decode(request, latent, run).pictures)

    def pictures(self, request: Request) -> np.ndarray:
        """The finished clip, (frames, H, W, 3)."""
        return np.stack(self.chunk(request)[1])

    def decoded(self, latent: np.ndarray) -> np.ndarray:
        return np.stack([*self.model.codec.decode(self.watched.device_array(latent))])

    def encoded(self, pictures: Iterable[Picture]) -> np.ndarray:
        return np.array(on_host(self.model.codec.encode(pictures)))

    def video(self, pictures: Sequence[Picture], prompt: str = "", name: str = "clip") -> FileId:
        """Take in a clip; with a prompt it says, as ours do, what it was made from."""
        path = self.folder / f"{name}-{len(self.files)}.mp4"
        height, width, _ = pictures[0].shape
        media.write(path, pictures, size=Size(width=width, height=height), fps=FPS)
        if prompt:
            request = Request(prompt=prompt, frames=len(pictures), fps=FPS, size=SIZE)
            facts = Facts(kinema="0", request=request, model="any", versions={}, seed=0)
            trust.finish(path, to_builtins(facts))
        return self._take(path)

    def image(self, picture: np.ndarray) -> FileId:
        path = self.folder / f"image-{len(self.files)}.png"
        cv2.imwrite(str(path), picture[..., ::-1] if picture.ndim == 3 else picture)
        return self._take(path)

    def read(self, clip: FileId, count: int, start: int = 0) -> list[Picture]:
        """Pictures of a clip as the engine reads them."""
        order = self.order(self.request())
        return list(order.frames_of(self.files[clip], "clip", count, start))

    def _take(self, path: Path) -> FileId:
        name = media.file_id(path)
        self.files[name] = path
        return name


def moving(count: int, seed: int = 0, speed: float = 1.0) -> list[Picture]:
    """A picture in which a bright patch wanders over squares of colour, a little each frame."""
    random = np.random.default_rng(seed)
    ground = random.integers(40, 160, (8, 8, 3)).astype(np.uint8).repeat(16, 0).repeat(16, 1)
    pictures = []
    for number in range(count):
        picture = ground.copy()
        across = int(8 + number * speed * 4) % 96
        picture[32:64, across : across + 32] = (230, 200, 60)
        pictures.append(picture)
    return pictures


def drifting(count: int, seed: int = 0, period: float = 160.0) -> list[Picture]:
    """Squares whose colours swing slowly, once in ``period`` pictures or a little more often."""
    random = np.random.default_rng(seed)
    phase, pace = random.uniform(0, 6.28, (2, 8, 8, 3))
    times = np.arange(count)[:, None, None, None] / period
    colours = 128 + 70 * np.sin(phase + (6.28 + 0.2 * pace) * times)
    return [frame.astype(np.uint8).repeat(16, 0).repeat(16, 1) for frame in colours]


def steps(frames: np.ndarray, axis: int = 0) -> np.ndarray:
    """How far each frame is from the one before it, root mean square."""
    moved = np.moveaxis(frames.astype(np.float64), axis, 0)
    between = np.diff(moved, axis=0)
    return np.sqrt((between**2).mean(tuple(range(1, between.ndim))))


def smooth(folder: Path, **options: Any) -> Bench:
    return Bench(smooth_model(**options), folder)


def small(name: str, folder: Path) -> Bench:
    """A small network of the Wan family with random weights, loaded from a folder."""
    import torch
    from tests.cli import small_weights

    from kinema.engine.latent import native

    with pytest.MonkeyPatch.context() as patch:
        place = small_weights.install(name, folder / "weights", patch)
        model = native.load(name, place, dtype=torch.float32)
    return Bench(replace(model, recipe=replace(model.recipe, window=21)), folder)


NAMES = {
    "words": "wan2.1-t2v-1.3b",
    "experts": "wan2.2-t2v-a14b",
    "by frame": "wan2.2-ti2v-5b",
    "channels": "wan2.2-i2v-a14b",
}
"""How given frames get into the model -> one that takes them so."""

Benches = Callable[[str], Bench]
