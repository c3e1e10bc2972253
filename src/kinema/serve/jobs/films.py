"""Exports of storyboards: clips that are there are joined, cut lists and captions are written.

Each attempt writes into a folder of its own, and the row says which one is served, as with clips.
"""

from __future__ import annotations

import secrets
import shutil
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kinema.errors import Cancelled, KinemaError, MediaError, OutputError
from kinema.serve.jobs.progress import EVERY
from kinema.serve.store import clips, exports
from kinema.serve.store.database import Database, is_away
from kinema.serve.store.exports import ExportRow, ExportState
from kinema.serve.store.objects import Objects, export_key, sha256_of
from kinema.studio import captions
from kinema.studio.anchors import solve
from kinema.studio.cache import ClipCache
from kinema.studio.document import Project, from_document
from kinema.studio.exchange import write_cut
from kinema.studio.folder import write_document
from kinema.studio.make import captions_name, deliver, placed_media
from kinema.studio.render import Rendering, gather, render
from kinema.studio.shots import wanted
from kinema.types import Event, Json, Progress

CUTS: Final = {"otio": ".otio", "fcp7xml": ".xml", "edl": ".edl"}
CAPTIONS: Final = {"vtt": ".vtt", "srt": ".srt", "ass": ".ass"}
MEDIA_TYPES: Final = {
    ".mp4": "video/mp4",
    ".zip": "application/zip",
    ".vtt": "text/vtt",
    ".srt": "application/x-subrip",
    ".ass": "text/x-ssa",
}
_AT: Final = (1980, 1, 1, 0, 0, 0)
"""When every file of an archive was written, so that the same ones make the same archive."""


@dataclass(frozen=True, slots=True)
class FilmMaker:
    """Makes exports on one worker. `make` can be done again, because whoever does it may die.

    timeout: seconds that one may take.
    """

    database: Database
    objects: Objects
    timeout: float

    def make(self, export: str) -> str:
        """Make an export and publish it; returns the state that it ends in, "" for no matter.

        Raises:
            OSError: The disk is full, say; later it may work.
        """
        with self.database.write() as connection:
            row = exports.get(connection, export)
            states = (ExportState.QUEUED, ExportState.RUNNING)
            if row is None or not exports.reach(connection, row, ExportState.RUNNING, *states):
                return ""
        try:
            return self._published(row, self._written(row, _Teller(self.database, row, self)))
        except Cancelled:
            return self.fail(row, "timeout", f"It took more than {self.timeout:g} seconds.")
        except OutputError as error:
            if isinstance(error.__cause__, OSError):
                raise error.__cause__ from error
            return self.fail(row, error.code, str(error))
        except KinemaError as error:
            return self.fail(row, error.code, str(error))

    def give_up(self, export: str, code: str) -> str:
        """End an export that something broke which nobody foresaw."""
        with self.database.read() as connection:
            row = exports.get(connection, export)
        return "" if row is None else self.fail(row, code, "Something broke while making this.")

    def fail(self, row: ExportRow, code: str, message: str) -> str:
        """End an export with what is wrong, unless it was ended from outside."""
        with self.database.write() as connection:
            going = exports.GOING
            problem = {"code": code, "message": message}
            done = exports.reach(connection, row, ExportState.FAILED, *going, error=problem)
        self.objects.remove_all(export_key(row.id))
        return ExportState.FAILED if done else ""

    def _written(self, row: ExportRow, teller: _Teller) -> Json:
        """Write the file of one attempt where nobody else writes."""
        project = from_document(row.document)
        with tempfile.TemporaryDirectory(prefix="kinema-film-") as folder:
            place = Path(folder)
            with self._given(row, project, place) as run:
                run = Rendering(
                    run.cache, run.files, teller.on_event, teller.cancelled, clips=run.clips
                )
                file = _made(row.kind, project, row.film, place / "out", run)
            key = export_key(row.id, secrets.token_hex(8), file.name)
            self.objects.put(key, file, new=True)
            return {
                "key": key,
                "bytes": file.stat().st_size,
                "sha256": sha256_of(file),
                "media_type": MEDIA_TYPES[file.suffix],
                "filename": file.name,
            }

    def _published(self, row: ExportRow, result: Json) -> str:
        with self.database.write() as connection:
            values = {"result": result, "progress": 100}
            before = ExportState.RUNNING
            done = exports.reach(connection, row, ExportState.COMPLETED, before, **values)
        attempt = result["key"].split("/")[2]
        for other in self.objects.folders(export_key(row.id)):
            if not done or other != attempt:
                self.objects.remove_all(export_key(row.id, other))
        return ExportState.COMPLETED if done else ""

    @contextmanager
    def _given(self, row: ExportRow, project: Project, place: Path) -> Iterator[Rendering]:
        """The clips and files of an export, fetched and compared with what was written."""
        (place / "given").mkdir()
        made: dict[str, Path] = {}
        files: dict[str, Path] = {}
        for key, clip in row.takes["clips"].items():
            with self.database.read() as connection:
                found = clips.get(connection, clip, row.project)
            if found is None or found.assets is None:
                raise MediaError("clip", f"{clip} is gone", "make its shot again")
            made[key] = self._fetched(found.assets["video"], place / "given" / f"{key}.mp4")
        for name, asset in row.takes["files"].items():
            path = place / "given" / f"{asset['sha256']}{asset['suffix']}"
            files[name] = self._fetched(asset, path)
        needed = row.kind not in CAPTIONS
        lacking = {each.key for each in wanted(project) if row.film in ("", each.film)} - {*made}
        if needed and lacking:
            problem = "was asked for by another version of Kinema than this worker's"
            raise MediaError("export", problem, "the same version everywhere")
        yield Rendering(ClipCache(place / "cache"), files, clips=made)

    def _fetched(self, asset: Json, path: Path) -> Path:
        try:
            self.objects.fetch(asset["key"], path)
        except FileNotFoundError as error:
            raise MediaError("clip", "its file is gone", "make its shot again") from error
        if sha256_of(path) != asset["sha256"]:
            raise MediaError("clip", "its file is damaged", "make its shot again")
        return path


