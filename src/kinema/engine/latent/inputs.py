"""What a request gives a latent model, in pixels: clips, pictures and masks on the model's canvas.

A model makes only some sizes and lengths. `canvas` chooses the one to make for a request; what is
read here is laid onto it so that `finish.fitted`, which cuts the canvas down to the size asked for,
gives it back where it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, log
from pathlib import Path
from typing import Final, cast

import numpy as np
from numpy.typing import NDArray

from kinema import media
from kinema.engine.adapters import Picture
from kinema.engine.facts import stated_facts
from kinema.engine.latent.cover import Placement, covering, inside, left_by_crop
from kinema.engine.latent.protocol import Codec
from kinema.engine.pictures import read_brightness, read_picture
from kinema.engine.shape import check_frames, check_size
from kinema.errors import MediaError
from kinema.sample.arrays import Array
from kinema.types import Json, ModelCard, Request, Size, SizeRule

_GROUND: Final = 255
"""What shines through a picture that is partly transparent: most cut-outs are made for white."""


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the model makes, before it is cut to what was asked.

    size: of its pictures; sides are multiples of what the model needs. frames: pictures, at least
    as many as asked for. shape: (C, T, H, W) of the latent. shown: the middle of the canvas that is
    left when it is cover-cropped to the size that was asked for.
    """

    size: Size
    frames: int
    shape: tuple[int, int, int, int]
    shown: Size


