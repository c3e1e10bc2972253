"""Our own model computed by OpenVINO, without torch: NumPy arrays in and out.

Graphs come without large weights; they are filled from the folder's safetensors, 8 bits a weight,
and compiled for each shape that is asked for. What was compiled once lies in the cache folder.

Shape legend for this file:
    B = clips in the batch, C = latent channels, T = latent frames, H, W = latent rows and columns,
    S = noise levels in a clip, N = tokens, D = width, M = tokens of a prompt, P = pairs of a head's
    features.
"""

from __future__ import annotations

import math
from collections import OrderedDict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice
from pathlib import Path
from threading import Lock
from typing import Any, Final, cast

import numpy as np
from numpy.typing import NDArray

from kinema.engine.adapters import Picture
from kinema.engine.cards.own import FPS
from kinema.engine.latent.own_recipe import ToldTransformer, in_pieces, recipe, step_class
from kinema.engine.latent.protocol import Abilities, Embedding, LatentModel, Prompt, Setting
from kinema.engine.latent.rough import Rough
from kinema.media import cache_folder
from kinema.models.configs import RATE, AdapterConfig, DiTConfig, MemoryVaeConfig, memory_blocks
from kinema.models.minilm import MiniLmStates
from kinema.models.words import hashed
from kinema.sample.arrays import Array
from kinema.weights.manifest import Manifest

PACKAGES: Final = ("openvino", "onnxruntime")
"""Distributions whose versions decide what the pictures look like."""

_GRAPHS, _WEIGHT = "graphs", "weight:"
_SCALE: Final = ".scale_weight"
_COMPILED: Final = 6  # graphs and shapes that stay ready
_THETA: Final = 10_000.0
_PIXEL: Final = 127.5

Floats = NDArray[np.float32]


def load(name: str, folder: Path, manifest: Manifest) -> LatentModel:
    """Load the model; see `storybook.load`."""
    graphs = Graphs(folder, manifest)
    parts = {part: _tuples(record.config) for part, record in manifest.parts.items()}
    transformer = DiTConfig(**parts["transformer"])
    vae = MemoryVaeConfig(**parts["vae"])
    few_steps = bool(manifest.made.get("few_steps"))
    return LatentModel(
        name=name,
        text=CompiledText(graphs, AdapterConfig(**parts["words"])),
        denoiser=CompiledDenoiser(graphs, transformer, few_steps=few_steps),
        codec=CompiledCodec(graphs, vae),
        recipe=recipe(few_steps=few_steps),
        multiple=vae.cell * transformer.patch[-1],
        weights=manifest.hash,
        packages=PACKAGES,
    )


