"""``kinema doctor``: what this installation can do."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import sys
from importlib.metadata import PackageNotFoundError, requires, version
from importlib.util import find_spec
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import click

import kinema

_CODECS: Final = {
    "libx264": "MP4",
    "libsvtav1": "WebM",
    "libdav1d": "the storybook atlas",
    "gif": "GIF",
    "libwebp": "WebP",
}
_BRINGS: Final = {
    "torch": "open weights of the Wan family",
    "diffusers": "any video pipeline of diffusers",
    "telemetry": "traces of the server",
    "dev": "work on Kinema itself",
}
"""What the optional parts of the installation are for."""
_CORE: Final = ("av", "click", "msgspec", "numpy", "opencv-python-headless", "rich")


def examine(*, as_json: bool) -> None:
    """Look at Python, packages, codecs, cores and GPU, and make a tiny clip as proof."""
    report = {
        "kinema": kinema.__version__,
        "python": platform.python_version(),
        "platform": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count() or 1,
        "packages": {name: _version(name) for name in _CORE},
        "codecs": codecs(),
        "player": shutil.which("ffplay") is not None,
        "extras": extras(),
        "gpu": gpu(),
        "problem": trial(),
    }
    if as_json:
        click.echo(json.dumps(report, ensure_ascii=False))
    else:
        _print(report)
    if report["problem"]:
        sys.exit(1)


def codecs() -> dict[str, bool]:
    """Whether each codec that Kinema writes or reads with is there."""
    from av.codec import codecs_available

    return {name: name in codecs_available for name in _CODECS}


def extras() -> dict[str, dict[str, Any]]:
    """The optional parts of the installation: what each lacks, and the command that adds it."""
    try:
        needs = requires("kinema") or []
    except PackageNotFoundError:  # run from a folder of sources
        return {}
    found: dict[str, dict[str, Any]] = {}
    for need in needs:
        extra = re.search(r"extra\s*==\s*[\"']([\w-]+)[\"']", need)
        if extra is None:
            continue
        package = re.split(r"[\s\[<>=!~;(]", need, maxsplit=1)[0]
        command = f"pip install 'kinema[{extra[1]}]'"
        row = found.setdefault(extra[1], {"missing": [], "command": command})
        if not _version(package):
            row["missing"].append(package)
    return found


def gpu() -> str:
    """The GPU that torch computes on and its memory, "" where it has none or is not installed."""
    if find_spec("torch") is None:
        return ""
    import torch

    if not torch.cuda.is_available():
        return ""
    _, total = torch.cuda.mem_get_info(0)
    return f"{torch.cuda.get_device_name(0)}, {total / 2**30:.0f} GiB"


def trial() -> str:
    """Make the smallest clip; returns what went wrong, "" if nothing did."""
    from kinema.engine.generate import generate
    from kinema.errors import KinemaError
    from kinema.types import Request, Size

    request = Request(prompt="a cat walks", size=Size(width=128, height=128), frames=2)
    with TemporaryDirectory() as folder:
        try:
            generate(request, Path(folder) / "trial.mp4")
        except (KinemaError, ImportError, OSError, RuntimeError) as error:
            return f"{type(error).__name__}: {error}"
    return ""


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def _print(report: dict[str, Any]) -> None:
    python = f"Python {report['python']}, {report['platform']}, {report['cores']} cores"
    click.echo(f"kinema {report['kinema']}  {python}")
    for name, number in report["packages"].items():
        click.echo(f"  {_mark(bool(number))} {name} {number or 'is missing'}")
    for name, here in report["codecs"].items():
        click.echo(f"  {_mark(here)} {name} for {_CODECS[name]}")
    player = "ffplay for --play" if report["player"] else "ffplay is missing: only --play needs it"
    click.echo(f"  {_mark(report['player'])} {player}")
    for name, row in report["extras"].items():
        lacks = ", ".join(row["missing"])
        text = f"lacks {lacks}; add it with: {row['command']}" if lacks else "complete"
        use = f" ({_BRINGS[name]})" if name in _BRINGS else ""
        click.echo(f"  {_mark(not lacks)} extra {name}{use}: {text}")
    found = report["gpu"]
    click.echo(f"  {_mark(bool(found))} GPU: {found or 'none that torch sees: open weights crawl'}")
    problem = report["problem"]
    click.echo(f"  {_mark(not problem)} making a clip: {problem or 'works'}")


def _mark(good: bool) -> str:
    return click.style("ok ", fg="green") if good else click.style("-- ", fg="yellow")
