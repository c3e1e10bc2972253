"""A cut that another program changed, back into the document as edits."""

from __future__ import annotations

from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path
from typing import Any, Final

import opentimelineio as otio
from msgspec.structs import replace

from kinema import media
from kinema.errors import MediaError
from kinema.studio.anchors import Placed, solve
from kinema.studio.document import (
    Item,
    Length,
    Origin,
    Project,
    Shot,
    Take,
    Track,
    TrackKind,
    Transition,
    TransitionKind,
    Trim,
)
from kinema.studio.edits import Operation, insert, move, removal_of_items, set_to
from kinema.studio.exchange import media_path, read_cut
from kinema.studio.script import Names, slug
from kinema.types import FileId, to_builtins

_schema: Any = otio.schema
_BY: Final = "import"
_FAR: Final = 1e9  # frames, beyond which nothing lies


@dataclass(frozen=True, slots=True)
class Imported:
    """Edits that make the document's picture track that of a cut.

    ``files`` are clips that the document did not know; they became takes of shots of their own.
    ``notes`` say what was left as it is.
    """

    operations: tuple[Operation, ...]
    files: dict[FileId, Path] = field(default_factory=dict[FileId, Path])
    notes: tuple[str, ...] = ()


@dataclass(slots=True)
class _Piece:
    """A clip of the cut: in frames of the project's rate."""

    name: str
    start: int
    first: int
    frames: int
    gap: bool
    transition: Transition | None
    metadata: dict[str, Any]
    path: Path | None


def import_cut(
    project: Project, sequence: str, language: str, path: Path, within: Path | None = None
) -> Imported:
    """Compare a cut with the document and say as edits what was changed.

    Clips are told by the id that Kinema wrote, then by their names or their files' names, which are
    those of the shots. What did not change gives no edit: importing an export gives none at all.

    Args:
        project: The document.
        sequence: Which of its sequences the cut is of.
        language: In which language it was exported.
        path: The cut: .otio, .xml or .edl.
        within: The only folder in which clips are looked for, where the cut is not to be trusted.

    Raises:
        MediaError: The cut cannot be read, or a clip that is new in it has no file.
    """
    pieces = _pieces(read_cut(path, project.look.fps), project, path.parent)
    return _Importer(project, sequence, language, within).imported(pieces)


class _Importer:
    def __init__(self, project: Project, sequence: str, language: str, within: Path | None) -> None:
        self.project, self.sequence, self.within = project, sequence, within
        track = next(
            each for each in project.sequences[sequence].tracks if each.kind is TrackKind.PICTURE
        )
        self.at = f"sequences/{sequence}/tracks/{track.id}/items"
        self.track: Track = track
        cut = solve(project, sequence, language)
        self.placed = {placed.item.id: placed for placed in cut.picture}
        taken = [item.id for each in project.sequences[sequence].tracks for item in each.items]
        self.names = Names([*taken, *project.shots, *project.lines, *project.cast, *project.assets])
        self.operations: list[Operation] = []
        self.files: dict[FileId, Path] = {}
        self.notes: list[str] = []

    def imported(self, pieces: list[_Piece]) -> Imported:
        free = list(self.track.items)
        order: list[str] = []
        for piece in pieces:
            item = self._match(piece, free)
            if item is None:
                order.append(self._new(piece))
                continue
            free.remove(item)
            order.append(item.id)
            self._changes(item, piece)
        removals = removal_of_items(self.project, self.sequence, [item.id for item in free])
        self.operations += [self._by(operation) for operation in removals]
        if len(removals) > len(free):
            count = len(removals) - len(free)
            self.notes.append(f"{count} lines went with the shots that they hung on")
        self._reorder([item.id for item in self.track.items if item not in free], order)
        return Imported(tuple(self.operations), self.files, tuple(self.notes))

    def _match(self, piece: _Piece, free: list[Item]) -> Item | None:
        by_id = [item for item in free if item.id == piece.metadata.get("item")]
        stem = piece.path.stem if piece.path else ""
        names = (piece.metadata.get("shot"), piece.name, stem, piece.name.rpartition(".")[0])
        by_name = [item for name in names for item in free if name and item.ref == name]
        return next(iter([*by_id, *by_name]), None)

    def _changes(self, item: Item, piece: _Piece) -> None:
        placed: Placed = self.placed[item.id]
        if (piece.first, piece.frames) != (placed.first, placed.frames):
            trim = to_builtins(Trim(start=piece.first, frames=piece.frames))
            self.operations.append(self._by(set_to(f"{self.at}/{item.id}/trim", trim)))
        now, was = piece.transition, item.transition if placed.start else piece.transition
        if (now and now.frames) != (was and was.frames):
            kind = was.kind if now and was and "kind" not in piece.metadata else None
            now = replace(now, kind=kind) if now and kind else now
            value = to_builtins(now) if now else None
            self.operations.append(self._by(set_to(f"{self.at}/{item.id}/transition", value)))
        if item.start is not None and piece.start != placed.start:
            value = f"{piece.start}f" if piece.gap else None
            self.operations.append(self._by(set_to(f"{self.at}/{item.id}/start", value)))
        elif item.start is None and piece.gap:
            self.operations.append(
                self._by(set_to(f"{self.at}/{item.id}/start", f"{piece.start}f"))
            )

    def _new(self, piece: _Piece) -> str:
        """A clip that the document does not know: a shot of its own with an uploaded take."""
        known = piece.name if piece.name in self.project.shots else piece.metadata.get("shot")
        item_id = self.names.free(f"cut.{slug(piece.name)}")
        trim = Trim(start=piece.first, frames=piece.frames)
        if known not in self.project.shots:
            known = self._uploaded(piece)
            trim = replace(trim, start=0)
        item = Item(
            id=item_id,
            ref=known or "",
            start=f"{piece.start}f" if piece.gap else None,
            trim=trim,
            transition=piece.transition,
        )
        self.operations.append(self._by(insert(f"{self.at}/{item_id}", to_builtins(item))))
        return item_id

    def _uploaded(self, piece: _Piece) -> str:
        if piece.path is None or not self._may_be_read(piece.path):
            where = piece.path.name if piece.path else "nothing"
            raise MediaError("cut", f"clip {piece.name!r} is not here: {where}", "a file that is")
        media.probe(piece.path, field="cut")
        clip = media.file_id(piece.path)
        self.files[clip] = piece.path
        name = self.names.free(slug(piece.name))
        take = Take(
            id=self.names.free(f"{name}.take"), origin=Origin.UPLOADED, clip=clip, first=piece.first
        )
        seconds = piece.frames / self.project.look.fps
        shot = Shot(length=Length(seconds=seconds), takes=(take,), selected=take.id)
        self.operations.append(self._by(insert(f"shots/{name}", to_builtins(shot))))
        self.notes.append(f"{piece.name} is new: its clip became shot {name}")
        return name

    def _may_be_read(self, path: Path) -> bool:
        if self.within is not None and not path.resolve().is_relative_to(self.within.resolve()):
            return False
        return path.is_file()

    def _reorder(self, kept: list[str], order: list[str]) -> None:
        """Move what does not stand in its place; what is new stands at the end so far."""
        now = [*kept, *(name for name in order if name not in kept)]
        for index, name in enumerate(order):
            if now[index] == name:
                continue
            before = now[index]
            now.remove(name)
            now.insert(index, name)
            self.operations.append(self._by(move(f"{self.at}/{name}", before)))

    def _by(self, operation: Operation) -> Operation:
        return replace(operation, by=_BY)


