"""The ten operations of the Videos API, but for the bytes (`content`) and characters."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request, Response
from msgspec.structs import replace
from starlette.concurrency import run_in_threadpool

from kinema.config import PolicyConfig
from kinema.serve.api import wire
from kinema.serve.api.accept import Wish, accept, spelt
from kinema.serve.api.auth import Project
from kinema.serve.api.bodies import Upload, read_body
from kinema.serve.api.characters import named
from kinema.serve.api.errors import invalid, not_found
from kinema.serve.api.fields import Fields
from kinema.serve.api.given import finished, first_picture
from kinema.serve.api.inputs import Kept, kept_upload
from kinema.serve.api.services import Services, Use
from kinema.serve.store import clips as store
from kinema.serve.store.clips import ClipRow
from kinema.types import (
    Direction,
    ImageInput,
    ImageRole,
    Json,
    Quality,
    Size,
    Task,
)
from kinema.types import Request as Wanted

router: Final = APIRouter(prefix="/v1/videos", tags=["videos"])

SECONDS: Final = ("4", "8", "12", "16", "20")
SIZES: Final = ("720x1280", "1280x720", "1024x1792", "1792x1024", "1080x1920", "1920x1080")
CHARACTERS_MAX: Final = 2
_SEED_MAX: Final = 2**63 - 1

WishOf = Callable[[Services, str, Fields], Wish]
"""(services, project, fields of the body) -> what is wanted."""


@router.post("")
async def create(request: Request, services: Use, project: Project) -> wire.Video:
    """Start making a video."""
    return await _made(request, services, project, _create)


@router.post("/edits")
async def edit(request: Request, services: Use, project: Project) -> wire.Video:
    """Change what a prompt names in a video, given by id or as a file."""
    return await _made(request, services, project, _edit)


@router.post("/extensions")
async def extend(request: Request, services: Use, project: Project) -> wire.Video:
    """Go on with a video; the result is the whole of it."""
    return await _made(request, services, project, _extend)


@router.post("/{video_id}/remix")
async def remix(request: Request, services: Use, project: Project, video_id: str) -> wire.Video:
    """Make a video anew with a change."""

    def wish(services: Services, project: str, fields: Fields) -> Wish:
        source = finished(services, project, video_id, "video_id")
        return _changed(source, Task.REMIX, fields.prompt())

    return await _made(request, services, project, wish)


@router.get("")
async def list_videos(
    services: Use,
    project: Project,
    limit: Annotated[int, Query(ge=0, le=100)] = 20,
    after: str | None = None,
    order: Annotated[str, Query(pattern="^(asc|desc)$")] = "desc",
) -> wire.VideoList:
    """A page of the project's videos."""

    def read() -> tuple[list[ClipRow], bool]:
        with services.database.read() as connection:
            last = None
            if after:
                last = store.get(connection, after, project)
                if last is None:
                    raise not_found("Video", after)
            return store.page(
                connection, project, limit=limit, after=last, newest_first=order == "desc"
            )

    rows, more = await run_in_threadpool(read)
    videos = [wire.video(row) for row in rows]
    return wire.VideoList(
        data=videos,
        first_id=videos[0].id if videos else None,
        last_id=videos[-1].id if videos else None,
        has_more=more,
    )


@router.get("/{video_id}", response_model=wire.Video)
async def retrieve(services: Use, project: Project, video_id: str) -> Response:
    """How far a video is. Costs no query as long as nothing changes."""
    row = await services.watch.clip(video_id, project)
    if row is None:
        raise not_found("Video", video_id)
    headers = {} if row.state not in store.OPEN else {"openai-poll-after-ms": str(row.poll_after)}
    body = wire.video(row).model_dump_json()
    return Response(body, media_type="application/json", headers=headers)


@router.delete("/{video_id}")
async def delete(services: Use, project: Project, video_id: str) -> wire.VideoDeleted:
    """Delete a video and its files; one that is being made is stopped first."""

    def remove() -> None:
        with services.database.read() as connection:
            row = store.get(connection, video_id, project)
        if row is None:
            raise not_found("Video", video_id)
        services.queue.cancel(video_id)
        with services.database.write() as connection:
            store.delete(connection, video_id)
        services.objects.remove_all(f"clips/{video_id}/")

    await run_in_threadpool(remove)
    services.watch.forget(video_id)
    return wire.VideoDeleted(id=video_id)


async def _made(request: Request, services: Services, project: str, wish: WishOf) -> wire.Video:
    """Read a body, make a wish of it, and accept that."""
    body = await read_body(request, limit=services.config.limits.upload)
    retry = request.headers.get("x-stainless-retry-count", "0") not in ("", "0")

    def work() -> ClipRow:
        try:
            fields = Fields(body)
            wanted = wish(services, project, fields)
            fields.close()
            digest = f"{request.url.path}:{body.digest}"[-64:]
            return accept(services, project, wanted, digest=digest, is_retry=retry)
        finally:
            body.close()

    row = await run_in_threadpool(work)
    return wire.video(row)


