"""Pictures by URL: fetched as the policy of the network says, and looked at like any other."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any

import pytest

from kinema.config import Config, NetworkConfig
from tests.serve.api.conftest import PICTURE, SMALL, Api, User, refused, running
from tests.serve.site import Site, bytes_of, redirect


@pytest.fixture(scope="module")
def site() -> Iterator[Site]:
    found = Site()
    found.pages["/fox"] = bytes_of(PICTURE, content_type="text/html")
    found.pages["/away"] = redirect("/fox")
    found.pages["/page"] = bytes_of(b"<html>", content_type="image/png")
    yield found
    found.close()


@pytest.fixture(scope="module")
def near(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """An application that may reach this machine."""
    network = NetworkConfig(private=("127.0.0.1/32",), bytes=100_000)
    config = Config(single_user=False, network=network)
    with running(tmp_path_factory.mktemp("near"), config) as api:
        yield api


def begun_with(user: User, url: str) -> Any:
    return user.post("/videos", json={**SMALL, "input_reference": {"image_url": url}})


@pytest.mark.parametrize("path", ["/fox", "/away"])
def test_a_picture_is_fetched_and_used(near: Api, site: Site, path: str) -> None:
    user = near.user()
    answer = begun_with(user, site.url + path)
    assert answer.status_code == 200, answer.text
    near.make(answer.json()["id"])
    assert user.get(f"/videos/{answer.json()['id']}").json()["status"] == "completed"


def test_a_form_and_what_is_ours_take_urls_too(near: Api, site: Site) -> None:
    user = near.user()
    fields = {**SMALL, "input_reference[image_url]": f"{site.url}/fox"}
    form = user.post("/videos", files={name: (None, value) for name, value in fields.items()})
    assert form.status_code == 200, form.text
    ours = {**SMALL, "task": "image_to_video", "images": [{"image_url": f"{site.url}/fox"}]}
    assert user.post("/kinema/generations", json=ours).status_code == 200


@pytest.mark.parametrize("path", ["/page", "/nowhere"])
def test_what_is_fetched_must_be_a_picture(near: Api, site: Site, path: str) -> None:
    site.pages["/nowhere"] = bytes_of(b"", 404)
    answer = begun_with(near.user(), site.url + path)
    refused(answer, 400, "input_reference")


def test_nothing_on_this_machine_is_fetched_unless_it_is_allowed(user: User, site: Site) -> None:
    site.asked.clear()
    for url in (site.url, f"http://localhost:{site.port}", f"http://[::ffff:7f00:1]:{site.port}"):
        error = refused(begun_with(user, f"{url}/fox"), 400, "input_reference")
        assert error["code"] == "invalid_image_url"
    assert site.asked == []


@pytest.mark.parametrize(
    "url",
    ["file:///etc/passwd", "/etc/passwd", "http://", "https://user:secret@example.com/", "data:,x"],
)
def test_other_urls_are_refused(user: User, url: str) -> None:
    refused(begun_with(user, url), 400, "input_reference")


def test_a_data_url_may_be_written_with_signs(user: User) -> None:
    data = base64.b64encode(PICTURE).decode().replace("=", "%3D").replace("/", "%2F")
    assert begun_with(user, f"DATA:image/png;base64,{data}").status_code == 200
