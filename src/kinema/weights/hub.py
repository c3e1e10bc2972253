"""Weights by name: a folder or file of this machine, or a repository of the Hugging Face hub."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from kinema.errors import MissingPart, WeightsError

_PATTERNS: Final = ("*.json", "*.safetensors", "*.pth", "*.model", "*.txt", "README.md")


def fetch(name: str) -> Path:
    """The folder or file of that name; from the hub, once, if it is a repository's.

    Args:
        name: A path, or ``owner/repository``, or ``owner/repository@revision``.

    Raises:
        MissingPart: It is a repository's and ``huggingface_hub`` is not installed.
        WeightsError: It is neither, the hub cannot be reached, or it refuses.
    """
    path = Path(name).expanduser()
    if path.exists():
        return path
    match = re.fullmatch(r"(?P<repository>[\w.-]+/[\w.-]+)(@(?P<revision>[\w./-]+))?", name)
    if match is None:
        allowed = "a folder, a file, or owner/repository of the hub"
        raise WeightsError("weights", f"there is no {name} here", allowed)
    try:
        from huggingface_hub import snapshot_download  # pyright: ignore[reportUnknownVariableType]
        from huggingface_hub.errors import (
            GatedRepoError,
            HfHubHTTPError,
            LocalEntryNotFoundError,
            RepositoryNotFoundError,
        )
    except ImportError as error:
        raise MissingPart("huggingface_hub", "pip install 'kinema[torch]'") from error
    try:
        folder = snapshot_download(
            match["repository"], revision=match["revision"], allow_patterns=list(_PATTERNS)
        )
    except GatedRepoError as error:
        problem = f"{name} asks you to accept its terms on its page first"
        raise WeightsError("weights", problem, "after that: hf auth login") from error
    except RepositoryNotFoundError as error:
        raise WeightsError("weights", f"there is no {name} here nor on the hub") from error
    except (LocalEntryNotFoundError, HfHubHTTPError, OSError) as error:
        problem = f"there is no {name} here, and the hub cannot be reached"
        raise WeightsError("weights", problem, "the path of a folder") from error
    return Path(folder)