def _create(services: Services, project: str, fields: Fields) -> Wish:
    alias = fields.text("model", most=120) or "sora-2"
    seconds = Fraction(fields.one_of("seconds", SECONDS, "4"))
    size = Size.parse(fields.one_of("size", SIZES, "720x1280"))
    wanted = Wanted(prompt=fields.prompt(), size=size, **_extras(fields))
    inputs: dict[str, Json] = {}
    reference = fields.upload_or("input_reference", ("file_id", "image_url"))
    if reference is not None:
        kept = first_picture(services, project, reference, size)
        inputs[kept.file] = kept.place
        image = ImageInput(file=kept.file, role=ImageRole.FIRST)
        wanted = replace(wanted, task=Task.IMAGE_TO_VIDEO, images=(image,))
    ids = fields.ids("characters", most=CHARACTERS_MAX)
    if ids:
        wanted = replace(wanted, characters=named(services, project, ids, wanted.prompt))
    return Wish(request=wanted, alias=alias, seconds=seconds, inputs=inputs)


def _edit(services: Services, project: str, fields: Fields) -> Wish:
    prompt = fields.prompt()
    video = fields.upload_or("video", ("id",))
    model = fields.text("model", most=120)
    if isinstance(video, Upload):
        kept = kept_upload(services.objects, video, "video", films=True)
        return _of_upload(kept, Task.EDIT, prompt, model or "sora-2")
    return _changed(_source(services, project, video), Task.EDIT, prompt)


def _extend(services: Services, project: str, fields: Fields) -> Wish:
    prompt, policy = fields.prompt(), services.config.policy
    more = Fraction(fields.one_of("seconds", [s for s in SECONDS if int(s) <= policy.extension]))
    video = fields.upload_or("video", ("id",))
    if isinstance(video, Upload):
        kept = kept_upload(services.objects, video, "video", films=True)
        whole = (kept.info.seconds or 0) + more
        _check_length(policy, whole, 1)
        return _of_upload(kept, Task.EXTEND, prompt, "sora-2", whole)
    source = _source(services, project, video)
    whole = Fraction(source.seconds) + more
    _check_length(policy, whole, source.extensions + 1)
    return _changed(source, Task.EXTEND, prompt, whole)


def _check_length(policy: PolicyConfig, whole: Fraction, times: int) -> None:
    if times > policy.extensions:
        raise invalid(f"A video can be extended {policy.extensions} times at most.", "video")
    if whole > policy.extended:
        message = f"The whole would be {spelt(whole)} seconds long, and {policy.extended} are"
        raise invalid(f"{message} the most.", "seconds")


def _source(services: Services, project: str, video: Json | None) -> ClipRow:
    if video is None:
        message = "Missing required parameter: 'video'."
        raise invalid(message, "video", "missing_required_parameter")
    return finished(services, project, video["id"], "video")


def _changed(source: ClipRow, task: Task, prompt: str, seconds: Fraction | None = None) -> Wish:
    """A wish that begins with a finished video and takes over what it does not change."""
    assets = source.assets or {}
    file = f"sha256:{assets['video']['sha256']}"
    old = source.request
    wanted = Wanted(
        task=task,
        prompt=prompt,
        size=Size.parse(source.size),
        seed=int(old.get("seed", 0)),
        quality=Quality(old.get("quality", Quality.STANDARD)),
        clip=file,
        direction=Direction.FORWARD,
    )
    return Wish(
        request=wanted,
        alias=source.alias,
        seconds=seconds or Fraction(source.seconds),
        fps=Fraction(old.get("fps", 24)),
        inputs={file: {"key": assets["video"]["key"], "suffix": ".mp4"}},
        source=source.id,
        extensions=source.extensions + (task is Task.EXTEND),
        prefer=source.model,
    )


def _of_upload(
    kept: Kept, task: Task, prompt: str, alias: str, seconds: Fraction | None = None
) -> Wish:
    """The same with a video that came as a file."""
    wanted = Wanted(task=task, prompt=prompt, size=kept.info.size, clip=kept.file)
    return Wish(
        request=wanted,
        alias=alias,
        seconds=seconds or kept.info.seconds or Fraction(4),
        fps=kept.info.fps,
        inputs={kept.file: kept.place},
        extensions=int(task is Task.EXTEND),
    )


def _extras(fields: Fields) -> Json:
    """What Kinema understands beyond the original: given beside the other fields."""
    extras: Json = {}
    seed = fields.whole("seed", 0, _SEED_MAX)
    if seed is not None:
        extras["seed"] = seed
    negative = fields.text("negative_prompt", most=32_000)
    if negative is not None:
        extras["negative"] = negative
    extras["quality"] = Quality(fields.one_of("quality", list(Quality), Quality.STANDARD))
    extras["style"] = fields.text("style", most=80)
    return extras
