"""Bodies as clients really send them: JSON, or forms with bracketed keys, files and no order.

Both become the same: a dict of values, in which a file that was sent is an `Upload`. Whether a part
of a form is a file is decided by what it is, since some clients send files without a name and some
declare a type that is wrong.
"""

from __future__ import annotations

import hashlib
import json
import re
import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any, Final, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from kinema.serve.api.errors import ApiError, invalid
from kinema.types import Json

JSON_MAX: Final = 32 * 1024 * 1024
"""Bytes of a JSON body: a reference picture as a data URL fits."""
FIELDS_MAX: Final = 200
TEXT_MAX: Final = 24 * 1024 * 1024
"""Bytes of one text part: a picture as a data URL may be one."""
DEPTH_MAX: Final = 8
_LABEL: Final = re.compile(r"\[([^\[\]]*)\]")
_KEY: Final = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that came with a request, kept in the request's folder.

    filename: as the client says, "" where it says nothing; a label, never a path.
    """

    path: Path
    filename: str
    declared: str
    bytes: int
    sha256: str


@dataclass(slots=True)
class Body:
    """What came: ``values`` by name, files among them, and a digest that a retry has as well.

    as_text: every value came as text, so that numbers and switches have to be read from it.
    """

    values: Json
    digest: str
    as_text: bool
    folder: tempfile.TemporaryDirectory[str] | None = field(default=None, repr=False)

    def close(self) -> None:
        """Delete the files that came."""
        if self.folder is not None:
            self.folder.cleanup()


async def read_body(request: Request, *, limit: int) -> Body:
    """Read a request's body.

    Args:
        request: The request; a body is whatever its content type says, JSON where it says nothing.
        limit: The most bytes it may have.

    Raises:
        ApiError: It is too large (413), cut off, or neither JSON nor a form (400).
    """
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    try:
        if kind == b"multipart/form-data":
            boundary = options.get(b"boundary")
            if not boundary:
                raise invalid("The form has no boundary.", None, "invalid_form")
            return await _read_form(request, boundary, limit)
        return await _read_json(request, min(limit, JSON_MAX))
    except ClientDisconnect as error:
        raise invalid("The body was cut off.", None, "incomplete_body") from error


async def _read_json(request: Request, limit: int) -> Body:
    data = b"".join([piece async for piece in _pieces(request, limit)])
    try:
        values = json.loads(data, parse_constant=_no_constant) if data.strip() else {}
    except (ValueError, RecursionError) as error:
        message = "We could not parse the JSON body of your request."
        raise invalid(message, None, "invalid_json") from error
    if not isinstance(values, dict):
        raise invalid("The JSON body must be an object.", None, "invalid_json")
    # Some clients send what they leave out as null.
    known = {name: value for name, value in cast("Json", values).items() if value is not None}
    return Body(known, _digest(known), as_text=False)


async def _pieces(request: Request, limit: int) -> AsyncIterator[bytes]:
    total = 0
    async for piece in request.stream():
        total += len(piece)
        if total > limit:
            raise _too_large(limit)
        yield piece


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


class _Form:
    """Receives the pieces of a form and keeps them in a folder."""

    def __init__(self, folder: Path) -> None:
        self.parts: list[tuple[str, str | Upload]] = []
        self._folder = folder
        self._header = b""
        self._value = b""
        self._headers: dict[str, str] = {}
        self._file: IO[bytes] | None = None
        self._path = folder

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def close(self) -> None:
        """Close the part that is open."""
        if self._file is not None:
            self._file.close()

    def _begin(self) -> None:
        if len(self.parts) >= FIELDS_MAX:
            raise invalid(f"The form has more than {FIELDS_MAX} fields.", None, "invalid_form")
        self._headers = {}
        self._path = self._folder / str(len(self.parts))
        self._file = self._path.open("wb")

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value.decode(
            "utf-8", "replace"
        )
        self._header = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            self._file.write(data[start:end])

    def _end(self) -> None:
        self.close()
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if not name:
            raise invalid("A part of the form has no name.", None, "invalid_form")
        filename = options.get(b"filename")
        declared = self._headers.get("content-type", "").split(";")[0].strip().lower()
        text = None if filename is not None else _as_text(self._path, declared)
        if text is not None:
            self.parts.append((name, text))
            return
        with self._path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        label = (filename or b"").decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
        size = self._path.stat().st_size
        self.parts.append((name, Upload(self._path, label[:255], declared, size, digest)))


def _as_text(path: Path, declared: str) -> str | None:
    """The part's text, None where it is a file that has no name."""
    if declared and not declared.startswith("text/") and declared != "application/json":
        with path.open("rb") as file:
            head = file.read(512)
        if b"\x00" in head or not head.isascii():
            return None
    if path.stat().st_size > TEXT_MAX:
        raise _too_large(TEXT_MAX)
    try:
        return path.read_bytes().decode("utf-8")
    except UnicodeDecodeError:
        return None


