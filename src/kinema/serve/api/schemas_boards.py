"""What ``openapi.json`` says of the bodies of storyboards."""

from __future__ import annotations

from typing import Final

from kinema.serve.api.schemas import Form, one_of, reference, text
from kinema.studio.compile import KINDS
from kinema.types import Json

SCRIPT_MAX: Final = 200_000
OPERATIONS_MAX: Final = 2000
NAME_MAX: Final = 80
RETAKES_MAX: Final = 4
EXPORTS: Final = ("mp4", "otio", "fcp7xml", "edl", "vtt", "srt", "ass", "zip")
FORMATS: Final = ("9:16", "1:1", "16:9", "4:5", "4:3")

_KIND: Final = one_of("Which films a script becomes.", tuple(KINDS), "film")
_SCRIPT: Final = text(
    "A Fountain screenplay, paragraphs of which each becomes a shot, or a board in TOML.",
    SCRIPT_MAX,
)
_FORMATS: Final[Json] = {
    "type": "array",
    "items": {"type": "string", "enum": list(FORMATS)},
    "maxItems": len(FORMATS),
    "description": "Shapes of the films of kind `social`.",
}
_TITLE: Final = text("What it is called.", 200)
_BY: Final = text("Who does it: a person, or a window.", NAME_MAX)
_VERSION: Final[Json] = {
    "type": "integer",
    "minimum": 0,
    "maximum": 2**31 - 1,
    "description": "The version that it was made on.",
}
_DOCUMENT: Final[Json] = {"type": "object", "description": "The document of a storyboard."}
_OPERATIONS: Final[Json] = {
    "type": "array",
    "maxItems": OPERATIONS_MAX,
    "description": "Changes, all or none of which are done.",
    "items": {
        "type": "object",
        "required": ["op", "at"],
        "properties": {
            "op": {"type": "string", "enum": ["set", "insert", "remove", "move", "rename"]},
            "at": text("A path of ids: `shots/forest.fox-runs/prompt`.", 500),
            "now": {"description": "The new value; of a rename the new id."},
            "was": {"description": "The old value."},
            "before": {"type": ["string", "null"]},
            "was_before": {"type": ["string", "null"]},
            "by": {"type": "string"},
            "why": {"type": "string"},
        },
        "additionalProperties": False,
    },
}
_SHOT: Final = text("The id of a shot.", 120)

CREATE: Final = Form(
    fields={
        "title": _TITLE,
        "kind": _KIND,
        "script": _SCRIPT,
        "formats": _FORMATS,
        "document": _DOCUMENT,
        "size": text("Of the films, such as 1280x720.", 20),
        "fps": text("Frames a second, such as 24 or 24000/1001.", 20),
        "language": text("In which it is written.", 35),
        "model": text("The model that makes its shots.", 120),
    },
    example={"script": "EXT. FOREST - DAWN\n\nA red fox runs through the snow."},
)
SPLIT: Final = Form(
    fields={"kind": _KIND, "script": _SCRIPT, "formats": _FORMATS, "title": _TITLE},
    needs=("script",),
)
SCRIPT: Final = Form(
    fields={
        "kind": _KIND,
        "script": _SCRIPT,
        "formats": _FORMATS,
        "title": _TITLE,
        "version": _VERSION,
        "by": _BY,
    },
    needs=("script",),
)
PUT: Final = Form(fields={"document": _DOCUMENT, "by": _BY}, needs=("document",))
OPERATIONS: Final = Form(
    fields={
        "version": _VERSION,
        "operations": _OPERATIONS,
        "key": text("The same for a step that is sent again.", NAME_MAX),
        "by": _BY,
        "why": text("For people.", 200),
    },
    needs=("operations",),
    example={
        "version": 7,
        "operations": [{"op": "set", "at": "shots/forest.fox-runs/prompt", "now": "A fox runs"}],
    },
)
TURN: Final = Form(fields={"by": _BY})
RESTORE: Final = Form(fields={"version": _VERSION, "by": _BY}, needs=("version",))
MAKE: Final = Form(
    fields={
        "shots": {
            "type": "array",
            "items": _SHOT,
            "maxItems": 1000,
            "description": "Only these; a chosen take of one that is stale is let go.",
        },
        "by": _BY,
    }
)
RETAKE: Final = Form(
    fields={
        "shot": _SHOT,
        "count": {"type": "integer", "minimum": 1, "maximum": RETAKES_MAX, "default": 1},
        "seed": {"type": "integer", "minimum": 0, "format": "int64"},
    },
    needs=("shot",),
)
CHOOSE: Final = Form(
    fields={
        "shot": _SHOT,
        "take": text("A video of the shot, or a take of the document; none: what is made.", 120),
        "by": _BY,
    },
    needs=("shot",),
)
_GIVEN: Final = reference("A file that was uploaded.", "file_id")
ADD_FILE: Final = Form(
    fields={"file": _GIVEN, "shot": _SHOT, "by": _BY}, needs=("file",), files=("file",)
)
EXPORT: Final = Form(
    fields={
        "as": one_of("What is made.", EXPORTS, "mp4"),
        "deliverable": text("Of which film; the first where none is named.", 120),
    }
)
IMPORT: Final = Form(
    fields={
        "file": _GIVEN,
        "deliverable": text("Of which film it is.", 120),
        "by": _BY,
    },
    needs=("file",),
    files=("file",),
)
