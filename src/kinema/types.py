"""The values that everything shares: request, clip, model card, events, contacts.

All are frozen, hold no path of any machine, and pass through JSON strictly in both directions:
an unknown key, a missing key or a wrong type is a `RequestError` that names the field.

Units: sizes are pixels, times are seconds as exact fractions (`Fraction`, written "3/2" in JSON),
fps is frames a second as an exact fraction ("24", "30000/1001").
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from enum import StrEnum
from fractions import Fraction
from threading import Lock
from typing import Annotated, Any, Final, TypeVar, cast, dataclass_transform

import msgspec
from msgspec import Meta

from kinema.errors import PromptError, RequestError

PROMPT_LIMIT: Final = 32_000
SIDE_MIN: Final = 128
SIDE_MAX: Final = 1920
FPS_MIN: Final = Fraction(1)
FPS_MAX: Final = Fraction(60)
SECONDS_MAX: Final = Fraction(600)
FRAMES_MAX: Final = int(SECONDS_MAX * FPS_MAX)

Json = dict[str, Any]
"""A JSON object whose shape its owner knows (a resolved scene graph, say)."""

FileId = Annotated[str, Meta(pattern=r"^sha256:[0-9a-f]{64}$")]
"""A file named by its content. Paths are the command line's business, ids the server's."""


class Task(StrEnum):
    """What a request asks for (design section 3)."""

    TEXT_TO_VIDEO = "text_to_video"
    TEXT_TO_IMAGE = "text_to_image"
    IMAGE_TO_VIDEO = "image_to_video"
    EXTEND = "extend"
    REMIX = "remix"
    EDIT = "edit"
    REGION_EDIT = "region_edit"
    OUTPAINT = "outpaint"
    LOOP = "loop"
    BLEND = "blend"
    RECUT = "recut"
    STORYBOARD = "storyboard"
    STREAM = "stream"


class Feature(StrEnum):
    """What can be asked for on top of any task."""

    VARIATIONS = "variations"
    CHARACTERS = "characters"
    STYLES = "styles"
    NEGATIVE = "negative"
    GUIDE = "guide"
    AREAS = "areas"
    LORAS = "loras"


class Grounding(StrEnum):
    """How well a model does a task: by construction, by training, or without training for it."""

    EXACT = "exact"
    TRAINED = "trained"
    ZERO_SHOT = "zero_shot"


class Quality(StrEnum):
    """A named trade of time for quality; each model maps it to its own steps."""

    DRAFT = "draft"
    STANDARD = "standard"
    HIGH = "high"


class Direction(StrEnum):
    """Which end of a clip an extension grows."""

    FORWARD = "forward"
    BACKWARD = "backward"


class ImageRole(StrEnum):
    """What a picture is for. Latent models take key frames, the animatic things and places."""

    FIRST = "first"
    LAST = "last"
    KEY = "key"
    REFERENCE = "reference"
    PROP = "prop"
    POSTER = "poster"
    BACKDROP = "backdrop"


class Curve(StrEnum):
    """How a blend moves from the first clip to the second over its length."""

    TRANSITION = "transition"
    MIX = "mix"
    DIP = "dip"


@dataclass_transform(frozen_default=True, kw_only_default=True, field_specifiers=(msgspec.field,))
class Value(msgspec.Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """Base of every value here: frozen, compared by content, strict about unknown keys."""


class Size(Value, kw_only=True):
    """A picture's size in pixels. Written "1280x720"."""

    width: int
    height: int

    def __str__(self) -> str:
        return f"{self.width}x{self.height}"

    @classmethod
    def parse(cls, text: str) -> Size:
        """Read "WIDTHxHEIGHT"; raises `RequestError` on anything else."""
        match = re.fullmatch(r"\s*(\d{1,5})\s*[xX*]\s*(\d{1,5})\s*", text)
        if match is None:
            raise RequestError(
                "size", f"cannot read {text!r}", "WIDTHxHEIGHT in pixels, such as 1280x720"
            )
        return cls(width=int(match[1]), height=int(match[2]))


class Span(Value, kw_only=True):
    """A stretch of time inside a clip: from ``start`` up to, not including, ``end``, in seconds."""

    start: Fraction
    end: Fraction


