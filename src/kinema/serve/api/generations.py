"""Everything the engine can do, in one request: what the Videos API has no fields for.

``POST /v1/kinema/generations`` takes a task and what belongs to it, and makes one or several
videos; ``POST /v1/kinema/estimate`` takes the same and says what it would take.
"""

from __future__ import annotations

import dataclasses
from fractions import Fraction
from typing import Any, Final

from fastapi import APIRouter, Request
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from kinema.engine.estimate import estimate
from kinema.serve.api import wire
from kinema.serve.api.accept import Wish, accept, answering
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Body, is_retry, read_body
from kinema.serve.api.characters import named
from kinema.serve.api.errors import invalid, missing
from kinema.serve.api.fields import Fields
from kinema.serve.api.given import carries_scene, finished, picture
from kinema.serve.api.schemas import takes
from kinema.serve.api.schemas_beyond import GENERATION
from kinema.serve.api.services import Services, Use
from kinema.serve.ids import Kind, new_id
from kinema.serve.store.clips import ClipRow
from kinema.types import (
    Card,
    Curve,
    Direction,
    FileId,
    ImageInput,
    ImageRole,
    Json,
    Quality,
    Sampling,
    Size,
    Span,
    Task,
)
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/kinema", tags=["kinema"])

VARIATIONS_MAX: Final = 8
_SEED_MAX: Final = 2**63 - 1


class Forecast(wire.Wire):
    """What a request would take: seconds of work for all its videos, and memory.

    ``seconds`` is null where nobody knows yet how fast the model is.
    """

    model: str
    videos: int
    frames: int
    seconds: float | None
    megabytes: float
    measured: str


@router.post("/generations", openapi_extra=takes(GENERATION))
async def create(request: Request, services: Use, project: Project) -> wire.VideoList:
    """Make one video or several variations of it."""
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> list[ClipRow]:
        wish, count = wished(services, project, body)
        spread = new_id(Kind.SPREAD) if count > 1 else None
        again, rows = is_retry(request), list[ClipRow]()
        for number, seed in enumerate(_seeds(wish.request.seed, count)):
            one = dataclasses.replace(wish, request=replace(wish.request, seed=seed), spread=spread)
            digest = f"{number}:{body.digest}"[:64]
            rows.append(
                accept(services, project, one, digest=digest, is_retry=again, came=body.came)
            )
        return rows

    return wire.video_list(await run_in_threadpool(work), more=False)


@router.post("/estimate", openapi_extra=takes(GENERATION))
async def forecast(request: Request, services: Use, project: Project) -> Forecast:
    """Say what a request would take, without making anything."""
    body = await read_body(request, limit=services.config.limits.upload)

    def work() -> Forecast:
        wish, count = wished(services, project, body)
        chosen = answering(services.installed, wish)
        said, seconds = estimate(chosen), services.installed.promised(chosen)
        return Forecast(
            model=said.model,
            videos=count,
            frames=chosen.frames,
            seconds=None if seconds is None else round(seconds * count, 1),
            megabytes=said.megabytes,
            measured=said.measured,
        )

    return await run_in_threadpool(work)


def _seeds(seed: int, count: int) -> list[int]:
    """A seed for each variation; the first is the one that was asked for."""
    return [(seed + number) % _SEED_MAX for number in range(count)]


