"""Models and sizes of the benchmark on a GPU, and its clock, checks and report.

Shapes are (frames, rows, columns) of the latent; times are medians, taken on the device.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from importlib.metadata import PackageNotFoundError, version
from statistics import median
from typing import Any, Final

import torch
from torch import Tensor, nn

from kinema.models.configs import MEAN_22, STD_22, DiTConfig, VaeConfig


@dataclass(frozen=True, slots=True)
class Case:
    """A model at the size that it is measured at: latent frames, rows and columns."""

    name: str
    transformer: DiTConfig
    vae: VaeConfig
    clip: str
    latent: tuple[int, int, int]

    @property
    def grid(self) -> tuple[int, int, int]:
        """Token frames, rows and columns."""
        frames, rows, columns = self.latent
        return frames, rows // 2, columns // 2

    @property
    def tokens(self) -> int:
        """Tokens of the clip."""
        frames, rows, columns = self.grid
        return frames * rows * columns

    @property
    def operations(self) -> float:
        """Of one forward, a multiplication and an addition counted apart."""
        net, tokens = self.transformer, self.tokens
        linear = 2 * net.width * (6 * net.width + 2 * net.hidden)
        scores = 4 * net.width * (tokens + net.text_tokens)
        patches = 8 * net.width * (net.channels_in + net.channels_out)
        return tokens * (net.depth * (linear + scores) + patches)


VAE_21: Final = VaeConfig()
VAE_22: Final = VaeConfig(
    width=160, decoder_width=256, channels=48, shortcuts=True, packed=2, mean=MEAN_22, std=STD_22
)
WAN_1_3B: Final = DiTConfig(width=1536, heads=12, hidden=8960, depth=30)
WAN_5B: Final = DiTConfig(
    width=3072, heads=24, hidden=14336, depth=30, channels_in=48, channels_out=48
)
SMALL: Final = DiTConfig(width=512, heads=8, hidden=2048, depth=12, text_width=384, text_tokens=64)
CASES: Final = {
    "1.3b": Case("Wan 1.3B", WAN_1_3B, VAE_21, "832x480, 81 frames", (21, 60, 104)),
    "5b": Case("Wan 5B", WAN_5B, VAE_22, "1280x704, 121 frames", (31, 44, 80)),
}
SMALL_CASE: Final = Case("53M", SMALL, VAE_21, "256x144, 33 frames", (9, 18, 32))


def tiny(case: Case) -> Case:
    """The same kind of model at a size for any machine."""
    net = replace(
        case.transformer, width=48, heads=2, hidden=64, depth=2, text_width=32, text_tokens=512,
    )  # fmt: skip
    widths = (16, 16) if case.vae.shortcuts else (8, 8)
    codec = replace(case.vae, width=widths[0], decoder_width=widths[1])
    return Case(f"{case.name}, tiny", net, codec, "tiny", (3, 4, 6))


@dataclass(slots=True)
class Bench:
    """One run: the device, how often each thing is measured, and what was found."""

    device: torch.device
    small: bool
    repeats: int
    theirs: str
    """Why `diffusers` is not measured; nothing where it is."""
    peak: float = 0.0
    lines: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    @property
    def compiler(self) -> str:
        """Tiny runs check that a network can be traced, and generate no code."""
        return "eager" if self.small else "inductor"

    def seconds(self, call: Callable[[], object], repeats: int | None = None) -> float:
        """Median seconds of a call, after two to warm up."""
        for _ in range(1 if self.small else 2):
            call()
        return median(self._once(call) for _ in range(repeats or self.repeats))

    def _once(self, call: Callable[[], object]) -> float:
        if self.device.type != "cuda":
            started = time.perf_counter()
            call()
            return time.perf_counter() - started
        start, end = (torch.cuda.Event(enable_timing=True) for _ in range(2))
        torch.cuda.synchronize()
        start.record()
        call()
        end.record()
        torch.cuda.synchronize()
        return start.elapsed_time(end) / 1e3

    @contextmanager
    def memory(self, found: list[float]) -> Iterator[None]:
        """Append the peak of the device's memory, in GB, to ``found``."""
        if self.device.type == "cuda":
            torch.cuda.empty_cache()
            torch.cuda.reset_peak_memory_stats()
        yield
        peak = torch.cuda.max_memory_allocated() if self.device.type == "cuda" else 0
        found.append(peak / 1e9)

    def measure_peak(self) -> None:
        """Operations a second of a large product on random values."""
        side = 256 if self.small else 8192
        a, b = (self.random(side, side, seed=seed) for seed in (1, 2))
        self.peak = 2 * side**3 / self.seconds(lambda: a @ b, 10)
        self.say("", f"- matrix peak: {self.peak / 1e12:.4g} TFLOP/s, a bf16 product of {side}^3")

    def random(self, *shape: int, seed: int = 0, dtype: torch.dtype = torch.bfloat16) -> Tensor:
        """Normal noise on the device."""
        source = torch.Generator(self.device).manual_seed(seed)
        return torch.randn(shape, generator=source, device=self.device, dtype=dtype)

    def check(self, what: str, error: float, limit: float) -> str:
        """The error as a cell of a table; marks it, and the run, where it is too large."""
        if error < limit:
            return f"{error:.1e}"
        self.wrong.append(f"{what}: {error:.1e}, not below {limit:g}")
        return f"**wrong: {error:.1e}**"

    def say(self, *lines: str) -> None:
        """Add to the report, and show it."""
        self.lines += lines
        print("\n".join(lines), flush=True)

    def table(self, *cells: object) -> None:
        """One row."""
        self.say("| " + " | ".join(str(cell) for cell in cells) + " |")

    def head(self, title: str, *columns: str) -> None:
        """A title and the head of a table."""
        self.say("", f"## {title}", "")
        self.table(*columns)
        self.table(*("---" for _ in columns))


def filled(kind: type[Any], config: Any, device: torch.device, seed: int = 0) -> Any:
    """A network of ours with random weights: norms near 1, matrices that keep the variance."""
    source = torch.Generator(device).manual_seed(seed)
    with torch.device(device), torch.no_grad():
        network: nn.Module = kind(config)
        for name, weight in network.named_parameters():
            weight.normal_(generator=source)
            if "norm" in name and name.endswith("weight"):
                weight.mul_(0.1).add_(1)
            elif weight.ndim > 1 and "modulation" not in name:
                weight.div_(weight[0].numel() ** 0.5)
            else:
                weight.mul_(0.05)
    return network.eval().requires_grad_(False)


def distance(found: Tensor, expected: Tensor) -> float:
    """Norm of the difference over the norm; infinite where anything is not a number."""
    ratio = (found.float() - expected.float()).norm() / expected.float().norm()
    return float(ratio) if bool(torch.isfinite(ratio)) else float("inf")


def card(device: torch.device) -> str:
    """What runs the networks."""
    if device.type != "cuda":
        return f"no GPU: the processor, {torch.get_num_threads()} threads"
    facts = torch.cuda.get_device_properties(device)
    return (
        f"{facts.name}, {facts.total_memory / 2**30:.0f} GiB, {facts.multi_processor_count} "
        f"multiprocessors; CUDA {torch.version.cuda}, cuDNN {torch.backends.cudnn.version()}"
    )


def installed(*names: str) -> list[str]:
    """Those of the packages that have a version here."""
    found: list[str] = []
    for name in names:
        try:
            version(name)
        except PackageNotFoundError:
            continue
        found.append(name)
    return found
