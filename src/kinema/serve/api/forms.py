"""Forms as clients really send them: bracketed keys, files and texts in any order.

Whether a part is a file is decided by what it is, since some clients send files without a name and
some declare a type that is wrong.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.concurrency import run_in_threadpool

from kinema.serve.api.errors import ApiError, invalid
from kinema.types import Json

FIELDS_MAX: Final = 200
TEXT_MAX: Final = 24 * 1024 * 1024
"""Bytes of one text part: a picture as a data URL may be one."""
DEPTH_MAX: Final = 8
_INLINE: Final = 1 << 17  # bytes of a form that are read without a thread of their own
_LABEL: Final = re.compile(r"\[([^\[\]]*)\]")
_KEY: Final = re.compile(r"[^\[\]]+(\[[^\[\]]*\])*")
_TEXTS: Final = ("", "application/json", "application/x-www-form-urlencoded")


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

    def text(self) -> str | None:
        """What a part holds that was declared as a file and has no name, if it is a text."""
        if self.filename or self.bytes > TEXT_MAX:
            return None
        try:
            return self.path.read_bytes().decode("utf-8")
        except UnicodeDecodeError:
            return None


async def read_form(pieces: AsyncIterator[bytes], boundary: bytes, folder: Path) -> Json:
    """Read a form, its files into a folder.

    Args:
        pieces: The body.
        boundary: What its content type says.
        folder: An empty one, of the request alone.

    Raises:
        ApiError: It cannot be read (400), or a text in it is too large (413).
    """
    form, total = _Form(folder), 0
    parser = MultipartParser(boundary, cast("Any", form.callbacks()))
    try:
        async for piece in pieces:
            total += len(piece)
            if total <= _INLINE:
                parser.write(piece)
            else:  # disks and hashes take their time, and others are waiting
                await run_in_threadpool(parser.write, piece)
        parser.finalize()
    except FormParserError as error:
        raise invalid(f"The form cannot be read: {error}.", None, "invalid_form") from error
    finally:
        form.close()
    if not form.ended:
        raise invalid("The form was cut off.", None, "incomplete_body")
    return nested(form.parts)


class _Form:
    """Receives the pieces of a form and keeps them in a folder."""

    def __init__(self, folder: Path) -> None:
        self.parts: list[tuple[str, str | Upload]] = []
        self.ended = False
        self._folder = folder
        self._header = b""
        self._value = b""
        self._headers: dict[str, str] = {}
        self._file: IO[bytes] | None = None
        self._path = folder
        self._hash = hashlib.sha256()

    def callbacks(self) -> dict[str, Any]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_name,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
            "on_end": self._finish,
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
        self._hash = hashlib.sha256()

    def _header_name(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        self._headers[self._header.decode("latin-1").lower()] = self._value.decode("latin-1")
        self._header = self._value = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._file is not None:
            piece = data[start:end]
            self._file.write(piece)
            self._hash.update(piece)

    def _end(self) -> None:
        self.close()
        _, options = parse_options_header(self._headers.get("content-disposition", ""))
        name = options.get(b"name", b"").decode("utf-8", "replace")
        if not name:
            raise invalid("A part of the form has no name.", None, "invalid_form")
        filename = options.get(b"filename")
        declared = self._headers.get("content-type", "").split(";")[0].strip().lower()
        label = (filename or b"").decode("utf-8", "replace").replace("\\", "/").rpartition("/")[2]
        label = re.sub(r"[\x00-\x1f\x7f]", "", label)[:255]
        size = self._path.stat().st_size
        part = Upload(self._path, label, declared[:80], size, self._hash.hexdigest())
        text = None
        if filename is None and (declared in _TEXTS or declared.startswith("text/")):
            if size > TEXT_MAX:
                raise too_large(TEXT_MAX)
            text = part.text()
        self.parts.append((name, part if text is None else text))

    def _finish(self) -> None:
        self.ended = True


def too_large(limit: int) -> ApiError:
    """More bytes than are taken: 413."""
    return ApiError(413, f"The request is larger than {limit} bytes.", code="request_too_large")


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