class _Reader:
    """Reads the fields of one body into a wish."""

    def __init__(self, services: Services, project: str, fields: Fields) -> None:
        self.services, self.project, self.fields = services, project, fields
        self.inputs: dict[FileId, Json] = {}
        self.source: ClipRow | None = None
        self.bare: str | None = None

    def video(self, name: str) -> FileId | None:
        """The file of a finished video that a field names."""
        given = self.fields.upload_or(name, ("id",))
        if not isinstance(given, dict):
            return None
        row = finished(self.services, self.project, given["id"], name)
        if self.source is None:
            self.source = row
        if not carries_scene(row):
            self.bare = name
        return self._film(row)

    def guide(self) -> str | None:
        """``animatic``, or the file of a finished video."""
        value = self.fields.take("guide")
        if value is None or value == "animatic":
            return value
        if not isinstance(value, dict) or set(value) != {"id"}:
            raise invalid("Invalid 'guide': expected 'animatic' or an object with an id.", "guide")
        return self._film(finished(self.services, self.project, str(value["id"]), "guide"))

    def images(self) -> tuple[ImageInput, ...]:
        """Pictures at times of the clip."""
        found: list[ImageInput] = []
        for number, fields in enumerate(self._each("images")):
            image = ImageInput(
                file=self._picture(fields, f"images[{number}]"),
                at=fields.seconds("at") or Fraction(0),
                role=ImageRole(fields.one_of("role", list(ImageRole), ImageRole.FIRST)),
            )
            fields.close()
            found.append(image)
        return tuple(found)

    def cards(self) -> tuple[Card, ...]:
        """Cards of a storyboard."""
        found: list[Card] = []
        for number, fields in enumerate(self._each("cards")):
            card = Card(
                prompt=fields.prompt(),
                seconds=_or(fields.seconds("seconds"), Fraction(4)),
                transition=fields.seconds("transition") or Fraction(0),
                image=self._picture(fields, f"cards[{number}]", needed=False),
            )
            fields.close()
            found.append(card)
        return tuple(found)

    def mask(self) -> FileId | None:
        """A picture whose bright places may change."""
        given = self.fields.upload_or("mask", ("file_id", "image_url"))
        if given is None:
            return None
        kept = picture(self.services, self.project, given, "mask")
        self.inputs[kept.file] = kept.place
        return kept.file

    def keep(self) -> Span | None:
        """The stretch that a re-cut leaves alone."""
        fields = self.fields.inner("keep")
        start, end = fields.seconds("start"), fields.seconds("end")
        fields.close()
        if start is None and end is None:
            return None
        if end is None:
            raise missing("keep.end")
        return Span(start=start or Fraction(0), end=end)

    def _each(self, name: str) -> list[Fields]:
        found = self.fields.objects(name)
        if len(found) > 100:
            raise invalid(f"Invalid '{name}': at most 100 are possible.", name)
        return found

    def _film(self, row: ClipRow) -> FileId:
        film = (row.assets or {})["video"]
        file = f"sha256:{film['sha256']}"
        self.inputs[file] = {"key": film["key"], "suffix": ".mp4"}
        return file

    def _picture(self, fields: Fields, field: str, *, needed: bool = True) -> Any:
        given = {name: fields.take(name) for name in ("file_id", "image_url")}
        given = {name: value for name, value in given.items() if value is not None}
        if not given and not needed:
            return None
        if len(given) != 1 or not all(isinstance(value, str) for value in given.values()):
            message = f"Invalid '{field}': expected exactly one of 'file_id' and 'image_url'."
            raise invalid(message, field)
        kept = picture(self.services, self.project, given, field)
        self.inputs[kept.file] = kept.place
        return kept.file


def wished(services: Services, project: str, body: Body) -> tuple[Wish, int]:
    """What a body wants made, and how many variations of it."""
    try:
        fields = Fields(body)
        reader = _Reader(services, project, fields)
        task = Task(fields.one_of("task", list(Task), Task.TEXT_TO_VIDEO))
        clip, second = reader.video("video"), reader.video("second")
        source = reader.source
        alias = fields.text("model", most=120) or (source.alias if source else "sora-2")
        first = services.installed.behind(alias)[0]
        board = reader.cards()
        ids = fields.ids("characters", most=8)
        wanted = Wanted(
            task=task,
            prompt=fields.prompt(needed=False),
            negative=fields.text("negative_prompt", most=32_000) or "",
            size=_size(fields, source, first.default_size),
            seed=fields.whole("seed", 0, _SEED_MAX) or 0,
            quality=Quality(fields.one_of("quality", list(Quality), Quality.STANDARD)),
            sampling=Sampling(
                steps=fields.whole("steps", 1, 1000),
                guidance=fields.number("guidance", 0.0, 100.0),
            ),
            images=reader.images(),
            clip=clip,
            second=second,
            mask=reader.mask(),
            strength=fields.number("strength", 0.0, 1.0),
            keep=reader.keep(),
            direction=Direction(fields.one_of("direction", list(Direction), Direction.FORWARD)),
            cards=board,
            style=fields.text("style", most=80),
            curve=Curve(fields.one_of("curve", list(Curve), Curve.TRANSITION)),
            guide=reader.guide(),
            strict=fields.switch("strict"),
        )
        if ids:
            wanted = replace(wanted, characters=named(services, project, ids, wanted.prompt))
        usual = sum((one.seconds for one in board), Fraction(0)) or first.default_seconds
        if source is not None:
            usual = Fraction(source.seconds)
        seconds = _or(fields.seconds("seconds"), usual)
        fps = fields.number("fps", 1.0, 60.0)
        count = fields.whole("variations", 1, VARIATIONS_MAX) or 1
        fields.close()
    finally:
        body.close()
    wish = Wish(
        request=wanted,
        alias=alias,
        seconds=seconds,
        fps=_rate(fps, source),
        inputs=reader.inputs,
        source=source.id if source else None,
        extensions=(source.extensions + 1) if source and task is Task.EXTEND else 0,
        prefer=source.model if source else None,
        bare=reader.bare,
    )
    return wish, count


def _size(fields: Fields, source: ClipRow | None, usual: Size) -> Size:
    given = fields.text("size", most=20)
    if given is not None:
        return Size.parse(given)
    return usual if source is None else Size.parse(source.size)


def _rate(fps: float | None, source: ClipRow | None) -> Fraction | None:
    if fps is not None:
        return Fraction(fps).limit_denominator(1001)
    return None if source is None else Fraction(source.request.get("fps", 24))


def _or(given: Fraction | None, usual: Fraction) -> Fraction:
    return usual if given is None else given
