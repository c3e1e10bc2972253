"""What ``openapi.json`` says of the bodies of batches, webhooks, keys, and what is Kinema's own."""

from __future__ import annotations

from typing import Final

from kinema.serve.api.schemas import (
    NEGATIVE,
    PROMPT,
    QUALITY,
    SEED,
    STRENGTH,
    STYLE,
    Form,
    one_of,
    reference,
    text,
)
from kinema.types import Curve, Direction, ImageRole, Json, Task

EVENT_TYPES: Final = (
    "video.completed",
    "video.failed",
    "batch.completed",
    "batch.failed",
    "batch.expired",
    "batch.cancelled",
)
"""Kinds of events that webhooks tell of."""

TITLE_MAX: Final = 200
TAGS_MAX: Final = 32
TAG_MAX: Final = 40

_KINDS: Final[Json] = {
    "type": "array",
    "minItems": 1,
    "items": {"type": "string", "enum": list(EVENT_TYPES)},
    "description": "What it is told of.",
}
_NAME: Final = text("For people.", 200)
_URL: Final = text("Of http or https.", 2048)


def _whole(description: str, low: int = 0, high: int | None = None) -> Json:
    schema: Json = {"type": "integer", "description": description, "minimum": low}
    return schema if high is None else {**schema, "maximum": high}


def _number(description: str, low: float, high: float) -> Json:
    return {"type": "number", "description": description, "minimum": low, "maximum": high}


def _array(description: str, items: Json, most: int) -> Json:
    return {"type": "array", "description": description, "items": items, "maxItems": most}


def _object(fields: Json, *needs: str) -> Json:
    base = {"type": "object", "properties": fields, "additionalProperties": False}
    return {**base, "required": list(needs)} if needs else base


BATCH: Final = Form(
    fields={
        "input_file_id": text("A JSON Lines file of purpose `batch`.", 80),
        "endpoint": one_of("Where each line goes.", ("/v1/videos",)),
        "completion_window": one_of("The time it may take.", ("24h",)),
        "metadata": {
            "type": "object",
            "maxProperties": 16,
            "additionalProperties": {"type": "string", "maxLength": 512},
            "description": "Up to 16 texts by name.",
        },
        "output_expires_after": {
            **_object(
                {
                    "anchor": {"type": "string", "enum": ["created_at"]},
                    "seconds": {"type": "integer", "minimum": 3600, "maximum": 2_592_000},
                },
                "anchor",
                "seconds",
            ),
            "description": "When the result files are deleted.",
        },
    },
    needs=("input_file_id", "endpoint", "completion_window"),
    example={
        "input_file_id": "file_123",
        "endpoint": "/v1/videos",
        "completion_window": "24h",
    },
)
ENDPOINT: Final = Form(
    fields={"name": _NAME, "url": _URL, "event_types": _KINDS},
    needs=("name", "url", "event_types"),
    example={
        "name": "Studio",
        "url": "https://example.com/webhooks",
        "event_types": ["video.completed", "video.failed"],
    },
)
ENDPOINT_CHANGE: Final = Form(fields=ENDPOINT.fields)
ROTATION: Final = Form(
    fields={
        "keep_old_secret_active_for_24_hours": {
            "type": "boolean",
            "default": False,
            "description": "The old secret signs beside the new one for a day.",
        }
    }
)
TRIAL: Final = Form(
    fields={"event_type": one_of("What the sample is.", EVENT_TYPES)}, needs=("event_type",)
)

_LIMITS: Final[Json] = {
    **_object(
        {
            "upload": _whole("Bytes of one request.", 1),
            "per_minute": _whole("Videos accepted in a minute; 0 is no limit."),
            "queued": _whole("Videos that wait or are made; 0 is no limit."),
            "seconds_per_day": _whole("Seconds of video in a day (UTC); 0 is no limit."),
        }
    ),
    "description": "In place of the limits of the installation.",
}
PROJECT: Final = Form(
    fields={
        "name": _NAME,
        "limits": _LIMITS,
        "share": _number("Weight in the fair share of the workers.", 0.01, 100.0),
    },
    needs=("name",),
    example={"name": "Studio", "limits": {"per_minute": 25, "seconds_per_day": 3600}},
)
PROJECT_CHANGE: Final = Form(fields=PROJECT.fields)
KEY: Final = Form(
    fields={
        "name": _NAME,
        "admin": {
            "type": "boolean",
            "default": False,
            "description": "Whether it may make projects and keys.",
        },
    },
    needs=("name",),
)