class Graphs:
    """The graphs of a folder, compiled for the shapes that they are called with.

    Args:
        folder: Packed weights with graphs.
        manifest: Its manifest.
    """

    def __init__(self, folder: Path, manifest: Manifest) -> None:
        import openvino

        self._openvino: Any = openvino
        self._core: Any = openvino.Core()
        bf16 = "BF16" in self._core.get_property("CPU", "OPTIMIZATION_CAPABILITIES")
        self._how = {
            "INFERENCE_PRECISION_HINT": "bf16" if bf16 else "f32",
            "PERFORMANCE_HINT": "LATENCY",
            "CACHE_DIR": str(cache_folder() / "openvino"),
        }
        self._folder, self._manifest = folder, manifest
        self._filled: dict[str, Any] = {}
        self._ready: OrderedDict[tuple[object, ...], Any] = OrderedDict()
        self._tensors: dict[str, dict[str, NDArray[Any]]] = {}
        self._lock = Lock()

    def __call__(self, graph: str, *inputs: NDArray[Any]) -> list[Floats]:
        """Run a graph once; one call at a time."""
        with self._lock:
            compiled = self._compiled(graph, tuple(one.shape for one in inputs))
            found = compiled(dict(enumerate(inputs)))
            return [np.array(found[number], np.float32) for number in range(len(found))]

    def weight(self, part: str, name: str) -> Floats:
        """A weight, float32; of those that are needed outside the graphs."""
        tensors = self._of(part)
        scale = tensors.get(name.removesuffix(".weight") + _SCALE)
        values = tensors[name].astype(np.float32)
        return values if scale is None else values * scale

    def _of(self, part: str) -> dict[str, NDArray[Any]]:
        from safetensors.numpy import load_file  # pyright: ignore[reportUnknownVariableType]

        if part not in self._tensors:
            files = [self._folder / file.path for file in self._manifest.parts[part].files]
            self._tensors[part] = {k: v for path in files for k, v in load_file(path).items()}
        return self._tensors[part]

    def _compiled(self, graph: str, shapes: tuple[tuple[int, ...], ...]) -> Any:
        key = (graph, shapes)
        if key not in self._ready:
            model = self._filled_graph(graph).clone()
            model.reshape(dict(zip(model.inputs, map(list, shapes), strict=True)))
            self._ready[key] = self._core.compile_model(model, "CPU", self._how)
            while len(self._ready) > _COMPILED:
                self._ready.popitem(last=False)
        self._ready.move_to_end(key)
        return self._ready[key]

    def _filled_graph(self, graph: str) -> Any:
        if graph not in self._filled:
            model = self._core.read_model(self._folder / _GRAPHS / f"{graph}.xml")
            for parameter in model.get_parameters():
                name = parameter.get_friendly_name()
                if name.startswith(_WEIGHT):
                    _, part, tensor = name.split(":", 2)
                    shape = [int(side) for side in parameter.get_output_shape(0)]
                    parameter.output(0).replace(self._constant(part, tensor, shape))
                    model.remove_parameter(parameter)
            self._filled[graph] = model
        return self._filled[graph]

    def _constant(self, part: str, name: str, shape: list[int]) -> Any:
        """A weight as it lies in the folder; 8 bits are multiplied out inside the graph."""
        opset, tensors = self._openvino.opset13, self._of(part)
        name, _, way = name.partition("#")
        values = tensors[name]
        if way:  # `kinema.models.graphs` says what stands behind a name
            pairs = values.reshape(len(values), 2, -1, *values.shape[2:]).swapaxes(1, 2)
            values = pairs[:, :, ::-1] if way == "past" else pairs
        constant = opset.constant(np.ascontiguousarray(values).reshape(shape))
        scale = tensors.get(name.removesuffix(".weight") + _SCALE)
        if scale is None:
            return constant.output(0)
        wide = opset.convert(constant, "f32")
        scale = scale.astype(np.float32).reshape(-1, *(1,) * (len(shape) - 1))
        return opset.multiply(wide, opset.constant(scale)).output(0)


class CompiledText:
    """Prompts as the text side says them; an empty one is what stands for nothing said."""

    def __init__(self, graphs: Graphs, config: AdapterConfig) -> None:
        self._graphs, self._config = graphs, config
        self._states = MiniLmStates(config.tokens) if config.frozen else None

    def embed(self, texts: Sequence[str]) -> list[Embedding]:
        """One embedding a text, ``text`` (M, W); tokens behind the longest caption are cut."""
        return [{"text": self._said(text)} for text in texts]

    def _said(self, text: str) -> Floats:
        if not text.strip():
            return self._graphs.weight("words", "null")[None]
        if self._states is None:
            ids = hashed(text, self._config.vocabulary, self._config.tokens)
            states = np.zeros((len(ids), 1), np.float32)
        else:
            ids, states = self._states(text)
        return self._graphs("words", ids[None], states[None])[0][0]


@dataclass(frozen=True, slots=True)
class _Told:
    """A prompt's keys and values of all blocks, and what a run adds to each noise level, (D,)."""

    keys: Floats
    values: Floats
    added_D: Floats