def _pieces(timeline: Any, project: Project, folder: Path) -> list[_Piece]:
    fps = project.look.fps
    (track, *_) = timeline.video_tracks()
    found: list[_Piece] = []
    at, gap, transition, late = 0, False, None, False
    for child in track:
        if isinstance(child, _schema.Transition):
            transition = _transition(child, fps)
            late = _frames(child.in_offset, fps) == 0
            continue
        frames = _frames(child.trimmed_range().duration, fps)
        if isinstance(child, _schema.Gap):
            at, gap, transition = at + frames, True, None
            continue
        if not isinstance(child, _schema.Clip):
            raise MediaError("cut", "holds more than clips, gaps and transitions", "a flat track")
        piece = _piece(child, project, folder, at, gap, transition)
        if late and found and transition is not None:
            _to_the_middle(found[-1], piece, transition.frames // 2)
        found.append(piece)
        at, gap, transition = at + frames, False, None
    return found


def _to_the_middle(before: _Piece, piece: _Piece, lead: int) -> None:
    """EDLs cut where a transition begins, we where its middle is."""
    before.frames += lead
    piece.start += lead
    piece.first += lead
    piece.frames -= lead


def _piece(
    clip: Any, project: Project, folder: Path, at: int, gap: bool, transition: Transition | None
) -> _Piece:
    fps = project.look.fps
    span = clip.trimmed_range()
    metadata = dict(clip.metadata.get("kinema", {}))
    url = getattr(clip.media_reference, "target_url", "") or ""
    path = media_path(url, folder) if url else None
    # A shot of this project begins behind its handle; a file of another begins where it begins.
    stem = path.stem if path else ""
    is_ours = "first" in metadata or {clip.name, stem} & project.shots.keys()
    start = _frames(span.start_time, fps)
    first = start - int(metadata.get("first", _first(project, clip.name, stem) if is_ours else 0))
    return _Piece(
        name=clip.name or stem or "clip",
        start=at,
        first=first,
        frames=_frames(span.duration, fps),
        gap=gap,
        transition=transition,
        metadata=metadata,
        path=path,
    )


def _first(project: Project, *names: str) -> int:
    """The frame of its clip in which a shot begins, for a format that does not say it."""
    shot = next((project.shots[name] for name in names if name in project.shots), Shot())
    take = next((take for take in shot.takes if take.id == shot.selected), None)
    return take.first if take else project.look.handles


def _transition(child: Any, fps: Any) -> Transition:
    said = dict(child.metadata.get("kinema", {})).get("kind", "")
    dips = said == TransitionKind.DIP or "dip" in (child.name or "").lower()
    frames = _frames(child.in_offset, fps) + _frames(child.out_offset, fps)
    kind = TransitionKind.DIP if dips else TransitionKind.DISSOLVE
    return Transition(kind=kind, frames=max(1, frames))


def _frames(moment: Any, fps: Any) -> int:
    if not (moment.rate > 0 and isfinite(moment.value) and abs(moment.value) < _FAR):
        raise MediaError("cut", "has a clock that cannot be read", "frames at a rate")
    return round(moment.value * float(fps) / moment.rate)
