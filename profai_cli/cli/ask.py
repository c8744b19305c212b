"""`profai ask`: a question to a course, in writing."""

import json
from dataclasses import asdict
from pathlib import Path

import click

from profai_cli.cli import options
from profai_cli.cli.access import env_file, run
from profai_cli.cli.engines import EngineChoice, EngineRoom, Need
from profai_cli.cli.exits import complain, tell
from profai_cli.cli.kept import kept_devices
from profai_cli.lesson.plain import plain
from profai_cli.ports import Answerer, AnswerPart, Question, TextToSpeech
from profai_cli.storage.courses import load_course, shipped_courses


@click.command()
@click.argument("question")
@options.course_number
@options.courses_folder
@click.option("--aloud", is_flag=True, help="Speak the answer as well.")
@options.voice_name
@options.model_name
@options.fallback
@options.local
@env_file
@options.speaker
@click.option("--json", "as_json", is_flag=True, help="Print JSON, for scripts.")
def ask(
    *,
    question: str,
    course: str,
    folder: Path | None,
    aloud: bool,
    voice: str,
    model: str,
    fallback: bool,
    local: bool,
    env_file: Path | None,
    speaker: str | None,
    as_json: bool,
) -> None:
    """Answer QUESTION from a course, and say which topic the answer is from.

    \b
    profai ask "what is a list" --course 1
    profai ask "why is the sky blue" --course 2 --aloud
    """
    taught = load_course(folder or shipped_courses(), course)
    choice = EngineChoice(tts=voice, model=model, fallback=fallback, local=local, env_file=env_file)
    choice.check(stepped=False, local=local)
    needs: tuple[Need, ...] = ("answerer", "voice") if aloud else ("answerer",)
    room = EngineRoom(choice, taught, taught.language, lambda _source, line: complain(line), needs)
    parts = run(_answer(room.answerer(), question))
    if as_json:
        click.echo(json.dumps({"question": question, "answer": [asdict(part) for part in parts]}, indent=2))
    else:
        tell(plain(" ".join(part.text for part in parts)))
        if parts and parts[0].source:
            click.echo(plain(f"From: {parts[0].source}"))
    if aloud:
        run(_speak(parts, room.voice(), speaker))


async def _answer(answerer: Answerer, question: str) -> list[AnswerPart]:
    try:
        await answerer.start()
        return [part async for part in answerer.answer(Question(question, 0, 0))]
    finally:
        await answerer.close()


async def _speak(parts: list[AnswerPart], voice: TextToSpeech, device: str | None) -> None:
    from profai_cli.cli.outlets import Speaker  # noqa: PLC0415 - the sound card is not needed in writing

    speaker = Speaker(device, kept_devices("speaker"))
    try:
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
