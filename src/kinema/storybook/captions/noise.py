"""Noise: what typing does to text: no capitals, no full stop, a slip of a finger."""

from __future__ import annotations

from kinema.storybook.dice import Dice

_LEAST = 5  # letters of a word that may be misspelt


def careless(text: str, dice: Dice) -> str:
    """The text in lower case, or with one letter swapped, doubled or left out."""
    kind = dice.weigh("carelessness", {"lower": 0.5, "slip": 0.3, "both": 0.2})
    if kind in ("slip", "both"):
        text = _slip(text, dice)
    return text.lower().rstrip(".") if kind in ("lower", "both") else text


def _slip(text: str, dice: Dice) -> str:
    words = text.split(" ")
    long = [i for i, word in enumerate(words) if len(word) >= _LEAST and word.isalpha()]
    if not long:
        return text
    chosen = dice.pick("slipped word", long)
    word = words[chosen]
    at = 1 + int(dice.roll("slipped letter") * (len(word) - 2))
    words[chosen] = {
        "swap": word[:at] + word[at + 1] + word[at] + word[at + 2 :],
        "double": word[: at + 1] + word[at:],
        "drop": word[:at] + word[at + 1 :],
    }[dice.pick("slip", ("swap", "double", "drop"))]
    return " ".join(words)
