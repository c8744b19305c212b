"""What the tests of the real command share."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.emulators.running import Emulators
from tests.scripted import environment, fruit_course


@pytest.fixture(scope="session")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the model of the course is kept from one test to the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture(scope="module")
def process() -> Iterator[Emulators]:
    """The emulators of all vendors."""
    with Emulators() as emulators:
        yield emulators


@pytest.fixture
def env(tmp_path: Path, cache: Path) -> dict[str, str]:
    """The environment of a command with progress of its own."""
    return environment(tmp_path, cache)


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """The event log of a class."""
    return tmp_path / "events.jsonl"


@pytest.fixture
def class_(tmp_path: Path) -> list[object]:
    """The arguments of a class on the small course, in plain lines."""
    return ["class", "--courses", fruit_course(tmp_path / "courses"), "--learner", "kim", "--plain"]
