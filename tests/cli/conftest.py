"""A command line that runs inside the test, in a folder of its own."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import SMALL, Ran

from kinema import cli


@pytest.fixture
def kinema(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Ran]:
    """Run ``kinema ARGS`` in an empty folder; returns status, stdout and stderr."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("KINEMA_HOME", str(tmp_path / "home"))
    monkeypatch.delenv("KINEMA_DEBUG", raising=False)

    def run(*args: str) -> Ran:
        status = cli.run(args)
        out, err = capfd.readouterr()
        return Ran(status, out, err)

    return run


@pytest.fixture
def fox(kinema: Callable[..., Ran]) -> Path:
    """A finished clip in the current folder."""
    ran = kinema("generate", "a red fox walks in a meadow", *SMALL, "--seed", "7", "-o", "fox.mp4")
    assert ran.status == 0, ran.err
    return Path("fox.mp4")