def canvas(
    request: Request,
    card: ModelCard,
    codec: Codec,
    multiple: int,
    *,
    frames: int | None = None,
    ring: bool = False,
) -> Canvas:
    """Choose what the model makes for a request.

    With buckets it is the one whose shape is nearest, and then whose area is; without, each side is
    rounded up to the next multiple. The length is the next one that the model allows.

    Args:
        request: Its size, and its length in frames.
        card: The model's rules.
        codec: Says how many pixels and pictures a latent cell stands for.
        multiple: What the sides are multiples of, in pixels; itself a multiple of ``codec.cell``.
        frames: How many pictures are needed, where that is not the length of the clip.
        ring: Whether the latent is a ring, of which no frame is the first: every latent frame
            stands for as many pictures, and none can be cut away.

    Raises:
        RequestError: No canvas can give that size or length; names the two nearest that are
            allowed.
    """
    wanted = request.frames if frames is None else frames
    check_size(request.size, card)
    check_frames(wanted, card, ring=ring)
    size = _canvas_size(request.size, card.sizes, multiple)
    count = wanted if ring else card.frames.next_allowed(wanted)
    # One latent frame more for a rest: the first picture, where it stands alone.
    latent_frames = -(-count // codec.rate)
    shape = (codec.channels, latent_frames, size.height // codec.cell, size.width // codec.cell)
    return Canvas(size, count, shape, left_by_crop(size, request.size))


def clip_pictures(
    path: Path,
    field: str,
    size: Size | Canvas,
    fps: Fraction,
    count: int | None,
    *,
    start: Fraction = Fraction(0),
    whole: bool = False,
) -> Iterator[Picture]:
    """Read a clip at another rate and size.

    The picture at ``start + i / fps`` seconds is the source's frame that is seen at that time:
    exact, for any two rates. Where the clip is too short its last frame stays. A still is a clip of
    one frame that stays, and the files of a numbered sequence follow each other at ``fps``.

    Args:
        path: A video, an animation, a picture or a sequence.
        field: The field of the request that names it, for messages.
        size: The pictures' size in pixels; the clip is scaled to cover it and its middle is taken.
            Or a canvas: then the clip covers what will be shown of it.
        fps: Pictures a second.
        count: How many; None for as many as begin before the clip ends.
        start: Seconds into the clip.
        whole: Put all of the clip into the middle instead of covering; around it, it is mirrored,
            and `around` says where.

    Returns:
        Pictures (H, W, 3), uint8 RGB, decoded as they are taken. Those that show the same frame of
        the source are the same array.

    Raises:
        MediaError: The file cannot be read, or ends before ``start``. Raised by the call; by the
            iterator where the file breaks later.

    Cost:
        Memory of two pictures. Reads the packets of a video once, then decodes from the key frame
        before ``start`` up to the last frame that is needed.
    """
    info = media.probe(path, field=field)
    rate = info.fps or fps
    first = int(start * rate)
    if first >= info.frames and info.fps is not None:
        problem = f"{path.name} ends after {float(info.frames / rate):g} s"
        raise MediaError(field, problem, f"a clip longer than {float(start):g} s")
    if count is None:
        count = _pictures_until_end(info.frames / rate - start, fps)
    last = info.frames - 1
    numbers = (min(int((start + i / fps) * rate), last) for i in range(count))
    placement = _placement(info.size, size, whole=whole)
    return _shown(path, field, numbers, min(first, last), placement)


def count_of(path: Path, field: str, fps: Fraction) -> int:
    """How many pictures begin before a clip ends, at another rate.

    Raises:
        MediaError: The file cannot be read.
    """
    info = media.probe(path, field=field)
    return _pictures_until_end(info.frames / (info.fps or fps), fps)


def around(path: Path, field: str, size: Size | Canvas) -> NDArray[np.float32]:
    """Where the canvas lies bare around a clip that is put ``whole`` into its middle.

    Returns:
        (H, W): 1 where `clip_pictures` only mirrors, 0 where it shows the clip.

    Raises:
        MediaError: The file cannot be read.
    """
    return _placement(media.probe(path, field=field).size, size, whole=True).beyond()


def picture(path: Path, field: str, size: Size | Canvas) -> Picture:
    """Read a picture, scaled to cover the size (or what is shown of a canvas), its middle taken.

    Returns:
        (H, W, 3), uint8 RGB. Transparent pixels are laid over white.

    Raises:
        MediaError: The file cannot be read, or is not a single picture.
    """
    rgba = read_picture(path, field)
    rgb = _opaque(rgba)
    return _placement(_size_of(rgb), size).place(rgb)


def still_latent(codec: Codec, picture: Picture, first: bool, first_alone: bool) -> Array:
    """The latent frame of a picture that stands still.

    Args:
        codec: What encodes it.
        picture: (H, W, 3), uint8, of the canvas's size.
        first: Whether it is for the first latent frame of a clip.
        first_alone: `Abilities.first_alone` of the model.

    Returns:
        (1, C, 1, h, w), float32. For any frame but the first it is that of ``codec.rate`` times the
        same picture, after one before them that the codec makes its lone first frame of.
    """
    if first and first_alone:
        return codec.encode([picture])
    repeats = codec.rate + (1 if first_alone else 0)
    return codec.encode([picture] * repeats)[:, :, -1:]


def pixel_mask(path: Path, size: Size | Canvas, field: str = "mask") -> NDArray[np.float32]:
    """Read a mask: bright, opaque pixels may change.

    Returns:
        (H, W), in [0, 1], cover-cropped as `picture` is.

    Raises:
        MediaError: The picture cannot be read, or no pixel of what is seen of it is bright.
    """
    grey = read_brightness(path, field)
    placement = _placement(_size_of(grey), size)
    mask = placement.place(grey).astype(np.float32) / 255.0
    if not (mask >= 0.5).any():
        problem = "has no bright pixel in the part of it that is seen"
        raise MediaError(field, problem, "white where the picture may change")
    return mask


def clip_prompt(path: Path, field: str) -> str:
    """The prompt that a clip was made from, as the clip itself says.

    Returns:
        The prompt; those of all cards, one after the other, for a storyboard; "" for a file that
        carries none, such as any that Kinema did not make.

    Raises:
        MediaError: The file cannot be read.
    """
    request = (stated_facts(path, field) or {}).get("request")
    if not isinstance(request, dict):
        return ""
    document = cast("Json", request)
    cards = document.get("cards")
    told = [document, *(cast("list[object]", cards) if isinstance(cards, list) else ())]
    return " ".join(filter(None, map(_prompt_in, told)))


def _prompt_in(document: object) -> str:
    prompt = cast("Json", document).get("prompt") if isinstance(document, dict) else None
    return prompt.strip() if isinstance(prompt, str) else ""


def _canvas_size(size: Size, rule: SizeRule, multiple: int) -> Size:
    if rule.buckets:
        return min(rule.buckets, key=lambda bucket: _distance(size, bucket))
    longest = rule.side_max - rule.side_max % multiple
    sides = (size.width, size.height)
    width, height = (min(longest, -(-side // multiple) * multiple) for side in sides)
    return Size(width=width, height=height)


def _distance(size: Size, bucket: Size) -> float:
    """How badly a bucket fits: what is cut away, and half as much what is scaled."""
    wide, high = log(size.width / bucket.width), log(size.height / bucket.height)
    return abs(wide - high) + abs(wide + high) / 4


def _pictures_until_end(seconds: Fraction, fps: Fraction) -> int:
    return max(1, ceil(seconds * fps))


def _placement(source: Size, size: Size | Canvas, *, whole: bool = False) -> Placement:
    lay = inside if whole else covering
    if isinstance(size, Canvas):
        return lay(source, size.size, size.shown)
    return lay(source, size)


def _shown(
    path: Path, field: str, numbers: Iterable[int], first: int, placement: Placement
) -> Iterator[Picture]:
    """The frames with these numbers, which rise; each is placed once."""
    source = enumerate(media.frames(path, start=first, field=field), start=first)
    at, placed = first - 1, None
    for number in numbers:
        frame = None
        # A file may hold fewer frames than it says: then the last one stays.
        while at < number and (following := next(source, None)) is not None:
            at, frame = following
        if frame is not None:
            placed = placement.place(frame)
        if placed is None:
            raise MediaError(field, f"{path.name} holds no picture")
        yield placed


def _size_of(picture: NDArray[np.uint8]) -> Size:
    return Size(width=picture.shape[1], height=picture.shape[0])


def _opaque(rgba: NDArray[np.uint8]) -> Picture:
    alpha = rgba[..., 3:].astype(np.uint16)
    if (alpha == 255).all():
        return rgba[..., :3]
    over = rgba[..., :3] * alpha + _GROUND * (255 - alpha) + 127
    return (over // 255).astype(np.uint8)
