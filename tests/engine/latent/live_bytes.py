"""How many bytes of tensors live at once while something runs, counted as they come and go."""

from __future__ import annotations

import weakref
from collections.abc import Callable
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves


class _Counter(TorchDispatchMode):
    def __init__(self) -> None:
        super().__init__()
        self.live = self.peak = 0
        self.known: dict[int, int] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        for given in tree_leaves((args, kwargs)):
            if isinstance(given, torch.Tensor):
                self.seen(given, new=False)
        result = func(*args, **(kwargs or {}))
        for made in tree_leaves(result):
            if isinstance(made, torch.Tensor):
                self.seen(made, new=True)
        return result

    def seen(self, tensor: torch.Tensor, *, new: bool) -> None:
        storage = tensor.untyped_storage()
        key = storage._cdata
        if key in self.known:
            return
        size = storage.nbytes() if new else 0  # what was there before is not counted
        self.known[key] = size
        self.live += size
        self.peak = max(self.peak, self.live)
        weakref.finalize(storage, self.gone, key)

    def gone(self, key: int) -> None:
        self.live -= self.known.pop(key)


def peak_bytes(work: Callable[[], Any]) -> int:
    """The most that lived at once of what was made on this thread while ``work`` ran."""
    counter = _Counter()
    with torch.inference_mode(), counter:
        work()
    return counter.peak
