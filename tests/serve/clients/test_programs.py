"""Programs that use OpenAI's own packages, unmodified, against a server in a process of its own."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import cv2
import httpx
import numpy as np
import pytest
from standardwebhooks import Webhook

from kinema import media
from kinema.media import Format
from kinema.types import Size
from tests.conftest import ROOT
from tests.serve.conftest import PATIENCE, RunningServer

pytestmark = pytest.mark.requires("openai clients", "node")

EXAMPLES = ROOT / "examples"
OWN = Path(__file__).parent
CLIENTS = ROOT / ".cache" / "clients"
OLD, MIDDLE, NEW = "python-2.24.0", "python-2.54.0", "python-3.57.0"
NODE = "node-7.57.0"
SMALL = Size(width=320, height=192)
SECRET = "whsec_" + "QUJDREVGR0hJSktMTU5PUFFSU1RVVldY"

every_python = pytest.mark.parametrize("package", [OLD, MIDDLE, NEW])
python_with_edits = pytest.mark.parametrize("package", [MIDDLE, NEW])


class Programs:
    """Runs programs in a folder of the test's, each with the package of one version."""

    def __init__(self, folder: Path, server: RunningServer) -> None:
        self.folder = folder
        self.environment = {
            "PATH": os.environ["PATH"],
            "OPENAI_BASE_URL": f"{server.url}/v1",
            "OPENAI_API_KEY": "any",
            "OPENAI_WEBHOOK_SECRET": SECRET,
        }

    def command(self, package: str, program: Path, *arguments: str) -> list[str]:
        """How to run it."""
        if package != NODE:
            # Newer packages warn that these operations are gone, from where they went.
            python = CLIENTS / package / "bin" / "python"
            return [str(python), "-W", "ignore", str(program), *arguments]
        # Node looks for packages beside the program.
        modules = self.folder / "node_modules"
        if not modules.exists():
            modules.symlink_to(CLIENTS / NODE / "node_modules")
        copy = shutil.copy(program, self.folder)
        return ["node", str(copy), *arguments]

    def run(self, package: str, program: Path, *arguments: str) -> list[str]:
        """Run it to its good end, and return the lines that it printed."""
        ran = subprocess.run(
            self.command(package, program, *arguments),
            cwd=self.folder,
            env=self.environment,
            capture_output=True,
            text=True,
            timeout=4 * PATIENCE,
            check=False,
        )
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return ran.stdout.splitlines()

    def check(self, name: str, kind: Format, size: Size | None = None) -> media.Info:
        """A file that a program saved is of that kind and size."""
        info = media.probe(self.folder / name, field="file")
        assert info.format is kind
        assert size is None or info.size == size
        return info


@pytest.fixture
def programs(tmp_path: Path, server: RunningServer) -> Programs:
    return Programs(tmp_path, server)


@pytest.fixture
def picture(programs: Programs) -> str:
    """A picture of the size that the programs ask for."""
    path = programs.folder / "picture.png"
    cv2.imwrite(str(path), np.full((SMALL.height, SMALL.width, 3), 120, np.uint8))
    return path.name


@pytest.fixture(scope="module")
def clip(server: RunningServer) -> bytes:
    """A clip of this server's."""
    shape = {"model": "animatic", "seconds": "1", "size": "160x128"}
    with server.client() as client:
        video = client.post("/v1/videos", json={"prompt": "an owl waves", **shape}).json()["id"]
        until = time.monotonic() + PATIENCE
        while (content := client.get(f"/v1/videos/{video}/content")).status_code != 200:
            assert time.monotonic() < until, content.text
            time.sleep(0.1)
        return content.content


@every_python
def test_python_makes_a_video_and_saves_all_that_comes_of_it(
    package: str, programs: Programs
) -> None:
    fox = programs.run(package, EXAMPLES / "make_video.py", "a red fox runs through snow", "fox")
    assert fox == ["fox.mp4", "fox.webp", "fox.jpg"]
    film = programs.check("fox.mp4", Format.MP4, Size(width=1280, height=720))
    assert film.seconds == 4
    programs.check("fox.webp", Format.WEBP)
    programs.check("fox.jpg", Format.JPEG)


@every_python
def test_python_watches_a_video_and_saves_it_in_pieces(package: str, programs: Programs) -> None:
    *said, path = programs.run(package, EXAMPLES / "watch_video.py", "a boat sails", "boat.mp4")
    assert path == "boat.mp4"
    assert said[-1] == "completed: 100 %"
    progress = [int(line.split()[1]) for line in said]
    assert progress == sorted(progress)
    programs.check("boat.mp4", Format.MP4, SMALL)


