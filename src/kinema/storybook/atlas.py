"""The sprite atlas: every picture the storybook world is made of, decoded on demand.

``data/atlas.bin`` holds raw AV1 packets: for each concept a colour stream (4:2:0, BT.709, full
range), an alpha stream (luma only) and, for people, a stream that says where skin and hair are.
``data/atlas.msgpack`` says where they lie. ``scripts/build_atlas.py`` writes both.

Shape legend for this file:
    T = frames of a loop, H, W = rows and columns (always 256), C = colour channels.
"""

from __future__ import annotations

import difflib
import functools
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import MappingProxyType
from typing import cast

import av
import cv2
import msgspec
import numpy as np
from numpy.typing import NDArray

from kinema.types import learnt

SIZE = 256
"""Rows and columns of every sprite, in pixels."""

_DATA = Path(__file__).parent / "data"
_CACHED = 12  # concepts kept decoded: at most 12 * 24 * 256 * 256 * 4 bytes = 76 MB

# Alpha near 0 and 255 is codec noise around 0 and 255.
_LEVELS = np.arange(256, dtype=np.uint8)
_SNAP = np.where(_LEVELS < 8, 0, np.where(_LEVELS > 247, 255, _LEVELS)).astype(np.uint8)
# Regions are stored at half size, so their borders are twice as soft as the picture's.
_SHARPEN = np.clip(2.0 * _LEVELS - 127.5, 0, 255).astype(np.uint8)

# YUV to RGB, BT.709, full range (ITU-R BT.709-6, 3.2 to 3.4: Kr = 0.2126, Kb = 0.0722).
RGB_FROM_YUV = np.array(
    [[1.0, 0.0, 1.5748], [1.0, -0.1873243, -0.4681243], [1.0, 1.8556, 0.0]], dtype=np.float32
)
_OFFSET = -128.0 * (RGB_FROM_YUV[:, 1:2] + RGB_FROM_YUV[:, 2:3])

TONES = ("light", "medium-light", "medium", "medium-dark", "dark")
BASE_TONE = "medium-light"
"""The tone that is stored: its fair hair and skin are the easiest to darken without noise."""


class Concept(msgspec.Struct, frozen=True, array_like=True):
    """What one sprite is and where its body lies, in 256-pixel coordinates."""

    name: str
    """Slug of the English emoji name, such as ``fox`` or ``woman-running``."""
    group: str
    """animals, people, faces, vehicles, food, plants, places, sky, sports, objects or symbols."""
    count: int
    """Frames in the loop: 24, 12, or 1 for a still."""
    seconds: float
    """Duration of the loop as drawn; 0.0 for a still."""
    box: tuple[int, int, int, int]
    """x0, y0, x1, y1 (exclusive) of all that is ever visible: alpha above 0.08 in any frame."""
    baseline: float
    """The contact line: median over the frames of the lowest row with alpha above 0.2, plus one."""
    height: float
    """Baseline minus the median top row with alpha above 0.2."""
    tones: tuple[str, ...]
    """Skin tones that ``load`` can give, light to dark; empty where there is no skin to colour."""


class Entry(msgspec.Struct, frozen=True, array_like=True):
    """A concept together with the place of its streams in ``atlas.bin``."""

    concept: Concept
    at: int
    sizes: tuple[int, int, int]
    """Bytes of the streams that begin there: colour, alpha, and where skin and hair are."""
    limits: bytes
    """For skin and hair, the least and greatest colour of the stored tone: (2, 2, 3) uint8."""
    maps: dict[str, bytes]
    """Tone to the affine maps of skin and hair colours, (2, 3, 4) float32."""


class Paint(msgspec.Struct, frozen=True):
    """What ``compose`` needs to change skin and hair."""

    regions: Sequence[bytes]
    """Packets of the stream that says where they are."""
    holds: NDArray[np.uint8]
    """For skin and hair, each colour value held to the limits of that part: (2, 256, 1, 3)."""
    maps: NDArray[np.float32]

    @classmethod
    def of(cls, entry: Entry, tone: str, regions: Sequence[bytes]) -> Paint:
        """Read one tone of an entry."""
        limits = np.frombuffer(entry.limits, np.uint8).reshape(2, 2, 1, 1, 3)
        holds = np.clip(_LEVELS[:, None, None], limits[:, 0], limits[:, 1])
        return cls(regions, holds, np.frombuffer(entry.maps[tone], "<f4").reshape(2, 3, 4))