class CompiledDenoiser(ToldTransformer):
    """The transformer."""

    def __init__(self, graphs: Graphs, config: DiTConfig, *, few_steps: bool) -> None:
        self.abilities = Abilities(levels_by_frame=True, levels_by_cell=True, told=True)
        super().__init__(few_steps=few_steps)
        self._graphs, self._config = graphs, config

    def device_array(self, values: NDArray[Any]) -> Array:
        """Host values as they are, float32."""
        return np.array(values, np.float32)

    def told(self, text: Embedding, setting: Setting) -> Prompt:
        """The prompt, and what the network is told of the run: frame rate, steps, guidance."""
        text_MW = np.asarray(text["text"], np.float32)
        missing = self._config.text_tokens - len(text_MW)
        text_1MW = np.pad(text_MW, ((0, missing), (0, 0)))[None]
        keys, values = self._graphs("ready", text_1MW)
        added = self._number("extra.fps", float(FPS))
        if self.passes(setting.steps) == 1:
            table = self._graphs.weight("transformer", "extra.step_size.weight")
            added = added + table[step_class(setting.steps)]
            added = added + self._number("extra.guidance", setting.guidance)
        return _Told(keys, values, added)

    def velocities(
        self,
        latent_BCTHW: Array,
        sigma: float | Array,
        prompts: Sequence[Prompt],
        *,
        given_BGTHW: Array | None = None,
        frames: range | None = None,
        skip: Collection[int] = (),
    ) -> list[Array]:
        """The velocity under each prompt, one pass each; positions count from 0 in every window."""
        del frames
        if given_BGTHW is not None or skip:
            raise ValueError("this model takes neither given channels nor blocks to leave out")
        latent = np.asarray(latent_BCTHW, np.float32)
        levels_BS = self._levels(sigma, len(latent))
        angles = _angles(latent.shape[2:], self._config.head_width)
        answers: list[Array] = []
        for prompt in cast("Sequence[_Told]", prompts):
            clips = [
                self._graphs(
                    "transformer",
                    clip_1CTHW,
                    *self._rows(level_S, prompt.added_D),
                    *angles,
                    prompt.keys,
                    prompt.values,
                )[0]
                for clip_1CTHW, level_S in zip(latent[:, None], levels_BS, strict=True)
            ]
            answers.append(np.concatenate(clips))
        return answers

    def given_channels(self, known_BCTHW: Array, given_TR: NDArray[np.bool_]) -> Array:
        """There are none: raises `ValueError`."""
        del known_BCTHW, given_TR
        raise ValueError("this model takes no given channels")

    def _levels(self, sigma: float | Array, batch: int) -> NDArray[np.float64]:
        """(B, S): one level, one a frame, or of cells (B, T, H, W) the highest of each token."""
        level = np.asarray(sigma, np.float64)
        if level.ndim == 4:
            T, H, W = level.shape[1:]
            level = level.reshape(-1, T, H // 2, 2, W // 2, 2).max((3, 5)).reshape(len(level), -1)
        level = level.reshape(-1, 1) if level.ndim < 2 else level
        return np.broadcast_to(level, (batch, level.shape[1]))

    def _rows(self, level_S: NDArray[np.float64], added_D: Floats) -> tuple[Floats, Floats]:
        """The embedded noise levels (1, S, D), and the six rows of the blocks (1, S, 6, D)."""
        features_SF = sinusoid(1000.0 * level_S, self._config.time_features)
        level_SD = self._mlp("time_in", features_SF) + added_D
        rows = self._linear("time_rows", _silu(level_SD))
        return level_SD[None], rows.reshape(1, len(rows), 6, -1)

    def _number(self, name: str, value: float) -> Floats:
        return self._mlp(name, sinusoid(np.array([value]), self._config.time_features))[0]

    def _mlp(self, name: str, x: Floats) -> Floats:
        return self._linear(f"{name}.down", _silu(self._linear(f"{name}.up", x)))

    def _linear(self, name: str, x: Floats) -> Floats:
        weight, bias = (
            self._graphs.weight("transformer", f"{name}.{one}") for one in ("weight", "bias")
        )
        return x @ weight.T + bias


class CompiledCodec:
    """The autoencoder, in pieces of time."""

    rate = RATE

    def __init__(self, graphs: Graphs, config: MemoryVaeConfig) -> None:
        self.channels, self.cell = config.channels, config.cell
        self._graphs = graphs
        shape = (1, config.channels, 1, 1, 1)
        self._mean = graphs.weight("vae", "mean_K").reshape(shape)
        self._std = graphs.weight("vae", "std_K").reshape(shape)
        self._encoder = memory_blocks(config.encoder, config.encoder_depth)
        self._decoder = memory_blocks(config.decoder, config.decoder_depth)[::-1]
        self._rough: Rough | None = None

    def encode(self, pictures: Iterable[Picture]) -> Array:
        """Pictures to a latent, piece by piece; values in [0, 255]."""
        source = iter(pictures)
        pieces: list[Floats] = []
        memory: list[Floats] = []
        while True:
            begun = bool(pieces)
            chunk = self._chunk(pieces[0].shape[2:]) if begun else 1
            taken = list(islice(source, RATE * chunk if begun else 1))
            if not taken:
                break
            taken = taken if begun else taken * RATE
            frames_THWC = np.stack(taken).astype(np.float32) / _PIXEL - 1.0
            x = _unshuffled(frames_THWC)
            memory = memory or _nothing(self._encoder, x.shape[-2:], 1)
            raw, *memory = self._graphs("encoder", x, *memory)
            pieces.append((raw - self._mean) / self._std)
        if not pieces:
            raise ValueError("there is no picture to encode")
        return np.concatenate(pieces, axis=2)

    def decode(self, latent_1CTHW: Array) -> Iterator[Picture]:
        """Pictures (H, W, 3), uint8, rounded."""
        latent = np.asarray(latent_1CTHW, np.float32) * self._std + self._mean
        chunk = self._chunk(latent.shape[2:])
        memory = _nothing(self._decoder, latent.shape[-2:], 8)
        for start in range(0, latent.shape[2], chunk):
            piece = np.ascontiguousarray(latent[:, :, start : start + chunk])
            x, *memory = self._graphs("decoder", piece, *memory)
            pictures = _shuffled(x)
            yield from pictures[RATE - 1 :] if start == 0 else pictures

    def rough(self, latent_1CTHW: Array) -> list[Picture]:
        """One small picture a latent frame."""
        if self._rough is None:
            self._rough = Rough.fitted(self.encode, self.cell, 1 + RATE)
        return self._rough.pictures(latent_1CTHW)

    def _chunk(self, shape: Sequence[int]) -> int:
        frames, rows, columns = shape
        return in_pieces((frames, rows, columns)).chunk


def sinusoid(number: NDArray[np.float64], features: int) -> Floats:
    """`kinema.models.dit.sinusoid` in NumPy: (S,) to (S, features)."""
    half = features // 2
    exponents = np.arange(half, dtype=np.float32) / np.float32(half)
    pace = np.exp(np.float32(-math.log(_THETA)) * exponents)
    angles = number.astype(np.float32)[:, None] * pace
    return np.concatenate((np.cos(angles), np.sin(angles)), axis=1).astype(np.float32)


@lru_cache(maxsize=8)
def _angles(latent: tuple[int, int, int], head_width: int) -> tuple[Floats, Floats]:
    """Cosine and sine of each token's angles, (N, P): `kinema.ops.rope.rotation_of` in NumPy."""
    grid = (latent[0], latent[1] // 2, latent[2] // 2)
    space = 2 * (head_width // 6)
    parts: list[NDArray[np.float64]] = []
    for axis, width in enumerate((head_width - 2 * space, space, space)):
        pace = _THETA ** -(np.arange(0, width, 2, dtype=np.float64) / width)
        angles = np.outer(np.arange(grid[axis], dtype=np.float64), pace)
        shape = [1, 1, 1, angles.shape[1]]
        shape[axis] = grid[axis]
        parts.append(np.broadcast_to(angles.reshape(shape), (*grid, angles.shape[1])))
    whole = np.concatenate(parts, axis=-1).reshape(math.prod(grid), -1)
    return np.cos(whole).astype(np.float32), np.sin(whole).astype(np.float32)


def _silu(x: Floats) -> Floats:
    return (x / (1.0 + np.exp(-x))).astype(np.float32, copy=False)


def _nothing(blocks: list[tuple[int, int]], sides: Sequence[int], finer: int) -> list[Floats]:
    """What blocks remember before the first frame, the finest at ``finer`` times the sides."""
    rows, columns = (side * finer for side in sides)
    return [np.zeros((1, width, 1, rows // by, columns // by), np.float32) for width, by in blocks]


def _unshuffled(frames_THWC: Floats) -> Floats:
    """Two by two pixels into channels: (1, 12, T, H / 2, W / 2)."""
    T, H, W, _ = frames_THWC.shape
    cells = frames_THWC.reshape(T, H // 2, 2, W // 2, 2, 3).transpose(5, 2, 4, 0, 1, 3)
    return np.ascontiguousarray(cells).reshape(1, 12, T, H // 2, W // 2)


def _shuffled(x_1CTHW: Floats) -> NDArray[np.uint8]:
    """Channels into two by two pixels, as bytes: (T, 2 H, 2 W, 3)."""
    _, _, T, H, W = x_1CTHW.shape
    bright = np.clip(np.rint(x_1CTHW * _PIXEL + _PIXEL), 0.0, 255.0).astype(np.uint8)
    cells = bright.reshape(3, 2, 2, T, H, W).transpose(3, 4, 1, 5, 2, 0)
    return np.ascontiguousarray(cells).reshape(T, 2 * H, 2 * W, 3)


def _tuples(config: Mapping[str, Any]) -> dict[str, Any]:
    items = config.items()
    return {k: tuple(cast("list[Any]", v)) if isinstance(v, list) else v for k, v in items}
