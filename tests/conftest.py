"""What every test shares: what the machine must have for a test to run, and how hypothesis works.

A test that needs more than Python says so: ``@pytest.mark.requires("chromium")``. Where that is
missing the test is skipped and the skip names it; with KINEMA_REQUIRE_ALL=1 it fails instead, so
that continuous integration cannot go green by leaving something out. Only a GPU is exempt:
``@pytest.mark.gpu`` always skips where there is none.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import shutil
import subprocess
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings

ROOT = Path(__file__).resolve().parents[1]

# When it is first imported, Triton decides whether kernels are compiled or interpreted; only the
# interpreter needs no GPU.
if shutil.which("nvidia-smi") is None:
    os.environ.setdefault("TRITON_INTERPRET", "1")

settings.register_profile(
    "kinema",
    deadline=None,
    max_examples=60,
    derandomize="CI" in os.environ,
    # Explaining a failure takes minutes on a large value, and says little that the value does not.
    phases=[phase for phase in Phase if phase is not Phase.explain],
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile("kinema")


def _has(*commands: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(command) for command in commands)


def _has_library(name: str) -> Callable[[], bool]:
    return lambda: importlib.util.find_spec(name) is not None


def _has_postgres() -> bool:
    # Debian keeps the server's programs off the PATH.
    return _has("pg_ctl")() or any(Path("/usr/lib/postgresql").glob("*/bin/pg_ctl"))


def _has_git_checkout() -> bool:
    if shutil.which("git") is None:
        return False
    command = ["git", "-C", str(ROOT), "rev-parse", "--show-toplevel"]
    top = subprocess.run(command, capture_output=True, text=True, check=False)
    return top.returncode == 0 and Path(top.stdout.strip()) == ROOT


def _has_clients() -> bool:
    # A version that is not there yet comes from the package registries.
    command = [str(ROOT / "scripts" / "clients")]
    return subprocess.run(command, stderr=subprocess.DEVNULL, check=False).returncode == 0


PROBES: dict[str, Callable[[], bool]] = {
    "chromium": _has("chromium", "chromium-browser", "google-chrome"),
    "diffusers": _has_library("diffusers"),
    "git checkout": _has_git_checkout,
    "node": _has("node"),
    "openai clients": _has_clients,
    "postgres": _has_postgres,
    "torch": _has_library("torch"),
    "triton": _has_library("triton"),
}


@cache
def _is_here(group: str) -> bool:
    return PROBES[group]()


# Files of these folders cannot even be read without torch; elsewhere single tests name their needs.
if not _is_here("torch") and os.environ.get("KINEMA_REQUIRE_ALL") != "1":
    collect_ignore_glob = [
        "models/*",
        "ops/*",
        "weights/*",
        "engine/latent/test_native.py",
        "engine/latent/test_pipelines_parity.py",
    ]


@cache
def _has_gpu() -> bool:
    if importlib.util.find_spec("torch") is None:
        return False
    return importlib.import_module("torch").cuda.is_available()


def pytest_configure(config: pytest.Config) -> None:
    groups = ", ".join(PROBES)
    config.addinivalue_line("markers", f"requires(group): needs more than Python; one of {groups}")


def pytest_runtest_setup(item: pytest.Item) -> None:
    if item.get_closest_marker("gpu") and not _has_gpu():
        pytest.skip("needs a GPU, and there is none")
    for mark in item.iter_markers("requires"):
        for group in mark.args:
            if not _is_here(group):
                _leave_out(f"needs {group}, which is not here")


def _leave_out(reason: str) -> None:
    if os.environ.get("KINEMA_REQUIRE_ALL") == "1":
        pytest.fail(f"{reason}, and KINEMA_REQUIRE_ALL=1 allows no skip", pytrace=False)
    pytest.skip(reason)
