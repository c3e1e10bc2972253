"""The fields of a body, one by one: taken out, checked, and refused by name where they do not fit.

Clients check nothing before they send. What was documented for the original is accepted, numbers
that come as numbers too; anything else is refused with the words that the original used.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, cast

from kinema.serve.api.bodies import Body, Upload
from kinema.serve.api.errors import invalid
from kinema.types import PROMPT_LIMIT, Json


class Fields:
    """The fields of a body. Each is taken once; `close` refuses what nobody took."""

    def __init__(self, body: Body) -> None:
        self._values = dict(body.values)
        self._as_text = body.as_text

    def take(self, name: str) -> Any:
        """The field as it came, None where it is absent."""
        return self._values.pop(name, None)

    def text(self, name: str, *, most: int, needed: bool = False) -> str | None:
        """A text of 1 to ``most`` characters."""
        value = self.take(name)
        if value is None:
            if needed:
                raise invalid(
                    f"Missing required parameter: '{name}'.", name, "missing_required_parameter"
                )
            return None
        if not isinstance(value, str):
            raise _wrong_type(name, "a string", value)
        if not 1 <= len(value) <= most or not value.strip():
            raise invalid(
                f"Invalid '{name}': expected 1 to {most} characters that say something.", name
            )
        return value

    def prompt(self, *, needed: bool = True) -> str:
        """The prompt."""
        return self.text("prompt", most=PROMPT_LIMIT, needed=needed) or ""

    def one_of(self, name: str, allowed: Sequence[str], default: str | None = None) -> str:
        """One of a few texts; a whole number is taken for the text that spells it."""
        value = self.take(name)
        if value is None:
            if default is None:
                raise invalid(
                    f"Missing required parameter: '{name}'.", name, "missing_required_parameter"
                )
            return default
        if isinstance(value, int) and not isinstance(value, bool):
            value = str(value)
        if not isinstance(value, str):
            raise _wrong_type(name, f"one of {_listed(allowed)}", value)
        if value not in allowed:
            raise invalid(
                f"Invalid value: '{value[:80]}'. Supported values are: {_listed(allowed)}.", name
            )
        return value

    def whole(self, name: str, low: int, high: int) -> int | None:
        """A whole number within limits."""
        value = self.take(name)
        if value is None:
            return None
        if self._as_text and isinstance(value, str) and value.lstrip("-").isdecimal():
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool):
            raise _wrong_type(name, "an integer", value)
        if not low <= value <= high:
            raise invalid(f"Invalid '{name}': expected {low} to {high}, but got {value}.", name)
        return value

    def number(self, name: str, low: float, high: float) -> float | None:
        """A number within limits."""
        value = self.take(name)
        if value is None:
            return None
        if self._as_text and isinstance(value, str):
            try:
                value = float(value)
            except ValueError as error:
                raise _wrong_type(name, "a number", value) from error
        if not isinstance(value, int | float) or isinstance(value, bool):
            raise _wrong_type(name, "a number", value)
        if not low <= value <= high:  # false for NaN too
            raise invalid(f"Invalid '{name}': expected {low:g} to {high:g}.", name)
        return float(value)

    def switch(self, name: str) -> bool:
        """True or false; false where it is absent."""
        value = self.take(name)
        if value is None:
            return False
        if self._as_text and value in ("true", "false"):
            return value == "true"
        if not isinstance(value, bool):
            raise _wrong_type(name, "true or false", value)
        return value

    def upload_or(self, name: str, keys: Iterable[str]) -> Upload | Json | None:
        """A file, or an object with exactly one of these keys, a text each."""
        value = self.take(name)
        allowed = tuple(keys)
        if value is None or isinstance(value, Upload):
            return value
        if isinstance(value, list):  # a client that sends lists of files sends a list of one
            files = cast("list[Any]", value)
            if len(files) == 1 and isinstance(files[0], Upload):
                return files[0]
        if isinstance(value, str):
            raise invalid(
                f"Invalid type for '{name}': expected a file, got a string.", name, "invalid_type"
            )
        if not isinstance(value, dict):
            raise _wrong_type(name, "a file or an object", value)
        fields = cast("Json", value)
        given = [key for key in fields if fields[key] is not None]
        if len(given) != 1 or given[0] not in allowed or not isinstance(fields[given[0]], str):
            raise invalid(f"Invalid '{name}': expected exactly one of {_listed(allowed)}.", name)
        return {given[0]: fields[given[0]]}

    def ids(self, name: str, *, most: int) -> list[str]:
        """The ids of a list of ``{id}``."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong_type(name, "a list of objects with an id", value)
        found: list[str] = []
        for element in cast("list[Any]", value):
            identity = cast("Json", element).get("id") if isinstance(element, dict) else None
            if not isinstance(identity, str) or len(cast("Json", element)) != 1:
                raise invalid(f"Invalid '{name}': expected objects with an id.", name)
            found.append(identity)
        if len(found) > most:
            raise invalid(f"Invalid '{name}': at most {most} are possible.", name)
        return found

    def objects(self, name: str) -> list[Fields]:
        """The fields of each object of a list; none where it is absent."""
        value = self.take(name)
        if value is None:
            return []
        if not isinstance(value, list):
            raise _wrong_type(name, "a list of objects", value)
        found: list[Fields] = []
        for number, element in enumerate(cast("list[Any]", value)):
            if not isinstance(element, dict):
                raise _wrong_type(f"{name}[{number}]", "an object", element)
            found.append(Fields(Body(cast("Json", element), "", as_text=self._as_text)))
        return found

    def inner(self, name: str) -> Fields:
        """The fields of an object; none where it is absent."""
        value = self.take(name)
        if value is None:
            value = {}
        if not isinstance(value, dict):
            raise _wrong_type(name, "an object", value)
        return Fields(Body(cast("Json", value), "", as_text=self._as_text))

    def close(self, within: str = "") -> None:
        """Refuse every field that was not taken."""
        for name in self._values:
            path = f"{within}.{name}" if within else name
            raise invalid(f"Unknown parameter: '{path[:80]}'.", path[:80], "unknown_parameter")


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
