"""How a prompt was understood: every word, what it was taken for, and the scene that came of it."""

from __future__ import annotations

from kinema.errors import PromptError
from kinema.storybook.scene import Scene
from kinema.types import Value


class Word(Value, kw_only=True):
    """A word or phrase of the prompt, ``prompt[start:end]``, and what it was taken for.

    ``slot`` says what kind of thing (subject, action, setting ...), ``value`` which one. ``how``:
    exact (the world's own word), synonym, nearest (something else stands in), understood (it only
    joins other words, or changes nothing that can be seen), unknown.
    """

    text: str
    start: int
    end: int
    slot: str
    value: str
    how: str


class Reading(Value, kw_only=True):
    """A prompt, the scene that it was read as, and how each of its words was understood.

    ``notes`` are plain sentences: what was replaced by what, what is not understood, and how
    contradictions were settled. ``language`` is the code of the prompt's language ("en").
    """

    prompt: str
    scene: Scene
    words: tuple[Word, ...]
    notes: tuple[str, ...]
    language: str = "en"


def check_strict(reading: Reading) -> None:
    """Refuse a reading in which a word was replaced by something near it, or not understood.

    Raises:
        PromptError: There is such a word; the message lists them all.
    """
    replaced = [
        f"{word.text!r} (read as {word.value.replace('_', ' ')})"
        for word in reading.words
        if word.how == "nearest"
    ]
    unknown = [repr(word.text) for word in reading.words if word.how == "unknown"]
    if not replaced and not unknown:
        return
    parts = []
    if replaced:
        parts.append("not in the storybook world: " + ", ".join(dict.fromkeys(replaced)))
    if unknown:
        parts.append("not understood: " + ", ".join(dict.fromkeys(unknown)))
    raise PromptError(
        "prompt", "; ".join(parts), "words of the storybook world, or leave out --strict"
    )
