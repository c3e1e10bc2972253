"""Write docs/openapi.json, the description of everything that `kinema serve` answers.

Run it after a change to a route; a test compares the file with the routes.
"""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

from kinema.config import Config
from kinema.serve.api.app import create_app
from kinema.serve.store.database import Database
from kinema.serve.store.objects import Objects

PLACE = Path(__file__).parents[1] / "docs" / "openapi.json"


def described() -> str:
    """The text of the file, as the routes are now."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        app = create_app(Config(), Database.in_folder(place), Objects(str(place / "objects")))
        return json.dumps(app.openapi(), indent=1, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    PLACE.write_text(described(), "utf-8")
    print(PLACE)
