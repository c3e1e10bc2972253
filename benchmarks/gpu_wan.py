"""How near to the card's own speed do networks of the Wan family run?

    python benchmarks/gpu_wan.py [--parts transformer codec ...] [--models 1.3b 5b] [--out FOLDER]

Builds Wan 1.3B (832x480, 81 frames) and 5B (1280x704, 121 frames) with random weights in bfloat16
and measures, each part by itself if wanted:

    attention     every backend at the shapes of both models
    kernels       each fused kernel beside its plain twin
    transformer   one forward: plain, fused, compiled; beside diffusers, eager and compiled
    codec         decoding of a whole clip, by length of the chunks; beside diffusers
    small         one step of a network of 53 million weights, with and without a CUDA graph

The matrix peak is a large bfloat16 product measured in the same run. Whatever is measured is
compared with plain PyTorch; a wrong answer is named in the table and ends the run with 1. Medians,
timed on the device. `--tiny` runs all of it on any machine, at sizes where the times mean
nothing. `diffusers` is measured where it can be imported, or from `--diffusers-wheel FILE`.
Prints Markdown and writes it to FOLDER/gpu_wan_PARTS.md after each part.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Final

import torch
from torch import Tensor

import diffusers_twins
from kinema.models.dit import Context, WanTransformer
from kinema.models.vae import WanVae
from kinema.ops.attention import Backend, attention, candidates, fastest, timings
from kinema.ops.conv import clips_are_right
from kinema.ops.graphs import Recorder
from kinema.ops.kernels import Kernels, knows, use_kernels
from kinema.ops.norm import add_gated, channel_norm, layer_norm, modulate, rms_norm
from kinema.ops.rope import grid_rotation, queries_and_keys
from machine import described
from wan_bench import CASES, SMALL_CASE, Bench, Case, card, distance, filled, installed, tiny

SIGMA: Final = 0.7
SMALL_GOAL: Final = 3.0  # milliseconds a step
# Of bfloat16 answers, against the same network in float32: both twins stay below the first, and
# two ways through the same weights differ by less than the second.
FAR, APART = 0.05, 0.03


def part_attention(bench: Bench, cases: Sequence[Case]) -> None:
    """Every backend, self-attention of one clip."""
    bench.head(
        "Attention", "model", "shape (N, H, D)", "backend", "ms", "TFLOP/s", "of peak", "error"
    )
    for case in cases:
        net, tokens = case.transformer, case.tokens
        shape = tokens, net.heads, net.head_width
        qkv = [bench.random(1, *shape, seed=seed) for seed in range(3)]
        q, k, v = qkv
        exact = attention(q[:, :64], k, v, backend=Backend.PLAIN)
        names = candidates(bench.device, torch.bfloat16, tokens=tokens, heads=net.heads)
        found = timings(names, *qkv)
        for backend, seconds in sorted(found.items(), key=lambda item: item[1]):
            speed = 4 * tokens**2 * net.width / seconds
            error = distance(attention(q, k, v, backend=backend)[:, :64], exact)
            bench.table(
                case.name, shape, backend, f"{1e3 * seconds:.3f}", f"{speed / 1e12:.4g}",
                f"{speed / bench.peak:.0%}", bench.check(f"{backend} attention", error, 0.02),
            )  # fmt: skip


def part_kernels(bench: Bench, cases: Sequence[Case]) -> None:
    """Each operation by both twins. Bytes: every input read once, every output written once."""
    if not knows(bench.device):
        bench.say("", "- no Triton for this device: fused is the plain twin as well")
    bench.head("Fused kernels", "model", "operation", "plain ms", "fused ms", "GB/s", "error")
    for case in cases:
        for name, call, values in _operations(bench, case):
            use_kernels(Kernels.TORCH)
            plain, plain_seconds = _whole(call()), bench.seconds(call)
            use_kernels(Kernels.AUTO)
            error, seconds = distance(_whole(call()), plain), bench.seconds(call)
            bench.table(
                case.name, name, f"{1e3 * plain_seconds:.3f}", f"{1e3 * seconds:.3f}",
                f"{2 * values / seconds / 1e9:.0f}", bench.check(name, error, 0.01),
            )  # fmt: skip


def _whole(answer: Tensor | tuple[Tensor, ...]) -> Tensor:
    return answer if isinstance(answer, Tensor) else torch.cat(answer)


def _operations(
    bench: Bench, case: Case
) -> Iterator[tuple[str, Callable[[], Tensor | tuple[Tensor, ...]], int]]:
    """Name, call, and how many bfloat16 values it must move."""
    net, tokens, bf16 = case.transformer, case.tokens, torch.bfloat16
    x, y = (bench.random(1, tokens, net.width, seed=seed) for seed in (0, 1))
    shift, scale, gate, *_ = bench.random(
        1, case.grid[0], 6, net.width, seed=2, dtype=torch.float32
    ).unbind(2)
    weight = bench.random(net.width, seed=3, dtype=torch.float32)
    yield (
        "norm + modulation",
        lambda: modulate(x, shift, scale, eps=1e-6, dtype=bf16),
        2 * x.numel(),
    )
    yield "affine norm", lambda: layer_norm(x, weight, weight, eps=1e-6, dtype=bf16), 2 * x.numel()
    yield "gated sum", lambda: add_gated(x, y, gate), 3 * x.numel()
    yield "RMS norm", lambda: rms_norm(x, weight, 1e-6), 2 * x.numel()
    qkv = bench.random(1, tokens, 3 * net.width, seed=4)
    rotation = grid_rotation(case.grid, net.head_width, bench.device)
    yield (
        "q, k norm + rotation",
        lambda: queries_and_keys(qkv, (weight, weight), rotation, heads=net.heads, eps=1e-6),
        4 * x.numel(),
    )
    channels, (_, rows, columns) = case.vae.decoder_width, case.latent
    side = 1 if bench.small else 8
    pixels = bench.random(1, channels, 4, side * rows, side * columns, seed=5)
    pixels = pixels.contiguous(memory_format=torch.channels_last_3d)
    factor = bench.random(channels, seed=6)
    yield (
        "channel norm + SiLU",
        lambda: channel_norm(pixels, factor, 1e-24, silu=True),
        2 * pixels.numel(),
    )


def part_transformer(bench: Bench, cases: Sequence[Case]) -> None:
    """One forward of each model by every way through it."""
    for case in cases:
        _transformer(bench, case)


def _transformer(bench: Bench, case: Case) -> None:
    """Each way at the full size against the plain one, and a short clip against float32."""
    bench.head(
        f"{case.name}: one forward at {case.clip} ({case.tokens} tokens, "
        f"{case.operations / 1e12:.4g} TFLOP)",
        "way", "ms", "TFLOP/s", "of peak", "differs from plain", "peak GB",
    )  # fmt: skip
    net = filled(WanTransformer, case.transformer, bench.device)
    short_latent, short_sigma, text = _inputs(bench, case, short=True)
    use_kernels(Kernels.TORCH)
    net.use_attention(Backend.PLAIN)
    exact = net(short_latent, short_sigma, net.context(text.float()))
    net.lower_precision(torch.bfloat16)
    latent, sigma, _ = _inputs(bench, case, short=False)
    prompt = net.context(text)
    plain: Tensor | None = None
    for name, prepare in _ways(bench, case):
        prepare(net)
        answer = _forward_row(bench, case, name, partial(net, latent, sigma, prompt), plain)
        plain = answer if plain is None else plain
        error = distance(net(short_latent, short_sigma, prompt), exact)
        bench.check(f"{case.name}, {name}, against float32", error, FAR)
    if plain is not None and not bench.theirs:
        _their_rows(bench, case, net, (latent, sigma, text), plain)


def _ways(bench: Bench, case: Case) -> Iterator[tuple[str, Callable[[WanTransformer], None]]]:
    """Ways through one of our transformers, the plain one first, and how to prepare each."""
    net = case.transformer
    best = fastest(
        bench.device, torch.bfloat16, tokens=case.tokens, heads=net.heads, head_width=net.head_width
    )

    def plain(net: WanTransformer) -> None:
        use_kernels(Kernels.TORCH)
        net.use_attention(Backend.TORCH)

    def fused(net: WanTransformer) -> None:
        use_kernels(Kernels.AUTO)
        net.use_attention(best)

    def compiled(net: WanTransformer) -> None:
        fused(net)
        torch._dynamo.reset()  # or shapes of another model would be traced as variable
        net.compile_blocks(bench.compiler)

    yield "ours, plain PyTorch", plain
    yield f"ours, fused kernels, {best} attention", fused
    yield f"ours, blocks compiled, {best} attention", compiled


def _inputs(bench: Bench, case: Case, *, short: bool) -> tuple[Tensor, Tensor, Tensor]:
    """Latent, a noise level for each frame, and text; short: two latent frames, few pixels."""
    frames, rows, columns = (2, 16, 16) if short else case.latent
    net = case.transformer
    latent = bench.random(1, net.channels_in, frames, rows, columns, seed=7)
    sigma = torch.full((1, frames), SIGMA, dtype=torch.float64, device=bench.device)
    return latent, sigma, bench.random(1, net.text_tokens, net.text_width, seed=8)


def _forward_row(
    bench: Bench, case: Case, name: str, call: Callable[[], Tensor], plain: Tensor | None
) -> Tensor:
    """Measure one way through a transformer and write its row; its answer."""
    peaks: list[float] = []
    with bench.memory(peaks):
        answer = call()
        seconds = bench.seconds(call)
    differs = "-"
    if plain is not None:
        differs = bench.check(f"{case.name}, {name}", distance(answer, plain), APART)
    speed = case.operations / seconds
    bench.table(
        name, f"{1e3 * seconds:.2f}", f"{speed / 1e12:.4g}", f"{speed / bench.peak:.1%}", differs,
        f"{peaks[0]:.1f}",
    )  # fmt: skip
    return answer


def _their_rows(
    bench: Bench,
    case: Case,
    net: WanTransformer,
    inputs: tuple[Tensor, Tensor, Tensor],
    ours: Tensor,
) -> None:
    """Their transformer with our weights, eager and with its blocks compiled."""
    latent, sigma, text = inputs
    times = (1000 * sigma[:, 0]).float()
    if case.vae.shortcuts:  # 2.2 has a time for each token, equal or not
        times = times[:, None].repeat(1, case.tokens)
    theirs = diffusers_twins.transformer(net)

    def forward() -> Tensor:
        return theirs(
            hidden_states=latent, timestep=times, encoder_hidden_states=text, return_dict=False
        )[0]

    _forward_row(bench, case, "diffusers, eager", forward, ours)
    torch._dynamo.reset()
    theirs.compile_repeated_blocks(fullgraph=True, backend=bench.compiler)
    _forward_row(bench, case, "diffusers, blocks compiled", forward, ours)


def part_codec(bench: Bench, cases: Sequence[Case]) -> None:
    """Decoding a whole clip in chunks of several lengths."""
    right = clips_are_right(bench.device, torch.bfloat16)
    bench.say("", f"- convolutions of clips in bf16 are {'right' if right else 'WRONG'} here")
    for case in cases:
        _codec(bench, case)


def _codec(bench: Bench, case: Case) -> None:
    """The plain way, theirs, and ours by chunks; bits are compared with our own one a call."""
    bench.head(
        f"{case.name}: decoding {case.clip}",
        "way", "latent frames a call", "s", "speed", "bits of one a call", "peak GB",
    )  # fmt: skip
    _check_codec(bench, case)
    vae: WanVae = filled(WanVae, case.vae, bench.device).lower_precision(torch.bfloat16)
    latent = bench.random(1, case.vae.channels, *case.latent, seed=9, dtype=torch.float32)
    use_kernels(Kernels.TORCH)
    slow = _codec_row(bench, "ours, plain", 1, partial(vae.decode, latent, 1))
    if not bench.theirs:
        theirs = partial(diffusers_twins.autoencoder(vae).decode, latent.bfloat16())
        _codec_row(bench, "diffusers, bf16", 1, lambda: theirs().sample, slow)
    use_kernels(Kernels.AUTO)
    vae.channels_last()
    for tuned in (False, True):
        torch.backends.cudnn.benchmark = tuned
        single = vae.decode(latent, 1)
        name = f"ours, fused, channels last{', cuDNN tries its kernels' * tuned}"
        for chunk in (1, 4, 8):
            _codec_row(bench, name, chunk, partial(vae.decode, latent, chunk), slow, single)
    torch.backends.cudnn.benchmark = False


def _check_codec(bench: Bench, case: Case) -> None:
    """A small clip in bfloat16, in every layout and by both twins, against float32."""
    vae = filled(WanVae, case.vae, bench.device)
    latent = bench.random(1, case.vae.channels, 3, 8, 8, seed=10, dtype=torch.float32)
    use_kernels(Kernels.TORCH)
    exact = vae.decode(latent, 1)
    vae.lower_precision(torch.bfloat16)
    errors = {"plain": distance(vae.decode(latent, 1), exact)}
    use_kernels(Kernels.AUTO)
    errors["fused"] = distance(vae.decode(latent, 2), exact)
    vae.channels_last()
    errors["channels last"] = distance(vae.decode(latent, 2), exact)
    for name, error in errors.items():
        bench.check(f"{case.name} codec, {name}, against float32", error, FAR)


def _codec_row(
    bench: Bench,
    name: str,
    chunk: int,
    call: Callable[[], Tensor],
    slow: float | None = None,
    single: Tensor | None = None,
) -> float:
    """Measure one way of decoding and write its row; its seconds."""
    peaks: list[float] = []
    with bench.memory(peaks):
        pixels = call()
        seconds = bench.seconds(call, max(1, bench.repeats // 2))
    bits = "-"
    if single is not None:
        same = torch.equal(pixels, single)
        bits = "equal" if same else f"largest difference {(pixels - single).abs().max():.1e}"
    speed = f"{(slow or seconds) / seconds:.2f}x"
    bench.table(name, chunk, f"{seconds:.3f}", speed, bits, f"{peaks[0]:.1f}")
    return seconds


def part_small(bench: Bench, cases: Sequence[Case]) -> None:  # noqa: ARG001 - as the others
    """A step of a small network: its forward and Euler's sum."""
    case = tiny(SMALL_CASE) if bench.small else SMALL_CASE
    net = filled(WanTransformer, case.transformer, bench.device).lower_precision(torch.bfloat16)
    weights = sum(weight.numel() for weight in net.parameters())
    bench.head(
        f"A step of {weights / 1e6:.1f}M weights at {case.clip} ({case.tokens} tokens)",
        "way", "ms", "of peak", "differs from plain", f"goal {SMALL_GOAL:g} ms",
    )  # fmt: skip
    latent, sigma, text = _inputs(bench, case, short=False)
    prompt, latent = net.context(text), latent.float()

    def stepped(latent: Tensor, sigma: Tensor, prompt: Context) -> Tensor:
        return latent - 0.1 * net(latent, sigma, prompt).float()

    plain: Tensor | None = None
    for name, prepare in _ways(bench, case):
        prepare(net)
        eager = partial(stepped, latent, sigma, prompt)
        recorded = partial(Recorder(stepped), (latent, sigma), prompt)
        for kind, call in ((name, eager), (f"{name}, recorded", recorded)):
            answer, seconds = call(), bench.seconds(call, 5 * bench.repeats)
            plain = answer if plain is None else plain
            differs = bench.check(f"{case.name}, {kind}", distance(answer, plain), APART)
            share = f"{case.operations / seconds / bench.peak:.1%}"
            met = "met" if 1e3 * seconds < SMALL_GOAL else "missed"
            bench.table(kind, f"{1e3 * seconds:.3f}", share, differs, met)


