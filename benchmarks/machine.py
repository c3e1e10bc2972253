"""What every result says about where it was measured."""

from __future__ import annotations

import datetime
import os
import platform
import sys
from importlib.metadata import version
from pathlib import Path


def described(*packages: str) -> list[str]:
    """Markdown lines: the command and date, the machine and its load, versions of packages."""
    command = " ".join(["python", f"benchmarks/{Path(sys.argv[0]).name}"])
    return [
        f"- command: `{command}`; date: {datetime.datetime.now(tz=datetime.UTC).date()}",
        f"- machine: {_processor()}, {os.cpu_count()} cores, {platform.system()}, "
        f"Python {platform.python_version()}; load average {os.getloadavg()[0]:.1f}",
        "- versions: " + ", ".join(f"{name} {version(name)}" for name in packages),
    ]


def _processor() -> str:
    """The processor's name."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.split(":", 1)[1].strip()
    return platform.processor() or platform.machine()
