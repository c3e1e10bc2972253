"""Fine-tuning on somebody's own clips, by the loop that trains everything.

Small factors (LoRA) or all weights of the transformer, of `storybook` or of a model of the Wan
family with one transformer that starts from words.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

from kinema.data.footage import FootageConfig, surveyed
from kinema.data.stream import Bucket
from kinema.engine.cards import card
from kinema.engine.cards.own import OWN
from kinema.errors import RequestError
from kinema.models import own, registry
from kinema.models.configs import AdapterConfig, DiTConfig, MemoryVaeConfig
from kinema.models.loading import load, native_fields
from kinema.models.registry import ModelSpec
from kinema.train import factors
from kinema.train.config import Objective, OptimConfig, TrainConfig, TuneConfig
from kinema.train.loop import Run, train
from kinema.types import Size
from kinema.weights import foreign, store
from kinema.weights.keys import Layout, Part
from kinema.weights.manifest import read_manifest

KINDS: Final = ("lora", "full")
FRAMES: Final = 17
SAID: Final = "said.safetensors"
LORA: Final = "lora.safetensors"


@dataclass(frozen=True, slots=True)
class Tuning:
    """What is tuned, and on what.

    Args:
        kind: ``lora`` or ``full``.
        model: `storybook` or a row of `models.registry`.
        weights: Its folder.
        clips: Videos, each with a caption beside it; see `kinema.data.captioned`.
        steps: Updates in all, one clip each.
        rank: Of the factors.
        size: Of the clips that are learned from; the model's usual one when None.
        frames: Of each clip, 1 + 4 k.
    """

    kind: str
    model: str
    weights: Path
    clips: Path
    steps: int = 500
    rank: int = 16
    size: Size | None = None
    frames: int = FRAMES


def tune(asked: Tuning, out: Path, *, time_limit: float = math.inf) -> str:
    """Tune a model on a folder of clips with captions, or go on with it.

    Args:
        asked: What.
        out: Folder of the run; gets ``lora.safetensors``, or the folder ``weights``.
        time_limit: Seconds after which to save and return.

    Returns:
        How far it came and what was written, for people to read.

    Raises:
        RequestError: The kind is none of these, the model cannot be tuned, or no clip can be used.
        WeightsError: The folder holds another model.
        OutputError, BrokenLoss: As `loop.train`.
    """
    kind, model, weights = asked.kind, asked.model, asked.weights
    if kind not in KINDS:
        raise RequestError("recipe", f"there is no way {kind!r} to tune", ", ".join(KINDS))
    about = card(model)
    size = asked.size or about.default_size
    source = FootageConfig(
        asked.clips, (Bucket(size.width, size.height, asked.frames, 1),), cache=out / "cache",
        fps=round(about.default_fps),
    )  # fmt: skip
    found = surveyed(source)
    out.mkdir(parents=True, exist_ok=True)
    config = TrainConfig(
        name=f"{kind}-{model}",
        objective=Objective.FLOW,
        stream=source,
        steps=asked.steps,
        optim=OptimConfig(rate=5e-4 if kind == "lora" else 2e-5, muon=False, ema=0.99, warm_up=20),
        camera_told=0.0,
        tune=TuneConfig(model, str(weights), asked.rank if kind == "lora" else 0, str(out / SAID)),
        bfloat16=torch.cuda.is_available(),
    )
    if about.family == OWN:
        parts = read_manifest(weights).parts
        kinds = {"vae": MemoryVaeConfig, "transformer": DiTConfig, "words": AdapterConfig}
        made = {name: own.config_of(kinds[name], parts[name].config, name) for name in kinds}
        config = replace(config, vae=made["vae"], dit=made["transformer"], adapter=made["words"])
    else:
        spec = tunable(model)
        config = replace(config, dit=spec.transformer)
        _say(spec, weights, sorted({piece.caption for piece in found.pieces}), out / SAID)
    came = train(config, out, time_limit=time_limit)
    made = written(config, out)
    state = "complete" if came.complete else f"{came.step} of {asked.steps} steps; call again"
    left_out = "".join(f"\n{one.file}: {one.why}" for one in found.problems)
    return f"{config.name}: {state} (loss {came.loss:.4f}, {made}){left_out}"


def tunable(model: str) -> ModelSpec:
    """A row of the registry with one transformer that starts from words.

    Raises:
        RequestError: Its transformer is a pair, or sees pictures beside the latent.
    """
    spec = registry.model(model)
    if spec.boundary is not None or spec.transformer.channels_in != spec.transformer.channels_out:
        problem = f"{model} has two transformers, or one that sees pictures beside the latent"
        rows = registry.models()
        fine = [r.name for r in rows if r.boundary is None
                and r.transformer.channels_in == r.transformer.channels_out]  # fmt: skip
        raise RequestError("model", problem, ", ".join(["storybook", *fine]))
    return spec


def written(config: TrainConfig, out: Path) -> Path:
    """Write what a run has made so far in the form that others read."""
    run = Run(config, out, torch.device("cpu"))
    dit, tuned = run.smoothed.dit, config.tune
    assert dit is not None and tuned is not None
    if tuned.rank:
        factors.write(dit, out / LORA)
        return out / LORA
    place = out / "weights"
    if config.adapter is not None:
        nets = {own.VAE: run.smoothed.vae, own.TRANSFORMER: dit, own.WORDS: run.smoothed.adapter}
        about = {**read_manifest(Path(tuned.weights)).made, "tuned": run.step}
        own.save(place, nets, about)  # pyright: ignore[reportArgumentType]
    else:
        weights = {name: one.detach() for name, one in dit.named_parameters()}
        kept = native_fields(dit.config)
        foreign.save(place / "transformer", Layout.DIFFUSERS, Part.TRANSFORMER, kept, weights)
    return place


def _say(spec: ModelSpec, weights: Path, captions: list[str], path: Path) -> None:
    """Keep what the text encoder says of every caption, and of none; it is not needed again."""
    if path.is_file():
        return
    networks = load(spec, weights)
    assert networks.text is not None and networks.tokenizer is not None
    said: dict[str, Tensor] = {}
    with torch.inference_mode():
        for text in ["", *captions]:
            ids = networks.tokenizer(text, spec.transformer.text_tokens)
            said[f"text:{text}"] = networks.text.encode([ids])[0].float()
    store.save(path.parent, path.stem, said)
