"""What a stream has shown: its newest chunks, of which clips can be made, and its prompts."""

from __future__ import annotations

import dataclasses
import math
import tempfile
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

from msgspec.structs import replace

from kinema.engine import stages
from kinema.engine.adapters import Adapter, Frames, Picture, Run
from kinema.engine.progress import ignore, never
from kinema.engine.stream import Part, whole
from kinema.serve.ids import Kind, new_id
from kinema.serve.jobs.make import Maker
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.lives import LiveRow
from kinema.types import Json, to_builtins


@dataclass(slots=True)
class Segment:
    """A stretch of the stream under one prompt; ``end`` is None while it is the newest."""

    prompt: str
    start: float
    end: float | None = None
    clips: list[str] = field(default_factory=list[str])


@dataclass(frozen=True, slots=True)
class Shown:
    """A chunk that was shown, and the prompt that ruled it."""

    start: Fraction
    part: Part
    prompt: str


class Reel:
    """The newest chunks of a stream, and all its segments.

    Args:
        chunk: Seconds of one chunk.
        seconds: How many of them are held.
    """

    def __init__(self, chunk: Fraction, seconds: int) -> None:
        self.chunk = chunk
        self.segments: list[Segment] = []
        self.at = Fraction(0)
        """Seconds of the stream that were made."""
        self._shown: deque[Shown] = deque(maxlen=max(1, math.ceil(seconds / chunk)))

    @property
    def prompt(self) -> str:
        """The newest; "" before the first."""
        return self.segments[-1].prompt if self.segments else ""

    @property
    def held(self) -> float:
        """Seconds of the past that clips can be made of."""
        return float(self.chunk * len(self._shown))

    def begin(self, prompt: str) -> None:
        """From now on another prompt rules."""
        if self.segments:
            self.segments[-1].end = float(self.at)
        self.segments.append(Segment(prompt, float(self.at)))

    def add(self, part: Part) -> None:
        """A chunk was shown to its end. It can be drawn again when the stream is over."""
        quiet = dataclasses.replace(part.run, on_event=ignore, cancelled=never)
        part = dataclasses.replace(part, run=quiet)
        self._shown.append(Shown(self.at, part, self.segments[-1].prompt))
        self.at += self.chunk

    def close(self) -> None:
        """Nothing comes any more."""
        if self.segments and self.segments[-1].end is None:
            self.segments[-1].end = float(self.at)

    def between(self, start: float, end: float) -> list[Shown]:
        """The chunks that are held and that show anything of that stretch."""
        return [one for one in self._shown if one.start < end and one.start + self.chunk > start]

    def stretch(self, chunks: Sequence[Shown]) -> dict[str, float]:
        """Where chunks begin and end, in seconds of the stream."""
        return {"start": float(chunks[0].start), "end": float(chunks[-1].start + self.chunk)}

    def note(self, clip: str, chunks: Sequence[Shown]) -> None:
        """A clip was made of those chunks."""
        start, end = self.stretch(chunks).values()
        for segment in self.segments:
            if segment.start < end and (segment.end is None or segment.end > start):
                segment.clips.append(clip)

    def document(self) -> list[Json]:
        """The segments as they are written down; one that was never shown whole is left out."""
        return [
            {"prompt": one.prompt, "start": one.start, "end": one.end, "clips": list(one.clips)}
            for one in self.segments
            if one.end is None or one.end > one.start
        ]


def publish(
    maker: Maker, live: LiveRow, model: Adapter, chunks: Sequence[Shown], source: str | None
) -> str:
    """Make a clip of chunks that were shown, as good as any that a job makes; its id.

    They are drawn once more in full size: the same scenes or latents give the same pictures.

    Args:
        maker: Of the worker.
        live: The stream.
        model: That drew it.
        chunks: One or more, each beginning where the one before ends.
        source: The clip that was kept of the stream before.

    Raises:
        KinemaError: As `stages.write`.
        OSError: The files cannot be stored.
    """
    first = chunks[0]
    # A chunk of a scene that ran on has no prompt of its own, and the clip has one.
    request = replace(first.part.request, prompt=first.prompt)
    begun = dataclasses.replace(first.part, request=request)
    clip = new_id(Kind.CLIP)
    facts = whole(model, [begun, *(one.part for one in chunks[1:])])
    request = facts.request
    frames = Frames(_pictures(model, chunks), request.size, request.fps, request.frames)
    prompts = dict.fromkeys(one.prompt for one in chunks)
    with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
        film = Path(folder) / "video.mp4"
        around = Run({}, ignore, never)
        watch = stages.Stopwatch()
        made = stages.write(frames, film, lambda: facts, around, watch, maker.publication(clip))
        row = ClipRow(
            id=clip,
            project=live.project,
            kind=request.task,
            alias=live.alias,
            model=request.model,
            prompt="\n".join(prompts),
            seconds=f"{float(request.seconds):g}",
            size=str(request.size),
            request=to_builtins(request),
            source=source,
        )
        maker.publish_at_once(row, film, facts, to_builtins(made))
    return clip


def _pictures(model: Adapter, chunks: Sequence[Shown]) -> Iterator[Picture]:
    for one in chunks:
        yield from one.part.frames(model).pictures
