"""What the tests of the real command share."""

from pathlib import Path

import pytest

from tests.scripted import environment


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model of the course is kept from one test to the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def env(tmp_path: Path, cache: Path) -> dict[str, str]:
    """The environment of a command with progress of its own."""
    return environment(tmp_path, cache)
