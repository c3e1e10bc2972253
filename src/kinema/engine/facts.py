"""What a finished clip says about itself, so that it can be made again, changed and continued."""

from __future__ import annotations

import json
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

import kinema
from kinema import media
from kinema.errors import MediaError, RequestError
from kinema.storybook.scene import Timeline
from kinema.types import Json, Request, Value, from_builtins


class Facts(Value, kw_only=True):
    """The document inside a clip: its request, and what it was made by and from.

    ``kinema`` is the version that made it, ``versions`` those of the packages that decide what the
    pictures look like, ``weights`` the hash of the network's weights ("" for none). ``scene`` is
    the resolved timeline of a model that draws scenes, ``reading`` how the prompt was understood.
    """

    kinema: str
    request: Request
    model: str
    weights: str = ""
    versions: dict[str, str]
    seed: int
    scene: Timeline | None = None
    reading: Json | None = None


def versions(packages: tuple[str, ...]) -> dict[str, str]:
    """Versions of Kinema and of those distributions; "" for one that is not installed."""
    found = {"kinema": kinema.__version__}
    for package in packages:
        if package == "kinema":
            continue
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def facts_beside(path: Path) -> Path:
    """Where the facts of a clip lie that was published without them: in a file next to it."""
    return path.with_name(f"{path.name}.facts.json")


def stated_facts(path: Path, field: str = "clip") -> Json | None:
    """What a clip says about itself, or what lies beside it; None where nothing does."""
    beside = facts_beside(path)
    if beside.is_file():
        return json.loads(beside.read_bytes())
    return media.facts(path, field=field)


def read_facts(path: Path, field: str = "clip") -> Facts:
    """The facts that a clip carries.

    Args:
        path: A clip that Kinema made.
        field: The field of the request that names the clip, for the message.

    Raises:
        MediaError: The file cannot be read, is of a format that carries no facts, or was not made
            by Kinema.
    """
    document = stated_facts(path, field)
    kinds = ", ".join(sorted(media.CARRIES_FACTS))
    if document is None:
        suffix = path.suffix.lower()
        if suffix not in media.CARRIES_FACTS:
            problem = f"{suffix or 'a file without ending'} cannot carry the scene of a clip"
            raise MediaError(field, problem, f"a clip made by Kinema: {kinds}")
        problem = f"{path.name} does not carry the scene that it was made from"
        raise MediaError(field, problem, f"a clip made by Kinema: {kinds}")
    if "request" not in document:
        problem = f"{path.name} was published without what it was made from"
        raise MediaError(field, problem, "a clip that its maker kept")
    try:
        return from_builtins(document, Facts)
    except RequestError as error:
        made_by = document.get("kinema", "an unknown version")
        problem = f"the facts in {path.name} (Kinema {made_by}) cannot be read: {error}"
        raise MediaError(field, problem, f"clips made by Kinema {kinema.__version__}") from error


def read_scene(path: Path, field: str = "clip") -> Timeline:
    """The resolved timeline that a clip carries.

    Raises:
        MediaError: As `read_facts`, or the clip's model draws no scenes.
    """
    found = read_facts(path, field)
    if found.scene is None or not found.scene.shots:
        problem = f"{path.name} was made by {found.model}, which keeps no scene"
        raise MediaError(field, problem, "a clip made by animatic")
    return found.scene
