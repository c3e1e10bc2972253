from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import torch

from kinema.ops.conv import clips_are_right

CPU = torch.device("cpu")


@pytest.fixture(autouse=True)
def unasked() -> Iterator[None]:
    clips_are_right.cache_clear()
    yield
    clips_are_right.cache_clear()


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_convolutions_of_clips_are_right_here(dtype: torch.dtype):
    assert clips_are_right(CPU, dtype)


@pytest.mark.parametrize("fault", [0.9, float("nan")])
def test_a_library_that_is_wrong_in_one_dtype_and_layout_is_found(
    monkeypatch: pytest.MonkeyPatch, fault: float
):
    right = torch.nn.functional.conv3d

    def wrong(x: torch.Tensor, *others: Any, **options: Any) -> torch.Tensor:
        layout = torch.channels_last_3d
        is_hit = x.dtype is torch.bfloat16 and x.is_contiguous(memory_format=layout)
        return right(x, *others, **options) * (fault if is_hit else 1.0)

    monkeypatch.setattr(torch.nn.functional, "conv3d", wrong)
    assert clips_are_right(CPU, torch.float32)
    assert not clips_are_right(CPU, torch.bfloat16)