CLIP: Final = Form(
    fields={
        "favourite": {"type": "boolean", "description": "Whether it is one."},
        "title": {"type": "string", "maxLength": TITLE_MAX, "description": "What it is called."},
        "tags": _array(
            "Words to find it by.",
            {"type": "string", "minLength": 1, "maxLength": TAG_MAX},
            TAGS_MAX,
        ),
    },
    example={"favourite": True, "title": "The fox", "tags": ["winter", "take 2"]},
)
MOVE: Final = Form(
    fields={"before": text("The video that it comes before; else it comes first.", 80)}
)
EXPLAIN: Final = Form(
    fields={"prompt": PROMPT, "negative_prompt": NEGATIVE, "style": STYLE}, needs=("prompt",)
)
VARIATIONS: Final = Form(
    fields={
        "videos": _array("Finished videos.", _object({"id": {"type": "string"}}, "id"), 9),
        "variations": _whole("How many of each.", 1, 8),
        "seed": SEED,
        "quality": QUALITY,
    },
    needs=("videos",),
    example={"videos": [{"id": "video_123"}], "variations": 4},
)
FINISH: Final = Form(
    fields={
        "videos": _array("Finished videos.", _object({"id": {"type": "string"}}, "id"), 9),
        "size": text("Of the new ones; that of each where nothing is said.", 20),
        "quality": QUALITY,
    },
    needs=("videos",),
    example={"videos": [{"id": "video_123"}], "size": "1920x1080"},
)

AGAIN: Final = Form(
    fields={
        "size": text("Another size, where the first was too large.", 20),
        "quality": QUALITY,
    }
)
CHARACTER_CHANGE: Final = Form(
    fields={"looks": text("What it looks like, in words.", 2000)},
    needs=("looks",),
)
LOOK: Final = Form(
    fields={
        "name": _NAME,
        "words": text("What is added to the prompt.", 2000),
        "style": STYLE,
        "negative_prompt": NEGATIVE,
    },
    needs=("name",),
    example={"name": "Winter tale", "words": "soft snow light", "style": "watercolour"},
)
CLEAN: Final = Form(
    fields={
        "what": one_of("Which videos go; favourites stay.", ("drafts", "failed")),
        "days": _number("Only those that ended so many days ago.", 0, 36_500),
    },
    needs=("what",),
    example={"what": "drafts", "days": 7},
)

_SECONDS: Final[Json] = {
    "type": ["string", "number"],
    "description": 'Seconds, as a number or as "2.5" or "5/2".',
}
_PICTURE: Final[Json] = {"file_id": {"type": "string"}, "image_url": {"type": "string"}}
GENERATION: Final = Form(
    fields={
        "task": one_of("What is to be done.", tuple(Task), Task.TEXT_TO_VIDEO),
        "prompt": PROMPT,
        "model": text("The model, as `GET /v1/models` names it.", 120),
        "negative_prompt": NEGATIVE,
        "size": text("WIDTHxHEIGHT.", 20),
        "seconds": _SECONDS,
        "fps": _number("Frames a second.", 1.0, 60.0),
        "seed": SEED,
        "quality": QUALITY,
        "steps": _whole("Of sampling.", 1, 1000),
        "guidance": _number("How closely the prompt is followed.", 0.0, 100.0),
        "style": STYLE,
        "video": reference("The finished video that this begins with.", "id"),
        "second": reference("The one that it is blended or joined with.", "id"),
        "images": _array(
            "Pictures at times.",
            _object(
                {**_PICTURE, "at": _SECONDS, "role": {"type": "string", "enum": list(ImageRole)}}
            ),
            100,
        ),
        "cards": _array(
            "A storyboard.",
            _object(
                {**_PICTURE, "prompt": PROMPT, "seconds": _SECONDS, "transition": _SECONDS},
                "prompt",
            ),
            100,
        ),
        "characters": _array("Characters.", _object({"id": {"type": "string"}}, "id"), 8),
        "mask": reference("A picture whose bright places may change.", "file_id", "image_url"),
        "strength": STRENGTH,
        "keep": _object({"start": _SECONDS, "end": _SECONDS}, "end"),
        "direction": one_of("Where an extension goes.", tuple(Direction), Direction.FORWARD),
        "curve": one_of("How a blend goes.", tuple(Curve), Curve.TRANSITION),
        "guide": {
            "description": "What moves underneath: `animatic`, or a finished video.",
            "oneOf": [
                {"type": "string", "enum": ["animatic"]},
                _object({"id": {"type": "string"}}, "id"),
            ],
        },
        "strict": {"type": "boolean", "description": "Refuse what would be left out."},
        "variations": _whole("How many, each with a seed of its own.", 1, 8),
    },
    example={
        "task": "text_to_video",
        "prompt": "A red fox runs through a snowy forest",
        "variations": 4,
        "seconds": 4,
    },
)
PREVIEW: Final = Form(
    fields={**GENERATION.fields, "pictures": _whole("How many; one is the first.", 1, 8)},
    example={"prompt": "A red fox runs through a snowy forest", "pictures": 3},
)
LIVE: Final = Form(
    fields={
        "prompt": PROMPT,
        **{
            name: GENERATION.fields[name]
            for name in ("model", "negative_prompt", "size", "seed", "style", "characters")
        },
        "fps": _number("Frames a second.", 8.0, 30.0),
    },
    needs=("prompt",),
    example={"prompt": "A penguin walks through the snow", "model": "animatic"},
)