class Sampling(Value, kw_only=True):
    """Overrides of what ``quality`` would choose. ``None`` leaves the model's own value."""

    steps: Annotated[int, Meta(ge=1, le=1000)] | None = None
    guidance: Annotated[float, Meta(ge=0.0, le=100.0)] | None = None


class ImageInput(Value, kw_only=True):
    """One picture given with a request, at a time of the clip (seconds)."""

    file: FileId
    at: Fraction = Fraction(0)
    role: ImageRole = ImageRole.FIRST


class Card(Value, kw_only=True):
    """One card of a storyboard: what is to be seen, and for how long (seconds)."""

    prompt: str
    seconds: Fraction
    transition: Fraction = Fraction(0)
    image: FileId | None = None


class Area(Value, kw_only=True):
    """What is to be seen in a part of the picture: a box by its edges, in shares of its sides.

    0 is the left or upper edge of the picture, 1 the right or lower one.
    """

    prompt: str
    left: Annotated[float, Meta(ge=0.0, le=1.0)]
    top: Annotated[float, Meta(ge=0.0, le=1.0)]
    right: Annotated[float, Meta(ge=0.0, le=1.0)]
    bottom: Annotated[float, Meta(ge=0.0, le=1.0)]


class LoraRef(Value, kw_only=True):
    """A file of small changes to the network's weights, and how much of them is wanted."""

    file: FileId
    weight: Annotated[float, Meta(ge=-4.0, le=4.0)] = 1.0


class CharacterRef(Value, kw_only=True):
    """A named subject kept across clips: its name in prompts and what it looks like, in words."""

    name: Annotated[str, Meta(pattern=r"^[^\W\d_][\w' -]{0,79}$")]
    looks: str
    image: FileId | None = None


class Request(Value, kw_only=True):
    """What one person wants made. Holds no path, device or secret; fully determines the clip.

    ``frames`` is ``round(seconds * fps)``. ``clip`` and ``second`` are inputs that already exist;
    ``mask`` is a picture whose bright pixels may change; ``keep`` is the stretch a re-cut leaves
    alone; ``guide`` is "animatic" or a clip whose composition and timing the model follows;
    ``areas`` have prompts of their own, beside that of the whole picture; ``loras`` change the
    weights of the network, all at once.
    """

    task: Task = Task.TEXT_TO_VIDEO
    prompt: str = ""
    negative: str = ""
    model: str = "animatic"
    size: Size = Size(width=1280, height=720)
    frames: Annotated[int, Meta(ge=1, le=FRAMES_MAX)] = 96
    fps: Fraction = Fraction(24)
    seed: Annotated[int, Meta(ge=0, le=2**63 - 1)] = 0
    quality: Quality = Quality.STANDARD
    sampling: Sampling = Sampling()
    images: tuple[ImageInput, ...] = ()
    clip: FileId | None = None
    second: FileId | None = None
    mask: FileId | None = None
    strength: Annotated[float, Meta(ge=0.0, le=1.0)] | None = None
    keep: Span | None = None
    direction: Direction = Direction.FORWARD
    cards: tuple[Card, ...] = ()
    characters: tuple[CharacterRef, ...] = ()
    style: str | None = None
    curve: Curve = Curve.TRANSITION
    guide: str | None = None
    areas: tuple[Area, ...] = ()
    loras: tuple[LoraRef, ...] = ()
    strict: bool = False

    @property
    def seconds(self) -> Fraction:
        """Exact length of the clip."""
        return Fraction(self.frames) / self.fps


class Clip(Value, kw_only=True):
    """A finished video with its facts; where it lies is known to whoever asked for it.

    ``scene`` is the resolved scene graph where the model has one, ``reading`` how the prompt was
    understood, ``fingerprint`` the hash of the encoded packets (`media.fingerprint`), ``weights``
    the hash of the network's weights ("" for none), ``timings`` seconds spent by stage.
    """

    file: FileId
    request: Request
    model: str
    weights: str = ""
    versions: dict[str, str]
    fingerprint: str
    scene: Json | None = None
    reading: Json | None = None
    timings: dict[str, float]


class Licence(Value, kw_only=True):
    """A model's licence as data: SPDX-like id, where its text is, and its limits in words."""

    id: str
    url: str = ""
    commercial: bool = True
    limits: tuple[str, ...] = ()


