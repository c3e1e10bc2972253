"""A referee that is trained in seconds: it tells four settings apart and nothing else."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np
import torch

from kinema.eval.cases import Case
from kinema.eval.score import Shape
from kinema.eval.watching import drawn
from kinema.models.configs import RefereeConfig
from kinema.models.referee import Referee, save_referee, slot_losses
from kinema.storybook.captions import describe
from kinema.storybook.director import stage
from kinema.storybook.labels import classes, labels, numbers
from kinema.storybook.sampler import Sample
from kinema.storybook.scene import Actor, Beat, Scene
from kinema.storybook.visibility import look
from kinema.types import Size

SETTINGS = ("underwater", "snowy_field", "desert", "outer_space")
SHAPE = Shape(Size(width=128, height=128), 5, Fraction(4))
CONFIG = RefereeConfig(
    tuple(len(names) for names in classes().values()), side=16, frames=3, fps=2,
    widths=(16, 16), depth=1, heads=2, layers=1,
)  # fmt: skip


def case(setting: str, seed: int) -> Case:
    """A robot that looks around in a setting; the prompt names the place."""
    robot = Actor(id="robot-1", subject="robot", beats=(Beat(action="look_around"),))
    scene = stage(Scene(setting=setting, actors=(robot,), seed=seed))
    visible = look(scene, 0.0, float(SHAPE.seconds))
    for words in range(100):
        said = describe(scene, seed=words, length="medium", visible=visible)
        if "setting" in said.told:
            sample = Sample(seed, "A", scene, Fraction(0), SHAPE.seconds, visible, said)
            truth = labels(sample)
            wanted = {slot: name for slot, name in truth.items() if slot in said.told}
            return Case(sample, said.text, truth, wanted)
    raise AssertionError("no caption names the setting")


def some_cases(each: int, first: int) -> list[Case]:
    return [case(setting, first + n) for n in range(each) for setting in SETTINGS]


def trained(folder: Path) -> Path:
    """Train the small referee and write it as `kinema pack` would."""
    torch.manual_seed(1)
    shown = some_cases(6, first=1000)
    pixels = np.stack([drawn(c.sample, CONFIG, SHAPE.size, SHAPE.fps, SHAPE.frames) for c in shown])
    clips = torch.from_numpy(pixels).float() / 127.5 - 1.0
    known = np.stack([numbers({"setting": c.truth["setting"]}) for c in shown])
    wanted = torch.from_numpy(known.astype(np.int64))
    network = Referee(CONFIG)
    optimiser = torch.optim.AdamW(network.parameters(), 3e-3)
    for _ in range(50):
        loss = slot_losses(network(clips)[0], wanted).sum()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    reading: dict[str, dict[str, tuple[int, int]]] = {"setting": dict.fromkeys(SETTINGS, (60, 60))}
    reading |= {"style": {"storybook": (10, 60)}, "subject": {"robot": (49, 49)}}
    save_referee(folder, network, classes(), reading, {"recipe": "small"})
    return folder