async def _read_form(request: Request, boundary: bytes, limit: int) -> Body:
    folder = tempfile.TemporaryDirectory(prefix="kinema-form-")
    form = _Form(Path(folder.name))
    parser = MultipartParser(boundary, cast("Any", form.callbacks()))
    try:
        async for piece in _pieces(request, limit):
            parser.write(piece)
        parser.finalize()
        values = nested(form.parts)
    except FormParserError as error:
        folder.cleanup()
        raise invalid(f"The form cannot be read: {error}.", None, "invalid_form") from error
    except BaseException:
        folder.cleanup()
        raise
    finally:
        form.close()
    return Body(values, _digest(values), as_text=True, folder=folder)


def nested(parts: list[tuple[str, str | Upload]]) -> Json:
    """Fields with bracketed names as nested values.

    ``a[b]`` is a field of an object, ``a[]`` an element of a list, and of ``a[][b]`` each one that
    the element before has already begins a new element.

    Raises:
        ApiError: A name cannot be read, or is at once a value and an object.

    Example:
        >>> nested([("p", "x"), ("c[][id]", "1"), ("c[][id]", "2"), ("v[id]", "3")])
        {'p': 'x', 'c': [{'id': '1'}, {'id': '2'}], 'v': {'id': '3'}}
    """
    values: Json = {}
    for name, value in parts:
        if not _KEY.fullmatch(name):
            raise invalid(f"Cannot read the name of the field '{name[:80]}'.", None, "invalid_form")
        first = name.partition("[")[0]
        path = [first, *(match[1] for match in _LABEL.finditer(name))]
        if len(path) > DEPTH_MAX:
            raise invalid(f"'{name[:80]}' is nested too deeply.", first, "invalid_form")
        try:
            _put(values, path, value)
        except TypeError as error:
            message = f"'{name[:80]}' is a value and an object at once."
            raise invalid(message, first, "invalid_form") from error
    return values


def _put(target: Any, path: list[str], value: str | Upload) -> None:
    label, rest = path[0], path[1:]
    if isinstance(target, list):
        elements = cast("list[Any]", target)
        if label:
            raise TypeError
        if not rest:
            elements.append(value)
            return
        if not elements or _has(elements[-1], rest):
            elements.append([] if rest[0] == "" else {})
        _put(elements[-1], rest, value)
        return
    if not isinstance(target, dict) or not label:
        raise TypeError
    fields = cast("Json", target)
    if not rest:
        if isinstance(fields.get(label), dict | list):
            raise TypeError
        fields[label] = value
        return
    inner = fields.setdefault(label, [] if rest[0] == "" else {})
    _put(inner, rest, value)


def _has(element: Any, path: list[str]) -> bool:
    """Whether an element of a list has that field already, so that another one begins."""
    for label in path:
        if not isinstance(element, dict) or label not in element:
            return False
        element = cast("Json", element)[label]
    return True


def _digest(values: Json) -> str:
    def plain(value: object) -> object:
        return value.sha256 if isinstance(value, Upload) else repr(value)

    text = json.dumps(values, sort_keys=True, default=plain)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def _too_large(limit: int) -> ApiError:
    return ApiError(413, f"The request is larger than {limit} bytes.", code="request_too_large")
