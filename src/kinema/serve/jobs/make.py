"""One job: the steps from a clip's row to its published files.

Each step can be done again, because whoever does it may die in it: what an earlier attempt had
finished is found in the checkpoint or in the object store, and nothing is visible before the last
step's single transaction.
"""

from __future__ import annotations

import hashlib
import json
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from sqlalchemy import Connection

from kinema import media
from kinema.config import Config
from kinema.engine import stages
from kinema.engine.adapters import Run
from kinema.engine.facts import Facts, facts_beside
from kinema.errors import Cancelled, KinemaError, MediaError, OutputError, RequestError
from kinema.serve.jobs.checkpoints import ObjectCheckpoint
from kinema.serve.jobs.models import Runnable
from kinema.serve.jobs.progress import Reporter
from kinema.serve.store import clips as store
from kinema.serve.store import usage
from kinema.serve.store.clips import ClipRow, State, Turn
from kinema.serve.store.database import Database
from kinema.serve.store.deliveries import announce
from kinema.serve.store.objects import Objects, clip_key, preview_key, sha256_of, work_key
from kinema.types import Json, Quality, Request, from_builtins, to_builtins, to_json

FACTS: Final = "facts.json"
"""What a clip was made from, beside its files and never served."""

KEPT_FOR_BATCH: Final = 2 * 86_400
"""Seconds: a batch takes a day at most, and its videos are there for a day after it ended."""

STOPPED: Final[Json] = {"code": "stopped"}
"""The outcome of a step that was asked to stop; whoever asked has changed the row."""

