"""Video pipelines of the ``diffusers`` library as latent models.

A family whose network can be asked for velocities does every task that needs no more; any other
text-to-video pipeline is run as a whole. `folders` says which folder is what.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from kinema.engine.cards.folders import Level, PipelineFacts, describe
from kinema.engine.latent.protocol import LatentModel, Recipe
from kinema.errors import MissingPart, WeightsError
from kinema.sample.schedule import Table
from kinema.weights.manifest import sampled_hash

if TYPE_CHECKING:
    import torch

    from kinema.engine.latent.pipelines.family import Family

_FAMILIES: Final[Mapping[str, tuple[str, str]]] = {
    "wan": ("wan", "Wan"),
    "skyreels": ("wan", "SkyReelsForcing"),
    "ltx": ("ltx", "Ltx"),
    "cogvideox": ("cogvideox", "CogVideoX"),
    "mochi": ("mochi", "Mochi"),
    "hunyuan": ("hunyuan", "Hunyuan"),
    "hunyuan15": ("hunyuan", "Hunyuan15"),
}

PACKAGES: Final = ("torch", "diffusers", "transformers")
"""Distributions whose versions decide what the pictures look like."""


def load(
    name: str,
    folder: Path,
    *,
    device: torch.device | str | None = None,
    dtype: torch.dtype | None = None,
) -> LatentModel:
    """Load any video pipeline that ``diffusers`` saved.

    Args:
        name: Of the model, for its clips.
        folder: With a ``model_index.json``.
        device: Where it computes; None for the GPU where there is one. On a GPU, networks are
            kept on the host while they rest, if ``accelerate`` is installed.
        dtype: Of the weights; None for bfloat16 on a GPU and float32 on the CPU.

    Raises:
        MissingPart: ``diffusers``, ``transformers`` or torch is not installed.
        WeightsError: The folder is none, its class or its scheduler is not known here, or it
            cannot be loaded.
    """
    facts = describe(folder)
    for package in PACKAGES:
        if find_spec(package) is None:
            raise MissingPart(package, "pip install 'kinema[diffusers]'")
    import torch

    place = torch.device(device or ("cuda" if torch.cuda.is_available() else "cpu"))
    kind = dtype or (torch.float32 if place.type == "cpu" else torch.bfloat16)
    files = [*folder.glob("*/*.safetensors"), *folder.glob("*/*.bin")]
    source = _Source(folder, facts, place, kind, sampled_hash(files))
    return _whole(name, source) if facts.level is Level.STEPS else _by_velocity(name, source)


@dataclass(frozen=True, slots=True)
class _Source:
    """A folder, and how what is in it shall be loaded."""

    folder: Path
    facts: PipelineFacts
    device: torch.device
    dtype: torch.dtype
    weights: str

    def pipeline(self, **parts: Any) -> Any:
        """The pipeline; parts that are given, None among them, are not loaded.

        It wants no network and runs no code of the folder's.
        """
        kind, folder = _pipeline_class(self.facts.class_name), self.folder
        try:
            return kind.from_pretrained(folder, dtype=self.dtype, local_files_only=True, **parts)
        except (OSError, ValueError, TypeError, KeyError, RuntimeError, ImportError) as error:
            first = str(error).strip().partition("\n")[0]
            raise WeightsError("weights", f"{folder.name}/ cannot be loaded: {first}") from error

    def text_parts(self) -> list[str]:
        """Names of the parts that read a prompt."""
        named = _pipeline_class(self.facts.class_name).load_config(self.folder)
        return [name for name in named if name.startswith(("text_encoder", "tokenizer"))]

    def settle(self, pipeline: Any) -> None:
        """Give each network its place; on a GPU they take turns, if that can be."""
        if self.device.type != "cpu" and find_spec("accelerate") is not None:
            pipeline.enable_model_cpu_offload(device=self.device)
        else:
            pipeline.to(self.device)

    def complete(self, pipeline: Any) -> Any:
        """Another pipeline around the same networks, with text encoders."""
        text = self.text_parts()
        others = {name: part for name, part in pipeline.components.items() if name not in text}
        completed = self.pipeline(**others)
        for name in text:
            if hasattr(part := getattr(completed, name), "to"):
                part.to(self.device)
        return completed


def _by_velocity(name: str, source: _Source) -> LatentModel:
    from kinema.engine.latent.pipelines.family import SOLVERS, counts_whole
    from kinema.engine.latent.pipelines.parts import PipelineCodec, PipelineDenoiser, PipelineText

    facts = source.facts
    pipeline = source.pipeline(**dict.fromkeys(source.text_parts()))
    source.settle(pipeline)
    scheduler = pipeline.scheduler
    solver = SOLVERS.get(type(scheduler).__name__)
    if solver is None:
        problem = f"its scheduler is a {type(scheduler).__name__}, which is not known here"
        raise WeightsError("weights", problem, ", ".join(SOLVERS))
    if scheduler.config.get("stochastic_sampling"):
        solver = "renoise"
    module, kind = _FAMILIES[facts.family]
    build = getattr(import_module(f"{__name__}.{module}"), kind)
    family: Family = build(pipeline, facts, source.device)
    recipe = _recipe(
        facts,
        solver=solver,
        shift=float(scheduler.config.get("flow_shift") or scheduler.config.get("shift") or 1.0),
        negative=family.negative,
        boundary=pipeline.config.get("boundary_ratio"),
        levels=family.levels,
        whole_timesteps=counts_whole(scheduler),
    )
    return LatentModel(
        name=name,
        text=PipelineText(family, partial(source.complete, pipeline)),
        denoiser=PipelineDenoiser(family),
        codec=PipelineCodec(family),
        recipe=recipe,
        multiple=facts.multiple,
        weights=source.weights,
        packages=PACKAGES,
    )


def _whole(name: str, source: _Source) -> LatentModel:
    from kinema.engine.latent.pipelines.whole import WholeCodec, WholeDenoiser, WholeText

    pipeline, facts = source.pipeline(), source.facts
    source.settle(pipeline)
    pipeline.set_progress_bar_config(disable=True)
    return LatentModel(
        name=name,
        text=WholeText(),
        denoiser=WholeDenoiser(pipeline, facts, source.device),
        codec=WholeCodec(facts),
        recipe=_recipe(facts),
        multiple=facts.multiple,
        weights=source.weights,
        packages=PACKAGES,
    )


def _recipe(facts: PipelineFacts, *, shift: float = 1.0, **more: Any) -> Recipe:
    return Recipe(
        table=Table.DIFFUSERS,
        shift=shift,
        steps=facts.steps_by_quality,
        guidance=facts.guidance,
        window=(facts.default_frames - facts.first_alone) // facts.rate + facts.first_alone,
        fps=facts.default_fps,
        **more,
    )


def _pipeline_class(name: str) -> Any:
    """That class of diffusers, whose own progress bars are switched off: ours are shown."""
    for library in ("diffusers", "transformers"):
        logging: Any = import_module(f"{library}.utils.logging")
        logging.disable_progress_bar()
    diffusers: Any = import_module("diffusers")
    kind = getattr(diffusers, name, None)
    if kind is None:
        part = f"the {name} of diffusers, newer than {diffusers.__version__},"
        raise MissingPart(part, "pip install --upgrade diffusers")
    return kind
