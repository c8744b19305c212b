"""`profai ask`, from the command line's words to the answer's."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from profai_cli.cli.ask import ask
from profai_cli.errors import CourseError


def test_the_answer_and_its_source_are_printed() -> None:
    result = CliRunner().invoke(ask, ["what is a list", "--course", "1"])
    assert result.exit_code == 0
    assert "A list holds many values in order" in result.output
    assert result.output.endswith("From: Lists\n")


def test_a_refusal_has_no_source() -> None:
    result = CliRunner().invoke(ask, ["what is the capital of france"])
    assert result.output.startswith("The lesson has no answer to that.")
    assert "From:" not in result.output


def test_json_holds_every_part() -> None:
    result = CliRunner().invoke(ask, ["what is a black hole", "--course", "2", "--json"])
    answer = json.loads(result.output)
    assert answer["question"] == "what is a black hole"
    assert {part["source"] for part in answer["answer"]} == {"How stars live and die"}


def test_a_course_that_is_not_there_is_an_error_in_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CourseError):
        CliRunner().invoke(ask, ["what", "--courses", str(tmp_path)], catch_exceptions=False)
