"""The cut for other programs, and back: OTIO, Final Cut Pro 7 XML and CMX 3600 EDL.

A clip is named by its shot, and its medium's file by the shot as well, so that a program that drops
everything else (FCP7 XML, EDL) still says which shot it is. Handles are outside the source range.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, Final, cast
from urllib.parse import quote, unquote, urlparse

import opentimelineio as otio

from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.media.staging import naming_output
from kinema.studio.anchors import Cut, Placed, words_of
from kinema.studio.document import Project, TrackKind, Transition, TransitionKind, digest
from kinema.studio.sources import Source

ADAPTERS: Final = {".otio": "otio_json", ".xml": "fcp_xml", ".edl": "cmx_3600"}

# The library is written in C++; its stubs leave most of it open.
_schema: Any = otio.schema
_time: Any = otio.opentime


def write_cut(
    path: Path,
    project: Project,
    cut: Cut,
    language: str,
    sources: Mapping[str, Source],
    *,
    sounds: Mapping[str, Path] | None = None,
    moves: bool = False,
) -> None:
    """Write a cut into a file whose ending says the format.

    Args:
        path: .otio (names its media relative to itself), .xml or .edl (by their whole paths).
        project: The document.
        cut: Its sequence, solved.
        language: In which lines are written into markers.
        sources: The clip of each shot, where it is to be found.
        sounds: The file of each piece of music; OTIO alone has them on a track of their own.
        moves: Cut and media are packed together: every format names media relative to itself.

    Raises:
        RequestError: The ending is unknown, or the format cannot hold this cut.
        OutputError: The place cannot be written to.
    """
    adapter = _adapter(path, "output")
    timeline = _timeline(project, cut, language, _urls(path, sources, moves=moves), sources)
    if path.suffix.lower() == ".otio":
        _add_sounds(timeline, path, cut, sounds or {})
    options: dict[str, Any] = {}
    if adapter == "cmx_3600":
        options = {"rate": float(cut.fps)}
    with media.staged(path) as part, naming_output():
        try:
            otio.adapters.write_to_file(timeline, str(part), adapter, **options)
        except (otio.exceptions.OTIOError, ValueError) as error:
            problem = f"{path.suffix} cannot hold this cut: {error}"
            raise RequestError("output", problem, ".otio") from error


def holds(ending: str, fps: Fraction) -> bool:
    """Whether a format can hold a cut of that rate: all but OTIO count in SMPTE timecode."""
    return ending == ".otio" or bool(_time.RationalTime.is_smpte_timecode_rate(float(fps)))


def read_cut(path: Path, fps: Fraction) -> Any:
    """Read a cut as a timeline of the OTIO library; raises `MediaError` where it cannot be."""
    adapter = _adapter(path, "cut")
    options: dict[str, Any] = {"rate": float(fps)} if adapter == "cmx_3600" else {}
    try:
        found = otio.adapters.read_from_file(str(path), adapter, **options)
    except (otio.exceptions.OTIOError, OSError, ValueError, KeyError, SyntaxError) as error:
        raise MediaError("cut", f"{path.name} cannot be read: {error}", "a timeline") from error
    if isinstance(found, _schema.SerializableCollection):
        found = next((each for each in cast("Any", found) if _is(each, "Timeline")), found)
    if not _is(found, "Timeline") or not cast("Any", found).video_tracks():
        raise MediaError("cut", f"{path.name} holds no timeline", "one with pictures")
    return found


def media_path(url: str, folder: Path) -> Path:
    """Where a medium lies; a relative one lies beside the cut that names it."""
    parsed = urlparse(url)
    path = Path(unquote(parsed.path if parsed.scheme == "file" else url))
    return path if path.is_absolute() else folder / path


def _timeline(
    project: Project,
    cut: Cut,
    language: str,
    urls: Mapping[str, str],
    sources: Mapping[str, Source],
) -> Any:
    rate = float(cut.fps)
    timeline = _schema.Timeline(name=project.title)
    timeline.metadata["kinema"] = {"project": project.id, "document": digest(project)}
    track = _schema.Track(name="picture", kind=_schema.TrackKind.Video)
    timeline.tracks.append(track)
    reach = 0
    for placed in cut.picture:
        if placed.start > reach:
            track.append(_schema.Gap(source_range=_span(0, placed.start - reach, rate)))
        transition = placed.item.transition
        if transition is not None and placed.start == reach and reach:
            track.append(_transition(placed, transition, rate))
        url, source = urls[placed.item.ref], sources[placed.item.ref]
        track.append(_clip(placed, project, url, source, cut))
        reach = placed.end
    for placed in cut.on(TrackKind.SPEECH, TrackKind.OVERLAY):
        line = project.lines[placed.item.ref]
        start = min(placed.start, cut.frames - 1)
        marker = _schema.Marker(
            name=words_of(line, language, project.base_language),
            marked_range=_span(start, min(placed.end, cut.frames) - start or 1, rate),
            metadata={"kinema": {"line": placed.item.ref, "kind": str(line.kind)}},
        )
        timeline.tracks.markers.append(marker)
    return timeline


def _add_sounds(timeline: Any, path: Path, cut: Cut, sounds: Mapping[str, Path]) -> None:
    """A track for every piece of music: they may lie over each other."""
    rate = float(cut.fps)
    for placed in cut.on(TrackKind.MUSIC, TrackKind.EFFECTS, TrackKind.AMBIENCE):
        if placed.item.ref not in sounds or placed.start >= cut.frames:
            continue
        track = _schema.Track(name=placed.item.ref, kind=_schema.TrackKind.Audio)
        if placed.start:
            track.append(_schema.Gap(source_range=_span(0, placed.start, rate)))
        beside = os.path.relpath(sounds[placed.item.ref].resolve(), path.parent.resolve())
        clip = _schema.Clip(
            name=placed.item.ref,
            media_reference=_schema.ExternalReference(target_url=quote(Path(beside).as_posix())),
            source_range=_span(0, min(placed.end, cut.frames) - placed.start, rate),
        )
        clip.metadata["kinema"] = {"item": placed.item.id, "gain": placed.item.gain}
        track.append(clip)
        timeline.tracks.append(track)


def _clip(placed: Placed, project: Project, url: str, source: Source, cut: Cut) -> Any:
    rate = float(cut.fps)
    shot = project.shots[placed.item.ref]
    reference = _schema.ExternalReference(
        target_url=url, available_range=_span(0, source.reach(cut.fps), rate)
    )
    reference.name = source.path.name
    clip = _schema.Clip(
        name=placed.item.ref,
        media_reference=reference,
        source_range=_span(source.first + placed.first, placed.frames, rate),
    )
    clip.metadata["kinema"] = {
        "item": placed.item.id,
        "shot": placed.item.ref,
        "first": source.first,
        "prompt": shot.prompt,
        "anchor": placed.item.start or "",
    }
    # EDLs name tapes in eight letters; the name of the clip stands in a comment beside it.
    clip.metadata["cmx_3600"] = {"reel": _reel(placed.item.ref)}
    return clip


def _transition(placed: Placed, transition: Transition, rate: float) -> Any:
    made = _schema.Transition(
        transition_type=_schema.TransitionTypes.SMPTE_Dissolve,
        in_offset=_time.RationalTime(placed.lead, rate),
        out_offset=_time.RationalTime(placed.follow, rate),
    )
    made.name = "Dip to Black" if transition.kind is TransitionKind.DIP else "Cross Dissolve"
    made.metadata["kinema"] = {"kind": str(transition.kind)}
    return made


def _span(start: int, frames: int, rate: float) -> Any:
    return _time.TimeRange(_time.RationalTime(start, rate), _time.RationalTime(frames, rate))


def _urls(cut: Path, sources: Mapping[str, Source], *, moves: bool) -> dict[str, str]:
    relative = moves or cut.suffix.lower() == ".otio"
    found: dict[str, str] = {}
    for name, source in sources.items():
        path = source.path.resolve()
        beside = Path(os.path.relpath(path, cut.parent.resolve())).as_posix()
        found[name] = quote(beside) if relative else path.as_uri()
    return found


def _reel(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "", name.upper())[:4] + digest([name])[:4].upper()


def _adapter(path: Path, field: str) -> str:
    try:
        return ADAPTERS[path.suffix.lower()]
    except KeyError:
        allowed = ", ".join(ADAPTERS)
        raise RequestError(field, f"{path.name} is no cut", allowed) from None


def _is(value: Any, schema: str) -> bool:
    return isinstance(value, getattr(otio.schema, schema))
