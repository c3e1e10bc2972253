"""Whether a file in the object store is still what was written there."""

from __future__ import annotations

import hashlib

from kinema.serve.store.objects import Objects
from kinema.types import Json


def is_whole(objects: Objects, asset: Json) -> bool:
    """Read an object and compare its hash; False where it is gone or another.

    Args:
        objects: Where it lies.
        asset: {key, bytes, sha256}.
    """
    digest = hashlib.sha256()
    try:
        if objects.size(asset["key"]) != asset["bytes"]:
            return False
        for piece in objects.pieces(asset["key"], 0, int(asset["bytes"])):
            digest.update(piece)
    except FileNotFoundError:
        return False
    return digest.hexdigest() == asset["sha256"]
