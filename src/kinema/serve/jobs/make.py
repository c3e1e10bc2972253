"""One job: the steps from a clip's row to its published files.

Each step can be done again, because whoever does it may die in it: what an earlier attempt had
finished is found in the checkpoint or in the object store, and nothing is visible before the last
step's single transaction.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from kinema import media
from kinema.config import Config
from kinema.engine import stages
from kinema.engine.adapters import Run, adapter
from kinema.engine.cards import card
from kinema.engine.check import check
from kinema.engine.facts import Facts, facts_beside
from kinema.errors import Cancelled, KinemaError, RequestError
from kinema.serve.jobs.checkpoints import ObjectCheckpoint
from kinema.serve.jobs.progress import Reporter
from kinema.serve.store import clips as store
from kinema.serve.store import usage
from kinema.serve.store.clips import ClipRow
from kinema.serve.store.database import Database
from kinema.serve.store.deliveries import announce
from kinema.serve.store.objects import Objects, clip_key, preview_key, sha256_of
from kinema.types import Json, Quality, Request, from_builtins, to_builtins, to_json

FACTS: Final = "facts.json"
"""What a clip was made from, beside its files and never served."""

STOPPED: Final[Json] = {"code": "stopped"}
"""The outcome of a step that was asked to stop; whoever asked has changed the row."""


@dataclass(frozen=True, slots=True)
class Maker:
    """Makes clips on one worker.

    Every method but `fail` is a step: it returns None when it is done, or what is wrong, as the
    API's {code, message, param}. `OSError` is raised: the place that could not be written to or
    read may work again.
    """

    database: Database
    objects: Objects
    config: Config
    worker: str

    def start(self, clip: str) -> Json | None:
        """Take the job up; a clip that is wanted no more is stopped here."""
        with self.database.write() as connection:
            taken = store.start(connection, clip, self.worker)
        return None if taken else STOPPED

    def condition(self, clip: str) -> Json | None:
        """Check the request and read what it says."""

        def work(request: Request, run: Run) -> None:
            model = adapter(check(request, run.files).name)
            stages.condition(model, request, run)

        return self._step(clip, work)

    def sample(self, clip: str) -> Json | None:
        """Make the clip, still without pixels."""

        def work(request: Request, run: Run) -> None:
            model = adapter(request.model)
            stages.sample(model, request, stages.condition(model, request, run), run)

        return self._step(clip, work)

    def render(self, clip: str) -> Json | None:
        """Turn it into files and put them where they will be served from."""

        def work(request: Request, run: Run) -> None:
            watch = stages.Stopwatch()
            model = adapter(request.model)
            conditioning = stages.condition(model, request, run)
            latent = stages.sample(model, request, conditioning, run)
            watch.lap("sample")
            facts = stages.facts_of(model, request, latent.scene, conditioning.reading)
            frames = stages.decode(model, request, latent, run)
            with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
                film = Path(folder) / "video.mp4"
                publication = stages.Publication(silence=True, shown=self._shown(clip))
                made = stages.write(frames, film, lambda: facts, run, watch, publication)
                self._put(clip_key(clip, "thumbnail.webp"), media.thumbnail(film))
                self._put(clip_key(clip, "spritesheet.jpg"), media.spritesheet(film).image)
                self._put(clip_key(clip, FACTS), to_json(facts))
                self._put(clip_key(clip, "clip.json"), to_json(made))
                self._put(clip_key(clip, "video.mp4"), film)  # last: with it all are there

        return self._step(clip, work)

    def publish(self, clip: str) -> Json | None:
        """Make the files known, all at once, and tidy up."""
        names = {
            "video": ("video.mp4", "video/mp4"),
            "thumbnail": ("thumbnail.webp", "image/webp"),
            "spritesheet": ("spritesheet.jpg", "image/jpeg"),
        }
        assets = {
            variant: self._asset(clip_key(clip, name), kind)
            for variant, (name, kind) in names.items()
        }
        made: Json = json.loads(self.objects.get(clip_key(clip, "clip.json")))
        kept = self.config.policy.keep_clips
        with self.database.write() as connection:
            row = store.get(connection, clip)
            expires = time.time() + kept if kept else None
            done = store.complete(connection, clip, assets=assets, facts=made, expires_at=expires)
            if row is not None and done:
                announce(connection, row.project, "video.completed", clip)
                work = time.time() - (row.started_at or time.time())
                size = sum(asset["bytes"] for asset in assets.values())
                seconds = float(from_builtins(row.request, Request).seconds)
                usage.add(connection, row.project, jobs=1, seconds=seconds, work=work, bytes=size)
        if not done:
            with self.database.read() as connection:
                found = store.get(connection, clip)
            if found is None or found.state != store.State.COMPLETED:
                self.objects.remove_all(f"clips/{clip}/")
        self._tidy(clip)
        return None

    def fail(self, clip: str, problem: Json) -> None:
        """End the job with what is wrong with it, unless it was stopped from outside."""
        if problem != STOPPED:
            with self.database.write() as connection:
                row = store.get(connection, clip)
                if row is not None and store.fail(connection, clip, problem):
                    announce(connection, row.project, "video.failed", clip)
                    usage.add(connection, row.project, failed=1)
        with self.database.read() as connection:
            state = store.state_of(connection, clip)
        if state is not store.State.PAUSED:
            self._tidy(clip)

    def _step(self, clip: str, work: Callable[[Request, Run], None]) -> Json | None:
        with self.database.read() as connection:
            row = store.get(connection, clip)
        if row is None:
            return STOPPED
        request = from_builtins(row.request, Request)
        reporter = self._reporter(row, request)
        try:
            with self._inputs(row) as files:
                checkpoint = ObjectCheckpoint(self.objects, clip)
                run = Run(files, reporter.on_event, reporter.cancelled, checkpoint)
                work(request, run)
        except Cancelled:
            limit = self.config.worker.timeout
            late = {"code": "timeout", "message": f"The video took more than {limit} seconds."}
            return late if reporter.timed_out else STOPPED
        except RequestError as error:
            return {"code": error.code, "message": str(error), "param": error.field}
        except KinemaError as error:
            return {"code": error.code, "message": str(error)}
        return None

    def _reporter(self, row: ClipRow, request: Request) -> Reporter:
        started = row.started_at or time.time()
        left = self.config.worker.timeout - (time.time() - started)
        return Reporter(
            self.database,
            self.objects,
            clip=row.id,
            project=row.project,
            promised=row.promised,
            stepped=card(request.model).steps.get(Quality.STANDARD, 1) > 1,
            deadline=time.monotonic() + left,
        )

    @contextmanager
    def _inputs(self, row: ClipRow) -> Iterator[dict[str, Path]]:
        """The files that the request names, in a folder for the length of a step."""
        with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
            files: dict[str, Path] = {}
            for number, (name, where) in enumerate(row.inputs.items()):
                files[name] = Path(folder) / f"input{number}{where['suffix']}"
                self.objects.fetch(where["key"], files[name])
                facts = f"{where['key'].rpartition('/')[0]}/{FACTS}"
                if where["key"].startswith("clips/") and self.objects.size(facts) is not None:
                    self.objects.fetch(facts, facts_beside(files[name]))
            yield files

    def _shown(self, clip: str) -> Callable[[Facts], Json]:
        """What the file says of itself to everybody who gets to see it."""
        if self.config.policy.publish_prompts:
            return to_builtins

        def shown(facts: Facts) -> Json:
            digest = hashlib.sha256(to_json(facts)).hexdigest()
            return {"kinema": facts.kinema, "model": facts.model, "id": clip, "facts": digest}

        return shown

    def _put(self, key: str, data: bytes | Path) -> None:
        """Write a file of the clip; one that an earlier attempt wrote stays as it is."""
        with suppress(FileExistsError):
            self.objects.put(key, data, new=True)

    def _asset(self, key: str, media_type: str) -> Json:
        with tempfile.TemporaryDirectory(prefix="kinema-") as folder:
            copy = Path(folder) / "copy"
            self.objects.fetch(key, copy)
            size, digest = copy.stat().st_size, sha256_of(copy)
        return {"key": key, "bytes": size, "sha256": digest, "media_type": media_type}

    def _tidy(self, clip: str) -> None:
        ObjectCheckpoint(self.objects, clip).clear()
        self.objects.remove(preview_key(clip))
