"""How fast and in how much memory do prompts become videos?

    python benchmarks/render.py [RESULTS.md]

Each line is a fresh `kinema generate` process, so that starting, reading, painting and encoding all
count. Speed is wall time against the clip's own length; memory is the process's peak. Prints a
Markdown table with the command, machine, versions and date, and writes it where a path is given.
"""

from __future__ import annotations

import os
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from machine import described

PROMPT = "A fox walks through a meadow in the morning, the camera follows it"
CASES = (
    # size, seconds, fps, what the issue asks for
    ("256x256", 4, 12, "under 3 s and 400 MB"),
    ("1280x720", 4, 24, "1.0x"),
    ("1920x1080", 4, 24, "at most 2.5x"),
    ("640x360", 10, 24, "memory as below"),
    ("640x360", 120, 24, "memory within 10 % of the line above"),
)


def main(results: Path | None) -> None:
    """Run every case and report."""
    lines = [
        "# Speed and memory of `kinema generate` (animatic)",
        "",
        *described("av", "numpy", "opencv-python-headless"),
        f'- prompt: "{PROMPT}"',
        "",
        "| size | clip | wall | wall / clip | peak memory | goal |",
        "| --- | --- | --- | --- | --- | --- |",
    ]
    for size, seconds, fps, goal in CASES:
        wall, peak = _measure(size, seconds, fps)
        lines.append(
            f"| {size} | {seconds} s at {fps} fps | {wall:.2f} s | {wall / seconds:.2f}x "
            f"| {peak:.0f} MB | {goal} |"
        )
        print(lines[-1], flush=True)
    for label, command in (("`kinema explain`, cold", [_kinema(), "explain", PROMPT]),):
        started = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)
        lines.append(f"| {label} | - | {time.perf_counter() - started:.2f} s | - | - | under 1 s |")
    lines.append(
        f"| `explain`, warm (in process) | - | {_warm_read() * 1e3:.1f} ms | - | - | under 100 ms |"
    )
    report = "\n".join(lines) + "\n"
    print(report)
    if results is not None:
        results.write_text(report, encoding="utf-8")


def _measure(size: str, seconds: int, fps: int) -> tuple[float, float]:
    """Wall seconds and peak megabytes of one fresh process."""
    with tempfile.TemporaryDirectory() as folder:
        command = [
            _kinema(), "generate", PROMPT, "-o", f"{folder}/clip.mp4", "--size", size,
            "--seconds", str(seconds), "--fps", str(fps), "--seed", "3", "--json",
        ]  # fmt: skip
        started = time.perf_counter()
        with subprocess.Popen(
            command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE
        ) as process:
            _, status, usage = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode and process.stderr is not None:
                raise SystemExit(process.stderr.read().decode())
        return time.perf_counter() - started, _megabytes(usage)


def _megabytes(usage: resource.struct_rusage) -> float:
    """Peak resident size; macOS counts bytes, Linux kilobytes."""
    return usage.ru_maxrss / (1e6 if sys.platform == "darwin" else 1e3)


def _warm_read() -> float:
    """Seconds to read the prompt once the catalogue is loaded."""
    from kinema.storybook.reader import read

    read(PROMPT)
    started = time.perf_counter()
    for _ in range(20):
        read(PROMPT)
    return (time.perf_counter() - started) / 20


def _kinema() -> str:
    return str(Path(sys.executable).with_name("kinema"))


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else None)
