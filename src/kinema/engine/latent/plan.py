"""What is to be sampled, in arrays and numbers: made once from a request, kept in a checkpoint.

Shape legend for this file:
    C = latent channels, T = latent frames, H, W = latent rows and columns, K = prompts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from kinema.engine.checkpoint import Arrays
from kinema.engine.latent.protocol import Embedding


@dataclass(frozen=True, slots=True, eq=False)
class Plan:
    """One run of a model.

    shape: (C, T, H, W) of what is sampled. prompts, negative: embedded. weights_KTHW: who rules
    where, None for a single prompt. clip_1CTHW: what the run starts from; strength: the share of
    the steps that it goes through, 1 for all, as if it had never been seen. source: what the clip
    shows, for an edit that keeps the rest. known_1CTHW and keep_11THW: what is given and the share
    of it that is kept; trace: the noise level that it is shown with to a model with a level for
    each frame. beside_1CTHW and given_TR: what lies beside the latent of a model that takes it
    there, and which pictures of it are given. pictures: for its image encoder. ring: the last frame
    is followed by the first. first_frame: the number of the first latent frame among all that the
    seed draws noise for.
    """

    shape: tuple[int, int, int, int]
    prompts: tuple[Embedding, ...]
    negative: Embedding
    weights_KTHW: NDArray[np.float32] | None = None
    clip_1CTHW: NDArray[np.float32] | None = None
    strength: float = 1.0
    source: Embedding | None = None
    known_1CTHW: NDArray[np.float32] | None = None
    keep_11THW: NDArray[np.float32] | None = None
    trace: float = 0.0
    beside_1CTHW: NDArray[np.float32] | None = None
    given_TR: NDArray[np.bool_] | None = None
    pictures: tuple[NDArray[np.uint8], ...] = ()
    ring: bool = False
    first_frame: int = 0

    def arrays(self) -> dict[str, NDArray[Any]]:
        """All of it as named arrays."""
        named: dict[str, NDArray[Any]] = {}
        for part in fields(self):
            value = getattr(self, part.name)
            if part.name in _EMBEDDED:
                continue
            if part.name == "pictures":
                named |= {f"pictures.{number}": one for number, one in enumerate(value)}
            elif value is not None:
                named[part.name] = np.asarray(value)
        for part, said in (("prompts", self.prompts), ("negative", (self.negative,))):
            named |= _named(part, said)
        return named | _named("source", () if self.source is None else (self.source,))

    @classmethod
    def restore(cls, arrays: Arrays) -> Plan:
        """The plan that `arrays` took apart."""
        source = _embeddings(arrays, "source")
        return cls(
            shape=_shape(arrays["shape"]),
            prompts=tuple(_embeddings(arrays, "prompts")),
            negative=_embeddings(arrays, "negative")[0],
            source=source[0] if source else None,
            strength=float(arrays["strength"]),
            trace=float(arrays["trace"]),
            ring=bool(arrays["ring"]),
            first_frame=int(arrays["first_frame"]),
            pictures=tuple(arrays[name] for name in sorted(arrays) if name.startswith("pictures.")),
            **{name: arrays[name] for name in _OPTIONAL if name in arrays},
        )


@dataclass(frozen=True, slots=True, eq=False)
class Draft:
    """A plan whose words are not embedded yet.

    The fields are those of `Plan`; words that are None are those of the model's authors.
    """

    prompts: tuple[str, ...]
    negative: str | None = None
    source: str | None = None
    rest: Mapping[str, Any] = field(default_factory=dict[str, Any])
    notes: tuple[str, ...] = ()


_EMBEDDED: Final = ("prompts", "negative", "source")
_OPTIONAL: Final = (
    "weights_KTHW", "clip_1CTHW", "known_1CTHW", "keep_11THW", "beside_1CTHW", "given_TR",
)  # fmt: skip


def _named(part: str, said: tuple[Embedding, ...]) -> dict[str, NDArray[Any]]:
    return {
        f"{part}.{number}.{name}": array
        for number, embedding in enumerate(said)
        for name, array in embedding.items()
    }


def _embeddings(arrays: Arrays, part: str) -> list[dict[str, NDArray[Any]]]:
    found: dict[int, dict[str, NDArray[Any]]] = {}
    for path, array in arrays.items():
        head, _, rest = path.partition(".")
        if head == part:
            number, _, name = rest.partition(".")
            found.setdefault(int(number), {})[name] = array
    return [found[number] for number in sorted(found)]


def _shape(array: NDArray[Any]) -> tuple[int, int, int, int]:
    channels, frames, rows, columns = map(int, array)
    return channels, frames, rows, columns