PARTS: Final = {
    "attention": part_attention,
    "kernels": part_kernels,
    "transformer": part_transformer,
    "codec": part_codec,
    "small": part_small,
}


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description="How fast do networks of the Wan family run?")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--models", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--tiny", action="store_true")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--diffusers-wheel", type=Path)
    return parser.parse_args()


@torch.no_grad()
def main() -> int:
    """Run the parts that were asked for; 1 where an answer was wrong."""
    asked = arguments()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    if device.type != "cuda" and not asked.tiny:
        raise SystemExit("there is no GPU here; --tiny runs everything at a tiny size")
    theirs = diffusers_twins.available(asked.diffusers_wheel)
    bench = Bench(device, asked.tiny, 1 if asked.tiny else asked.repeats, theirs)
    bench.say(
        "# Networks of the Wan family on a GPU", "",
        *described(*installed("torch", "triton", "diffusers")),
        f"- arguments: `{' '.join(sys.argv[1:])}`",
        f"- card: {card(device)}",
        "- random weights, bfloat16; medians"
        + (f"; {theirs}, so the row to compare with is our own plain PyTorch" if theirs else ""),
    )  # fmt: skip
    bench.measure_peak()
    cases = [tiny(CASES[name]) if asked.tiny else CASES[name] for name in asked.models]
    for part in asked.parts:
        PARTS[part](bench, cases)
        use_kernels(Kernels.AUTO)
        if asked.out is not None:
            asked.out.mkdir(parents=True, exist_ok=True)
            name = "all" if len(asked.parts) == len(PARTS) else "-".join(asked.parts)
            report = "\n".join(bench.lines) + "\n"
            (asked.out / f"gpu_wan_{name}.md").write_text(report, encoding="utf-8")
    for complaint in bench.wrong:
        print(f"wrong: {complaint}", file=sys.stderr)
    return 1 if bench.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
