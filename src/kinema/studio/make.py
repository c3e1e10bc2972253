"""From a brief, or a project that was edited, to everything that is delivered.

DIR/project.json ...            the document (`folder`)
DIR/TITLE.mp4                   each film
DIR/TITLE.lineage.json          what it was made from
DIR/captions/TITLE.LANG.vtt     and .srt, .ass
DIR/cut/TITLE.otio              and .xml, .edl
DIR/media/...                   the shots that the cuts name
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from kinema import media
from kinema.errors import RequestError
from kinema.media.staging import naming_output
from kinema.studio import captions
from kinema.studio.anchors import solve
from kinema.studio.compile import compile_brief
from kinema.studio.document import CaptionUse, Deliverable, Project
from kinema.studio.edits import Operation, edit
from kinema.studio.exchange import ADAPTERS, holds, write_cut
from kinema.studio.folder import ProjectFolder
from kinema.studio.lineage import write_lineage
from kinema.studio.reimport import Imported, import_cut
from kinema.studio.render import Rendering, render
from kinema.studio.sources import Source
from kinema.types import Log


@dataclass(frozen=True, slots=True)
class Made:
    """What lies in the folder now.

    films: the files of the films. rendered: keys of the shots that were made, as against taken from
    the cache. conflicts and orphans: edits that the brief meets or that lost their target.
    """

    project: Project
    films: tuple[Path, ...]
    rendered: tuple[str, ...]
    conflicts: tuple[Operation, ...] = ()
    orphans: tuple[Operation, ...] = field(default=())


def make(kind: str, brief: Path, out: Path, run: Rendering) -> Made:
    """Compile a brief, carry out the edits that lie in the folder, and make every film.

    Args:
        kind: One of `compile.KINDS`.
        brief: A Fountain screenplay or a TOML board.
        out: The folder of the project; made where there is none.
        run: With what films are made; the files of the brief and of the folder are added.

    Raises:
        RequestError: The brief is wrong; then no folder is made.
        MissingPart: Captions are to be burnt in, and what does it is not installed.
        Cancelled: Somebody asked to stop; finished shots stay in the cache.

    Cost:
        None for shots and films in the cache: those are only copied.
    """
    compiled = compile_brief(kind, brief)
    for deliverable in compiled.project.deliverables.values():
        solve(compiled.project, deliverable.sequence, deliverable.language)
    folder = ProjectFolder(out)
    replayed = folder.compiled(compiled)
    for operation in replayed.orphans:
        run.on_event(Log(message=f"an edit waits for its target: {operation.at}"))
    for operation in replayed.conflicts:
        run.on_event(Log(message=f"an edit wins over the brief: {operation.at}"))
    made = make_films(folder, run)
    return Made(made.project, made.films, made.rendered, replayed.conflicts, replayed.orphans)


def make_films(folder: ProjectFolder, run: Rendering) -> Made:
    """Make every film of a project as it is now, with captions, cuts and media."""
    project = folder.read()
    run = replace(run, files={**folder.files(), **run.files})
    before = len(run.cache.made)
    films = tuple(deliver(folder.path, project, name, run) for name in project.deliverables)
    return Made(project, films, tuple(run.cache.made[before:]))


def take_back(folder: ProjectFolder, file: Path, deliverable: str | None = None) -> Imported:
    """Import a cut or captions into a project in a folder; see `imported`."""
    found = imported(folder.read(), file, deliverable)
    folder.keep(found.files)
    if found.operations:
        folder.edit(found.operations)
    return found


def imported(
    project: Project, file: Path, deliverable: str | None = None, within: Path | None = None
) -> Imported:
    """Compare a cut or captions with a project: what changed in them becomes edits.

    Args:
        project: The document.
        file: A cut (.otio, .xml, .edl), or captions (.vtt, .srt, .ass) whose name ends in their
            language: ``TITLE.de.srt``.
        deliverable: Of which film; by default of the one whose file has the name.
        within: The only folder in which clips are looked for; by default wherever the cut says.

    Raises:
        MediaError: The file cannot be read, or a clip that is new in a cut is not there.
        RequestError: There is no such film, or the document would not hold together.
    """
    words = file.suffix.lower() in captions.FORMATS
    name_of = captions_name if words else _film_of
    name = deliverable or next(
        (key for key, each in project.deliverables.items() if name_of(each) == file.stem),
        next(iter(project.deliverables), None),
    )
    if name is None or name not in project.deliverables:
        allowed = ", ".join(project.deliverables)
        raise RequestError("deliverable", f"there is no {name!r}", allowed)
    film = project.deliverables[name]
    if words:
        language = file.stem.rpartition(".")[2]
        if language not in project.languages:
            allowed = ", ".join(f"TITLE.{each}{file.suffix}" for each in project.languages)
            raise RequestError("captions", f"{file.name} does not say its language", allowed)
        cut = solve(project, film.sequence, film.language)
        edits = captions.translation(project, cut, language, captions.read(file))
        found = Imported(tuple(edits))
    else:
        found = import_cut(project, film.sequence, film.language, file, within)
    changed, _ = edit(project, found.operations)
    solve(changed, film.sequence, film.language)
    return found


def _film_of(deliverable: Deliverable) -> str:
    return deliverable.file


def captions_name(deliverable: Deliverable) -> str:
    """The name, without an ending, of a caption file, which always says its language."""
    end = f".{deliverable.language}"
    return deliverable.file if deliverable.file.endswith(end) else deliverable.file + end


def deliver(out: Path, project: Project, name: str, run: Rendering) -> Path:
    """Make one film of a project with all that lies beside it; returns the film."""
    deliverable = project.deliverables[name]
    with naming_output():
        for each in ("captions", "cut", "media"):
            (out / each).mkdir(parents=True, exist_ok=True)
    film = render(project, name, out / f"{deliverable.file}.mp4", run)
    if deliverable.captions in (CaptionUse.SIDE, CaptionUse.BOTH):
        spoken = [cue for cue in film.captions if not cue.is_title]
        for ending in captions.FORMATS:
            file = out / "captions" / f"{captions_name(deliverable)}{ending}"
            captions.write(file, spoken, deliverable.size)
    beside = out / f"{deliverable.file}.lineage.json"
    write_lineage(beside, film.path, project, name, (film.cut, film.sources))
    sources = placed_media(out / "media", deliverable, film.sources)
    sounds = _placed_sounds(out / "media", project, run)
    for ending in ADAPTERS:
        if holds(ending, film.cut.fps):
            file = out / "cut" / f"{deliverable.file}{ending}"
            write_cut(file, project, film.cut, deliverable.language, sources, sounds=sounds)
        else:
            problem = f"{ending} cannot count {film.cut.fps} frames a second, none is written"
            run.on_event(Log(message=problem))
    return film.path


def placed_media(
    folder: Path, deliverable: Deliverable, sources: Mapping[str, Source]
) -> dict[str, Source]:
    """Copy the shots beside the cut; films of the same size and length share them."""
    found: dict[str, Source] = {}
    for name, source in sources.items():
        size = deliverable.size
        place = folder / f"{size}" / deliverable.language / f"{name}{source.path.suffix}"
        with naming_output():
            place.parent.mkdir(parents=True, exist_ok=True)
            if not place.is_file() or media.file_id(place) != media.file_id(source.path):
                with media.staged(place) as part:
                    shutil.copyfile(source.path, part)
        found[name] = Source(place, source.first, source.frames, source.fps, source.size)
    return found


def _placed_sounds(folder: Path, project: Project, run: Rendering) -> dict[str, Path]:
    """Copy music beside the shots; what is not here is left out."""
    found: dict[str, Path] = {}
    for name, asset in project.assets.items():
        source = run.files.get(asset.file)
        if asset.kind != "music" or source is None:
            continue
        place = folder / f"{name}{Path(asset.path).suffix}"
        with naming_output():
            if not place.is_file() or media.file_id(place) != asset.file:
                with media.staged(place) as part:
                    shutil.copyfile(source, part)
        found[name] = place
    return found