class SizeRule(Value, kw_only=True):
    """The sizes a model makes: each side within limits and a multiple of ``multiple``.

    ``buckets`` lists native sizes; where it is not empty only these are made natively, and any
    other size is cover-cropped from the nearest. ``crops`` says that sides need not be multiples
    either: what is made is the next larger size that fits, and its middle is taken.
    """

    side_min: int
    side_max: int
    multiple: int = 2
    buckets: tuple[Size, ...] = ()
    crops: bool = False


class FrameRule(Value, kw_only=True):
    """The frame counts a model makes: ``offset + k * stride`` within limits."""

    minimum: int
    maximum: int
    stride: int = 1
    offset: int = 0

    def next_allowed(self, frames: int) -> int:
        """The smallest allowed count that is at least ``frames``; the tail is cut afterwards."""
        steps = -(-(max(frames, self.minimum) - self.offset) // self.stride)
        return self.offset + steps * self.stride


class Cost(Value, kw_only=True):
    """A rough forecast: fixed seconds, seconds a megapixel-frame, fixed and per-megapixel memory.

    ``measured`` names the machine that the numbers come from. ``seconds_once_per_megapixel``: of
    what is done once in the frame's size; ``seconds_per_frame``: whatever its size.
    """

    seconds_fixed: float
    seconds_once_per_megapixel: float = 0.0
    seconds_per_frame: float = 0.0
    seconds_per_megapixel: float
    megabytes_fixed: float
    megabytes_per_megapixel: float
    measured: str


class ModelCard(Value, kw_only=True):
    """What a model is and can do, as data. No code anywhere else branches on a model's name.

    ``roles`` are those that its pictures can have. ``needs`` says in words what must be there
    before it runs, ``repositories`` where its weights are published (none for a model that has
    none, or whose weights are part of the package). ``cost`` is None where time and memory follow
    from the architecture and the machine instead of from a measurement.
    """

    name: str
    family: str
    summary: str
    licence: Licence
    tasks: dict[Task, Grounding]
    features: tuple[Feature, ...] = ()
    sizes: SizeRule
    frames: FrameRule
    fps: tuple[Fraction, Fraction]
    default_size: Size
    default_fps: Fraction
    default_seconds: Fraction
    steps: dict[Quality, int]
    cost: Cost | None = None
    roles: tuple[ImageRole, ...] = tuple(ImageRole)
    needs: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    styles: tuple[str, ...] = ()
    notes: dict[Task, str] = {}


class Contact(Value, kw_only=True):
    """A moment that makes a sound: who touches what, exactly when, and where in the picture.

    ``at`` is in seconds of the clip; ``pan`` runs from -1 (left edge) to 1 (right edge);
    ``weight`` from 0 (a mouse) to 1 (an elephant).
    """

    actor: str
    kind: str
    at: Fraction
    surface: str = ""
    pan: float = 0.0
    weight: float = 0.5


class MouthKey(Value, kw_only=True):
    """How far a mouth is open (0 shut, 1 wide) at a time; between keys it moves evenly."""

    at: Fraction
    open: Annotated[float, Meta(ge=0.0, le=1.0)]


class Progress(Value, kw_only=True, tag="progress"):
    """``done`` of ``total`` units of a stage, and the seconds that the rest will probably take."""

    stage: str
    done: int
    total: int
    eta: float | None = None


class Preview(Value, kw_only=True, tag="preview"):
    """A small picture of the work so far: an encoded file of kind ``media_type``."""

    media_type: str
    image: bytes


class Log(Value, kw_only=True, tag="log"):
    """A sentence for the person who waits: a replaced word, a size that was rounded."""

    message: str


Event = Progress | Preview | Log
OnEvent = Callable[[Event], None]
IsCancelled = Callable[[], bool]

_T = TypeVar("_T")
_learnt: set[object] = set()
_learning: Final = Lock()
_CONTROL: Final = re.compile(r"[^\t\n\r -~\u00a0-\ud7ff\ue000-\U0010ffff]")


def to_json(value: object) -> bytes:
    """Encode any value of this module as compact JSON, keys in declaration order."""
    return msgspec.json.encode(value, enc_hook=_encode_extra)


def to_builtins(value: object) -> Any:
    """The value as plain dicts, lists, strings and numbers, ready for JSON or TOML."""
    return msgspec.json.decode(to_json(value))  # msgspec.to_builtins would leave tuples as they are


def from_json(data: bytes | str, kind: type[_T]) -> _T:
    """Decode strict JSON into ``kind``; raises `RequestError` naming the offending field."""
    try:
        return msgspec.json.decode(data, type=learnt(kind), dec_hook=_decode_extra)
    except (msgspec.DecodeError, UnicodeError, RecursionError) as error:
        raise _explained(error) from error


def from_builtins(data: object, kind: type[_T]) -> _T:
    """Convert plain dicts and lists into ``kind``, as strictly as `from_json`."""
    try:
        return msgspec.convert(data, type=learnt(kind), dec_hook=_decode_extra)
    except msgspec.ValidationError as error:
        raise _explained(error) from error


def learnt(kind: type[_T]) -> type[_T]:
    """The type itself, once msgspec has looked at it.

    It looks when a type is first decoded, and two threads that do so at once crash the process
    (msgspec 0.22): every type is looked at here, by one thread at a time.
    """
    if kind not in _learnt:
        with _learning:
            msgspec.msgpack.Decoder(kind, dec_hook=_decode_extra)
            _learnt.add(kind)
    return kind


def parse_seconds(text: str, field: str = "seconds") -> Fraction:
    """Read a positive time such as "4", "2.5" or "5/2"; raises `RequestError` naming ``field``."""
    form = re.fullmatch(r"\d{1,9}(\.\d{1,9}|/[1-9]\d{0,8})?", text.strip())
    if form is None or (seconds := Fraction(form[0])) <= 0:
        allowed = 'seconds above 0, such as "4", "2.5" or "5/2"'
        raise RequestError(field, f"cannot read {text!r}", allowed)
    return seconds


def check_request(request: Request) -> None:
    """Refuse a request that no model could answer, before any model is looked at.

    Raises:
        PromptError: The prompt is over 32,000 characters or holds control characters.
        RequestError: Size, length, fps or any other number is out of range.
    """
    for field, text in (("prompt", request.prompt), ("negative", request.negative)):
        check_text(field, text)
    for side, pixels in (("width", request.size.width), ("height", request.size.height)):
        if not SIDE_MIN <= pixels <= SIDE_MAX:
            raise RequestError(
                "size", f"{side} is {pixels}", f"{SIDE_MIN} to {SIDE_MAX} pixels a side"
            )
    if not FPS_MIN <= request.fps <= FPS_MAX:
        raise RequestError("fps", f"{request.fps} is out of range", f"{FPS_MIN} to {FPS_MAX}")
    if request.seconds > SECONDS_MAX:
        length = math.ceil(request.seconds)
        raise RequestError("seconds", f"{length} is too long", f"at most {SECONDS_MAX}")
    # A request made in Python has not been through JSON yet, where the other limits are checked.
    from_builtins(msgspec.to_builtins(request, enc_hook=_encode_extra), Request)


def check_text(field: str, text: str) -> None:
    """Refuse text that is too long or holds control characters (tab and line breaks are fine).

    Half a surrogate pair, which a terminal in the wrong encoding makes, counts as one.
    """
    if len(text) > PROMPT_LIMIT:
        raise PromptError(field, f"is {len(text)} characters long", f"at most {PROMPT_LIMIT}")
    bad = _CONTROL.search(text)
    if bad is not None:
        problem = f"holds the control character U+{ord(bad[0]):04X}"
        raise PromptError(field, problem, "printable text and line breaks")


def _encode_extra(value: object) -> str:
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"{type(value).__name__} has no JSON form")


def _decode_extra(kind: type, value: object) -> object:
    if kind is not Fraction:
        raise TypeError(f"{kind.__name__} has no JSON form")
    if isinstance(value, str) and re.fullmatch(r"-?\d{1,18}(/[1-9]\d{0,17})?", value):
        return Fraction(value)
    raise ValueError(f'expected an exact fraction such as "3/2", got {value!r}')


def _explained(error: Exception) -> RequestError:
    """Turn "... - at `$.size.width`" into a `RequestError` on the field ``size.width``."""
    text = str(error)
    match = re.search(r" - at (`key` in )?`\$\.?(?P<path>[^`]*)`$", text)
    problem, field = (text[: match.start()], match["path"]) if match else (text, "")
    return RequestError(cast("str", field) or "request", problem[:1].lower() + problem[1:])