@every_python
def test_python_begins_with_a_picture(package: str, programs: Programs, picture: str) -> None:
    arguments = (picture, str(SMALL), "the camera rises slowly", "rise.mp4")
    said = programs.run(package, EXAMPLES / "first_picture.py", *arguments)
    assert said == ["rise.mp4", "completed"]
    programs.check("rise.mp4", Format.MP4, SMALL)


@python_with_edits
def test_python_changes_a_video(package: str, programs: Programs) -> None:
    words = ("a dog runs through a meadow", "make it night", "the dog sleeps")
    said = programs.run(package, EXAMPLES / "change_video.py", *words)
    lengths = [line.split(", ")[0] for line in said]
    assert lengths == ["first.mp4: 2 s", "remix.mp4: 2 s", "edit.mp4: 2 s", "extension.mp4: 6 s"]
    sources = [line.split()[-1] for line in said]
    assert sources[0] == "None"
    assert sources[1].startswith("video_")
    assert sources[1:] == [sources[1]] * 3
    assert programs.check("extension.mp4", Format.MP4, SMALL).seconds == 6


@python_with_edits
def test_python_keeps_a_character(package: str, programs: Programs, clip: bytes) -> None:
    (programs.folder / "clip.mp4").write_bytes(clip)
    words = ("clip.mp4", "Mossy", "Mossy dances in a forest", "mossy.mp4")
    said = programs.run(package, EXAMPLES / "character.py", *words)
    assert said == ["Mossy", "mossy.mp4"]
    programs.check("mossy.mp4", Format.MP4, SMALL)


def test_an_older_package_reaches_newer_operations(programs: Programs, clip: bytes) -> None:
    (programs.folder / "clip.mp4").write_bytes(clip)
    programs.run(OLD, OWN / "older.py", "clip.mp4", "Mossy")


@every_python
def test_python_lists_page_by_page_and_deletes(
    package: str, programs: Programs, server: RunningServer
) -> None:
    shape = {"model": "animatic", "seconds": "1", "size": "160x128"}
    with server.client() as client:
        new = [
            client.post("/v1/videos", json={"prompt": f"{thing} {package}", **shape}).json()["id"]
            for thing in ("a dragon", "a boat", "a dragon", "a tree", "a car")
        ]
        said = programs.run(package, EXAMPLES / "library.py", f"dragon {package}")
        listed = [line.split()[0] for line in said if line.startswith("video_")]
        assert [video for video in listed if video in new] == new
        assert len(listed) == len(set(listed))
        gone = [line.split()[1] for line in said if line.startswith("deleted")]
        assert gone == [new[0], new[2]]
        assert client.get(f"/v1/videos/{gone[0]}").status_code == 404
        assert client.get(f"/v1/videos/{new[1]}").status_code == 200


@every_python
def test_python_asks_for_what_is_beyond(
    package: str, programs: Programs, server: RunningServer
) -> None:
    said = programs.run(package, EXAMPLES / "beyond.py", "a panda dances on a beach", "dance.mp4")
    assert "'seconds'" in said[0]
    programs.check("dance.mp4", Format.MP4, SMALL)
    with server.client() as client:
        newest = client.get("/v1/videos", params={"limit": 1}).json()["last_id"]
        asked = client.get(f"/v1/kinema/clips/{newest}/recipe").json()["request"]
    assert (asked["seed"], asked["negative"], asked["style"]) == (7, "rain", "paper_cutout")


@every_python
def test_python_makes_a_batch(package: str, programs: Programs) -> None:
    (programs.folder / "prompts.txt").write_text("a fox sleeps\na boat sails\n")
    said = programs.run(package, EXAMPLES / "batch.py", "prompts.txt", "clips")
    assert said[0].startswith("completed")
    assert sorted(said[1:]) == ["clips/0.mp4", "clips/1.mp4"]
    for path in said[1:]:
        programs.check(path, Format.MP4, SMALL)


@every_python
def test_python_sees_failures_as_it_always_did(package: str, programs: Programs) -> None:
    programs.run(package, OWN / "failures.py")


def test_node_makes_a_video_and_saves_all_that_comes_of_it(programs: Programs) -> None:
    fox = programs.run(NODE, EXAMPLES / "node" / "make_video.mjs", "a red fox runs", "fox")
    assert fox == ["fox.mp4", "fox.webp", "fox.jpg"]
    programs.check("fox.mp4", Format.MP4, Size(width=1280, height=720))
    programs.check("fox.webp", Format.WEBP)
    programs.check("fox.jpg", Format.JPEG)


