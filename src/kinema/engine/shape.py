"""Sizes and lengths that a model can give: what is refused, and what is allowed instead."""

from __future__ import annotations

from kinema.errors import RequestError
from kinema.types import FrameRule, ModelCard, Size, SizeRule


def check_size(size: Size, model: ModelCard) -> None:
    """Refuse a size that the model cannot give, cropping included.

    Raises:
        RequestError: A side is out of range, or no multiple where the model does not crop; names
            the two nearest sizes that are allowed.
    """
    rule, sides = model.sizes, (size.width, size.height)
    if not all(rule.side_min <= side <= rule.side_max for side in sides):
        problem = f"{size} is out of range for {model.name}"
        raise RequestError("size", problem, _within(size, rule))
    if not (rule.crops or rule.buckets) and any(side % rule.multiple for side in sides):
        allowed = f"sides that are multiples of {rule.multiple}, such as {_multiples(size, rule)}"
        raise RequestError("size", f"{size} does not fit {model.name}", allowed)


def check_frames(frames: int, model: ModelCard, *, ring: bool = False) -> None:
    """Refuse a length that the model cannot give, also not by cutting the tail of a longer clip.

    Args:
        frames: How many.
        model: Its card.
        ring: Whether the clip is a loop: nothing can be cut from one, so that its length is a
            multiple of the pictures that a latent frame stands for.

    Raises:
        RequestError: It is out of range, or no loop has it; names the two nearest counts that are
            allowed.
    """
    rule = model.frames
    if rule.next_allowed(frames) > rule.maximum:
        longest = rule.maximum - (rule.maximum - rule.offset) % rule.stride
        problem = f"{frames} frames are more than {model.name} makes"
        raise RequestError("frames", problem, f"{longest - 1} or {longest}")
    if ring and frames % rule.stride:
        shorter, longer = nearest_rings(frames, rule)
        allowed = f"{shorter} or {longer}" if shorter else str(longer)
        raise RequestError("frames", f"{model.name} makes no loop of {frames}", allowed)


def nearest_rings(frames: int, rule: FrameRule) -> tuple[int, int]:
    """The longest loop that is no longer, 0 where there is none, and the shortest no shorter."""
    shorter = frames - frames % rule.stride
    return shorter, shorter if shorter == frames else shorter + rule.stride


def _within(size: Size, rule: SizeRule) -> str:
    """The size of the same shape that is within the limits, and that with each side moved there."""
    low, high = rule.side_min, rule.side_max
    sides = (size.width, size.height)
    scale = min(high / max(sides), 1.0) if max(sides) > high else low / min(sides)
    found = [
        "x".join(str(min(high, max(low, round(side * factor)))) for side in sides)
        for factor in (scale, 1.0)
    ]
    return " or ".join(dict.fromkeys(found))


def _multiples(size: Size, rule: SizeRule) -> str:
    """Both sides rounded down, and both rounded up."""
    sides, step = (size.width, size.height), rule.multiple
    down = "x".join(str(max(rule.side_min, side - side % step)) for side in sides)
    up = "x".join(str(min(rule.side_max, side + -side % step)) for side in sides)
    return " or ".join(dict.fromkeys((down, up)))
