"""The renderer: a staged timeline to frames, one at a time, the same at every size.

`frame` draws one moment; `frames` draws many, several at once on as many threads as there are
cores (OpenCV lets go of Python's lock), and hands them out in order with bounded memory.
"""

from kinema.storybook.render.frames import frame, frames
from kinema.storybook.render.styles import styles

__all__ = ["frame", "frames", "styles"]
