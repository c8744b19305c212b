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
@click.option("--aloud", is_flag=True, help="Speak the answer as well.")
@options.voice_name
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def ask(question: str, course: str, folder: Path | None, aloud: bool, voice: str | None, as_json: bool) -> None:  # noqa: PLR0917 - one a click option
    """Answer QUESTION from a course, and say which topic the answer is from.

    \b
    profai ask "what is a list" --course 1
    profai ask "why is the sky blue" --course 2 --aloud
    """
    taught = load_course(folder or shipped_courses(), course)
    parts = asyncio.run(_answer(taught, question))
    if as_json:
        click.echo(json.dumps({"question": question, "answer": [asdict(part) for part in parts]}, indent=2))
    else:
        click.echo(plain(" ".join(part.text for part in parts)))
        if parts[0].source:
            click.echo(plain(f"From: {parts[0].source}"))
    if aloud:
        asyncio.run(_speak(parts, taught.language, voice))


async def _answer(course: Course, question: str) -> list[AnswerPart]:
    answerer: Answerer = CourseSearch(course)
    try:
        await answerer.start()
        return [part async for part in answerer.answer(Question(question, 0, 0))]
    finally:
        await answerer.close()


async def _speak(parts: list[AnswerPart], language: str, name: str | None) -> None:
    from profai_cli.cli.outlets import Speaker  # noqa: PLC0415 - the sound card is not needed in writing
    from profai_cli.cli.wiring import open_voice  # noqa: PLC0415

    speaker = Speaker(None)
    try:
        voice = await open_voice(language, name)
        try:
            await voice.start()
            for part in parts:
                async for speech in voice.speak(part.text, 1.0):
                    await speaker.write(speech.pcm, speech.rate)
            await speaker.finish()
        finally:
            await voice.close()
    finally:
        speaker.close()
