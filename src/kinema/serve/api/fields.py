"""The fields of a body, one by one: taken out, checked, and refused by name where they do not fit.

Clients check nothing before they send. What was documented for the original is accepted, numbers
that come as numbers too; anything else is refused with the words that the original used.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import Any, cast

from kinema.serve.api.bodies import Body
from kinema.serve.api.errors import invalid, missing
from kinema.serve.api.forms import Upload
from kinema.types import PROMPT_LIMIT, Json, parse_seconds


class Fields:
    """The fields of a body. Each is taken once; `close` refuses what nobody took.

    Args:
        body: What came.
        within: The field whose inner fields these are, for messages.
    """

    def __init__(self, body: Body, within: str = "") -> None:
        self._values = dict(body.values)
        self._as_text = body.as_text
        self._within = f"{within}." if within else ""

    def take(self, name: str) -> Any:
        """The field as it came, None where it is absent."""
        return self._values.pop(name, None)

    def has(self, name: str) -> bool:
        """Whether the field is there, and has not been taken yet."""
        return name in self._values

    def _path(self, name: str) -> str:
        return f"{self._within}{name}"

    def _value(self, name: str) -> Any:
        """The same where no file is expected: a part declared as one may be a text all the same."""
        value = self.take(name)
        text = value.text() if isinstance(value, Upload) else None
        return value if text is None else text

    def _list(self, name: str, expected: str) -> list[Any]:
        """The elements of a list; some clients number them: ``a[0][id]``."""
        path, value = self._path(name), self.take(name)
        if value is None:
            return []
        if self._as_text and isinstance(value, dict):
            numbered = cast("Json", value)
            if list(numbered) == [str(number) for number in range(len(numbered))]:
                return list(numbered.values())
        if not isinstance(value, list):
            raise _wrong_type(path, expected, value)
        return cast("list[Any]", value)

    def text(self, name: str, *, most: int, needed: bool = False) -> str | None:
        """A text of 1 to ``most`` characters."""
        path, value = self._path(name), self._value(name)
        if value is None:
            if needed:
                raise missing(path)
            return None
        if not isinstance(value, str):
            raise _wrong_type(path, "a string", value)
        if not 1 <= len(value) <= most or not value.strip():
            raise invalid(
                f"Invalid '{path}': expected 1 to {most} characters that say something.", path
            )
        return value

    def prompt(self, *, needed: bool = True) -> str:
        """The prompt."""
        return self.text("prompt", most=PROMPT_LIMIT, needed=needed) or ""

    def one_of(self, name: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of a few texts; a whole number is taken for the text that spells it."""
        path, value = self._path(name), self._value(name)
        if value is None:
            if default is None:
                raise missing(path)
            return default
        if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 10**6:
            value = str(value)
        if not isinstance(value, str):
            raise _wrong_type(path, f"one of {_listed(allowed)}", value)
        if value not in allowed:
            raise invalid(
                f"Invalid value: '{value[:80]}'. Supported values are: {_listed(allowed)}.", path
            )
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number within limits."""
        path, value = self._path(name), self._value(name)
        if value is None:
            return None
        if self._as_text and isinstance(value, str) and re.fullmatch(r"-?[0-9]{1,20}", value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong_type(path, "an integer", value)
        if not low <= value <= high:
            raise invalid(f"Invalid '{path}': expected {low} to {high}.", path)
        return value

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number within limits."""
        path, value = self._path(name), self._value(name)
        if value is None:
            return None
        if self._as_text and isinstance(value, str):
            try:
                value = float(value)
            except ValueError as error:
                raise _wrong_type(path, "a number", value) from error
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _wrong_type(path, "a number", value)
        if not low <= value <= high:  # false for NaN too
            raise invalid(f"Invalid '{path}': expected {low:g} to {high:g}.", path)
        return float(value)

    def seconds(self, name: str) -> Fraction | None:
        """Seconds as a number or as text such as ``"2.5"`` or ``"5/2"``, from 0 up."""
        path, value = self._path(name), self._value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            raise _wrong_type(path, "seconds", value)
        text = str(value).strip()[:40]
        return Fraction(0) if text in ("0", "0.0") else parse_seconds(text, path)

    def switch(self, name: str) -> bool:
        """True or false; false where it is absent."""
        path, value = self._path(name), self._value(name)
        if value is None:
            return False
        if self._as_text and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            raise _wrong_type(path, "true or false", value)
        return value

    def upload_or(self, name: str, keys: Iterable[str]) -> Upload | Json | None:
        """A file, or an object with exactly one of these keys, a text each."""
        path, value = self._path(name), self.take(name)
        allowed = tuple(keys)
        if value is None or isinstance(value, Upload):
            return value
        if isinstance(value, list):  # a client that sends lists of files sends a list of one
            files = cast("list[Any]", value)
            if len(files) == 1 and isinstance(files[0], Upload):
                return files[0]
        if isinstance(value, str):
            raise invalid(
                f"Invalid type for '{path}': expected a file, got a string.", path, "invalid_type"
            )
        if not isinstance(value, dict) or not allowed:
            raise _wrong_type(path, "a file or an object" if allowed else "a file", value)
        fields = cast("Json", value)
        given = [key for key in fields if fields[key] is not None]
        if len(given) != 1 or given[0] not in allowed or not isinstance(fields[given[0]], str):
            raise invalid(f"Invalid '{path}': expected exactly one of {_listed(allowed)}.", path)
        return {given[0]: fields[given[0]]}

    def ids(self, name: str, *, most: int) -> list[str]:
        """The ids of a list of ``{id}``."""
        found: list[str] = []
        for element in self._list(name, "a list of objects with an id"):
            identity = cast("Json", element).get("id") if isinstance(element, dict) else None
            if not isinstance(identity, str) or len(cast("Json", element)) != 1:
                raise invalid(f"Invalid '{name}': expected objects with an id.", name)
            found.append(identity)
        if len(found) > most:
            raise invalid(f"Invalid '{name}': at most {most} are possible.", name)
        return found

    def objects(self, name: str) -> list[Fields]:
        """The fields of each object of a list; none where it is absent."""
        found: list[Fields] = []
        for number, element in enumerate(self._list(name, "a list of objects")):
            if not isinstance(element, dict):
                raise _wrong_type(self._path(f"{name}[{number}]"), "an object", element)
            inner = Body(cast("Json", element), "", as_text=self._as_text)
            found.append(Fields(inner, self._path(f"{name}[{number}]")))
        return found

    def inner(self, name: str) -> Fields:
        """The fields of an object; none where it is absent."""
        path, value = self._path(name), self.take(name)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise _wrong_type(path, "an object", value)
        return Fields(Body(cast("Json", value), "", as_text=self._as_text), path)

    def close(self) -> None:
        """Refuse every field that was not taken."""
        for name in self._values:
            path = self._path(name)[:80]
            raise invalid(f"Unknown parameter: '{path}'.", path, "unknown_parameter")


def _wrong_type(name: str, expected: str, value: object) -> Exception:
    kinds = {
        bool: "a boolean", int: "an integer", float: "a number", str: "a string",
        list: "an array", dict: "an object", Upload: "a file",
    }  # fmt: skip
    got = kinds.get(type(value), "something else")
    message = f"Invalid type for '{name}': expected {expected}, but got {got} instead."
    return invalid(message, name, "invalid_type")


def _listed(values: Sequence[str]) -> str:
    quoted = [f"'{value}'" for value in values]
    if len(quoted) < 3:
        return " and ".join(quoted)
    return f"{', '.join(quoted[:-1])}, and {quoted[-1]}"
