"""What ``openapi.json`` says of bodies, which routes read by hand because clients send two kinds.

A `Form` describes the fields of one body; `takes` gives it to a route, for JSON and for forms.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from kinema.serve.api.installed import SECONDS
from kinema.types import PROMPT_LIMIT, Json, Quality

PURPOSES: Final = ("batch", "user_data", "vision")
"""What a file can be uploaded for."""

_FILE: Final[Json] = {"type": "string", "contentMediaType": "application/octet-stream"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """The fields of a body.

    fields: name -> JSON schema. needs: those that must be there. files: those that may be, or in a
    form have to be, a file. only_form: a file is needed, so that there is no JSON for it. example:
    a body in JSON.
    """

    fields: Mapping[str, Json]
    needs: tuple[str, ...] = ()
    files: tuple[str, ...] = ()
    only_form: bool = False
    example: Json = field(default_factory=dict[str, Any])


def takes(form: Form) -> Json:
    """The ``openapi_extra`` of a route that reads such a body, as JSON or as a form."""
    base = {"type": "object", "required": list(form.needs), "additionalProperties": False}
    in_form = {
        name: _or_file(schema) if name in form.files else schema
        for name, schema in form.fields.items()
    }
    content: Json = {"multipart/form-data": {"schema": {**base, "properties": in_form}}}
    if not form.only_form:
        said: Json = {"schema": {**base, "properties": dict(form.fields)}}
        if form.example:
            said["example"] = form.example
        content = {"application/json": said, **content}
    return {"requestBody": {"required": bool(form.needs), "content": content}}


def binary(*media_types: str) -> dict[int | str, dict[str, Any]]:
    """The ``responses`` of a route that sends bytes of one of these kinds, whole or a part."""
    content = {one: {"schema": {"type": "string", "format": "binary"}} for one in media_types}
    return {
        200: {"description": "The whole.", "content": content},
        206: {"description": "The range that was asked for.", "content": content},
        304: {"description": "What the client has is the same."},
    }


def text(description: str, most: int | None = None, **more: Any) -> Json:
    """A text of at least one character."""
    schema: Json = {"type": "string", "description": description, "minLength": 1, **more}
    return schema if most is None else {**schema, "maxLength": most}


def one_of(description: str, values: tuple[str, ...], default: str | None = None) -> Json:
    """One of a few texts."""
    schema: Json = {"type": "string", "description": description, "enum": list(values)}
    return schema if default is None else {**schema, "default": default}


def reference(description: str, *keys: str) -> Json:
    """An object with exactly one of these keys."""
    return {
        "description": description,
        "type": "object",
        "properties": {key: {"type": "string"} for key in keys},
        "additionalProperties": False,
        "minProperties": 1,
        "maxProperties": 1,
    }


def _or_file(schema: Json) -> Json:
    if schema == _FILE or not schema.get("properties"):
        return schema
    description = schema.get("description", "")
    return {"description": f"{description} Or the file itself.", "oneOf": [_FILE, schema]}


PROMPT: Final = text("What is to be seen.", PROMPT_LIMIT)
SEED: Final[Json] = {
    "type": "integer",
    "minimum": 0,
    "format": "int64",
    "default": 0,
    "description": "The same request with the same seed gives the same video. Kinema's own.",
}
NEGATIVE: Final = text("What is not to be seen. Kinema's own.", PROMPT_LIMIT)
QUALITY: Final = one_of("Time against quality. Kinema's own.", tuple(Quality), Quality.STANDARD)
STYLE: Final = text("A style of the model's card. Kinema's own.", 80)
STRENGTH: Final[Json] = {
    "type": "number",
    "minimum": 0,
    "maximum": 1,
    "description": "How much may change. Kinema's own.",
}
_OWN: Final = {"seed": SEED, "negative_prompt": NEGATIVE, "quality": QUALITY, "style": STYLE}
_VIDEO: Final = reference("A finished video.", "id")
_MODEL: Final = text("The model, as `GET /v1/models` names it.", 120, default="sora-2")
_PICTURE: Final = reference(
    "The picture that the video begins with, of the video's size: PNG, JPEG or WebP.",
    "file_id",
    "image_url",
)

CREATE: Final = Form(
    fields={
        "prompt": PROMPT,
        "model": _MODEL,
        "seconds": {
            "type": ["string", "number"],
            "default": "4",
            "examples": list(SECONDS),
            "description": "Length. 4, 8, 12, 16 or 20 with the names that clients know.",
        },
        "size": {
            "type": "string",
            "default": "720x1280",
            "pattern": r"^\d{1,5}x\d{1,5}$",
            "description": "720x1280 or 1280x720, and 1024x1792, 1792x1024, 1080x1920 or 1920x1080 "
            "with sora-2-pro; any size of its card with a model of ours.",
        },
        "input_reference": _PICTURE,
        "characters": {
            "type": "array",
            "maxItems": 2,
            "items": {
                "type": "object",
                "properties": {"id": {"type": "string"}},
                "required": ["id"],
                "additionalProperties": False,
            },
            "description": "Characters whose names the prompt holds.",
        },
        **_OWN,
    },
    needs=("prompt",),
    files=("input_reference",),
    example={
        "prompt": "A red fox runs through a snowy forest",
        "model": "sora-2",
        "seconds": "8",
        "size": "1280x720",
    },
)
EDIT: Final = Form(
    fields={
        "prompt": PROMPT,
        "video": _VIDEO,
        "model": text("The model, for a video that came as a file.", 120),
        **_OWN,
        "strength": STRENGTH,
    },
    needs=("prompt", "video"),
    files=("video",),
    example={"prompt": "Make the fox blue", "video": {"id": "video_123"}},
)
EXTEND: Final = Form(
    fields={
        "prompt": PROMPT,
        "seconds": {
            "type": ["string", "integer"],
            "examples": list(SECONDS),
            "description": "Length of what is added: 4, 8, 12, 16 or 20.",
        },
        "video": _VIDEO,
        **_OWN,
    },
    needs=("prompt", "seconds", "video"),
    files=("video",),
    example={"prompt": "The fox sits down", "seconds": "4", "video": {"id": "video_123"}},
)
REMIX: Final = Form(
    fields={"prompt": PROMPT, **_OWN, "strength": STRENGTH},
    needs=("prompt",),
    example={"prompt": "At night"},
)
CHARACTER: Final = Form(
    fields={
        "name": text("What prompts call it: a letter first, then also digits, ' and -.", 80),
        "video": _VIDEO,
        "looks": text("What it looks like, in words. Kinema's own.", 2000),
    },
    needs=("name", "video"),
    files=("video",),
)
FILE: Final = Form(
    fields={
        "file": _FILE,
        "purpose": one_of("What it is for.", PURPOSES),
        "expires_after": {
            "type": "object",
            "properties": {
                "anchor": {"type": "string", "enum": ["created_at"]},
                "seconds": {"type": "integer", "minimum": 3600, "maximum": 2_592_000},
            },
            "required": ["anchor", "seconds"],
            "additionalProperties": False,
            "description": "When it is deleted.",
        },
    },
    needs=("file", "purpose"),
    files=("file",),
    only_form=True,
)