def concepts() -> Mapping[str, Concept]:
    """Return every concept of the atlas by name, in the order of the Unicode emoji list.

    Cost:
        The index is read on the first call (a few milliseconds) and kept.

    Example:
        >>> concepts()["fox"].group
        'animals'
    """
    return _index()[1]


def load(name: str, tone: str | None = None) -> NDArray[np.uint8]:
    """Decode a sprite: all frames of its loop, ready to composite.

    Args:
        name: A key of ``concepts()``.
        tone: One of the concept's ``tones``, or none for the tone it is stored in (medium-light).

    Returns:
        (T, 256, 256, 4) uint8, read-only: red, green, blue already multiplied by alpha, then alpha.
        T is the concept's ``count``. The same array is given to every caller.

    Raises:
        KeyError: There is no such concept, or it has no such tone; the message names near ones.

    Cost:
        About 15 ms for 24 frames on one core (30 ms with a tone), then nothing while it is among
        the 12 last used (at most 76 MB). Decoding is exact: every call gives the same bytes. Safe
        to call from several threads.
    """
    entries, _ = _index()
    if name not in entries:
        near = difflib.get_close_matches(name, entries, n=4, cutoff=0.5)
        raise KeyError(f"no sprite is called {name!r}; near it: {', '.join(near) or 'nothing'}")
    tones = entries[name].concept.tones
    if tone is not None and tone not in tones:
        raise KeyError(
            f"sprite {name!r} has no tone {tone!r}; it has: {', '.join(tones) or 'none'}"
        )
    return _load(name, None if tone == BASE_TONE else tone)


@functools.lru_cache(maxsize=_CACHED)
def _load(name: str, tone: str | None) -> NDArray[np.uint8]:
    entry = _index()[0][name]
    with (_DATA / "atlas.bin").open("rb") as file:
        file.seek(entry.at)
        colour, alpha, regions = (unpack(file.read(size)) for size in entry.sizes)
    if tone is None:
        rgba_THWC = compose(colour, alpha)
    else:
        rgba_THWC = compose(colour, alpha, Paint.of(entry, tone, regions))
    rgba_THWC.setflags(write=False)
    return rgba_THWC


@functools.cache
def _index() -> tuple[dict[str, Entry], Mapping[str, Concept]]:
    rows = msgspec.msgpack.decode((_DATA / "atlas.msgpack").read_bytes(), type=learnt(list[Entry]))
    entries = {row.concept.name: row for row in rows}
    return entries, MappingProxyType({name: row.concept for name, row in entries.items()})


def unpack(stream: bytes) -> list[bytes]:
    """Split length-prefixed packets (two bytes, little-endian) into a list."""
    packets, at = [], 0
    while at < len(stream):
        size = int.from_bytes(stream[at : at + 2], "little")
        packets.append(stream[at + 2 : at + 2 + size])
        at += 2 + size
    return packets


def compose(
    colour: Sequence[bytes],
    alpha: Sequence[bytes],
    paint: Paint | None = None,
) -> NDArray[np.uint8]:
    """Decode the AV1 packets of one concept into premultiplied frames.

    Args:
        colour: Packets of the colour stream; what lies outside the alpha is a smooth continuation.
        alpha: Packets of the alpha stream, as many frames.
        paint: How to change skin and hair, or none to keep the stored tone.

    Returns:
        (T, 256, 256, 4) uint8, premultiplied.
    """
    mattes, pictures = _decode(alpha), _decode(colour)
    out_THWC = np.zeros((len(mattes), SIZE, SIZE, 4), np.uint8)
    regions = _decode(paint.regions) if paint else mattes
    for out_HWC, matte, picture, region in zip(out_THWC, mattes, pictures, regions, strict=True):
        alpha_HW = cv2.LUT(matte[:SIZE], _SNAP)
        rows, columns = np.flatnonzero(alpha_HW.any(1)), np.flatnonzero(alpha_HW.any(0))
        if not len(rows):
            continue
        # Only the visible window is worked on, on even borders so that chroma stays aligned.
        y0, y1 = int(rows[0]) & ~1, int(rows[-1]) + 1
        x0, x1 = int(columns[0]) & ~1, int(columns[-1]) + 1
        rgb_HWC = _rgb(picture, (y0, y1, x0, x1))
        if paint:
            rgb_HWC = _recolour(rgb_HWC, _parts(region)[y0:y1, x0:x1], paint)
        window_HWC = cv2.merge([alpha_HW[y0:y1, x0:x1]] * 4)
        opaque_HWC = cv2.cvtColor(rgb_HWC, cv2.COLOR_RGB2RGBA)
        out_HWC[y0:y1, x0:x1] = cv2.multiply(opaque_HWC, window_HWC, scale=1 / 255)
    return out_THWC


