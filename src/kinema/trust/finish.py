"""The last step of every writer: say in the file what it is and how it came to be.

Sources:
    IPTC NewsCodes, scheme "digitalsourcetype"; GB 45438-2025 annex on implicit labels and
    TC260-PG-20258A for the ``AIGC`` key and its fields.
"""

from __future__ import annotations

import json
from enum import StrEnum
from pathlib import Path
from typing import Any, Final, cast

from kinema import media
from kinema.types import Json

_IPTC: Final = "http://cv.iptc.org/newscodes/digitalsourcetype/"
_IS_SYNTHETIC: Final = "1"
_TITLE_MAX: Final = 80


class SourceType(StrEnum):
    """The IPTC digital source types that fit what Kinema makes."""

    ALGORITHMIC = _IPTC + "algorithmicMedia"
    """Drawn by rules; no network that was trained on samples took part."""
    TRAINED = _IPTC + "trainedAlgorithmicMedia"
    """Made by a trained network."""
    COMPOSITE = _IPTC + "compositeSynthetic"
    """Drawn by rules, with pictures of the user's in it."""
    COMPOSITE_TRAINED = _IPTC + "compositeWithTrainedAlgorithmicMedia"
    """Made by a trained network, with pictures of the user's in it."""


def finish(path: Path, facts: Json, *, shown: Json | None = None) -> None:
    """Write the AI marks and the facts into a finished file.

    What is written: the IPTC digital source type, an ``AIGC`` label (label, producer, and the
    fingerprint as its id), a title, and the facts themselves; `media.metadata` says where each
    format has them. Nothing else is claimed: the file is not signed and its pixels are not marked.
    The pictures and their fingerprint stay as they are.

    Args:
        path: A file that `media.write` made.
        facts: The document about the clip. ``request`` (prompt and pictures), ``scene``,
            ``weights`` and ``kinema`` (the version) are looked at where they are present.
        shown: What of it goes into the file, for a clip that others get to see: all where None.
            The title is the prompt of what is shown.

    Raises:
        MediaError: The file is broken.
        OutputError: It cannot be written again.

    Cost:
        Copies the file once.
    """
    label = {
        "Label": _IS_SYNTHETIC,
        "ContentProducer": f"Kinema {facts.get('kinema', '')}".strip(),
        "ProduceID": media.fingerprint(path),
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    shown = facts if shown is None else shown
    prompt = cast("str", shown.get("request", {}).get("prompt", ""))
    marks = media.Labels(
        title=" ".join(prompt.split())[:_TITLE_MAX],
        source_type=source_type(facts),
        aigc=_ascii_json(label),
        facts=_ascii_json(shown),
    )
    media.embed(path, marks)


def source_type(facts: Json) -> SourceType:
    """The term that is true of a clip with these facts."""
    trained = bool(facts.get("weights"))
    if _holds_pictures(facts.get("request")) or _holds_pictures(facts.get("scene")):
        return SourceType.COMPOSITE_TRAINED if trained else SourceType.COMPOSITE
    return SourceType.TRAINED if trained else SourceType.ALGORITHMIC


def _holds_pictures(value: Any) -> bool:
    """Whether a picture of the user's is named anywhere in a request or a scene."""
    if isinstance(value, dict):
        items = cast("Json", value)
        return any(items.get(key) for key in ("images", "image", "pictures")) or any(
            _holds_pictures(inner) for inner in items.values()
        )
    return isinstance(value, list | tuple) and any(
        _holds_pictures(inner) for inner in cast("list[Any]", value)
    )


def _ascii_json(document: Json) -> str:
    # ASCII passes through every container, and XML, unchanged.
    return json.dumps(document, ensure_ascii=True, separators=(",", ":"))
