"""Somebody's own clips as batches: found, cut into shots, cropped, in buckets, in any order.

What is learned from is a folder of videos with captions (`captioned`). Each shot between two cuts
gives as many pieces as fit into it, of the bucket whose shape is nearest. Every pass over the
pieces has an order of its own, and a position says where in which pass a run is.
"""

from __future__ import annotations

import json
import math
from collections import deque
from collections.abc import Callable, Generator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from itertools import count, pairwise
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from kinema import media
from kinema.data.batch import CAMERA, Batch
from kinema.data.captioned import Captioned, Problem, captioned
from kinema.data.cuts import cuts
from kinema.data.drawing import words_of
from kinema.data.stream import Bucket
from kinema.errors import MediaError, RequestError
from kinema.media.reader import picked

Encode = Callable[[NDArray[np.uint8]], NDArray[np.float16]]


@dataclass(frozen=True, slots=True)
class FootageConfig:
    """What is learned from a folder.

    Args:
        folder: Of the clips and captions.
        buckets: Shapes and lengths of the batches, each of 1 + 4 k frames.
        cache: Folder where cuts and latents are kept, by content of the files; None: nowhere.
        seed: Of the order.
        fps: Frames a second of the batches; clips are taken at that pace.
        ahead: Batches that are held ready.
        tokens: Of each caption that are read and come with their states; 0: none.
    """

    folder: Path
    buckets: tuple[Bucket, ...]
    cache: Path | None = None
    seed: int = 0
    fps: int = 12
    ahead: int = 2
    tokens: int = 0

    def __post_init__(self) -> None:
        if not self.buckets or any(b.clips < 1 or b.frames % 4 != 1 for b in self.buckets):
            raise ValueError("buckets hold at least one clip of 1 + 4 k frames")


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a file, as long as its bucket: frame numbers of the file, one for each frame."""

    path: Path
    content: str
    caption: str
    bucket: Bucket
    frames: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Footage:
    """All pieces of a folder, and what could not be used and why."""

    pieces: tuple[Piece, ...]
    problems: tuple[Problem, ...]


def surveyed(config: FootageConfig) -> Footage:
    """Look through a folder: which files can be read, where they cut, which pieces they give.

    Files that are broken, have no caption or are too short are named and left out.

    Raises:
        RequestError: There is no such folder, or nothing in it can be used; names the first file.

    Cost:
        Decodes every video once; later only reads it, where there is a cache.
    """
    files, problems = captioned(config.folder)
    pieces: list[Piece] = []
    for file in files:
        name = file.path.relative_to(config.folder).as_posix()
        try:
            found = _pieces(file, config)
        except MediaError as error:
            problems.append(Problem(name, error.problem))
            continue
        if not found:
            problems.append(Problem(name, "no shot of it is as long as the shortest bucket"))
        pieces += found
    if not pieces:
        first = f"{problems[0].file} {problems[0].why}"
        raise RequestError("data", f"nothing in {config.folder.name}/ can be used: {first}")
    return Footage(tuple(pieces), tuple(problems))


def footage(
    config: FootageConfig,
    found: Footage,
    position: int = 0,
    *,
    encode: Encode | None = None,
    codec: str = "",
) -> Generator[Batch]:
    """Batches of a folder's pieces from a position on, without end.

    Args:
        config: Of the folder.
        found: What `surveyed` said of it.
        position: Number of batches that were taken before.
        encode: Makes latents of pixels (B, T, H, W, 3); called on this thread. None: pixels come.
        codec: Names what encodes. Under it latents are kept in the cache and not made again.

    Yields:
        Batches without labels; the camera is taken to rest.

    Raises:
        MediaError: A file has changed or gone since it was surveyed.
    """
    with ThreadPoolExecutor(1) as reader:
        waiting: deque[tuple[int, list[Piece], Future[NDArray[np.uint8] | None]]] = deque()
        numbers = count(position)
        try:
            while True:
                while len(waiting) < max(1, config.ahead):
                    number = next(numbers)
                    chosen = _chosen(config, found.pieces, number)
                    read = reader.submit(_pixels, config, chosen, codec if encode else "")
                    waiting.append((number, chosen, read))
                number, chosen, read = waiting.popleft()
                pixels = read.result()
                latent = None
                if encode is not None:
                    latent = _latents(config, chosen, pixels, encode, codec)
                yield _batch(config, chosen, pixels, latent, number + 1)
        finally:
            for _, _, read in waiting:
                read.cancel()


def covered(picture: NDArray[np.uint8], width: int, height: int) -> NDArray[np.uint8]:
    """The middle of a picture, scaled so that it covers width x height."""
    rows, columns = picture.shape[:2]
    scale = max(width / columns, height / rows)
    size = (max(width, round(columns * scale)), max(height, round(rows * scale)))
    how = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    scaled = cv2.resize(picture, size, interpolation=how)
    left, top = (size[0] - width) // 2, (size[1] - height) // 2
    return np.asarray(scaled[top : top + height, left : left + width], np.uint8)


def _pieces(file: Captioned, config: FootageConfig) -> list[Piece]:
    info = media.probe(file.path, field="data")
    content = media.file_id(file.path, field="data").removeprefix("sha256:")
    rate = info.fps or Fraction(config.fps)
    edges = [0, *_cuts(file.path, content, config.cache), info.frames]
    found: list[Piece] = []
    for begin, end in pairwise(edges):
        bucket = _bucket(config, info.size.width / info.size.height, (end - begin) / rate)
        if bucket is None:
            continue
        long = Fraction(bucket.frames, config.fps)
        count_of = 1 if bucket.frames == 1 else max(1, math.floor((end - begin) / rate / long))
        for number in range(count_of):
            times = [number * long + Fraction(i, config.fps) for i in range(bucket.frames)]
            frames = tuple(min(begin + round(time * rate), end - 1) for time in times)
            found.append(Piece(file.path, content, file.caption, bucket, frames))
    return found


def _bucket(config: FootageConfig, aspect: float, seconds: Fraction) -> Bucket | None:
    """Of the buckets that a shot is long enough for, the nearest shape, then the longest.

    A single frame is taken only of what is too short for anything else.
    """
    slack = Fraction(1, config.fps)
    fitting = [b for b in config.buckets if Fraction(b.frames, config.fps) <= seconds + slack]
    fitting = [b for b in fitting if b.frames > 1] or fitting
    if not fitting:
        return None
    return min(fitting, key=lambda b: (abs(math.log(aspect * b.height / b.width)), -b.frames))


def _cuts(path: Path, content: str, cache: Path | None) -> list[int]:
    place = None if cache is None else cache / "cuts" / f"{content}.json"
    if place is not None and place.is_file():
        return json.loads(place.read_text("utf-8"))
    found = cuts(media.frames(path, field="data"))
    if place is not None:
        _keep(place, lambda half: half.write_text(json.dumps(found), "utf-8"))
    return found


def _chosen(config: FootageConfig, pieces: Sequence[Piece], number: int) -> list[Piece]:
    """The pieces of a batch: every piece comes once in a pass, in an order of that pass."""
    groups = [
        [piece for piece in pieces if piece.bucket == bucket]
        for bucket in dict.fromkeys(config.buckets)
    ]
    groups = [group for group in groups if group]
    sizes = [math.ceil(len(group) / group[0].bucket.clips) for group in groups]
    turn, place = divmod(number, sum(sizes))
    dice = np.random.default_rng([config.seed, turn])
    orders = [dice.permutation(len(group)) for group in groups]
    slots = [(g, n) for g, size in enumerate(sizes) for n in range(size)]
    g, n = slots[int(dice.permutation(len(slots))[place])]
    clips = groups[g][0].bucket.clips
    # The last batch of a bucket is filled up from the first.
    return [groups[g][orders[g][i % len(groups[g])]] for i in range(n * clips, (n + 1) * clips)]


def _pixels(config: FootageConfig, chosen: list[Piece], codec: str) -> NDArray[np.uint8] | None:
    """The pixels of a batch; None where all of its latents are in the cache."""
    places = [_place(config, piece, codec) for piece in chosen]
    if all(place is not None and place.is_file() for place in places):
        return None
    return np.stack([pixels_of(piece) for piece in chosen])


def pixels_of(piece: Piece) -> NDArray[np.uint8]:
    """The frames of a piece: (T, H, W, 3) bytes, the size of its bucket.

    Raises:
        MediaError: The file has changed or gone since it was surveyed.
    """
    distinct = sorted(set(piece.frames))
    read = picked(piece.path, distinct, field="data")
    size = piece.bucket.width, piece.bucket.height
    frames = {n: covered(picture, *size) for n, picture in zip(distinct, read, strict=True)}
    return np.stack([frames[number] for number in piece.frames])


def encoded(config: FootageConfig, piece: Piece, encode: Encode, codec: str) -> None:
    """See that the latent of a piece is in the cache.

    Raises:
        MediaError: The file has changed or gone since it was surveyed.
    """
    pixels = _pixels(config, [piece], codec)
    if pixels is not None:
        _latents(config, [piece], pixels, encode, codec)


def _latents(
    config: FootageConfig,
    chosen: list[Piece],
    pixels: NDArray[np.uint8] | None,
    encode: Encode,
    codec: str,
) -> NDArray[np.float16]:
    kept = [place for piece in chosen if (place := _place(config, piece, codec)) is not None]
    if pixels is None:
        return np.stack([np.load(place) for place in kept])
    latent = encode(pixels)
    for place, one in zip(kept, latent, strict=False):  # none are kept without a cache
        _keep(place, lambda half, one=one: _save(half, one))
    return latent


def _place(config: FootageConfig, piece: Piece, codec: str) -> Path | None:
    """Where a piece's latent is kept: by what the file holds, not by its name."""
    if config.cache is None or not codec:
        return None
    shape = f"{piece.bucket.width}x{piece.bucket.height}x{piece.bucket.frames}@{config.fps}"
    name = f"{piece.content}-{piece.frames[0]}-{shape}.npy"
    return config.cache / "latents" / codec / name


def _save(path: Path, latent: NDArray[np.float16]) -> None:
    with path.open("wb") as file:
        np.save(file, latent)


def _keep(place: Path, write: Callable[[Path], object]) -> None:
    """Write a file of the cache whole, or not at all where there is no room."""
    half = place.with_name(f".{place.name}.part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        write(half)
        half.replace(place)
    except OSError:
        half.unlink(missing_ok=True)


def _batch(
    config: FootageConfig,
    chosen: list[Piece],
    pixels: NDArray[np.uint8] | None,
    latent: NDArray[np.float16] | None,
    position: int,
) -> Batch:
    bucket = chosen[0].bucket
    none = np.empty((0, bucket.frames, bucket.height, bucket.width, 3), np.uint8)
    captions = [piece.caption for piece in chosen]
    words = [words_of(one, config.tokens) for one in captions] if config.tokens else None
    return Batch(
        none if pixels is None or latent is not None else pixels,
        captions,
        np.zeros((len(chosen), bucket.frames, CAMERA), np.float32),
        config.fps,
        position,
        words=words,
        latent_BCTYX=latent,
    )
