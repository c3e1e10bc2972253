"""Who looks after the server learns when it is not ready, and needs a key for its numbers."""

from __future__ import annotations

import time
from pathlib import Path

from kinema.config import Config
from kinema.serve.store.projects import new_key
from kinema.serve.store.tables import METADATA
from tests.serve.api.conftest import Api, User, refused, running
from tests.serve.conftest import PATIENCE


def test_a_server_whose_database_is_gone_lives_but_is_not_ready(tmp_path: Path) -> None:
    with running(tmp_path, Config()) as one:
        until = time.monotonic() + PATIENCE
        while one.client.request("GET", "/readyz").status_code != 200:
            assert time.monotonic() < until
        METADATA.drop_all(one.database.engine)
        answer = one.client.request("GET", "/readyz")
        assert refused(answer, 503)["code"] == "not_ready"
        assert one.client.request("GET", "/healthz").status_code == 200
        one.database.migrate()


def test_numbers_of_all_projects_are_for_keys_that_may_make_others(api: Api, user: User) -> None:
    assert refused(api.client.request("GET", "/metrics"), 401)["code"] == "invalid_api_key"
    answer = api.client.request("GET", "/metrics", headers=user.headers)
    assert refused(answer, 403)["code"] == "admin_key_needed"
    with api.database.write() as connection:
        _, key = new_key(connection, user.project, "collector", admin=True)
    answer = api.client.request("GET", "/metrics", headers={"authorization": f"Bearer {key}"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/plain")
    assert "kinema_queue_depth" in answer.text
