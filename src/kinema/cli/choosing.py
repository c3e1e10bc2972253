"""Which model a command line asks for, and where its weights lie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kinema.engine.adapters import weights_folder
from kinema.engine.cards import PIPELINES, card, cards, is_pipeline
from kinema.errors import RequestError
from kinema.types import Grounding, ModelCard, Task


@dataclass(frozen=True, slots=True)
class Choice:
    """A model: its card, and the folder of its weights where the user named one."""

    card: ModelCard
    weights: Path | None = None

    def draws(self, task: Task) -> bool:
        """Whether it does the task on the scene that a clip carries, not on its pictures."""
        return self.card.tasks.get(task) is Grounding.EXACT


def choose(given: Mapping[str, Any], usual: str | None = None) -> Choice:
    """The model of ``--model`` and ``--weights``.

    ``diffusers:PATH`` names a folder of this machine: the request gets the folder's name and never
    its path. ``diffusers:OWNER/REPO`` is fetched from the hub where no folder is given.

    Args:
        given: Options of the command.
        usual: The model where none is named; None for the default one.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: A pipeline's folder is missing or none that is known.
        MissingPart: It has to be fetched, and what fetches is not installed.
        RequestError: The folder is named twice.
    """
    name = given.get("model") or usual or cards()[0].name
    weights = Path(given["weights"]).expanduser() if given.get("weights") else None
    if not is_pipeline(name):
        return Choice(card(name), weights)
    path = Path(name.removeprefix(f"{PIPELINES}:")).expanduser()
    if path.is_dir():
        if weights is not None:
            raise RequestError("weights", "the model names its folder already", "one of the two")
        weights, name = path, f"{PIPELINES}:{path.resolve().name}"
    weights = weights_folder(name, weights)
    return Choice(card(name, weights), weights)
