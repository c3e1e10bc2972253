"""From the fields of a body to a wish: what each operation of the Videos API takes.

Every field is looked at before anything is kept or looked up, so that a request with a mistake in
it leaves nothing behind.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from fractions import Fraction
from typing import Any, Final

from msgspec.structs import replace

from kinema.config import PolicyConfig
from kinema.engine.shape import check_size
from kinema.serve.api.accept import Wish, spelt
from kinema.serve.api.characters import named
from kinema.serve.api.errors import invalid, missing
from kinema.serve.api.fields import Fields
from kinema.serve.api.forms import Upload
from kinema.serve.api.given import (
    carries_scene,
    check_film,
    film,
    finished,
    first_picture,
    recognised,
)
from kinema.serve.api.installed import SECONDS, USUAL, tier
from kinema.serve.api.services import Services
from kinema.serve.store.clips import ClipRow
from kinema.types import Direction, FileId, ImageInput, ImageRole, Json, Quality, Size, Task
from kinema.types import Request as Wanted

CHARACTERS_MAX: Final = 2
_SEED_MAX: Final = 2**63 - 1

# What a field of a request is called by whoever sends it.
_CREATES: Final = {"images": "input_reference", "task": "model"}
_CHANGES: Final = {"task": "video", "size": "video"}

WishOf = Callable[[Services, str, Fields], Wish]
"""(services, project, fields of the body) -> what is wanted."""


def created(services: Services, project: str, fields: Fields) -> Wish:
    """``POST /videos``."""
    alias = fields.text("model", most=120) or USUAL
    size, seconds = _shape(services, alias, fields)
    wanted = Wanted(prompt=fields.prompt(), size=size, **_extras(fields))
    reference = fields.upload_or("input_reference", ("file_id", "image_url"))
    ids = fields.ids("characters", most=CHARACTERS_MAX)
    fields.close()
    if ids:
        wanted = replace(wanted, characters=named(services, project, ids, wanted.prompt))
    inputs: dict[FileId, Json] = {}
    if reference is not None:
        kept = first_picture(services, project, reference, size)
        inputs[kept.file] = kept.place
        image = ImageInput(file=kept.file, role=ImageRole.FIRST)
        wanted = replace(wanted, task=Task.IMAGE_TO_VIDEO, images=(image,))
    return Wish(request=wanted, alias=alias, seconds=seconds, inputs=inputs, names=_CREATES)


def remixed(video_id: str) -> WishOf:
    """``POST /videos/{video_id}/remix``."""

    def wish(services: Services, project: str, fields: Fields) -> Wish:
        changes = {"prompt": fields.prompt(), **_extras(fields), **_strength(fields)}
        fields.close()
        source = finished(services, project, video_id, "video_id")
        return _changed(source, Task.REMIX, changes)

    return wish


def edited(services: Services, project: str, fields: Fields) -> Wish:
    """``POST /videos/edits``."""
    changes = {"prompt": fields.prompt(), **_extras(fields), **_strength(fields)}
    video, model = _video(fields), fields.text("model", most=120)
    fields.close()
    source = _source(services, project, video)
    if source is None:
        return _of_film(services, _upload(video), Task.EDIT, changes, model or USUAL)
    if model is not None and model != source.alias and not isinstance(video, Upload):
        message = f"An edit is made by the model of its video, '{source.alias}': leave it out."
        raise invalid(message, "model")
    return _changed(source, Task.EDIT, changes, alias=model)


def extended(services: Services, project: str, fields: Fields) -> Wish:
    """``POST /videos/extensions``."""
    policy = services.config.policy
    changes = {"prompt": fields.prompt(), **_extras(fields)}
    more = Fraction(fields.one_of("seconds", [s for s in SECONDS if int(s) <= policy.extension]))
    video = _video(fields)
    fields.close()
    source = _source(services, project, video)
    if source is not None:
        whole = Fraction(source.seconds) + more
        _check_length(policy, whole, source.extensions + 1)
        return _changed(source, Task.EXTEND, changes, seconds=whole)
    wish = _of_film(services, _upload(video), Task.EXTEND, changes, USUAL)
    whole = wish.seconds + more
    _check_length(policy, whole, 1)
    return dataclasses.replace(wish, seconds=whole, extensions=1)


def _shape(services: Services, alias: str, fields: Fields) -> tuple[Size, Fraction]:
    """Size and length: those of the original for its names, any that the model has for ours."""
    longest = services.config.policy.longest
    official = tier(alias)
    if official is not None:
        services.installed.behind(alias)
        lengths = [seconds for seconds in official.seconds if int(seconds) <= longest]
        seconds = Fraction(fields.one_of("seconds", lengths, lengths[0] if lengths else None))
        return Size.parse(fields.one_of("size", official.sizes, official.sizes[0])), seconds
    model = services.installed.behind(alias)[0]
    given = fields.text("size", most=20)
    size = model.default_size if given is None else Size.parse(given)
    check_size(size, model)
    seconds = fields.seconds("seconds")
    if seconds is None:
        return size, min(model.default_seconds, Fraction(longest))
    if not 0 < seconds <= longest:
        raise invalid(f"Invalid 'seconds': expected more than 0, {longest} at most.", "seconds")
    return size, seconds


def _video(fields: Fields) -> Upload | Json:
    video = fields.upload_or("video", ("id",))
    if video is None:
        raise missing("video")
    return video


def _upload(video: Upload | Json) -> Upload:
    if not isinstance(video, Upload):
        raise missing("video")
    return video


def _source(services: Services, project: str, video: Upload | Json) -> ClipRow | None:
    """The project's video that is named, or that the file is a copy of; None for another's."""
    if isinstance(video, Upload):
        check_film(video, "video")
        return recognised(services, project, video)
    return finished(services, project, video["id"], "video")


def _check_length(policy: PolicyConfig, whole: Fraction, times: int) -> None:
    if times > policy.extensions:
        raise invalid(f"A video can be extended {policy.extensions} times at most.", "video")
    if whole > policy.extended:
        message = f"The whole would be {spelt(whole)} seconds long, and {policy.extended} are"
        raise invalid(f"{message} the most.", "seconds")


def _changed(
    source: ClipRow,
    task: Task,
    changes: Json,
    *,
    seconds: Fraction | None = None,
    alias: str | None = None,
) -> Wish:
    """A wish that begins with a finished video and takes over what it does not change."""
    video = (source.assets or {})["video"]
    file = f"sha256:{video['sha256']}"
    old = source.request
    kept: Json = {
        "seed": int(old.get("seed", 0)),
        "quality": Quality(old.get("quality", "standard")),
    }
    wanted = Wanted(
        task=task,
        size=Size.parse(source.size),
        clip=file,
        direction=Direction.FORWARD,
        **{**kept, **changes},
    )
    return Wish(
        request=wanted,
        alias=alias or source.alias,
        seconds=seconds or Fraction(source.seconds),
        fps=Fraction(old.get("fps", 24)),
        inputs={file: {"key": video["key"], "suffix": ".mp4"}},
        source=source.id,
        extensions=source.extensions + (task is Task.EXTEND),
        prefer=source.model,
        bare=None if carries_scene(source) else "video",
        names=_CHANGES,
    )


def _of_film(services: Services, upload: Upload, task: Task, changes: Json, alias: str) -> Wish:
    """The same with a video that came as a file and is none of the project's."""
    services.installed.behind(alias)
    kept, scene = film(services, upload, "video")
    if kept.info.seconds is None:
        raise invalid("Invalid 'video': its length is not known.", "video", "invalid_media")
    return Wish(
        request=Wanted(task=task, size=kept.info.size, clip=kept.file, **changes),
        alias=alias,
        seconds=kept.info.seconds,
        fps=kept.info.fps,
        inputs={kept.file: kept.place},
        bare=None if scene else "video",
        names=_CHANGES,
    )


def _extras(fields: Fields) -> dict[str, Any]:
    """What Kinema understands beyond the original, where it is given beside the other fields."""
    quality = fields.one_of("quality", list(Quality), "")
    given = {
        "seed": fields.whole("seed", 0, _SEED_MAX),
        "negative": fields.text("negative_prompt", most=32_000),
        "quality": Quality(quality) if quality else None,
        "style": fields.text("style", most=80),
    }
    return {name: value for name, value in given.items() if value is not None}


def _strength(fields: Fields) -> dict[str, float]:
    """How much may change, where it is said."""
    strength = fields.number("strength", 0.0, 1.0)
    return {} if strength is None else {"strength": strength}
