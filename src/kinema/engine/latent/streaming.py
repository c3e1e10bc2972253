"""Networks larger than the memory: their blocks come when their turn is near, and go after it.

While one block computes, the next is read: by a thread, from mapped files or from memory of the
host, and on a GPU it is copied there on a stream of its own. The numbers are those of the whole
network, bit for bit.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn

ReadBlock = Callable[[int], Mapping[str, Tensor]]
"""The weights of a block by their names inside it, from wherever they lie."""


@dataclass(frozen=True, slots=True)
class _Arrival:
    """Weights of a block on the device, and on a GPU the event after which they are whole."""

    tensors: dict[str, Tensor]
    whole: Any = None


class BlockStream:
    """Brings the blocks of one network to the device, one ahead, and keeps some of them there.

    Blocks come with their own call, and with that of the layers named in ``early``, which
    something else calls before. Nobody may use the network in two threads at once.

    Args:
        blocks: Of the network; their parameters may be empty. Their dtypes say how blocks arrive.
        read: Where the weights come from.
        device: Where they go.
        early: Layers of a block, by name, that are called apart from it.

    Example:
        >>> layers = nn.ModuleList([nn.Linear(2, 2), nn.Linear(2, 2)])
        >>> kept = [{k: v.clone() for k, v in layer.state_dict().items()} for layer in layers]
        >>> stream = BlockStream(layers, kept.__getitem__, torch.device("cpu"))
        >>> stream.stay(0)
        >>> _ = layers[0](torch.ones(2))
        >>> stream.here
        (0,)
    """

    def __init__(
        self, blocks: nn.ModuleList, read: ReadBlock, device: torch.device, *, early: str = ""
    ) -> None:
        self._blocks, self._read, self._device = list(blocks), read, device
        self._staying = len(self._blocks)
        self._here: set[int] = set()
        self._coming: dict[int, Future[_Arrival]] = {}
        self._reader = ThreadPoolExecutor(1, thread_name_prefix="blocks")
        self._side = torch.cuda.Stream(device) if device.type == "cuda" else None
        self._hooks: list[Any] = []
        for number, block in enumerate(self._blocks):
            self._empty(number)
            hooked = [block] if not early else [block, block.get_submodule(early)]
            for module in hooked:
                self._hooks.append(module.register_forward_pre_hook(self._hook(number)))

    @property
    def here(self) -> tuple[int, ...]:
        """Blocks whose weights are on the device."""
        return tuple(sorted(self._here))

    def stay(self, count: int) -> None:
        """From now on the first ``count`` blocks stay on the device once they have come."""
        self._staying = count
        for number in [one for one in self._here if one >= count]:
            self._empty(number)

    def leave(self) -> None:
        """Take all blocks off the device until they are called again."""
        for number in list(self._here):
            self._empty(number)
        self._forget()

    def _hook(self, number: int) -> Callable[..., None]:
        def bring(_block: nn.Module, _inputs: Any) -> None:
            self._bring(number)

        return bring

    def _bring(self, number: int) -> None:
        """Make sure that a block is there, let the one before go, and send for the next."""
        if number not in self._here:
            coming = self._coming.pop(number, None)
            self._forget()  # a block was left out, and what came for nothing goes
            arrival = self._fetched(number) if coming is None else coming.result()
            self._fill(number, arrival)
        for other in [one for one in self._here if one >= self._staying and one != number]:
            self._empty(other)
        following = (number + 1) % len(self._blocks)
        if following not in self._here and following not in self._coming:
            self._coming[following] = self._reader.submit(self._fetched, following)

    def _forget(self) -> None:
        for future in self._coming.values():
            future.cancel()
        self._coming.clear()

    def _fetched(self, number: int) -> _Arrival:
        """Read a block and bring it to the device; on the reader's thread, or here."""
        found, wanted = self._read(number), dict(self._blocks[number].named_parameters())
        # What stays may stay where it is mapped; what goes again is read now, not while computing.
        copy = number >= self._staying
        if self._side is None:
            return _Arrival(
                {
                    name: found[name].to(self._device, parameter.dtype, copy=copy)
                    for name, parameter in wanted.items()
                }
            )
        with torch.cuda.stream(self._side):
            moved = {
                name: found[name].to(self._device, non_blocking=True).to(parameter.dtype)
                for name, parameter in wanted.items()
            }
            return _Arrival(moved, self._side.record_event())

    def _fill(self, number: int, arrival: _Arrival) -> None:
        if arrival.whole is not None:
            current = torch.cuda.current_stream(self._device)
            current.wait_event(arrival.whole)
            for tensor in arrival.tensors.values():
                tensor.record_stream(current)
        for name, parameter in self._blocks[number].named_parameters():
            parameter.data = arrival.tensors[name]
        self._here.add(number)

    def _empty(self, number: int) -> None:
        for parameter in self._blocks[number].parameters():
            parameter.data = torch.empty(0, dtype=parameter.dtype, device=self._device)
        self._here.discard(number)


def kept_on_host(read: ReadBlock, blocks: nn.ModuleList, device: torch.device) -> ReadBlock:
    """The same weights, read once and kept in the host's memory as the device takes them.

    Args:
        read: Where they come from the first time.
        blocks: Of the network; they say the dtypes.
        device: Where they will go: for a GPU they are kept in locked pages, which it reads itself.
    """
    kept: dict[int, Mapping[str, Tensor]] = {}

    def from_host(number: int) -> Mapping[str, Tensor]:
        if number not in kept:
            found = read(number)
            smaller = {
                name: found[name].to(parameter.dtype)
                for name, parameter in blocks[number].named_parameters()
            }
            if device.type == "cuda":
                smaller = {name: tensor.pin_memory() for name, tensor in smaller.items()}
            kept[number] = smaller
        return kept[number]

    return from_host
