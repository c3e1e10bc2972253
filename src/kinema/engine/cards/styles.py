"""Styles for models that paint: a name of a style becomes words of the prompt.

Nobody trained these models on our list of names; the words are how people ask them for such a look.
"""

from __future__ import annotations

from typing import Final

STYLES: Final = {
    "storybook": "a warm storybook illustration",
    "watercolour": "a watercolour painting on paper",
    "pixel_art": "pixel art of an old video game",
    "black_and_white": "a black and white film",
    "pencil": "a pencil drawing",
    "vintage": "a faded vintage film",
    "neon": "glowing neon light in the dark",
    "paper_cutout": "a stop-motion film of cut paper",
    "anime": "hand-drawn anime",
    "claymation": "a stop-motion film of clay figures",
    "tilt_shift": "a tilt-shift photograph of a miniature",
    "comic": "a comic book with ink outlines",
    "live_action": "a realistic film, shot with a camera",
}
"""Each style of the cards, in the words that follow a prompt."""


def styled(prompt: str, style: str | None) -> str:
    """The prompt with its style in words; unchanged without one.

    >>> styled("a fox walks in snow.", "pencil")
    'a fox walks in snow, in the style of a pencil drawing'
    """
    if style is None:
        return prompt
    said, look = prompt.rstrip().rstrip("."), f"in the style of {STYLES[style]}"
    return f"{said}, {look}" if said else look
