from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import httpx
import pytest

from kinema.serve.api.studio import FILES, PAGES
from tests.serve.conftest import RunningServer

ROOT = Path(__file__).resolve().parents[2]
WEB = ROOT / "web"
NODE = shutil.which("node")

needs_files = pytest.mark.skipif(not (FILES / "index.html").is_file(), reason="no studio was built")
needs_node = pytest.mark.skipif(
    NODE is None or not (WEB / "node_modules").is_dir(), reason="the studio's tools are not here"
)


@needs_files
def test_every_address_of_the_studio_shows_the_page_and_lets_nothing_in_from_elsewhere(
    server: RunningServer,
) -> None:
    with httpx.Client(base_url=server.url) as browser:
        for path in ("/", *(f"/{page}" for page in PAGES), "/c/video_1?do=remix"):
            answer = browser.get(path)
            assert answer.status_code == 200
            assert answer.headers["content-type"].startswith("text/html")
            policy = answer.headers["content-security-policy"]
            assert "script-src 'self'" in policy
            assert "unsafe" not in policy


@needs_files
def test_what_the_page_loads_is_there_and_is_kept_for_ever(server: RunningServer) -> None:
    with httpx.Client(base_url=server.url) as browser:
        loaded = re.findall(r'(?:src|href)="(/assets/[^"]+)"', browser.get("/").text)
        assert loaded
        for path in loaded:
            answer = browser.get(path)
            assert answer.status_code == 200
            assert "immutable" in answer.headers["cache-control"]


@needs_files
def test_the_page_brings_a_key_that_pictures_can_show(server: RunningServer) -> None:
    with httpx.Client(base_url=server.url) as browser:
        assert browser.get("/v1/videos").status_code == 401
        browser.get("/")
        assert browser.get("/v1/videos").status_code == 200
        assert browser.get("/v1/nothing").status_code == 404


@needs_node
def test_the_committed_files_are_what_the_sources_build(tmp_path: Path) -> None:
    command = ["npx", "vite", "build", "--outDir", str(tmp_path / "built"), "--emptyOutDir"]
    subprocess.run(command, cwd=WEB, check=True, capture_output=True)
    built = {
        file.relative_to(tmp_path / "built"): file.read_bytes()
        for file in (tmp_path / "built").rglob("*")
        if file.is_file()
    }
    committed = {
        file.relative_to(FILES): file.read_bytes() for file in FILES.rglob("*") if file.is_file()
    }
    assert sorted(built) == sorted(committed)
    assert built == committed


@needs_files
def test_the_studio_is_small() -> None:
    sizes = {file.name: file.stat().st_size for file in FILES.rglob("*") if file.is_file()}
    assert sum(sizes.values()) < 1_500_000, json.dumps(sizes)