def _decode(packets: Sequence[bytes]) -> list[NDArray[np.uint8]]:
    """Run packets through dav1d on the calling thread; each frame is planar 4:2:0, (1.5 * H, W)."""
    decoder = cast("av.VideoCodecContext", av.CodecContext.create("libdav1d", "r"))
    decoder.thread_count = 1
    frames: list[av.VideoFrame] = []
    for packet in packets:
        frames += decoder.decode(av.Packet(packet))
    frames += decoder.decode(None)
    return [np.asarray(frame.to_ndarray(), np.uint8) for frame in frames]


def _rgb(planes: NDArray[np.uint8], window: tuple[int, int, int, int]) -> NDArray[np.uint8]:
    """Convert a window (y0, y1, x0, x1) of a 4:2:0 frame to RGB.

    Chroma is interpolated to the pixel centres, from one sample beyond the window at each side, so
    that the window has the very colours that it has in the whole frame.
    """
    y0, y1, x0, x1 = window
    top, left = max(0, y0 // 2 - 1), max(0, x0 // 2 - 1)
    bottom, right = min(SIZE // 2, (y1 + 1) // 2 + 1), min(SIZE // 2, (x1 + 1) // 2 + 1)
    size = (2 * (right - left), 2 * (bottom - top))
    rows, columns = slice(y0 - 2 * top, y1 - 2 * top), slice(x0 - 2 * left, x1 - 2 * left)
    halves = planes[SIZE:].reshape(2, SIZE // 2, SIZE // 2)[:, top:bottom, left:right]
    u_HW, v_HW = (cv2.resize(half_HW, size)[rows, columns] for half_HW in halves)
    yuv_HWC = cv2.merge([planes[y0:y1, x0:x1], u_HW, v_HW])
    return cv2.transform(yuv_HWC, np.hstack([RGB_FROM_YUV, _OFFSET]))


def _parts(planes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Return how much of every pixel is skin and how much is hair, (256, 256, 2)."""
    skin_HW, hair_HW = (
        cv2.LUT(cv2.resize(half_HW, (SIZE, SIZE)), _SHARPEN)
        for half_HW in np.split(planes[:SIZE], 2)
    )
    return cv2.merge([skin_HW, np.minimum(hair_HW, 255 - skin_HW)])


def _recolour(
    rgb_HWC: NDArray[np.uint8], parts_HWC: NDArray[np.uint8], paint: Paint
) -> NDArray[np.uint8]:
    """Map skin and hair to another tone and blend by how much of each a pixel is.

    Before its map a colour is held to what that part really shows, so that a pixel on the border of
    hair and skin becomes a blend of two right colours instead of one far-fetched one.
    """
    rest_HW = 255 - cv2.add(parts_HWC[..., 0], parts_HWC[..., 1])
    out_HWC = cv2.multiply(rgb_HWC, cv2.merge([rest_HW] * 3), scale=1 / 255)
    for part in (0, 1):
        held_HWC = cv2.LUT(rgb_HWC, paint.holds[part])
        share_HWC = cv2.merge([parts_HWC[..., part]] * 3)
        mapped_HWC = cv2.transform(held_HWC, paint.maps[part])
        out_HWC = cv2.add(out_HWC, cv2.multiply(mapped_HWC, share_HWC, scale=1 / 255))
    return out_HWC
