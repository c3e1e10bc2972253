"""A film out of a project: shots from the cache or the engine, joined, with captions burnt in."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path

import cv2
import numpy as np

from kinema import media, trust
from kinema.engine.adapters import Run
from kinema.engine.facts import versions
from kinema.engine.generate import produce
from kinema.engine.progress import ignore, never
from kinema.engine.stages import Publication
from kinema.errors import Cancelled, MediaError, RequestError
from kinema.media.colour import Rgb
from kinema.media.staging import naming_output
from kinema.studio import captions
from kinema.studio.anchors import Cut, Placed, solve
from kinema.studio.burn import burnt, libass
from kinema.studio.cache import ClipCache
from kinema.studio.document import CaptionUse, Deliverable, Project, TransitionKind, digest
from kinema.studio.lineage import lineage
from kinema.studio.shots import DRAWING, request_key, shot_request, weights_mark
from kinema.studio.sources import Source
from kinema.types import FileId, IsCancelled, Log, OnEvent, Progress, Size


@dataclass(frozen=True, slots=True)
class Rendering:
    """With what films are made: where files lie, and who is told.

    ``files`` are the pictures and uploaded takes that the document names by content. ``clips`` has
    the clips of requests that somebody else has made; what is not there is generated and cached.
    """

    cache: ClipCache = field(default_factory=ClipCache)
    files: Mapping[FileId, Path] = field(default_factory=dict[FileId, Path])
    on_event: OnEvent = ignore
    cancelled: IsCancelled = never
    weights: Path | None = None
    clips: Mapping[str, Path] = field(default_factory=dict[str, Path])


@dataclass(frozen=True, slots=True)
class Film:
    """A finished film: its file, its cut, and where each shot came from."""

    path: Path
    cut: Cut
    sources: dict[str, Source]
    captions: tuple[captions.Cue, ...]


def render(project: Project, deliverable: str, out: Path, run: Rendering) -> Film:
    """Make one film.

    Shots that are in the cache are taken from there, the others are generated; then all are joined
    with their transitions, and captions and titles are burnt in where the film wants them. What was
    joined is kept as well; the marks and the document's facts are written anew each time.

    Args:
        project: A document that passes `document.check`.
        deliverable: Which of its films.
        out: Where to write, an ``.mp4``.
        run: With what.

    Raises:
        RequestError: The document asks for what cannot be; nothing is left behind.
        MediaError: A take's clip is missing or broken.
        MissingPart: Captions are to be burnt in, and the program that does it is not installed.
        Cancelled: ``run.cancelled()`` was true; finished shots stay in the cache.

    Cost:
        Of a film in which nothing changed: reading its files once.
    """
    film = project.deliverables[deliverable]
    cut = solve(project, film.sequence, film.language)
    cues = captions.cues(project, cut, film.language, film.size)
    shown = _burnt_cues(film, cues)
    if shown:
        libass()  # a missing program is told before anything is rendered
    sources = gather(project, deliverable, cut, run)

    def join(path: Path) -> FileId:
        frames: Iterator[Rgb] = _joined(cut, sources, film.size)
        media.write(
            path,
            burnt(frames, shown, film.size, cut.fps) if shown else frames,
            size=film.size,
            fps=cut.fps,
            count=cut.frames,
            on_frame=_told(run, cut.frames),
            cancelled=run.cancelled,
        )
        return media.file_id(path)

    joined = run.cache.beside("films").of(_film_key(cut, sources, shown, film.size), join)
    with media.staged(out) as part, naming_output():
        shutil.copyfile(joined, part)
        trust.finish(part, lineage(project, deliverable, sources))
    return Film(out, cut, sources, tuple(cues))


def gather(project: Project, deliverable: str, cut: Cut, run: Rendering) -> dict[str, Source]:
    """The clips of all shots of a film, those that are not there made.

    Raises:
        RequestError: A transition or trim needs frames that no clip has.
        MediaError, Cancelled: As `render`.
    """
    film = project.deliverables[deliverable]
    names = list(dict.fromkeys(placed.item.ref for placed in cut.picture))
    sources: dict[str, Source] = {}
    for done, name in enumerate(names):
        run.on_event(Progress(stage=f"shot {name}", done=done, total=len(names)))
        sources[name] = _source(project, name, film, run)
    _check_reach(cut, sources)
    return sources


def _film_key(
    cut: Cut, sources: Mapping[str, Source], shown: Sequence[captions.Cue], size: Size
) -> str:
    """The name of a joined film; nothing is in it that cannot be seen."""
    bends = [placed.item.transition for placed in cut.picture]
    return digest(
        {
            "op": "film",
            "op_version": 2,
            "shots": [
                [
                    media.file_id(source.path),
                    source.first + placed.first,
                    placed.start,
                    placed.frames,
                ]
                for placed in cut.picture
                for source in [sources[placed.item.ref]]
            ],
            "transitions": [[str(bend.kind), bend.frames] if bend else [] for bend in bends],
            "words": [[str(cue.start), str(cue.end), cue.text, cue.is_title] for cue in shown],
            "size": str(size),
            "fps": str(cut.fps),
            "versions": versions(DRAWING),
        }
    )


def _source(project: Project, name: str, film: Deliverable, run: Rendering) -> Source:
    if run.cancelled():
        raise Cancelled(f"stopped before shot {name}")
    shot = project.shots[name]
    if shot.selected is not None:
        take = next(take for take in shot.takes if take.id == shot.selected)
        path = run.files.get(take.clip)
        if path is None:
            field_name = f"shots/{name}/takes/{take.id}/clip"
            raise MediaError(field_name, "its file is not here", "a file of the project")
        return _opened(path, take.first)
    request = shot_request(project, name, film.size, film.language)

    def make(path: Path) -> FileId:
        asked = Run(run.files, run.on_event, run.cancelled, weights=run.weights)
        clip = produce(request, path, asked, Publication(master=True))
        return clip.file

    made = run.clips.get(request_key(request))
    if made is not None:
        return _opened(made, project.look.handles)
    key = request_key(request, weights_mark(request.model, run.weights))
    spoiled = len(run.cache.spoiled)
    path = run.cache.of(key, make)
    if len(run.cache.spoiled) > spoiled:
        run.on_event(Log(message=f"the cached shot {name} was damaged and has been made again"))
    return _opened(path, project.look.handles)


def _opened(path: Path, first: int) -> Source:
    info = media.probe(path)
    fps = info.fps or Fraction(1)
    return Source(path, first, info.frames, fps, info.size)


def _burnt_cues(film: Deliverable, cues: list[captions.Cue]) -> list[captions.Cue]:
    """Titles are part of the picture; captions only where the film wants them there."""
    burns = film.captions in (CaptionUse.BURN, CaptionUse.BOTH)
    return [cue for cue in cues if cue.is_title or burns]


def _told(run: Rendering, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        run.on_event(Progress(stage="join", done=done, total=total))

    return tell


def _neighbours(items: tuple[Placed, ...], index: int) -> tuple[Placed | None, Placed | None]:
    """The items that touch this one before and behind; none where there is a gap."""
    here = items[index]
    before = items[index - 1] if index else None
    behind = items[index + 1] if index + 1 < len(items) else None
    return (
        before if before is not None and before.end == here.start else None,
        behind if behind is not None and behind.start == here.end else None,
    )


def _window(items: tuple[Placed, ...], index: int) -> tuple[int, int]:
    """Frames of the film in which an item is seen at all, its transitions included."""
    here = items[index]
    _, behind = _neighbours(items, index)
    return here.start - here.lead, here.end + (behind.follow if behind else 0)


def _check_reach(cut: Cut, sources: Mapping[str, Source]) -> None:
    """Every frame that is to be seen must be there; no transition may meet the next one."""
    items = cut.picture
    for index, placed in enumerate(items):
        source = sources[placed.item.ref]
        begin, end = _window(items, index)
        at = source.first + placed.first
        field_name = f"items/{placed.item.id}"
        spare_before = at - (placed.start - begin)
        spare_behind = source.reach(cut.fps) - at - (end - placed.start)
        if spare_before < 0 or spare_behind < 0:
            problem = f"needs {-min(spare_before, spare_behind)} frames more than its clip has"
            raise RequestError(field_name, problem, "a shorter transition or trim")
        _, behind = _neighbours(items, index)
        if placed.follow + (behind.lead if behind else 0) > placed.frames:
            problem = f"its transitions are longer than its {placed.frames} frames"
            raise RequestError(field_name, problem, "shorter transitions")


def _joined(cut: Cut, sources: Mapping[str, Source], size: Size) -> Iterator[Rgb]:
    """The frames of the film, one at a time; two shots are open at once at most."""
    items = cut.picture
    black = np.zeros((size.height, size.width, 3), np.uint8)
    streams: dict[int, Iterator[Rgb]] = {}

    def take(index: int) -> Rgb:
        if index not in streams:
            placed = items[index]
            begin, end = _window(items, index)
            source = sources[placed.item.ref]
            start = source.first + placed.first - (placed.start - begin)
            streams[index] = _conformed(source, start, end - begin, size, cut.fps)
        return next(streams[index])

    reach = 0
    for index, placed in enumerate(items):
        before, behind = _neighbours(items, index)
        for _ in range(reach, placed.start - placed.lead):
            yield black
        transition = placed.item.transition
        for step in range(placed.lead + placed.follow):
            share = (step + 0.5) / (placed.lead + placed.follow)
            old = take(index - 1) if before is not None else black
            dips = transition is not None and transition.kind is TransitionKind.DIP
            yield _mixed(old, take(index), share, black if dips else None)
        streams.pop(index - 1, None)
        reach = placed.end - (behind.lead if behind else 0)
        for _ in range(placed.start + placed.follow, reach):
            yield take(index)


def _mixed(old: Rgb, new: Rgb, share: float, through: Rgb | None) -> Rgb:
    if through is None:
        return cv2.addWeighted(new, share, old, 1 - share, 0).astype(np.uint8, copy=False)
    if share < 0.5:
        return _mixed(old, through, 2 * share, None)
    return _mixed(through, new, 2 * share - 1, None)


def _conformed(source: Source, start: int, count: int, size: Size, fps: Fraction) -> Iterator[Rgb]:
    """Frames of a clip in the film's rate and size, its middle filling the picture."""
    if source.fps == fps:
        wanted = range(start, start + count)
    else:
        wanted = [int((start + index) * source.fps / fps) for index in range(count)]
    decoded = media.frames(source.path, start=wanted[0], count=wanted[-1] - wanted[0] + 1)
    at, frame = wanted[0] - 1, np.zeros((0, 0, 3), np.uint8)
    for number in wanted:
        while at < number:
            frame, at = next(decoded), at + 1
        yield _covering(frame, size)


def _covering(frame: Rgb, size: Size) -> Rgb:
    height, width = frame.shape[:2]
    if (width, height) == (size.width, size.height):
        return frame
    scale = max(size.width / width, size.height / height)
    wide, high = max(size.width, round(width * scale)), max(size.height, round(height * scale))
    way = cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC
    large = cv2.resize(frame, (wide, high), interpolation=way)
    left, top = (wide - size.width) // 2, (high - size.height) // 2
    cropped = large[top : top + size.height, left : left + size.width]
    return np.ascontiguousarray(cropped, dtype=np.uint8)