_RENDERED: Final = "rendered.json"
_NAMES: Final = {
    "video": ("video.mp4", "video/mp4"),
    "thumbnail": ("thumbnail.webp", "image/webp"),
    "spritesheet": ("spritesheet.jpg", "image/jpeg"),
}
_BEGAN: Final = time.time() - time.monotonic()
_KEPT: Final = (State.QUEUED, State.RUNNING, State.PAUSED)


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes clips on one worker.

    `condition`, `sample`, `render` and `publish` are the steps: each returns None when it is done,
    or what is wrong, as the API's {code, message, param}. What may work again later is raised: a
    disk that is full, a database that cannot be reached.
    """

    database: Database
    objects: Objects
    config: Config
    models: dict[str, Runnable]
    worker: str

    def row(self, clip: str) -> ClipRow | None:
        """What is written down of a clip."""
        with self.database.read() as connection:
            return store.get(connection, clip)

    def claim(self, clip: str, run: int) -> bool:
        """Take the job up; False where it is wanted no more, or another run makes it."""
        with self.database.write() as connection:
            return store.start(connection, self._turn(clip, run))

    def condition(self, clip: str, run: int) -> Json | None:
        """Check the request and read what it says."""

        def work(request: Request, around: Run) -> None:
            stages.condition(stages.load(request, around), request, around)

        return self._step(clip, run, work)

    def sample(self, clip: str, run: int) -> Json | None:
        """Make the clip, still without pixels."""

        def work(request: Request, around: Run) -> None:
            model = stages.load(request, around)
            stages.sample(model, request, stages.condition(model, request, around), around)

        return self._step(clip, run, work)

    def render(self, clip: str, run: int) -> Json | None:
        """Turn it into files and put them where they will be served from."""

        def work(request: Request, around: Run) -> None:
            if self.objects.size(work_key(clip, _RENDERED)) is not None:
                return
            watch = stages.Stopwatch()
            model = stages.load(request, around)
            conditioning = stages.condition(model, request, around)
            latent = stages.sample(model, request, conditioning, around)
            watch.lap("sample")
            facts = stages.facts_of(model, request, latent.scene, conditioning.reading)
            frames = stages.decode(model, request, latent, around)
            small = media.Highlights(request.frames, frames.fps)
            frames = replace(frames, pictures=small.beside(frames.pictures))
            with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
                film = Path(folder) / "video.mp4"
                publication = self.publication(clip)
                made = stages.write(frames, film, lambda: facts, around, watch, publication)
                self._put(clip, film, small, facts, to_builtins(made))

        return self._step(clip, run, work)

    def publish(self, clip: str, run: int) -> Json | None:
        """Make the files known, all at once, and tidy up."""
        try:
            rendered: Json = json.loads(self.objects.get(work_key(clip, _RENDERED)))
        except FileNotFoundError:  # tidied up by an attempt that had come to the end of this step
            rendered = {}
        if rendered:
            self._complete(self._turn(clip, run), rendered)
        self.tidy(clip)
        return None

    def fail(self, clip: str, run: int, problem: Json) -> None:
        """End the job with what is wrong with it, unless it was stopped from outside."""
        if problem != STOPPED:
            give_up(self.database, clip, run, problem)
        self.tidy(clip)

    def tidy(self, clip: str) -> None:
        """Remove what a job leaves that has ended: all of it, or all but what was published."""
        row = self.row(clip)
        state = None if row is None else State(row.state)
        if state in _KEPT:
            return  # it goes on, here or elsewhere
        self.objects.remove_all(work_key(clip))
        self.objects.remove(preview_key(clip))
        published = (row.assets or {}).get("video", {}).get("key", "") if row else ""
        for attempt in self.objects.folders(clip_key(clip)):
            if not published.startswith(clip_key(clip, attempt) + "/"):
                self.objects.remove_all(clip_key(clip, attempt))
        if not published:
            self.objects.remove_all(clip_key(clip))

    def publish_at_once(self, row: ClipRow, film: Path, facts: Facts, made: Json) -> None:
        """Publish a clip that no job made: first its files, then its row, which is finished.

        Args:
            row: Without what is known only now: assets, facts, states and times.
            film: Its file.
            facts: What it was made from.
            made: Its `types.Clip`, as builtins.
        """
        now = time.time()
        assets = self._stored(row.id, film, media.Highlights.of(film), facts)
        finished = replace(
            row,
            **store.finished(assets, made, self._expiry(row)),
            worker=self.worker,
            created_at=now,
            started_at=now,
        )
        with self.database.write() as connection:
            store.add_finished(connection, finished)
            self._announce(connection, finished, assets)

    def _complete(self, turn: Turn, rendered: Json) -> None:
        assets, facts = rendered["assets"], rendered["clip"]
        with self.database.write() as connection:
            row = store.get(connection, turn.clip)
            expires = self._expiry(row)
            done = store.complete(connection, turn, assets=assets, facts=facts, expires_at=expires)
            if row is not None and done:
                self._announce(connection, row, assets)

    def _expiry(self, row: ClipRow | None) -> float | None:
        kept = self.config.policy.keep_clips
        if kept and row is not None and row.batch is not None:
            kept = max(kept, KEPT_FOR_BATCH)
        return time.time() + kept if kept else None

    def _announce(self, connection: Connection, row: ClipRow, assets: Json) -> None:
        """Tell webhooks of a finished clip, and count it."""
        announce(connection, row.project, "video.completed", row.id)
        work = time.time() - (row.started_at or time.time())
        size = sum(asset["bytes"] for asset in assets.values())
        seconds = float(from_builtins(row.request, Request).seconds)
        usage.add(connection, row.project, jobs=1, seconds=seconds, work=work, bytes=size)

    def _step(self, clip: str, run: int, work: Callable[[Request, Run], None]) -> Json | None:
        row = self.row(clip)
        if row is None:
            return STOPPED
        request = from_builtins(row.request, Request)
        reporter = self._reporter(row, run, request)
        try:
            with fetched(self.objects, row.inputs) as files:
                checkpoint = ObjectCheckpoint(self.objects, clip)
                weights = self.models[request.model].weights
                around = Run(files, reporter.on_event, reporter.cancelled, checkpoint)
                stages.stop_if_cancelled(around)
                work(request, stages.admit(request, replace(around, weights=weights)))
        except Cancelled:
            return self._late() if reporter.timed_out else STOPPED
        except OutputError as error:
            if isinstance(error.__cause__, OSError):
                raise error.__cause__ from error
            return {"code": error.code, "message": str(error), "param": error.field}
        except RequestError as error:
            return {"code": error.code, "message": str(error), "param": error.field}
        except KinemaError as error:
            return {"code": error.code, "message": str(error)}
        return None

    def _late(self) -> Json:
        limit = self.config.worker.timeout
        return {"code": "timeout", "message": f"The video took more than {limit} seconds."}

    def _reporter(self, row: ClipRow, run: int, request: Request) -> Reporter:
        passed = max(0.0, _steady() - (row.started_at or _steady()))
        left = self.config.worker.timeout - passed
        steps = self.models[request.model].card.steps
        return Reporter(
            self.database,
            self.objects,
            self._turn(row.id, run),
            project=row.project,
            promised=row.promised,
            stepped=steps.get(Quality.STANDARD, 1) > 1,
            deadline=time.monotonic() + left,
        )

    def publication(self, clip: str) -> stages.Publication:
        """How the file of a clip differs from one that its maker keeps."""
        return stages.Publication(silence=True, shown=self._shown(clip))

    def _shown(self, clip: str) -> Callable[[Facts], Json]:
        """What the file says of itself to everybody who gets to see it."""
        if self.config.policy.publish_prompts:
            return to_builtins

        def shown(facts: Facts) -> Json:
            digest = hashlib.sha256(to_json(facts)).hexdigest()
            return {"kinema": facts.kinema, "model": facts.model, "id": clip, "facts": digest}

        return shown

    def _put(
        self, clip: str, film: Path, small: media.Highlights, facts: Facts, made: Json
    ) -> None:
        """Put the files of an attempt away, and write down which they are."""
        rendered = {"assets": self._stored(clip, film, small, facts), "clip": made}
        document = json.dumps(rendered, separators=(",", ":"))
        self.objects.put(work_key(clip, _RENDERED), document.encode())

    def _stored(
        self, clip: str, film: Path, small: media.Highlights, facts: Facts
    ) -> dict[str, Json]:
        """Put the files of one attempt where nobody else writes; where they are, by variant."""
        attempt = secrets.token_hex(8)
        files: dict[str, bytes | Path] = {
            "video.mp4": film,
            "thumbnail.webp": small.thumbnail(),
            "spritesheet.jpg": small.spritesheet().image,
            FACTS: to_json(facts),
        }
        keys = {name: clip_key(clip, attempt, name) for name in files}
        self.objects.put_new({keys[name]: data for name, data in files.items()})
        assets: dict[str, Json] = {}
        for variant, (name, media_type) in _NAMES.items():
            size, digest = _measured(files[name])
            assets[variant] = {
                "key": keys[name],
                "bytes": size,
                "sha256": digest,
                "media_type": media_type,
            }
        return assets

    def _turn(self, clip: str, run: int) -> Turn:
        return Turn(clip, run, self.worker)


@contextmanager
def fetched(objects: Objects, inputs: Mapping[str, Json]) -> Iterator[dict[str, Path]]:
    """The files that a request names, in a folder for the length of a step.

    Raises:
        MediaError: One of them is there no more.
    """
    with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
        files: dict[str, Path] = {}
        for number, (name, where) in enumerate(inputs.items()):
            files[name] = Path(folder) / f"input{number}{where['suffix']}"
            try:
                objects.fetch(where["key"], files[name])
            except FileNotFoundError as error:
                problem = f"the file {name[:19]}... was deleted before the video was made"
                raise MediaError("inputs", problem) from error
            facts = f"{where['key'].rpartition('/')[0]}/{FACTS}"
            if where["key"].startswith("clips/") and objects.size(facts) is not None:
                objects.fetch(facts, facts_beside(files[name]))
        yield files


def give_up(database: Database, clip: str, run: int, problem: Json) -> None:
    """End a clip with what is wrong with it, and let everybody know who wanted to."""
    with database.write() as connection:
        row = store.get(connection, clip)
        if row is not None and store.fail(connection, clip, run, problem):
            announce(connection, row.project, "video.failed", clip)
            usage.add(connection, row.project, failed=1)


def _steady() -> float:
    """Seconds since 1970 by a clock that nobody sets while the process lives."""
    return _BEGAN + time.monotonic()


def _measured(data: bytes | Path) -> tuple[int, str]:
    if isinstance(data, Path):
        return data.stat().st_size, sha256_of(data)
    return len(data), hashlib.sha256(data).hexdigest()
