"""The house: its floors, its style, its types, and the page that tells of it."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests import readme

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize(
    "check",
    [
        ["importlinter.cli", "lint"],
        ["ruff", "check", "."],
        ["ruff", "format", "--check", "."],
        ["mypy"],
    ],
    ids=" ".join,
)
def test_the_house_is_in_order(check: list[str]) -> None:
    if check[0] == "importlinter.cli":
        command = [sys.executable, "-c", "from importlinter.cli import lint_imports_command as c; c()"]
    else:
        command = [sys.executable, "-m", *check]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_readme_says_what_the_code_says() -> None:
    text = readme.README.read_text(encoding="utf-8")
    assert readme.generated(text) == text, "run: python -m tests.readme"


def test_the_picture_is_what_the_program_draws() -> None:
    assert readme.PICTURE.read_text(encoding="utf-8") == readme.picture(), "run: python -m tests.readme"


def test_no_test_patches_our_own_code() -> None:
    forbidden = "mock." + "patch"
    assert not [path for path in (ROOT / "tests").rglob("*.py") if forbidden in path.read_text(encoding="utf-8")]


def test_help_imports_no_engine_and_no_sound() -> None:
    code = (
        "import sys, profai_cli.cli.main as m\n"
        "try: m.main(['--help'])\n"
        "except SystemExit: pass\n"
        "print(sorted(set(sys.modules) & {'numpy', 'rich', 'asyncio', 'sounddevice', 'sqlite3', 'markdown_it'}))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "[]"
