"""How long a request will take, how much memory it will need, and whether there is so much.

A model that was measured says so on its card. For our own networks both follow from the
architecture and from the pace of this machine, which the first run with the model measures and
every later one corrects.
"""

from __future__ import annotations

from pathlib import Path

from msgspec import structs

from kinema.engine.adapters import adapter, weights_folder
from kinema.engine.cards import card
from kinema.engine.cards.latent import WAN
from kinema.engine.latent.memory import SHARE, forecast, free_memory, plan_memory
from kinema.engine.latent.pace import Pace, known
from kinema.errors import TooLittleMemory
from kinema.models.registry import ModelSpec, model
from kinema.types import Cost, ModelCard, Request, Value

_ANY = 1 << 60
"""A budget into which everything fits."""
_MEGA = 1e6


class Estimate(Value, kw_only=True):
    """A forecast of one request.

    seconds: of wall time; None where nothing is known of this model on this machine. megabytes:
    of memory at the peak. measured: on which machine, "" where nothing was. problem: why it cannot
    run here, "" where it fits.
    """

    model: str
    seconds: float | None
    megabytes: float
    measured: str = ""
    problem: str = ""


def estimate(request: Request, weights: Path | None = None, budget: int | None = None) -> Estimate:
    """Forecast time and memory of a request.

    Args:
        request: What is to be made.
        weights: Where the model's weights lie. With them the pace of this machine is measured where
            it is not known yet; without them only what is known already is told.
        budget: Bytes of memory that may be used; None for what the last run was given.

    Raises:
        UnknownModel: There is no such model.
        WeightsError: The weights are missing, broken or of another model.
        MissingPart: What the model runs on is not installed, and its pace is to be measured.

    Cost:
        None, but for the first measurement: some seconds.
    """
    asked = card(request.model, weights)
    if asked.cost is not None:
        return _measured(asked, asked.cost, request)
    if asked.family != WAN:
        return Estimate(model=asked.name, seconds=None, megabytes=_weighed(asked.name, weights))
    spec = model(asked.name)
    pace = known(spec)
    if pace is None and weights is not None:
        adapter(asked.name, weights, budget=budget)
        pace = known(spec)
    if pace is not None and budget is not None:
        pace = structs.replace(pace, budget=budget)
    return _worked_out(spec, pace, request, budget)


def check_memory(request: Request, weights: Path | None = None) -> None:
    """Refuse a request that does not fit into the memory that its loaded model may use.

    Only what the model sees at once is looked at: a longer clip passes in windows.

    Args:
        request: What is to be made.
        weights: Where the model's weights lie; needed only for one that they describe.

    Raises:
        TooLittleMemory: It does not fit, however it is cut up; says how much would do.
    """
    if card(request.model, weights).family != WAN:
        return
    spec = model(request.model)
    pace = known(spec)
    if pace is not None:
        frames = min(request.frames, spec.defaults.frames)
        plan_memory(spec, request.size, frames, pace.budget, itemsize=pace.itemsize)


def _measured(asked: ModelCard, cost: Cost, request: Request) -> Estimate:
    """Time grows with the pixels of the whole clip and with the steps, memory with one frame's."""
    megapixels = request.size.width * request.size.height / 1e6
    usual = max(asked.steps.get(request.quality, 1), 1)
    steps = (request.sampling.steps or usual) / usual if usual > 1 else 1.0
    once = cost.seconds_fixed + cost.seconds_once_per_megapixel * megapixels
    each = cost.seconds_per_frame + cost.seconds_per_megapixel * megapixels
    return Estimate(
        model=asked.name,
        seconds=round(once + each * request.frames * steps, 2),
        megabytes=round(cost.megabytes_fixed + cost.megabytes_per_megapixel * megapixels),
        measured=cost.measured,
    )


def _worked_out(
    spec: ModelSpec, pace: Pace | None, request: Request, budget: int | None
) -> Estimate:
    steps = request.sampling.steps or card(spec.name).steps[request.quality]
    guidance = request.sampling.guidance
    guided = (spec.defaults.guidance if guidance is None else guidance) != 1.0
    size, frames = request.size, request.frames
    seconds, measured = None, ""
    try:
        if pace is None:
            room = int(SHARE * free_memory()) if budget is None else budget
            needed = plan_memory(spec, size, frames, room).peak
        else:
            made = forecast(spec, size, frames, steps, pace, guided=guided)
            needed, seconds, measured = made.bytes, round(made.seconds, 1), pace.machine
    except TooLittleMemory as error:
        whole = plan_memory(spec, size, frames, _ANY).peak
        return Estimate(
            model=spec.name, seconds=None, megabytes=round(whole / _MEGA), problem=error.problem
        )
    return Estimate(
        model=spec.name, seconds=seconds, megabytes=round(needed / _MEGA), measured=measured
    )


def _weighed(name: str, weights: Path | None) -> float:
    """Megabytes of a pipeline's weights, all of which are in memory together."""
    folder = weights_folder(name, weights)
    if folder is None:
        return 0.0
    files = [*folder.glob("*/*.safetensors"), *folder.glob("*/*.bin")]
    return round(sum(path.stat().st_size for path in files) / _MEGA)
