"""What each task means for a latent model: a draft of what to sample, and an end in pixels.

`making` begins with words and pictures, `changing` with a clip that is made anew in part, and
`joining` with clips that stay and get something before, after or between them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Final

from kinema.engine.adapters import Picture
from kinema.engine.latent.order import Order
from kinema.engine.latent.plan import Draft
from kinema.engine.latent.tasks import changing, joining, making
from kinema.sample.arrays import Array
from kinema.types import Task

Compose = Callable[[Order], Draft]
"""What is to be sampled."""

Finish = Callable[[Order, Array], Iterator[Picture]]
"""From the finished latent to the pictures of the clip, as they are taken."""


@dataclass(frozen=True, slots=True)
class Steps:
    """The two ends of a task."""

    compose: Compose
    finish: Finish


TASKS: Final = {
    Task.TEXT_TO_VIDEO: Steps(making.from_words, making.whole),
    Task.TEXT_TO_IMAGE: Steps(making.from_words, making.whole),
    Task.IMAGE_TO_VIDEO: Steps(making.from_pictures, making.whole),
    Task.STORYBOARD: Steps(making.storyboard, making.whole),
    Task.STREAM: Steps(making.chunk, making.after_context),
    Task.REMIX: Steps(changing.remix, making.whole),
    Task.EDIT: Steps(changing.edit, making.whole),
    Task.REGION_EDIT: Steps(changing.region, changing.over_the_clip),
    Task.OUTPAINT: Steps(changing.outpaint, changing.around_the_clip),
    Task.EXTEND: Steps(joining.extend, joining.extended),
    Task.LOOP: Steps(joining.loop, joining.around_the_ring),
    Task.BLEND: Steps(joining.blend, making.whole),
    Task.RECUT: Steps(joining.recut, joining.with_the_kept),
}
"""Every task, as a latent model does it."""
