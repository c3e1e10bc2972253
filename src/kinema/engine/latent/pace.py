"""How fast a machine runs a model: measured once in small, corrected by every real run.

It is kept as a small file, so that programs that hold no network can forecast what a run takes.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter
from collections.abc import Callable, Generator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final

import msgspec

from kinema.engine.latent.work import Operations
from kinema.errors import RequestError
from kinema.media import cache_folder
from kinema.models.registry import ModelSpec
from kinema.types import Value, from_json, to_json

TRUST: Final = 0.5
"""Share of a later measurement in what is believed; the first real one is believed wholly."""

COUNTED: Final = 3
"""Pieces of work of each shape whose time is taken in one process."""


class Pace(Value, kw_only=True):
    """Rates of one machine with one model.

    products, attention and decoding: operations a second of `work.Operations`: in a transformer's
    products with weights, in its attention, and in an autoencoder. reading: bytes of weights a
    second from where they lie. itemsize: bytes of a weight. budget: bytes of memory it may use.
    model: see `key`. machine: for people. runs: how often real steps and real decodes corrected it.
    """

    model: str
    machine: str
    itemsize: int
    budget: int
    products: float
    attention: float
    decoding: float
    reading: float
    runs: tuple[int, int] = (0, 0)

    def seconds(self, work: Operations) -> float:
        """How long a piece of a transformer's work takes."""
        return work.products / self.products + work.attention / self.attention

    def decoding_seconds(self, work: Operations) -> float:
        """How long a piece of an autoencoder's work takes."""
        return (work.products + work.attention) / self.decoding

    def after_steps(self, work: Operations, seconds: float) -> Pace:
        """Corrected by a real piece of a transformer's work."""
        steps, decodes = self.runs
        factor = _corrected(self.seconds(work) / seconds, steps)
        return msgspec.structs.replace(
            self,
            products=self.products * factor,
            attention=self.attention * factor,
            runs=(steps + 1, decodes),
        )

    def after_streaming(self, size: int, seconds: float) -> Pace:
        """Corrected by a real step that had to wait for so many bytes of weights."""
        return msgspec.structs.replace(self, reading=size / seconds)

    def after_decoding(self, work: Operations, seconds: float) -> Pace:
        """Corrected by a real piece of an autoencoder's work."""
        steps, decodes = self.runs
        factor = _corrected(self.decoding_seconds(work) / seconds, decodes)
        return msgspec.structs.replace(
            self, decoding=self.decoding * factor, runs=(steps, decodes + 1)
        )


class Clock:
    """Takes the time of real work, and corrects and keeps a pace by it.

    The first step only warms up, as the first chunk of a decoding does, which is not brought here.
    Of each shape some pieces count after that, and later ones are not looked at.

    Args:
        pace: As known so far.
        wait: Called before the time is read: on a GPU work goes on after a call has returned.
    """

    def __init__(self, pace: Pace, wait: Callable[[], None] = lambda: None) -> None:
        self.pace = pace
        self._wait = wait
        self._is_warm = False
        self._seen: Counter[tuple[int, ...]] = Counter()

    @contextmanager
    def steps(self, shape: tuple[int, ...], work: Operations, streamed: int = 0) -> Generator[None]:
        """Time a forward; ``streamed`` bytes of weights had to come for it."""
        if not self._is_warm:
            yield
            self._is_warm = True
            return
        with self._timed((0, *shape)) as taken:
            yield
        if not taken:
            return
        if streamed and taken[0] > self.pace.seconds(work):
            self._corrected(self.pace.after_streaming(streamed, taken[0]))
        elif not streamed:
            self._corrected(self.pace.after_steps(work, taken[0]))

    @contextmanager
    def decoding(self, shape: tuple[int, ...], work: Operations) -> Generator[None]:
        """Time the decoding of a chunk."""
        with self._timed((1, *shape)) as taken:
            yield
        if taken:
            self._corrected(self.pace.after_decoding(work, taken[0]))

    @contextmanager
    def _timed(self, kind: tuple[int, ...]) -> Generator[list[float]]:
        """Yields a list that holds the seconds afterwards, where they count."""
        taken: list[float] = []
        if self._seen[kind] == COUNTED:
            yield taken
            return
        self._seen[kind] += 1
        self._wait()
        began = time.perf_counter()
        yield taken
        self._wait()
        taken.append(time.perf_counter() - began)

    def _corrected(self, pace: Pace) -> None:
        self.pace = pace
        keep(pace)


def key(spec: ModelSpec) -> str:
    """What paces of a model are kept under: its name and a mark of its sizes."""
    sizes = repr((spec.transformer, spec.vae)).encode()
    return f"{spec.name}-{hashlib.sha256(sizes).hexdigest()[:8]}"


def known(spec: ModelSpec) -> Pace | None:
    """The pace of a model on this machine, None where it never ran here."""
    path = _path(key(spec))
    try:
        return from_json(path.read_bytes(), Pace)
    except (OSError, RequestError):  # written by another version: measured anew
        return None


def keep(pace: Pace) -> None:
    """Write a pace down for `known`; a disk that is full or read-only loses it, nothing more."""
    path = _path(pace.model)
    half = path.with_suffix(f".{os.getpid()}.part")
    with suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        half.write_bytes(to_json(pace))
        half.replace(path)


def _corrected(factor: float, runs: int) -> float:
    return factor if runs == 0 else float(factor**TRUST)


def _path(model: str) -> Path:
    return cache_folder() / "pace" / f"{model}.json"
