"""What a program sees of failures, and what it sees with the client that waits for nothing.

Run by the tests with every version of the `openai` package.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import openai
from openai import AsyncOpenAI, OpenAI

client = OpenAI(max_retries=0)
SHAPE: Any = {"model": "animatic", "seconds": "1", "size": "160x128"}


def failure(kind: type[openai.APIStatusError], work: Callable[[], object]) -> Any:
    """The error that is raised, which must be of that kind."""
    try:
        work()
    except kind as error:
        assert (error.request_id or "").startswith("req_"), error.request_id
        assert error.type == "invalid_request_error", error.type
        return error
    raise AssertionError(f"no {kind.__name__}")


nobody = "video_" + "0" * 48
for ask in (
    lambda: client.videos.retrieve(nobody),
    lambda: client.videos.delete(nobody),
    lambda: client.videos.download_content(nobody),
    lambda: client.videos.remix(nobody, prompt="x"),
    lambda: client.get("/nowhere", cast_to=object),
):
    failure(openai.NotFoundError, ask)
error = failure(openai.BadRequestError, lambda: client.videos.create(prompt=""))
assert error.param == "prompt", error.param
eleven: Any = "11"
error = failure(openai.BadRequestError, lambda: client.videos.create(prompt="x", seconds=eleven))
assert (error.param, error.code) == ("seconds", "invalid_value"), error.body
error = failure(
    openai.BadRequestError, lambda: client.videos.create(prompt="x", extra_body={"duration": 4})
)
assert error.code == "unknown_parameter", error.body
picture = ("ref.png", b"no picture", "image/png")
error = failure(
    openai.BadRequestError, lambda: client.videos.create(prompt="x", input_reference=picture)
)
assert error.param == "input_reference", error.body

waiting = client.videos.create(prompt="a cat", **{**SHAPE, "seconds": "8"})
error = failure(openai.NotFoundError, lambda: client.videos.download_content(waiting.id))
assert "not ready" in error.message, error.message
assert client.videos.delete(waiting.id).deleted


async def awaited() -> None:
    """The same with the client that is awaited."""
    async with AsyncOpenAI() as other:
        video = await other.videos.create_and_poll(prompt="a cat sleeps", **SHAPE)
        assert video.status == "completed", video
        content = await other.videos.download_content(video.id)
        assert (await content.aread())[4:8] == b"ftyp"
        listed = [one.id async for one in other.videos.list(limit=1)]
        assert video.id in listed
        raw = await other.videos.with_raw_response.retrieve(video.id)
        assert raw.headers["x-request-id"].startswith("req_")
        assert (await other.videos.delete(video.id)).object == "video.deleted"


asyncio.run(awaited())
