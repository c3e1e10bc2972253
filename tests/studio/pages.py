"""Runs a test of the pages in a browser, and does for it what a browser cannot."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from tests.serve.conftest import RunningServer

WEB = Path(__file__).resolve().parents[2] / "web"
NODE = shutil.which("node")
CHROMIUM = shutil.which("chromium")

needs_browser = pytest.mark.skipif(
    NODE is None or CHROMIUM is None or not (WEB / "node_modules").is_dir(),
    reason="there is no browser, or the studio's tools are not here",
)


def drive(server: RunningServer, script: str) -> None:
    """Run ``web/browser/SCRIPT.mjs`` against a server; what it throws fails the test.

    A line ``please X`` of it asks for X, and is answered by a line when that is done.
    """
    assert NODE is not None
    assert CHROMIUM is not None
    uploads = server.data / "objects" / "uploads"
    away = uploads.with_name("away")
    able = {
        "kill the worker": server.kill_worker,
        "kill the server": server.kill_api,
        "start the server": server.start,
        "spoil the uploads": lambda: uploads.rename(away),
        "mend the uploads": lambda: away.rename(uploads),
    }
    said: list[str] = []
    ours = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # python and kinema
    with subprocess.Popen(
        [NODE, f"browser/{script}.mjs", server.url, CHROMIUM],
        cwd=WEB,
        env={**os.environ, "PATH": ours},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        try:
            for line in process.stdout:
                said.append(line)
                if line.startswith("please "):
                    able[line.removeprefix("please ").strip()]()
                    process.stdin.write("done\n")
                    process.stdin.flush()
            status = process.wait()
        finally:
            process.kill()
    assert status == 0, "".join(said)
