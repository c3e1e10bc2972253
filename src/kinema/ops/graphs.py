"""A network recorded once as a CUDA graph, and replayed: one launch instead of hundreds.

A small network computes for less time than it takes to launch its kernels one by one. A recorded
one is launched as a whole. Large networks gain nothing, and lose the memory of the recording.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import torch
from torch import Tensor

WARM_CALLS: Final = 3
"""Calls before a recording: kernels are compiled and libraries choose theirs in the first ones."""


@dataclass(frozen=True, slots=True)
class _Recording:
    """A graph, the memory that it reads and writes, and what must not be freed while it lives."""

    graph: torch.cuda.CUDAGraph
    inputs: tuple[Tensor, ...]
    output: Tensor
    held: object


class Recorder:
    """A function of tensors that is recorded the first time it meets a shape, and replayed later.

    On anything but a GPU it simply calls the function, and so it does where a gradient is wanted.

    Args:
        function: ``function(*moving, held)``: reads its inputs, returns one tensor, looks at no
            values of tensors and moves nothing between devices. A `WanTransformer` whose weights
            lie on the GPU is such a function.
        keep: Recordings to keep, the ones used last; each holds the memory of one call.

    Example:
        >>> net = Recorder(lambda latent, factor: latent * factor)
        >>> net([torch.ones(2)], torch.tensor(3.0))
        tensor([3., 3.])
    """

    def __init__(self, function: Callable[..., Tensor], *, keep: int = 4) -> None:
        self._function = function
        self._keep = keep
        self._recordings: OrderedDict[tuple[Any, ...], _Recording] = OrderedDict()
        self._lock = threading.Lock()

    def __call__(self, moving: Sequence[Tensor], held: object) -> Tensor:
        """Call the function.

        Args:
            moving: What differs from call to call: latent and noise level. All on one device; a
                noise level given as a number would be a constant of the recording.
            held: What stays the same for many calls, such as the `Context` of a prompt. The
                recording reads it where it lies: another object is recorded anew, and weights that
                were replaced, not overwritten, need `forget`.

        Returns:
            The answer, the caller's to keep.

        Cost:
            `WARM_CALLS` + 1 calls for each new shape or ``held``; later one copy of every moving
            tensor and of the answer, and one launch.
        """
        needs_gradient = torch.is_grad_enabled() and any(x.requires_grad for x in moving)
        if needs_gradient or not all(x.is_cuda for x in moving):
            return self._function(*moving, held)
        key = (id(held), *((x.shape, x.dtype, x.device) for x in moving))
        with self._lock, torch.cuda.device(moving[0].device):
            if key not in self._recordings:
                self._recordings[key] = self._record(moving, held)
                if len(self._recordings) > self._keep:
                    self._recordings.popitem(last=False)
            self._recordings.move_to_end(key)
            recording = self._recordings[key]
            for place, value in zip(recording.inputs, moving, strict=True):
                place.copy_(value)
            recording.graph.replay()
            return recording.output.clone()

    def forget(self) -> None:
        """Drop all recordings and their memory."""
        with self._lock:
            self._recordings.clear()

    # Not in inference mode, or a later call outside of it could not overwrite the inputs.
    @torch.inference_mode(mode=False)
    @torch.no_grad()
    def _record(self, moving: Sequence[Tensor], held: object) -> _Recording:
        inputs = tuple(torch.empty_like(x).copy_(x) for x in moving)
        # Recording must not begin on the stream that others use.
        side = torch.cuda.Stream()
        side.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(side):
            for _ in range(WARM_CALLS):
                self._function(*inputs, held)
        torch.cuda.current_stream().wait_stream(side)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, capture_error_mode="thread_local"):
            output = self._function(*inputs, held)
        return _Recording(graph, inputs, output, held)
