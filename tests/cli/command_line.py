"""What the tests of the command line share."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

SMALL = ("--size", "128x128", "--seconds", "1", "--fps", "6")


class Ran(NamedTuple):
    """One run of the command line."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Everything on stdout, which must be one JSON value."""
        return json.loads(self.out)
