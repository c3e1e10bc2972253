"""When everything is seen and heard: anchors solved into frames, for one language.

An anchor is a sum of moments and lengths:

    12f   2.5s   sequence.start   sequence.end   shot.ID.start   line.ID.end   item.ID.start
    word("rates", line.ID).start   shot.forest.fox-runs.start+6f   line.hello.end-0.1s

The shots of the picture track stand end to end; their lengths come from seconds and from the words
spoken over them. Everything else follows. Moments are rounded to frames once, at the end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from math import ceil
from typing import Final

from kinema.errors import RequestError
from kinema.studio.document import (
    Item,
    Line,
    LineKind,
    Project,
    Sequence,
    Shot,
    Track,
    TrackKind,
    Transition,
)
from kinema.types import SECONDS_MAX

LETTERS_A_SECOND: Final = 15
"""The pace at which people speak, and read."""
_LEAST: Final = Fraction(6, 5)
_BETWEEN: Final = Fraction(1, 4)
"""Seconds between two lines that are spoken over one shot."""

_TERM: Final = re.compile(
    r"""(?P<sign>[+-]?)\s*(?:
        (?P<frames>\d{1,7})f | (?P<seconds>\d{1,6}(?:\.\d{1,9}|/[1-9]\d{0,8})?)s |
        sequence\.(?P<whole>start|end) |
        (?P<kind>shot|line|item)\.(?P<id>[a-z0-9][a-z0-9._-]*)\.(?P<edge>start|end) |
        word\("(?P<word>[^"]{1,80})",\s*line\.(?P<of>[a-z0-9][a-z0-9._-]*)\)\.(?P<side>start|end)
    )\s*""",
    re.VERBOSE,
)


@dataclass(frozen=True, slots=True)
class Placed:
    """An item in frames of the film: ``start`` up to ``start + frames``.

    ``first`` is the frame of the shot that is shown at ``start``, counted from the shot's beginning
    (below 0 inside its head handle; 0 for anything but a shot).
    """

    item: Item
    start: int
    frames: int
    first: int = 0

    @property
    def end(self) -> int:
        """The frame after the last one."""
        return self.start + self.frames

    @property
    def lead(self) -> int:
        """Frames of its transition before the cut."""
        transition: Transition | None = self.item.transition
        return transition.frames // 2 if transition and self.start else 0

    @property
    def follow(self) -> int:
        """Frames of its transition from the cut on."""
        transition = self.item.transition
        return transition.frames - self.lead if transition else 0


@dataclass(frozen=True, slots=True)
class Cut:
    """A sequence with every item in its frames, in one language."""

    fps: Fraction
    frames: int
    tracks: tuple[tuple[Track, tuple[Placed, ...]], ...]

    def on(self, *kinds: TrackKind) -> Iterator[Placed]:
        """The items of all tracks of those kinds."""
        for track, items in self.tracks:
            if track.kind in kinds:
                yield from items

    @property
    def picture(self) -> tuple[Placed, ...]:
        """The shots in the order in which they are seen."""
        return tuple(self.on(TrackKind.PICTURE))


def words_of(line: Line, language: str, base: str) -> str:
    """The line in that language, or in the base language where it is not translated."""
    return (line.text.get(language) or line.text[base]).value


def spoken_seconds(text: str) -> Fraction:
    """How long a text takes to say or to read, at 15 letters a second and 1.2 seconds at least."""
    return max(_LEAST, Fraction(len(" ".join(text.split())), LETTERS_A_SECOND))


def shot_frames(project: Project, shot: Shot, language: str) -> int:
    """Length of a shot: its seconds, or what its lines take with silence around them."""
    length = shot.length
    talk = Fraction(0)
    if length.lines:
        said = [
            spoken_seconds(words_of(project.lines[name], language, project.base_language))
            for name in length.lines
        ]
        talk = length.head + sum(said) + _BETWEEN * (len(said) - 1) + length.tail
    return max(1, ceil(max(length.seconds, talk) * project.look.fps))


def solve(project: Project, sequence: str, language: str) -> Cut:
    """Put every item of a sequence into frames.

    Args:
        project: A document that passes `document.check`.
        sequence: Which of its sequences.
        language: In which language lines are spoken and read.

    Returns:
        The cut; no item has less than one frame, and none on the picture track overlaps another.

    Raises:
        RequestError: An anchor cannot be read, leads nowhere, asks for itself (the message has the
            whole ring), or puts an item before the beginning, before its own start or over another.
    """
    return _Solver(project, project.sequences[sequence], sequence, language).cut()


class _Solver:
    """Moments in seconds, each worked out once and when it is first asked for."""

    def __init__(self, project: Project, sequence: Sequence, name: str, language: str) -> None:
        self.project, self.language, self.name = project, language, name
        self.fps = project.look.fps
        self.tracks = sequence.tracks
        self.items: dict[str, Item] = {}
        self.before: dict[str, Item | None] = {}
        self.kinds: dict[str, TrackKind] = {}
        self.by_ref: dict[str, Item] = {}
        for track in sequence.tracks:
            last = None
            for item in track.items:
                self.items[item.id], self.before[item.id] = item, last
                self.kinds[item.id] = track.kind
                self.by_ref.setdefault(item.ref, item)
                last = item
        self.known: dict[tuple[str, str], Fraction] = {}
        self.asked: list[tuple[str, str]] = []

    def cut(self) -> Cut:
        tracks = tuple(
            (track, tuple(self._placed(item) for item in track.items)) for track in self.tracks
        )
        for track, items in tracks:
            if track.kind is TrackKind.PICTURE:
                self._check_picture(items)
        frames = max(
            (p.end for track, items in tracks for p in items if _is_seen(track)), default=0
        )
        if frames == 0:
            raise RequestError(f"sequences/{self.name}", "shows nothing", "one shot or more")
        if Fraction(frames) / self.fps > SECONDS_MAX * 12:
            raise RequestError(f"sequences/{self.name}", "is too long", "at most two hours")
        return Cut(self.fps, frames, tracks)

    def _placed(self, item: Item) -> Placed:
        start = _frame(self._edge(item, "start") * self.fps)
        end = max(start + 1, _frame(self._edge(item, "end") * self.fps))
        first = item.trim.start if item.trim else 0
        return Placed(item, start, end - start, first)

    def _edge(self, item: Item, edge: str) -> Fraction:
        key = (item.id, edge)
        if key in self.known:
            return self.known[key]
        if key in self.asked:
            ring = [*self.asked[self.asked.index(key) :], key]
            path = " -> ".join(f"item.{name}.{side}" for name, side in ring)
            raise RequestError(self._field(item, edge), f"asks for itself: {path}", "no ring")
        self.asked.append(key)
        found = self._start(item) if edge == "start" else self._end(item)
        self.asked.pop()
        self.known[key] = found
        return found

    def _start(self, item: Item) -> Fraction:
        if item.start is not None:
            start = self._moment(item.start, self._field(item, "start"))
            if start < 0:
                raise RequestError(self._field(item, "start"), "is before the film", "0f or later")
            return start
        last = self.before[item.id]
        return self._edge(last, "end") if last else Fraction(0)

    def _end(self, item: Item) -> Fraction:
        start = self._edge(item, "start")
        if item.end is None:
            return start + self._length(item)
        end = self._moment(item.end, self._field(item, "end"))
        if end <= start:
            raise RequestError(self._field(item, "end"), "is not after the start", "a later moment")
        return end

    def _length(self, item: Item) -> Fraction:
        if self.kinds[item.id] is TrackKind.PICTURE:
            if item.trim is not None:
                return item.trim.frames / self.fps
            shot = self.project.shots[item.ref]
            return shot_frames(self.project, shot, self.language) / self.fps
        if item.ref in self.project.lines:
            return spoken_seconds(self._words(item.ref))
        end = self._whole() - self._edge(item, "start")  # sound without an end lasts to the end
        if end <= 0:
            raise RequestError(self._field(item, "start"), "is after the film", "an earlier moment")
        return end

    def _whole(self) -> Fraction:
        last = [
            track.items[-1]
            for track in self.tracks
            if track.kind is TrackKind.PICTURE and track.items
        ]
        return max((self._edge(item, "end") for item in last), default=Fraction(0))

    def _words(self, line: str) -> str:
        return words_of(self.project.lines[line], self.language, self.project.base_language)

    def _moment(self, text: str, field: str) -> Fraction:
        total, position = Fraction(0), 0
        while position < len(text) or position == 0:
            term = _TERM.match(text, position)
            if term is None or (position and not term["sign"]):
                allowed = "such as 12f, 2.5s, shot.ID.start+6f or line.ID.end-0.1s"
                raise RequestError(field, f"cannot read {text!r}", allowed)
            value = self._term(term.groupdict(), field)
            total += -value if term["sign"] == "-" else value
            position = term.end()
        return total

    def _term(self, term: Mapping[str, str | None], field: str) -> Fraction:
        if (frames := term["frames"]) is not None:
            return int(frames) / self.fps
        if (seconds := term["seconds"]) is not None:
            return Fraction(seconds)
        if (whole := term["whole"]) is not None:
            return Fraction(0) if whole == "start" else self._whole()
        if (word := term["word"]) is not None:
            return self._word(word, term["of"] or "", term["side"] or "", field)
        name, edge = term["id"] or "", term["edge"] or ""
        found = self.items.get(name) if term["kind"] == "item" else self.by_ref.get(name)
        if found is None:
            problem = f"there is no {term['kind']} {name!r} in this sequence"
            raise RequestError(field, problem, ", ".join(sorted(self.by_ref)[:8]))
        return self._edge(found, edge)

    def _word(self, word: str, line: str, side: str, field: str) -> Fraction:
        """A word's moment: its share of the letters of the line."""
        item = self.by_ref.get(line)
        text = self._words(line) if item is not None and line in self.project.lines else ""
        match = re.search(rf"(?<!\w){re.escape(word)}(?!\w)", text, re.IGNORECASE)
        if item is None or match is None:
            raise RequestError(field, f"line {line!r} does not say {word!r}", text or "its words")
        start, end = self._edge(item, "start"), self._edge(item, "end")
        at = match.start() if side == "start" else match.end()
        return start + (end - start) * at / len(text)

    def _check_picture(self, items: tuple[Placed, ...]) -> None:
        reach = 0
        for placed in items:
            if placed.start < reach:
                field = self._field(placed.item, "start")
                raise RequestError(field, "is before the end of the shot before it", f"{reach}f")
            reach = placed.end

    def _field(self, item: Item, edge: str) -> str:
        return f"sequences/{self.name}/items/{item.id}/{edge}"


def _is_seen(track: Track) -> bool:
    return track.kind is TrackKind.PICTURE


def _frame(moment: Fraction) -> int:
    """The nearest frame; from the very middle, the earlier one."""
    return ceil(moment - Fraction(1, 2))


def is_spoken(line: Line) -> bool:
    """Whether a line is heard, and so captioned."""
    return line.kind is not LineKind.TITLE
