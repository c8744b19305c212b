"""`profai ask`: a question to a course, in writing."""

import asyncio
import json
from dataclasses import asdict
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.lesson.course import Course
from profai_cli.lesson.plain import plain
from profai_cli.ports import Answerer, AnswerPart, Question
from profai_cli.providers.llm.course_search import CourseSearch
from profai_cli.storage.courses import load_course, shipped_courses


@click.command()
@click.argument("question")
@options.course_number
@options.courses_folder
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def ask(question: str, course: str, folder: Path | None, as_json: bool) -> None:
    """Answer QUESTION from a course, and say which topic the answer is from.

    \b
    profai ask "what is a list" --course 1
    profai ask "why is the sky blue" --course 2 --json
    """
    parts = asyncio.run(_answer(load_course(folder or shipped_courses(), course), question))
    if as_json:
        click.echo(json.dumps({"question": question, "answer": [asdict(part) for part in parts]}, indent=2))
        return
    click.echo(plain(" ".join(part.text for part in parts)))
    if parts[0].source:
        click.echo(plain(f"From: {parts[0].source}"))


async def _answer(course: Course, question: str) -> list[AnswerPart]:
    answerer: Answerer = CourseSearch(course)
    try:
        await answerer.start()
        return [part async for part in answerer.answer(Question(question, 0, 0))]
    finally:
        await answerer.close()
