"""Which models a worker can run: their package is installed, their weights were given."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from kinema.config import WorkerConfig
from kinema.engine.adapters import part_of, weights_folder
from kinema.engine.cards import card, cards, is_pipeline
from kinema.errors import KinemaError, MissingPart, RequestError
from kinema.types import ModelCard

_LOG: Final = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Runnable:
    """A model that can be run here: its card, and where its weights lie."""

    card: ModelCard
    weights: Path | None = None


def runnable(config: WorkerConfig) -> dict[str, Runnable]:
    """The models that a worker takes jobs for, by name.

    Without ``config.models`` all that can be run; what cannot although weights were given for it is
    said in the log.

    Raises:
        RequestError: A model of ``config.models`` cannot be run, weights are given for one that
            does not exist, or there is none at all.
    """
    known = [one.name for one in cards()]
    for name in config.weights:
        if name not in known and not is_pipeline(name):
            card(name)  # says which there are
    wanted = config.models or (*known, *filter(is_pipeline, config.weights))
    found: dict[str, Runnable] = {}
    for name in wanted:
        try:
            found[name] = _here(name, config.weights.get(name))
        except KinemaError as error:
            if config.models:
                problem = f"{name} cannot be run here: {error}"
                raise RequestError("worker.models", problem) from error
            if name in config.weights:
                _LOG.warning("%s is left out: %s", name, error)
    if not found:
        raise RequestError("worker.models", "there is no model that can be run here")
    return found


def _here(name: str, given: str | None) -> Runnable:
    if not is_pipeline(name):
        _check_part(card(name))
        weights = weights_folder(name, None if given is None else Path(given).expanduser())
        return Runnable(card(name), weights)
    if find_spec("diffusers") is None:
        raise MissingPart("diffusers", "pip install 'kinema[diffusers]'")
    weights = weights_folder(name, None if given is None else Path(given).expanduser())
    model = card(name, weights)
    _check_part(model)
    return Runnable(model, weights)


def _check_part(model: ModelCard) -> None:
    part = part_of(model)
    if part is not None and find_spec(part) is None:
        raise MissingPart(part, f"pip install 'kinema[{part}]'")
