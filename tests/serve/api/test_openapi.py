"""The description of the API says what the API does."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scripts.openapi import described

from tests.serve.api.conftest import Api

STEERS = {"cancel", "pause", "resume"}
"""Routes that take no body."""
KEPT = Path(__file__).parents[3] / "docs" / "openapi.json"


@pytest.fixture(scope="module")
def document(api: Api) -> dict[str, Any]:
    return api.app.openapi()


def operations(document: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in document["paths"].items():
        for method, about in methods.items():
            yield method, path, about


def test_the_description_that_is_kept_is_that_of_the_routes() -> None:
    said = "the routes have changed: run scripts/openapi.py"
    assert KEPT.read_text("utf-8") == described(), said


def test_the_ten_operations_are_there(document: dict[str, Any]) -> None:
    videos = {
        (method, path) for method, path, about in operations(document) if "videos" in about["tags"]
    }
    assert videos == {
        ("post", "/v1/videos"),
        ("get", "/v1/videos"),
        ("get", "/v1/videos/{video_id}"),
        ("delete", "/v1/videos/{video_id}"),
        ("get", "/v1/videos/{video_id}/content"),
        ("post", "/v1/videos/edits"),
        ("post", "/v1/videos/extensions"),
        ("post", "/v1/videos/{video_id}/remix"),
        ("post", "/v1/videos/characters"),
        ("get", "/v1/videos/characters/{character_id}"),
    }


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [about["operationId"] for _, _, about in operations(document)]
    assert len(names) == len(set(names))
    assert {"videos_create", "videos_list", "content_download"} <= set(names)


def test_every_operation_says_what_it_does_and_how_it_fails(document: dict[str, Any]) -> None:
    for method, path, about in operations(document):
        assert about["summary"], (method, path)
        assert "422" not in about["responses"], (method, path)
        for status in ("400", "401", "404", "500"):
            assert "$ref" in about["responses"][status], (method, path, status)
    failure = document["components"]["schemas"]["ErrorBody"]
    assert set(failure["required"]) == {"message", "type", "param", "code"}


def test_bodies_are_described_in_both_encodings(document: dict[str, Any]) -> None:
    for method, path, about in operations(document):
        if "requestBody" not in about:
            assert method in {"get", "delete"} or path.rpartition("/")[2] in STEERS, path
            continue
        content = about["requestBody"]["content"]
        wanted = {"multipart/form-data", "application/json"}
        if path == "/v1/files":
            wanted = {"multipart/form-data"}
        assert set(content) == wanted, path


def test_all_keys_of_a_video_are_always_there(document: dict[str, Any]) -> None:
    video = document["components"]["schemas"]["Video"]
    assert set(video["required"]) | {"object"} == set(video["properties"])
