"""The same on Postgres with files in a bucket as on SQLite with files in a folder."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kinema.config import Config
from tests.serve.api.conftest import running
from tests.serve.conftest import both_elsewhere
from tests.serve.storyboards.conftest import Board


@pytest.mark.requires("postgres")
def test_a_storyboard_lives_on_postgres_and_in_a_bucket(
    postgres: str, s3: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    url, place = both_elsewhere(postgres, s3, monkeypatch)
    config = Config(single_user=False, database=url, storage=place)
    with running(tmp_path, config) as api:
        board = Board(api.user())
        films, shot = list(board.now["document"]["deliverables"]), board.shots[0]
        assert films[0] == "film.two-friends.en"
        answers: list[int] = []

        def write(field: str) -> None:
            answer = board.set_to(f"shots/{shot}/{field}", "a dog", version=0, by=field)
            answers.append(answer.status_code)

        threads = [
            threading.Thread(target=write, args=(field,))
            for field in ("camera", "framing", "notes", "prompt")
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert answers == [200] * 4
        assert board.set_to(f"shots/{shot}/camera", "pan", version=0, by="x").status_code == 409
        assert len(board.made()) == 2
        assert board.do("/make")["started"] == []
        export, film = board.exported("mp4")
        assert (export["filename"], film[4:8]) == ("two-friends.en.mp4", b"ftyp")
        for _ in range(4):
            board.do("/undo")
        assert not board.now["can_undo"]
        assert board.user.ask("DELETE", board.path).json()["deleted"]
