"""What the engine is asked for on behalf of a shot, and by what name its clip is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from kinema.engine.adapters import weights_folder
from kinema.engine.facts import versions
from kinema.studio.anchors import shot_frames, solve
from kinema.studio.cache import shot_key
from kinema.studio.document import Project, TrackKind
from kinema.types import CharacterRef, ImageInput, ImageRole, Request, Size, Task
from kinema.weights.manifest import sampled_hash

DRAWING: Final = ("av", "numpy", "opencv-python-headless")
"""The packages that decide what pictures look like."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A clip that a film needs of a shot: the request for it, and its name in a cache."""

    film: str
    shot: str
    request: Request
    key: str


def shot_request(project: Project, name: str, size: Size, language: str) -> Request:
    """What the engine is asked for: the shot in whole, with its handles on both sides."""
    shot, look = project.shots[name], project.look
    frames = shot_frames(project, shot, language) + 2 * look.handles
    images = ()
    if shot.image is not None:
        images = (ImageInput(file=shot.image, role=ImageRole.FIRST),)
    return Request(
        task=Task.IMAGE_TO_VIDEO if images else Task.TEXT_TO_VIDEO,
        prompt=_prompt(project, name),
        negative=look.negative,
        model=shot.model or look.model,
        size=size,
        frames=frames,
        fps=look.fps,
        seed=shot.seed,
        quality=shot.quality or look.quality,
        style=shot.style or look.style,
        images=images,
        characters=tuple(
            CharacterRef(name=who.name, looks=who.looks, image=who.image)
            for who in (project.cast[each] for each in shot.characters)
            if who.looks
        ),
    )


def wanted(project: Project, weights: str = "") -> Iterator[Wanted]:
    """The clips that all films need of shots that have no take chosen, film by film.

    Raises:
        RequestError: A sequence cannot be solved.
    """
    for name, film in project.deliverables.items():
        if not has_cards(project, film.sequence):
            continue
        cut = solve(project, film.sequence, film.language)
        for shot in dict.fromkeys(placed.item.ref for placed in cut.picture):
            if project.shots[shot].selected is None:
                request = shot_request(project, shot, film.size, film.language)
                yield Wanted(name, shot, request, request_key(request, weights))


def plan(project: Project, deliverable: str, weights: str = "") -> dict[str, str]:
    """The cache key of every shot that a film needs and that has no take chosen."""
    return {each.shot: each.key for each in wanted(project, weights) if each.film == deliverable}


def has_cards(project: Project, sequence: str) -> bool:
    """Whether anything can be seen of a sequence; a new storyboard has nothing yet."""
    tracks = project.sequences[sequence].tracks
    return any(track.kind is TrackKind.PICTURE and track.items for track in tracks)


def check_solves(project: Project) -> None:
    """Refuse a document that has films whose moments cannot be worked out.

    Raises:
        RequestError: The field says where.
    """
    for film in project.deliverables.values():
        if has_cards(project, film.sequence):
            solve(project, film.sequence, film.language)


def request_key(request: Request, weights: str = "") -> str:
    """The name of the clip of a request, as it is drawn here and now."""
    return shot_key(request, _drawing(), weights)


@cache
def _drawing() -> dict[str, str]:
    """Versions are looked up once: a film of many shots asks for them hundreds of times."""
    return versions(DRAWING)


def weights_mark(model: str, given: Path | None) -> str:
    """What tells a model's weights apart from others of the same name; "" for one without.

    Raises:
        WeightsError: It needs weights, and there are none.
    """
    folder = weights_folder(model, given)
    if folder is None:
        return ""
    files = [folder] if folder.is_file() else [f for f in folder.rglob("*") if f.is_file()]
    known = tuple(sorted((str(f), f.stat().st_size, f.stat().st_mtime_ns) for f in files))
    return _hashed(known)


@lru_cache(maxsize=32)
def _hashed(files: tuple[tuple[str, int, int], ...]) -> str:
    return sampled_hash([Path(name) for name, _, _ in files])


def _prompt(project: Project, name: str) -> str:
    """The shot's words, where its scene plays, and how it is framed."""
    shot = project.shots[name]
    scene = next((scene for scene in project.scenes if name in scene.shots), None)
    place = project.places[scene.place].words if scene and scene.place else ""
    seen = " ".join(part for part in (shot.prompt, place) if part)
    return ", ".join(part for part in (seen, shot.framing, shot.camera) if part)
