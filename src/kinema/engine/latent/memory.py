"""What a run needs of memory and time, and how it is cut up so that it fits. Arithmetic, no torch.

A run has three stages, and what works in one of them can go before the next: the text encoder, the
transformer, the decoder. A plan says how much of each may lie in memory at once: how many blocks of
the transformer stay there between two steps, how many latent frames are decoded at a time, and in
tiles of which side.

The factors below are counts of tensors that live at once, not measurements of a machine; a test
compares them with what the networks really hold.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kinema.engine.latent import work
from kinema.engine.latent.pace import Pace
from kinema.engine.latent.tiles import overlapped
from kinema.engine.latent.work import FLOAT, Shape
from kinema.errors import TooLittleMemory
from kinema.models.configs import RATE, DiTConfig, VaeConfig
from kinema.models.registry import ImageRoad, ModelSpec
from kinema.ops.cpu import TILE_VALUES
from kinema.types import Size

SHARE: Final = 0.9
"""Of the free memory that a run may take where nobody says how much."""

BATCHED_TOKENS: Final = 8192
"""Up to this many tokens the prompts of a step are answered in one batch: a GPU is not full yet."""

CHUNKS: Final = (4, 2, 1)
SIDES: Final = (64, 48, 32, 24, 16)
"""Latent frames decoded at a time and cells on the side of a tile, in the order they are tried."""

IMAGE_ENCODER: Final = 632_000_000
"""Parameters of CLIP ViT-H/14."""

_PROMPT_TOKENS: Final = 512
_AHEAD: Final = 2  # blocks that are there while others stream: the working one and the next
_LATENTS: Final = 12  # of a solver's state, guidance, noise and what is given
_BOTH: Final = 2  # prompts: what is wanted and what is not
_OVERHEAD: Final = 96 << 20  # kernels, their scratch, buffers of libraries


@dataclass(frozen=True, slots=True)
class Passing:
    """What one chunk on its way through a decoder or an encoder holds.

    In units of a frame of features at full size: tails, what layers remember of the past; work, for
    each picture of the chunk. pictures: of pixels in float32, for each of the chunk.
    """

    tails: float
    work: float
    pictures: float


_DECODER: Final = {False: Passing(29.0, 8.0, 2.0), True: Passing(37.0, 10.0, 2.0)}
_ENCODER: Final = {False: Passing(19.0, 8.0, 1.3), True: Passing(19.0, 8.0, 1.3)}
# By whether the levels have shortcuts.


@dataclass(frozen=True, slots=True)
class Cut:
    """How a clip passes through an autoencoder.

    chunk: latent frames at a time. side: cells on the side of a tile, None where a frame passes
    whole. bytes: what lives at once.
    """

    chunk: int
    side: int | None
    bytes: int


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """How a run fits into its memory; sizes in bytes.

    budget: what it was made for. resting: networks that are there all the time. block: weights of
    one block of the transformer. depth: how many there are. staying: how many stay between two
    steps; with fewer than all the others are streamed. sampling: what lives beside the weights
    during a step. batched: whether the prompts of a step are answered in one batch. text: the text
    encoder while it works, with ``text_staying`` of its layers in memory all that time. decoding:
    how the clip is decoded; ``alone`` once the transformer's blocks have left.
    """

    budget: int
    resting: int
    block: int
    depth: int
    staying: int
    sampling: int
    batched: bool
    text: int
    text_staying: int
    decoding: Cut
    alone: bool

    @property
    def streamed(self) -> bool:
        """Whether some blocks come and go in every step."""
        return self.staying < self.depth

    @property
    def blocks(self) -> int:
        """Bytes of the transformer's blocks during a step."""
        here = min(self.depth, self.staying + _AHEAD) if self.streamed else self.depth
        return here * self.block

    @property
    def text_alone(self) -> bool:
        """Whether the transformer's blocks must leave before the text encoder comes."""
        return self.resting + self.text + self.blocks > self.budget

    @property
    def text_stays(self) -> bool:
        """Whether the text encoder can stay in memory for the next clip."""
        return self.text + self.peak <= self.budget

    @property
    def peak(self) -> int:
        """The most that is needed at once."""
        decoding = self.decoding.bytes + (0 if self.alone else self.blocks)
        return self.resting + max(self.text, self.blocks + self.sampling, decoding)


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a run will take: wall seconds, and bytes of memory at its peak."""

    seconds: float
    bytes: int


def latent_shape(spec: ModelSpec, size: Size, frames: int) -> Shape:
    """The latent that a clip of that size and length is made in, rounded up."""
    sides = [
        math.ceil(side / spec.multiple) * spec.multiple // spec.vae.cell
        for side in (size.height, size.width)
    ]
    return 1 + math.ceil((frames - 1) / RATE), sides[0], sides[1]


def plan_memory(
    spec: ModelSpec, size: Size, frames: int, budget: int, *, itemsize: int = 2
) -> MemoryPlan:
    """Fit a run into a budget.

    As many blocks stay as there is room for beside a step's own needs; what does not fit whole is
    decoded in shorter chunks, then in tiles.

    Args:
        spec: The model.
        size: Of the clip.
        frames: Pictures of the clip.
        budget: Bytes that may be used, as from `free_memory`.
        itemsize: Bytes of one weight: 2 in bfloat16, 4 in float32.

    Raises:
        TooLittleMemory: It does not fit, however it is cut; says how much would do.
    """
    shape = latent_shape(spec, size, frames)
    return plan_shape(spec, shape, budget, itemsize=itemsize, asked=f"{size} for {frames} frames")


def plan_shape(
    spec: ModelSpec, shape: Shape, budget: int, *, itemsize: int = 2, asked: str = ""
) -> MemoryPlan:
    """The same for a latent of a shape; ``asked`` is what an error calls it."""
    text, text_staying = plan_text(spec, budget, itemsize)
    config = spec.transformer
    block = work.block_parameters(config) * itemsize
    resting = resting_bytes(spec, itemsize)
    seen = min(shape[0], window(spec)), *shape[1:]
    batched = work.tokens(config, seen) <= BATCHED_TOKENS
    sampling = step_bytes(config, seen, itemsize, batch=_BOTH if batched else 1)
    sampling += _LATENTS * FLOAT * math.prod(shape) * config.channels_in
    least = resting + max(
        min(_AHEAD, config.depth) * block + sampling,
        min(cut.bytes for cut in _cuts(spec.vae, shape, itemsize)),
    )
    if least > budget:
        problem = f"{asked or shape} needs {_gigabytes(least)} of memory at least"
        allowed = f"what fits into {_gigabytes(budget)}: a smaller size or fewer frames"
        raise TooLittleMemory("size", problem, allowed)

    room = budget - resting
    staying = _staying(config.depth, block, room - sampling)
    here = block * (staying if staying == config.depth else staying + _AHEAD)
    decoding, alone = fitting_cut(spec.vae, shape, room - here, room, itemsize)
    return MemoryPlan(
        budget=budget,
        resting=resting,
        block=block,
        depth=config.depth,
        staying=staying,
        sampling=sampling,
        batched=batched,
        text=text,
        text_staying=text_staying,
        decoding=decoding,
        alone=alone,
    )


def plan_text(spec: ModelSpec, budget: int, itemsize: int) -> tuple[int, int]:
    """How the text encoder fits beside what is always there.

    Returns:
        Bytes while it works, and how many of its layers stay; the others are streamed.

    Raises:
        TooLittleMemory: It does not fit, or the model itself does not.
    """
    resting = resting_bytes(spec, itemsize)
    layer, around = (count * itemsize for count in work.text_parameters(spec.text))
    around += _PROMPT_TOKENS * 4 * spec.text.hidden * itemsize
    block = work.block_parameters(spec.transformer) * itemsize
    least = max(
        around + min(_AHEAD, spec.text.depth) * layer, min(_AHEAD, spec.transformer.depth) * block
    )
    if resting + least > budget:
        problem = f"{spec.name} needs {_gigabytes(resting + least)} of memory for any clip"
        raise TooLittleMemory("model", problem, f"what fits into {_gigabytes(budget)}")
    staying = _staying(spec.text.depth, layer, budget - resting - around)
    layers = staying if staying == spec.text.depth else staying + _AHEAD
    return around + layers * layer, staying


def resting_bytes(spec: ModelSpec, itemsize: int) -> int:
    """Networks and parts of networks that are in memory all the time."""
    config = spec.transformer
    ends = work.transformer_parameters(config) - config.depth * work.block_parameters(config)
    experts = 1 if spec.boundary is None else 2
    total = experts * ends + work.vae_parameters(spec.vae)
    if spec.images is ImageRoad.CHANNELS_AND_TOKENS:
        total += IMAGE_ENCODER
    return total * itemsize + _OVERHEAD


def window(spec: ModelSpec) -> int:
    """Latent frames that the model sees at once: as many as its authors let it make."""
    return 1 + (spec.defaults.frames - 1) // RATE


def step_bytes(config: DiTConfig, shape: Shape, itemsize: int, *, batch: int) -> int:
    """What lives during a forward beside weights and latent: activations, keys and values."""
    rows = batch * work.tokens(config, shape)
    # Either a norm and its float32 temporaries are widest, or the MLP: stream, input, two hidden.
    norm = (9.2 if itemsize == FLOAT else 14.2) * config.width
    mlp = 3.3 * config.width + 2.0 * config.hidden
    # On a CPU the activation of half precision is taken in tiles of float32 beside one hidden.
    tiled = 3.3 * config.width + config.hidden
    tiles = 0 if itemsize == FLOAT else 2 * FLOAT * min(rows * config.hidden, TILE_VALUES)
    images = config.image_tokens or (257 if config.image_width is not None else 0)
    sources = 2 * config.depth * (config.text_tokens + images) * config.width
    # The prompts are kept one by one, and laid side by side where they are answered together.
    kept = _BOTH + (batch if batch > 1 else 0)
    widest = max(itemsize * rows * max(norm, mlp), itemsize * rows * tiled + tiles)
    return int(widest + itemsize * kept * sources)


def decoding_bytes(config: VaeConfig, shape: Shape, itemsize: int, chunk: int) -> int:
    """What lives while frames of a latent are decoded whole."""
    return _passing(_DECODER, config, config.decoder_width, shape, itemsize, (chunk, None))


def encoding_bytes(config: VaeConfig, shape: Shape, itemsize: int, chunk: int) -> int:
    """What lives while pictures are encoded whole."""
    return _passing(_ENCODER, config, config.width, shape, itemsize, (chunk, None))


def fitting_cut(
    config: VaeConfig, shape: Shape, room: int, room_alone: int, itemsize: int
) -> tuple[Cut, bool]:
    """The coarsest cut that fits, and whether it does so only once the transformer has left.

    The finest there is where none fits.
    """
    cuts = _cuts(config, shape, itemsize)
    whole = [cut for cut in cuts if cut.side is None]
    for offered, space in ((whole, room), (whole, room_alone), (cuts, room_alone)):
        for cut in offered:
            if cut.bytes <= space:
                return cut, space > room
    return min(cuts, key=lambda cut: cut.bytes), True


def forecast(
    spec: ModelSpec, size: Size, frames: int, steps: int, pace: Pace, *, guided: bool = True
) -> Forecast:
    """What a run will take on a machine whose pace is known.

    Args:
        spec: The model.
        size: Of the clip.
        frames: Pictures of the clip.
        steps: Of the solver.
        pace: Of the machine, from `pace.known` or a probe; also says the budget.
        guided: Whether each step asks about the negative prompt as well.

    Raises:
        TooLittleMemory: It does not fit into the memory that ``pace`` was measured with.
    """
    plan = plan_memory(spec, size, frames, pace.budget, itemsize=pace.itemsize)
    shape = latent_shape(spec, size, frames)
    seconds = steps * step_seconds(spec, shape, plan, pace, prompts=_BOTH if guided else 1)
    seconds += pace.decoding_seconds(work.decode_operations(spec.vae, shape)) * _tiled(shape, plan)
    seconds += text_seconds(spec, pace)
    return Forecast(seconds, plan.peak)


def step_seconds(
    spec: ModelSpec, shape: Shape, plan: MemoryPlan, pace: Pace, *, prompts: int
) -> float:
    """One step over all windows of a clip."""
    length = window(spec)
    seen = min(shape[0], length), *shape[1:]
    overlap = length // 2
    windows = 1 + math.ceil(max(0, shape[0] - length) / (length - overlap))
    computing = prompts * pace.seconds(work.forward_operations(spec.transformer, seen))
    passes = 1 if plan.batched else prompts
    reading = passes * (plan.depth - plan.staying) * plan.block / pace.reading
    return windows * max(computing, reading)


def text_seconds(spec: ModelSpec, pace: Pace) -> float:
    """Reading the text encoder from disk and encoding two prompts."""
    layer, around = work.text_parameters(spec.text)
    read = (spec.text.depth * layer + around) * pace.itemsize / pace.reading
    return read + _BOTH * pace.seconds(work.text_operations(spec.text, _PROMPT_TOKENS // 4))


def free_memory() -> int:
    """Bytes of the machine's memory that a new program can have, within its container's limit."""
    table = Path("/proc/meminfo")
    if not table.is_file():
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 2
    rows = dict(line.split(":", 1) for line in table.read_text("utf-8").splitlines())
    free = int(rows["MemAvailable"].split()[0]) << 10
    limit, used = (Path("/sys/fs/cgroup") / name for name in ("memory.max", "memory.current"))
    if limit.is_file() and (most := limit.read_text("utf-8").strip()) != "max":
        free = min(free, int(most) - int(used.read_text("utf-8")))
    return free


def _staying(depth: int, block: int, room: int) -> int:
    """How many of so many blocks can stay; if not all, two are wanted for those that stream."""
    if depth * block <= room:
        return depth
    return max(0, min(depth - 1, room // block - _AHEAD))


def _cuts(config: VaeConfig, shape: Shape, itemsize: int) -> list[Cut]:
    """All ways to decode a latent, the fastest first."""
    sides = [None, *(side for side in SIDES if side < max(shape[1:]))]
    return [
        Cut(
            chunk,
            side,
            _passing(_DECODER, config, config.decoder_width, shape, itemsize, (chunk, side)),
        )
        for side in sides
        for chunk in (CHUNKS if side is None else CHUNKS[-1:])
        if chunk <= max(shape[0], 1)
    ]


def _passing(
    held: dict[bool, Passing],
    config: VaeConfig,
    width: int,
    shape: Shape,
    itemsize: int,
    cut: tuple[int, int | None],
) -> int:
    chunk, side = cut
    rows, columns = (length if side is None else min(length, side) for length in shape[1:])
    frame = width * itemsize * (config.cell // config.packed) ** 2
    kinds, pictures = held[config.shortcuts], RATE * chunk
    pixels = kinds.pictures * 3 * FLOAT * config.cell**2 * pictures
    return int(rows * columns * ((kinds.tails + kinds.work * pictures) * frame + pixels))


def _tiled(shape: Shape, plan: MemoryPlan) -> float:
    """How much more is decoded for the overlap of tiles."""
    side = plan.decoding.side
    if side is None:
        return 1.0
    return overlapped(shape[1], side) * overlapped(shape[2], side) / (shape[1] * shape[2])


def _gigabytes(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e8 else f"{count / 1e6:.1f} MB"
