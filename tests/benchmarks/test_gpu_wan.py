from __future__ import annotations

import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.conftest import ROOT

pytestmark = pytest.mark.requires("torch")


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.syspath_prepend(str(ROOT / "benchmarks"))
    import gpu_wan

    return gpu_wan


def run(script: ModuleType, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> int:
    monkeypatch.setattr("sys.argv", ["gpu_wan.py", *arguments])
    return script.main()


@pytest.mark.slow
@pytest.mark.requires("diffusers")
def test_the_benchmark_of_the_gpu_runs_whole_at_a_tiny_size_on_any_machine(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
):
    assert run(script, monkeypatch, "--tiny", "--models", "5b", "--out", str(tmp_path)) == 0
    report = (tmp_path / "gpu_wan_all.md").read_text("utf-8")
    for row in ("Wan 5B, tiny", "| diffusers, eager", "| diffusers, bf16", "recorded"):
        assert row in report
    assert "matrix peak" in report
    assert "wrong" not in report


def test_a_part_runs_by_itself(script: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    asked = ("--tiny", "--parts", "kernels", "--models", "5b", "--out", str(tmp_path))
    assert run(script, monkeypatch, *asked) == 0
    report = (tmp_path / "gpu_wan_kernels.md").read_text("utf-8")
    assert "norm + modulation" in report
    assert "1.3B" not in report


@pytest.mark.requires("diffusers")
def test_a_wheel_of_diffusers_will_do(script: ModuleType, tmp_path: Path):
    from zipfile import ZipFile

    import diffusers_twins

    wheel = tmp_path / "diffusers-0-py3-none-any.whl"
    with ZipFile(wheel, "w") as archive:
        archive.writestr("diffusers_of_the_wheel.py", "")
    before = list(sys.path)
    assert diffusers_twins.available(wheel) == ""
    assert [*Path(sys.path[0]).iterdir()] == [Path(sys.path[0]) / "diffusers_of_the_wheel.py"]
    sys.path[:] = before


def test_an_answer_that_is_wrong_ends_the_run_with_1(
    script: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
):
    monkeypatch.setattr(script, "FAR", 1e-6)  # no bfloat16 answer is so near to float32
    assert run(script, monkeypatch, "--tiny", "--parts", "codec", "--models", "1.3b") == 1
    assert "wrong: Wan 1.3B, tiny codec, plain, against float32" in capsys.readouterr().err


def test_the_models_and_sizes_are_the_published_ones(script: ModuleType):
    from kinema.models.registry import model

    for name, key in (("wan2.1-t2v-1.3b", "1.3b"), ("wan2.2-ti2v-5b", "5b")):
        spec, case = model(name), script.CASES[key]
        assert (case.transformer, case.vae) == (spec.transformer, spec.vae)
        size, frames = spec.defaults.sizes[0], spec.defaults.frames
        assert case.clip == f"{size}, {frames} frames"
        cells = size.height // spec.vae.cell, size.width // spec.vae.cell
        assert case.latent == (1 + (frames - 1) // 4, *cells)
    assert script.CASES["1.3b"].tokens == 32_760
    assert script.CASES["5b"].tokens == 27_280


def test_operations_are_counted_as_the_network_does_them(script: ModuleType):
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from kinema.models.dit import WanTransformer
    from kinema.ops.attention import Backend

    case = script.tiny(script.CASES["5b"])
    net = WanTransformer(case.transformer, Backend.PLAIN)  # others hide from the counter
    prompt = net.context(torch.randn(1, 512, 32))
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        net(torch.randn(1, 48, *case.latent), 0.5, prompt)
    # The noise level's own layers are left out of the count: at real sizes they are nothing.
    assert counter.get_total_flops() == pytest.approx(case.operations, rel=0.02)