def test_node_changes_a_video(programs: Programs, picture: str) -> None:
    words = (picture, "make it night", "let it snow")
    said = programs.run(NODE, EXAMPLES / "node" / "change_video.mjs", *words)
    names = ["first", "begun", "named", "remix", "edit", "extension"]
    assert [line.split(".mp4")[0] for line in said] == names
    assert said[-1].startswith("extension.mp4: 6 s, from video_")
    for name in names:
        programs.check(f"{name}.mp4", Format.MP4, SMALL)


def test_node_keeps_a_character_lists_and_deletes(
    programs: Programs, server: RunningServer, clip: bytes
) -> None:
    (programs.folder / "clip.mp4").write_bytes(clip)
    shape = {"model": "animatic", "seconds": "1", "size": "160x128"}
    with server.client() as client:
        new = [
            client.post("/v1/videos", json={"prompt": f"a node {thing}", **shape}).json()["id"]
            for thing in ("boat", "dragon", "tree")
        ]
    library = EXAMPLES / "node" / "library.mjs"
    said = programs.run(NODE, library, "clip.mp4", "Mossy", "node dragon")
    assert said[0] == "Mossy"
    listed = [line.split()[0] for line in said if line.startswith("video_")]
    assert [video for video in listed if video in new] == new
    assert f"deleted: {new[1]}" in said


@pytest.fixture(scope="module")
def calling(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server that may call this machine."""
    data = tmp_path_factory.mktemp("calling")
    config = data / "kinema.toml"
    config.write_text('[network]\nprivate = ["127.0.0.1/32"]\n')
    running = RunningServer(data, "--config", str(config))
    yield running
    running.stop()


@contextmanager
def receiving(command: list[str], programs: Programs, port: int) -> Iterator[Callable[[], str]]:
    """A program that waits for events; reads what it printed."""
    said = programs.folder / "said"
    with said.open("w") as out:
        process = subprocess.Popen(
            command, cwd=programs.folder, env=programs.environment, stdout=out, stderr=out
        )
    try:
        until = time.monotonic() + PATIENCE
        while True:
            assert process.poll() is None, said.read_text()
            assert time.monotonic() < until, "the receiver does not listen"
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.05)
        yield said.read_text
    finally:
        process.kill()
        process.wait()


@pytest.mark.parametrize("package", [OLD, MIDDLE, NEW, NODE])
def test_an_event_is_believed_only_with_its_signature(package: str, programs: Programs) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    program = Path("node/webhook.mjs") if package == NODE else Path("webhook.py")
    command = programs.command(package, EXAMPLES / program, str(port))
    body = (
        '{"id": "evt_1", "object": "event", "created_at": 1, "type": "video.completed", '
        '"data": {"id": "video_1"}}'
    )
    now = datetime.now(UTC)
    signed = {
        "webhook-id": "evt_1",
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(SECRET).sign("evt_1", now, body),
    }
    with receiving(command, programs, port) as said, httpx.Client(timeout=PATIENCE) as client:
        address = f"http://127.0.0.1:{port}/"
        assert client.post(address, content=body, headers=signed).status_code == 204
        forged = body.replace("video_1", "video_2")
        assert client.post(address, content=forged, headers=signed).status_code == 400
        assert client.post(address, content=body).status_code == 400
        assert "video.completed video_1" in said()
        assert "video_2" not in said()


@pytest.mark.parametrize("package", [OLD, MIDDLE, NEW, NODE])
def test_a_program_is_told_that_its_video_is_finished(
    package: str, tmp_path: Path, calling: RunningServer
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    wish = {"prompt": "an owl waves", "model": "animatic", "seconds": "1", "size": "160x128"}
    where = {"name": "here", "url": f"http://127.0.0.1:{port}/"}
    with calling.client() as client:
        kinds = {"event_types": ["video.completed", "video.failed"]}
        endpoint = client.post("/v1/webhook_endpoints", json={**where, **kinds}).json()
        programs = Programs(tmp_path, calling)
        programs.environment["OPENAI_WEBHOOK_SECRET"] = endpoint["signing_secret"]
        program = Path("node/webhook.mjs") if package == NODE else Path("webhook.py")
        command = programs.command(package, EXAMPLES / program, str(port))
        with receiving(command, programs, port) as said:
            video = client.post("/v1/videos", json=wish).json()["id"]
            until = time.monotonic() + PATIENCE
            while f"video.completed {video}" not in said():
                assert time.monotonic() < until, said()
                time.sleep(0.05)
        assert client.delete(f"/v1/webhook_endpoints/{endpoint['id']}").status_code == 200


def test_the_newest_package_registers_an_endpoint(programs: Programs) -> None:
    programs.run(NEW, OWN / "endpoints.py")
