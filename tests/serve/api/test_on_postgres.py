"""What the API does over SQLite and a folder it does over Postgres and S3 as well.

The tests of other modules, over another database: their fixtures are made anew here.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from kinema.config import Config
from tests.serve.api.conftest import Api, User, running
from tests.serve.api.test_content import *  # noqa: F403
from tests.serve.api.test_files import *  # noqa: F403
from tests.serve.api.test_lists import *  # noqa: F403
from tests.serve.api.test_retries import *  # noqa: F403
from tests.serve.api.test_videos import *  # noqa: F403
from tests.serve.api.test_watch import *  # noqa: F403
from tests.serve.conftest import both_elsewhere

pytestmark = pytest.mark.requires("postgres")


@pytest.fixture(scope="module")
def api(postgres: str, s3: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    """One application over Postgres and S3."""
    with pytest.MonkeyPatch.context() as patch:
        database, storage = both_elsewhere(postgres, s3, patch)
        config = Config(single_user=False, database=database, storage=storage)
        with running(tmp_path_factory.mktemp("postgres"), config) as found:
            yield found


@pytest.fixture(scope="module")
def fox(api: Api) -> tuple[User, dict[str, Any]]:
    """Somebody with one finished video."""
    somebody = api.user()
    return somebody, somebody.finished(seed=7)
