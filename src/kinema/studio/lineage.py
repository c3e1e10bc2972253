"""What a film was made from: said in the film itself, and in a file beside it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import kinema
from kinema import media
from kinema.engine.facts import stated_facts
from kinema.media.staging import naming_output
from kinema.studio.anchors import Cut
from kinema.studio.document import Project, canonical, digest
from kinema.studio.sources import Source
from kinema.types import Json


def lineage(project: Project, deliverable: str, sources: Mapping[str, Source]) -> Json:
    """What a film says about itself: the document it is of, and the facts of every shot."""
    shots: list[Json] = []
    weights: list[str] = []
    for name, source in sources.items():
        said = stated_facts(source.path) or {}
        weights += [said["weights"]] if said.get("weights") else []
        shots.append({"shot": name, "clip": media.file_id(source.path), **said})
    return {
        "kinema": kinema.__version__,
        "film": deliverable,
        "document": digest(project),
        "request": {"prompt": project.title},
        "weights": " ".join(sorted(set(weights))),
        "scene": {"shots": shots},
    }


def write_lineage(
    path: Path,
    film: Path,
    project: Project,
    deliverable: str,
    made: tuple[Cut, Mapping[str, Source]],
) -> None:
    """Write down what a film was made from: every clip, model, take, picture and licence.

    Args:
        path: The file, a ``.json``.
        film: The film.
        project: The document.
        deliverable: Which of its films.
        made: The cut, and the clip of each shot.

    Raises:
        OutputError: The place cannot be written to.
    """
    cut, sources = made
    said = {
        "kinema": kinema.__version__,
        "film": deliverable,
        "file": media.file_id(film),
        "document": digest(project),
        "shots": [_shot(project, name, source) for name, source in sources.items()],
        "cut": [
            [placed.item.ref, placed.start, placed.end, placed.first] for placed in cut.picture
        ],
        "assets": [
            {
                "id": name,
                "file": asset.file,
                "kind": asset.kind,
                "licence": asset.licence,
                "credit": asset.credit,
            }
            for name, asset in project.assets.items()
        ],
    }
    with media.staged(path) as part, naming_output():
        part.write_bytes(canonical(said) + b"\n")


def _shot(project: Project, name: str, source: Source) -> Json:
    shot = project.shots[name]
    said = stated_facts(source.path) or {}
    take = next((take for take in shot.takes if take.id == shot.selected), None)
    return {
        "shot": name,
        "clip": media.file_id(source.path),
        "origin": take.origin.value if take else "generated",
        "take": take.id if take else "",
        "parent": (take.parent or "") if take else "",
        "operation": take.operation if take else "",
        "model": said.get("model", ""),
        "weights": said.get("weights", ""),
        "versions": said.get("versions", {}),
        "seed": said.get("seed", shot.seed),
        "prompt": said.get("request", {}).get("prompt", ""),
        "image": shot.image or "",
    }