class _Teller:
    """Says how far an export is, and asks whether it is still wanted."""

    def __init__(self, database: Database, row: ExportRow, maker: FilmMaker) -> None:
        self._database, self._row = database, row
        self._until = time.monotonic() + maker.timeout
        self._told = self._asked = -60.0
        self._stopped = False

    def on_event(self, event: Event) -> None:
        now = time.monotonic()
        if not isinstance(event, Progress) or event.stage != "join" or now - self._told < EVERY:
            return
        self._told = now
        try:
            with self._database.write() as connection:
                done = min(99, 100 * event.done // max(1, event.total))
                exports.advance(connection, self._row, done)
        except Exception as error:
            if not is_away(error):
                raise

    def cancelled(self) -> bool:
        now = time.monotonic()
        if now - self._asked >= EVERY and not self._stopped:
            self._asked = now
            self._stopped = now > self._until or not self._is_wanted()
        return self._stopped

    def _is_wanted(self) -> bool:
        try:
            with self._database.read() as connection:
                return exports.is_wanted(connection, self._row)
        except Exception as error:
            if is_away(error):
                return True
            raise


def _made(kind: str, project: Project, film: str, out: Path, run: Rendering) -> Path:
    """One file of that kind."""
    out.mkdir()
    if kind == "zip":
        names = [film] if film else list(project.deliverables)
        for name in names:
            deliver(out, project, name, run)
        write_document(out / "project.json", project)
        first = project.deliverables[names[0]].file
        return _packed(out, out.parent / f"{first}.zip")
    deliverable = project.deliverables[film]
    cut = solve(project, deliverable.sequence, deliverable.language)
    if kind in CAPTIONS:
        cues = captions.cues(project, cut, deliverable.language, deliverable.size)
        path = out / f"{captions_name(deliverable)}{CAPTIONS[kind]}"
        captions.write(path, [cue for cue in cues if not cue.is_title], deliverable.size)
        return path
    if kind == "mp4":
        return render(project, film, out / f"{deliverable.file}.mp4", run).path
    sources = placed_media(out / "media", deliverable, gather(project, film, cut, run))
    path = out / f"{deliverable.file}{CUTS[kind]}"
    write_cut(path, project, cut, deliverable.language, sources, moves=True)
    return _packed(out, out.parent / f"{deliverable.file}.{kind}.zip")


def _packed(folder: Path, path: Path) -> Path:
    """A folder as an archive that is the same for the same files."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for file in sorted(each for each in folder.rglob("*") if each.is_file()):
            about = zipfile.ZipInfo(file.relative_to(folder).as_posix(), _AT)
            about.external_attr = 0o644 << 16
            with file.open("rb") as source, archive.open(about, "w", force_zip64=True) as target:
                shutil.copyfileobj(source, target, 1 << 20)
    return path
