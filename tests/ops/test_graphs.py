from __future__ import annotations

import pytest
import torch
from torch import Tensor

from kinema.ops.graphs import Recorder
from tests.models.small import noise, transformer


def scaled(x: Tensor, factor: Tensor, held: list[Tensor]) -> Tensor:
    return x * factor + held[0]


def test_without_a_gpu_the_function_is_simply_called():
    recorded = Recorder(scaled)
    x, held = noise(3), [torch.ones(3)]
    assert torch.equal(recorded((x, torch.tensor(2.0)), held), 2 * x + 1)
    held[0] = torch.zeros(3)
    assert torch.equal(recorded((x, torch.tensor(3.0)), held), 3 * x)


def test_a_transformer_is_such_a_function():
    net = transformer()
    x, sigma = noise(1, 16, 2, 4, 4), torch.tensor([[0.3, 0.8]], dtype=torch.float64)
    prompt = net.context(noise(1, 5, 32))
    assert torch.equal(Recorder(net)((x, sigma), prompt), net(x, sigma, prompt))


def test_gradients_flow():
    x = noise(3).requires_grad_()
    Recorder(scaled)((x, torch.tensor(2.0)), [torch.ones(3)]).sum().backward()
    torch.testing.assert_close(x.grad, torch.full((3,), 2.0))


@pytest.mark.gpu
def test_a_recording_equals_the_call_for_every_shape_and_prompt():
    net = transformer().cuda()
    recorded = Recorder(net, keep=2)
    for seed, (frames, length) in enumerate([(2, 5), (3, 5), (2, 7), (2, 5)]):
        prompt = net.context(noise(1, length, 32, seed=seed).cuda())
        for level in (0.9, 0.2):
            x = noise(1, 16, frames, 4, 4, seed=seed).cuda()
            sigma = torch.full((1, frames), level, dtype=torch.float64, device="cuda")
            with torch.inference_mode():
                first = recorded((x, sigma), prompt)
            kept = first.clone()
            with torch.no_grad():
                torch.testing.assert_close(recorded((x, sigma), prompt), net(x, sigma, prompt))
            assert torch.equal(first, kept)  # the caller's own, not the recording's
    recorded.forget()
