"""One live stream: drawn chunk by chunk at the pace of a clock, steered while it plays.

A thread draws. Viewers come and go; without any, or on hold, it stands still. When nobody has said
anything for a while it gives its slot back and stands still too, until somebody speaks.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from typing import Final

import cv2
import numpy as np
from msgspec.structs import replace

from kinema.engine import stages
from kinema.engine.adapters import Picture, Run
from kinema.engine.stream import Part, parts
from kinema.errors import Cancelled, KinemaError, RequestError
from kinema.serve.jobs.make import Maker
from kinema.serve.jobs.patience import may_pass
from kinema.serve.road import words
from kinema.serve.road.fragments import Fragments
from kinema.serve.road.pace import Pace
from kinema.serve.road.record import Record
from kinema.serve.road.reel import Reel, Shown, publish
from kinema.serve.road.viewers import Audience, Viewer
from kinema.serve.store.lives import LiveRow, LiveState, Reason
from kinema.types import Event, Log, Request, check_text, from_builtins

_LOG: Final = logging.getLogger(__name__)
_PIECES: Final = 4
"""Pieces of film a second."""
_KEEPING_MAX: Final = 8
_LOOK: Final = 0.5
"""Seconds between two looks at the clock while the stream stands."""
_MESSAGES: Final = {
    Reason.ENDED: "The stream was ended.",
    Reason.LEFT: "Nobody was watching.",
    Reason.REPLACED: "Another stream of the project was begun.",
    Reason.FAILED: "Something broke in the stream.",
}


@dataclass(frozen=True, slots=True)
class _Prompt:
    """A prompt that somebody said, and when. anew: it begins a scene of its own."""

    text: str
    said: float
    anew: bool = False
    seed: int | None = None


class Live:
    """A stream on its worker.

    Args:
        maker: Of the worker: its models, its database, and how clips are published.
        row: The stream as the API wrote it down.
        slot: Taken by the caller; given back while the stream is idle, and at its end.
        on_end: Called when it is over.

    Raises:
        KinemaError: The request cannot be answered: its model, its prompt.
    """

    def __init__(
        self,
        maker: Maker,
        row: LiveRow,
        slot: threading.Semaphore,
        on_end: Callable[[str], None],
    ) -> None:
        self.row = row
        self._maker, self._slot, self._on_end = maker, slot, on_end
        self._request = request = from_builtins(row.request, Request)
        self._turn = threading.Condition()
        self._reason: Reason | None = None
        self._message = ""
        self._logs: list[str] = []
        weights = maker.models[request.model].weights
        self._run = stages.admit(request, Run({}, self._on_event, self._is_over, weights=weights))
        self._model = stages.load(request, self._run)
        stages.condition(self._model, request, self._run)
        self._logs.clear()
        self._film = Fragments(request.size, request.fps)
        self._audience = Audience(self._film.init)
        chunk = Fraction(max(1, round(request.fps))) / request.fps
        self._reel = Reel(chunk, maker.config.policy.live_kept)
        self._pace = Pace(float(chunk))
        self._heard = time.monotonic()
        self._state = self._told_state = LiveState.OPEN
        self._has_slot = True
        self._next: _Prompt | None = _Prompt(request.prompt, self._heard, anew=True)
        self._asked: _Prompt | None = None
        self._answer_ms: int | None = None
        self._kept: str | None = None
        self._keeping = 0
        self._over = threading.Event()
        self._keeper = ThreadPoolExecutor(1, thread_name_prefix="keep")
        self._record = Record(maker.database, row)

    def start(self) -> None:
        """Draw as soon as somebody watches."""
        threading.Thread(target=self._live, name=self.row.id[:21], daemon=True).start()

    def join(self, viewer: Viewer) -> None:
        """Somebody watches."""
        with self._turn:
            self._heard = time.monotonic()
            request = self._request
            ready = {
                "event": "ready",
                "id": self.row.id,
                "mime": self._film.mime,
                "size": str(request.size),
                "fps": float(request.fps),
                "model": request.model,
                "prompt": self._reel.prompt or request.prompt,
                "state": self._state,
                "at": float(self._reel.at),
            }
            self._audience.join(viewer, ready)
            self._turn.notify_all()
        self._record.note(viewers=len(self._audience))

    def leave(self, viewer: Viewer) -> None:
        """Somebody watches no more."""
        self._audience.leave(viewer)
        self._record.note(viewers=len(self._audience))

    def hear(self, text: str) -> None:
        """Do what a viewer says."""
        try:
            said = words.understood(text)
            if isinstance(said, words.Steer | words.Restart):
                check_text("prompt", said.prompt)
            with self._turn:
                self._heard = time.monotonic()
                self._do(said)
                self._turn.notify_all()
        except RequestError as error:
            self._audience.tell("refused", prompt=None, message=str(error))

    def end(self, reason: Reason, message: str = "") -> None:
        """Let it be over, within one picture."""
        with self._turn:
            if self._reason is None:
                self._reason, self._message = reason, message or _MESSAGES[reason]
            self._turn.notify_all()

    def wait(self, patience: float) -> None:
        """Wait until it has given its slot back, after it was told to end."""
        self._over.wait(patience)

    def _do(self, said: words.Word) -> None:
        now = self._heard
        match said:
            case words.Steer(prompt=prompt):
                anew = self._next is not None and self._next.anew
                self._next = _Prompt(prompt, now, anew=anew)
                self._wake()
            case words.Restart(prompt=prompt, seed=seed):
                prompt = prompt or self._reel.prompt or self._request.prompt
                self._next = _Prompt(prompt, now, anew=True, seed=seed)
                self._state = LiveState.OPEN if self._has_slot else self._state
                self._wake()
            case words.Hold() if self._has_slot:
                self._state = LiveState.HELD
            case words.Play():
                self._state = LiveState.OPEN if self._has_slot else self._state
                self._wake()
            case words.Keep():
                self._keep(said)
            case words.End():
                self.end(Reason.ENDED)
            case _:  # somebody is here
                pass

    def _wake(self) -> None:
        """Take a slot again after the stream was idle."""
        if self._has_slot:
            return
        self._has_slot = self._slot.acquire(blocking=False)
        if self._has_slot:
            self._state = LiveState.OPEN
        else:
            message = "The worker plays another stream now. Try again later."
            self._audience.tell("busy", message=message)

    def _keep(self, said: words.Keep) -> None:
        at = float(self._reel.at)
        start = at - (said.seconds or 0.0) if said.start is None else said.start
        end = at if said.end is None else said.end
        chunks = self._reel.between(max(0.0, start), end)
        if not chunks or (said.start is None and said.seconds is None):
            message = f"expected 'seconds', or a stretch of the last {self._reel.held:g} seconds"
            self._audience.tell("keep_failed", start=start, end=end, message=message)
            return
        if self._keeping >= _KEEPING_MAX:
            message = f"{_KEEPING_MAX} pieces are being kept already; wait for one"
            self._audience.tell("keep_failed", **self._reel.stretch(chunks), message=message)
            return
        self._keeping += 1
        self._audience.tell("keeping", **self._reel.stretch(chunks))
        self._keeper.submit(self._publish, chunks)

    def _publish(self, chunks: list[Shown]) -> None:
        stretch = self._reel.stretch(chunks)
        try:
            clip = publish(self._maker, self.row, self._model, chunks, self._kept)
        except Exception as error:  # noqa: BLE001 - the stream goes on, and says what is wrong
            if not isinstance(error, KinemaError) and not may_pass(error):
                _LOG.exception("a piece of a stream cannot be kept")
            self._audience.tell("keep_failed", **stretch, message=str(error))
            return
        finally:
            with self._turn:
                self._keeping -= 1
        self._kept = clip
        self._reel.note(clip, chunks)
        self._record.reel(self._reel.document())
        self._audience.tell("kept", clip=clip, **stretch)

    def _live(self) -> None:
        try:
            with self._film:
                while self._is_due():
                    self._play()
        except Cancelled:
            pass
        except KinemaError as error:
            self.end(Reason.FAILED, str(error))
        except Exception:  # noqa: BLE001 - who watches must hear of it
            _LOG.exception("a stream broke")
            self.end(Reason.FAILED)
        self._close()

    def _play(self) -> None:
        """Play a scene from its beginning until another one begins, or the end."""
        with self._turn:
            asked, self._next = self._next, None
        assert asked is not None
        seed = self._request.seed if asked.seed is None else asked.seed
        self._request = replace(self._request, prompt=asked.text, seed=seed)
        self._asked = asked
        if self._reel.at:
            self._audience.tell("restarted", at=float(self._reel.at), prompt=asked.text)
        for part in parts(self._model, self._request, self._prompts(), self._run):
            self._show(part)

    def _prompts(self) -> Iterator[str | None]:
        """What rules each chunk, asked for when it is due."""
        while self._is_due():
            with self._turn:
                asked = self._next
                if asked is not None and asked.anew and self._can_be_read(asked):
                    return
                self._next = None
            self._asked = None if asked is None or asked.anew else asked
            yield None if self._asked is None else self._asked.text

    def _can_be_read(self, asked: _Prompt) -> bool:
        """Whether a scene can begin with it; else the one that plays goes on."""
        try:
            stages.condition(self._model, replace(self._request, prompt=asked.text), self._run)
        except RequestError as error:
            self._audience.tell("refused", prompt=asked.text, message=str(error))
            return False
        finally:
            self._logs.clear()
        return True

    def _is_due(self) -> bool:
        """Wait until the next chunk is to be drawn; False where there is none."""
        with self._turn:
            while self._reason is None:
                self._look_at_clock()
                plays = self._has_slot and self._state is LiveState.OPEN
                self._say_state()
                wait = self._pace.wait() if plays and self._audience else _LOOK
                if wait <= 0:
                    return True
                if not plays or not self._audience:
                    self._pace.stand()
                self._turn.wait(min(wait, _LOOK))
        return False

    def _look_at_clock(self) -> None:
        idle = self._maker.config.policy.live_idle
        silent = time.monotonic() - self._heard
        if self._has_slot and silent > idle:
            self._has_slot, self._state = False, LiveState.IDLE
            self._slot.release()
        elif not self._has_slot and not self._audience and silent > 2 * idle:
            self.end(Reason.LEFT)

    def _say_state(self) -> None:
        if self._state is self._told_state:
            return
        self._told_state, at = self._state, float(self._reel.at)
        event = {LiveState.OPEN: "playing", LiveState.HELD: "held", LiveState.IDLE: "idle"}
        more = {"after": self._maker.config.policy.live_idle}
        self._audience.tell(
            event[self._state], at=at, **(more if self._state is LiveState.IDLE else {})
        )
        self._record.note(state=self._state)

    def _show(self, part: Part) -> None:
        asked, self._asked = self._asked, None
        is_new = asked is not None and self._take_up(asked, part)
        request, pieces, first = self._request, bytearray(), True
        every = max(1, round(request.fps / _PIECES))
        size = self._pace.size(request.size) if part.latent.scene is not None else None
        self._pace.begin()
        for number, picture in enumerate(part.frames(self._model, size).pictures):
            self._film.put(_fitted(picture, request), key=number == 0)
            pieces += self._film.take()
            # The muxer lets a picture go when the next one comes: of the first of a chunk, that is
            # the last one before.
            if number < 2 or number % every == 0:
                if pieces:
                    self._audience.show(bytes(pieces), key=number > 0 and first)
                pieces.clear()
                first = first and number == 0
                if number == 1 and is_new and asked is not None:
                    self._answered(asked)
        if pieces:
            self._audience.show(bytes(pieces), key=first)
        self._pace.end()
        with self._turn:
            self._reel.add(part)
        self._tell_stats()

    def _take_up(self, asked: _Prompt, part: Part) -> bool:
        """Say whether a prompt is followed, and what of it is not."""
        logs, self._logs = self._logs, []
        if not part.request.prompt:
            message = logs[-1] if logs else "It cannot be read."
            self._audience.tell("refused", prompt=asked.text, message=message)
            return False
        with self._turn:
            self._reel.begin(asked.text)
        for message in logs:
            self._audience.tell("note", prompt=asked.text, message=message)
        self._record.note(prompt=asked.text)
        self._record.reel(self._reel.document())
        return True

    def _answered(self, asked: _Prompt) -> None:
        """The first pictures under a new prompt are on their way."""
        self._answer_ms = round(1000 * (time.monotonic() - asked.said))
        self._audience.tell(
            "scene", prompt=asked.text, at=float(self._reel.at), answer_ms=self._answer_ms
        )

    def _tell_stats(self) -> None:
        fps = float(self._request.fps) / max(1.0, self._pace.share)
        stats = {
            "fps": round(fps, 1),
            "answer_ms": self._answer_ms,
            "quality": self._pace.quality,
            "late": round(self._pace.late, 2),
        }
        self._audience.tell("stats", **stats)
        self._record.stats(stats)

    def _close(self) -> None:
        reason = self._reason or Reason.ENDED
        with self._turn:
            if self._has_slot:
                self._has_slot = False
                self._slot.release()
        self._over.set()
        self._reel.close()
        self._record.reel(self._reel.document())
        self._record.end(reason)
        self._audience.dismiss("ended", reason=reason, message=self._message)
        self._keeper.shutdown(wait=True)
        self._record.close()
        self._on_end(self.row.id)

    def _on_event(self, event: Event) -> None:
        if isinstance(event, Log):
            self._logs.append(event.message)

    def _is_over(self) -> bool:
        return self._reason is not None


def _fitted(picture: Picture, request: Request) -> Picture:
    """The picture in the size of the stream."""
    size = request.size
    if picture.shape[:2] == (size.height, size.width):
        return picture
    larger = cv2.resize(picture, (size.width, size.height), interpolation=cv2.INTER_LINEAR)
    return np.asarray(larger, np.uint8)
