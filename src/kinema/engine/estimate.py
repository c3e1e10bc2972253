"""How long a request will take and how much memory it will need, from the model's card."""

from __future__ import annotations

from kinema.engine.cards import card
from kinema.types import Request, Value


class Estimate(Value, kw_only=True):
    """A forecast: wall seconds and peak megabytes; ``measured`` says on which machine."""

    model: str
    seconds: float
    megabytes: float
    measured: str


def estimate(request: Request) -> Estimate:
    """Forecast time and memory of a request.

    Time grows with the pixels of the whole clip and with the model's steps at the asked quality;
    memory with the pixels of one frame, not with the length.

    Raises:
        UnknownModel: There is no such model.
    """
    model = card(request.model)
    cost = model.cost
    megapixels = request.size.width * request.size.height / 1e6
    usual = max(model.steps.get(request.quality, 1), 1)
    steps = (request.sampling.steps or usual) / usual if usual > 1 else 1.0
    work = megapixels * request.frames * steps
    return Estimate(
        model=model.name,
        seconds=round(cost.seconds_fixed + cost.seconds_per_megapixel * work, 1),
        megabytes=round(cost.megabytes_fixed + cost.megabytes_per_megapixel * megapixels),
        measured=cost.measured,
    )
