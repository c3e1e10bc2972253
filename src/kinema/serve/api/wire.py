"""The objects on the wire, exactly as clients of the Videos API know them.

Every key is always there, nullable ones as null. What is ours stands under ``kinema``.
"""

from __future__ import annotations

from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from kinema.serve.store.clips import ClipRow, State

NEVER: Final = 253_402_300_799
"""The last second of the year 9999."""


class Wire(BaseModel):
    """Base of every answer."""

    model_config = ConfigDict(extra="forbid")


class VideoError(Wire):
    """Why a video failed."""

    code: str
    message: str


class VideoExtras(Wire):
    """What only Kinema says about a video.

    ``number`` counts up with each that is accepted; ``model`` is the one that answers for the model
    that was asked for; ``state`` also knows paused and cancelled; ``phase`` is the stage it is in;
    ``eta`` the seconds left.
    """

    number: int | None
    model: str
    task: str
    seed: int
    quality: str
    style: str | None
    state: str
    phase: str
    eta: float | None
    promised: float | None
    source: str | None
    spread: str | None
    favourite: bool
    title: str
    tags: list[str]
    batch: str | None
    fingerprint: str | None


class Video(Wire):
    """A video job, and the video once it is finished."""

    id: str = Field(examples=["video_6b06e0cb5d7f1bba8c51c5b756b114c84819627ff157bbe1"])
    object: Literal["video"] = "video"
    model: str = Field(description="The model that was asked for.", examples=["sora-2"])
    status: Literal["queued", "in_progress", "completed", "failed"]
    progress: int = Field(ge=0, le=100, description="Percent.")
    prompt: str | None
    seconds: str = Field(description="Length; of an extension the whole.", examples=["8"])
    size: str = Field(examples=["1280x720"])
    created_at: int
    completed_at: int | None = Field(description="When it ended, well or not.")
    expires_at: int | None = Field(description="When its files go; null before there are some.")
    remixed_from_video_id: str | None = Field(description="The video that this one changes.")
    error: VideoError | None = Field(description="Why it failed, where it did.")
    kinema: VideoExtras


class VideoList(Wire):
    """A page of videos; ``last_id`` is the ``after`` of the next."""

    object: Literal["list"] = "list"
    data: list[Video]
    first_id: str | None
    last_id: str | None
    has_more: bool


class VideoDeleted(Wire):
    """That a video is gone."""

    id: str
    object: Literal["video.deleted"] = "video.deleted"
    deleted: bool = True


class Character(Wire):
    """A subject that keeps its looks across videos."""

    id: str
    object: Literal["character"] = "character"
    name: str
    created_at: int


class File(Wire):
    """An uploaded file."""

    id: str
    object: Literal["file"] = "file"
    bytes: int
    created_at: int
    expires_at: int | None
    filename: str
    purpose: str
    status: Literal["processed"] = "processed"
    status_details: None = None


class FileList(Wire):
    """A page of files."""

    object: Literal["list"] = "list"
    data: list[File]
    first_id: str | None
    last_id: str | None
    has_more: bool


class FileDeleted(Wire):
    """That a file is gone."""

    id: str
    object: Literal["file"] = "file"
    deleted: bool = True


class Model(Wire):
    """A model that can be asked for."""

    id: str
    object: Literal["model"] = "model"
    created: int
    owned_by: str


class ModelList(Wire):
    """All of them."""

    object: Literal["list"] = "list"
    data: list[Model]


class ErrorBody(Wire):
    """What went wrong."""

    message: str
    type: str
    param: str | None
    code: str | None


class Failure(Wire):
    """Every answer that is no success."""

    error: ErrorBody


def video(row: ClipRow) -> Video:
    """A clip as the API says it."""
    error = None
    if row.error is not None:
        error = VideoError(code=row.error["code"], message=row.error["message"])
    return Video(
        id=row.id,
        model=row.alias,
        status=row.status,  # pyright: ignore[reportArgumentType] - checked by the model
        progress=row.progress,
        prompt=row.prompt,
        seconds=row.seconds,
        size=row.size,
        created_at=int(row.created_at),
        completed_at=_whole(row.completed_at),
        expires_at=_expires(row),
        remixed_from_video_id=row.source,
        error=error,
        kinema=VideoExtras(
            number=row.number,
            model=row.model,
            task=row.kind,
            seed=row.request.get("seed", 0),
            quality=row.request.get("quality", "standard"),
            style=row.request.get("style"),
            state=row.state,
            phase=row.phase,
            eta=row.remaining,
            promised=row.promised,
            source=row.source,
            spread=row.spread,
            favourite=row.favourite,
            title=row.title,
            tags=row.tags,
            batch=row.batch,
            fingerprint=row.facts["fingerprint"] if row.facts else None,
        ),
    )


def video_list(rows: list[ClipRow], *, more: bool) -> VideoList:
    """A page of clips as the API says it."""
    videos = [video(row) for row in rows]
    return VideoList(
        data=videos,
        first_id=videos[0].id if videos else None,
        last_id=videos[-1].id if videos else None,
        has_more=more,
    )


def _expires(row: ClipRow) -> int | None:
    """When the files go. A finished video that stays says a time too: some clients compare it."""
    if row.state == State.COMPLETED and row.expires_at is None:
        return NEVER
    return _whole(row.expires_at)


def _whole(seconds: float | None) -> int | None:
    return None if seconds is None else int(seconds)
