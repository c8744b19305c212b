"""The command line as its user meets it: bad input gets one clear sentence and exit code 2, nothing is lost."""

import json
import re
import struct
import subprocess
import sys
import wave
from collections.abc import Callable
from pathlib import Path

import pytest

from profai_cli.cli.main import COMMANDS, main
from tests.scripted import environment

Cli = Callable[..., tuple[int, str, str]]


@pytest.fixture
def cli(capfd: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Cli:
    """Run profai with an empty data folder; gives the exit code, standard output and standard error."""
    monkeypatch.setenv("PROFAI_SETTINGS", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROFAI_CACHE", str(tmp_path / "cache"))

    def run(*arguments: object) -> tuple[int, str, str]:
        capfd.readouterr()
        with pytest.raises(SystemExit) as end:
            main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert isinstance(end.value.code, int)
        assert "Traceback" not in out + err
        return end.value.code, out, err

    return run


def write_wav(path: Path, seconds: float = 0.5, rate: int = 16_000) -> Path:
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(bytes(round(seconds * rate) * 2))
    return path


def one_sentence(err: str) -> bool:
    """A single line that says whose it is."""
    return bool(re.fullmatch(r"profai: .+[.?]\n", err))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(cli: Cli, command: str) -> None:
    code, out, _ = cli(command, "--help")
    assert code == 0
    assert f"profai {command}" in out.replace(f"Usage: profai {command}", "")


@pytest.mark.parametrize(
    "arguments",
    [
        ["class", "--course", "99"],
        ["class", "--course", "no such course"],
        ["class", "--courses", "no such folder"],
        ["class", "--module", "77"],
        ["class", "--topic", "astrology"],
        ["class", "--microphone", "no such device", "--interactive"],
        ["class", "--voice", "opera", "--fast"],
        ["class", "--minutes", "0"],
        ["class", "--sensitivity", "extreme"],
        ["class", "--nonsense"],
        ["replay", "missing.jsonl"],
        ["ask", "what is a list", "--course", "99"],
        ["ask", "what is a list", "--model", "openai", "--local"],
        ["say", "hello", "--tts", "elevenlabs:x", "--local"],
        ["listen", "--stt", "flux", "--local"],
        ["class", "--stt", "sarvam", "--local"],
        ["nonsense"],
    ],
    ids=" ".join,
)
def test_bad_usage_is_one_sentence_and_exit_2(cli: Cli, arguments: list[str]) -> None:
    code, _, err = cli(*arguments)
    assert code == 2
    assert one_sentence(err)


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["clas"], "There is no command 'clas': did you mean class? See profai --help."),
        (["hepl"], "There is no command 'hepl': did you mean help or replay? See profai --help."),
        (["xyzzy"], "There is no command 'xyzzy'. See profai --help."),
        (
            ["class", "--microphon", "0"],
            "No such option '--microphon'. Did you mean '--microphone'? See profai class --help.",
        ),
    ],
    ids=lambda part: " ".join(part) if isinstance(part, list) else "",
)
def test_what_is_typed_wrong_is_told_with_what_is_like_it(cli: Cli, arguments: list[str], told: str) -> None:
    assert cli(*arguments) == (2, "", f"profai: {told}\n")


@pytest.mark.parametrize("command", [[], ["class"], ["keys", "set"]], ids=" ".join)
def test_help_is_a_command_too(cli: Cli, command: list[str]) -> None:
    assert cli("help", *command) == cli(*command, "--help")


@pytest.mark.parametrize("what", ["missing", "empty", "folder", "text", "header"])
def test_a_bad_input_file_is_one_sentence_and_exit_2(cli: Cli, tmp_path: Path, what: str) -> None:
    path = tmp_path / "input.wav"
    if what == "empty":
        path.write_bytes(b"")
    elif what == "folder":
        path.mkdir()
    elif what == "text":
        path.write_text("not sound at all\n" * 10)
    elif what == "header":
        write_wav(path, 0)
    code, _, err = cli("class", "--interactive", "--fast", "--input", path)
    assert code == 2
    assert one_sentence(err)


def test_an_output_that_cannot_be_written_is_one_sentence(cli: Cli, tmp_path: Path) -> None:
    for option in ("--output", "--events"):
        code, _, err = cli("class", "--fast", option, tmp_path)
        assert code == 2
        assert one_sentence(err)


def test_a_room_that_is_no_impulse_response_is_refused(cli: Cli, tmp_path: Path) -> None:
    code, _, err = cli("class", "--fast", "--room", write_wav(tmp_path / "long.wav", 11))
    assert code == 2
    assert "impulse response" in err


def test_a_lecture_runs_from_the_command_and_keeps_the_place(cli: Cli, tmp_path: Path) -> None:
    output, events = tmp_path / "out.wav", tmp_path / "run.jsonl"
    code, out, err = cli("class", "--fast", "--minutes", 0.5, "--output", output, "--events", events, "--learner", "a")
    assert (code, err) == (0, "")
    assert "tutor" in out
    with wave.open(str(output)) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (48_000, 1, 2)
        assert abs(file.getnframes() - 30 * 48_000) <= 480
        sound = file.readframes(file.getnframes())
    assert max(abs(v) for v in struct.unpack(f"<{len(sound) // 2}h", sound)[::50]) > 1000
    lines = [json.loads(line) for line in events.read_text().splitlines()]
    assert (lines[0]["event"], lines[-1]["event"]) == ("class_starting", "class_complete")
    taught = [line["place"] for line in lines if line["event"] == "teaching_content"]
    code, out, _ = cli("class", "--fast", "--minutes", 0.1, "--events", events, "--learner", "a")
    again = [json.loads(line) for line in events.read_text().splitlines()]
    info = next(line for line in again if line["event"] == "course_info")
    assert [info["module"], info["topic"], info["sentence"]] == taught[-1][:3]


def test_a_faulty_key_is_no_more_than_a_line_and_only_where_it_counts(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GROQ_API_KEY", "a b")
    say = ["say", "hello", "--tts", "espeak", "--output", tmp_path / "hello.wav"]
    question = ["ask", "what is a list", "--course", "1"]
    for arguments in (say, [*question, "--local"]):
        code, _, err = cli(*arguments)
        assert (code, err) == (0, "")
    code, out, err = cli(*question)
    assert code == 0
    assert "From: Lists" in out
    assert err.startswith("profai: GROQ_API_KEY in the environment holds spaces")
    code, _, err = cli(*question, "--model", "groq", "--fallback")
    assert code == 2
    assert one_sentence(err)


@pytest.mark.parametrize("option", [["--json"], ["--events", "-"]], ids=" ".join)
def test_events_on_standard_output_are_json_and_nothing_else(cli: Cli, option: list[str]) -> None:
    code, out, _ = cli("class", "--fast", "--minutes", 0.1, *option)
    assert code == 0
    assert [json.loads(line) for line in out.splitlines()][-1]["reason"] == "time"


def test_a_run_replays(cli: Cli, tmp_path: Path) -> None:
    events = tmp_path / "run.jsonl"
    cli("class", "--fast", "--minutes", 0.2, "--events", events)
    code, out, _ = cli("replay", events)
    assert code == 0
    assert "same" in out


def test_a_replay_of_a_changed_log_shows_the_first_difference(cli: Cli, tmp_path: Path) -> None:
    events = tmp_path / "run.jsonl"
    cli("class", "--fast", "--minutes", 0.2, "--events", events)
    events.write_text(events.read_text().replace('"pause": 0.25', '"pause": 0.5', 1))
    code, out, _ = cli("replay", events)
    assert code == 1
    assert "differs" in out


def test_a_topic_is_found_by_number_and_by_title(cli: Cli) -> None:
    for topic in ("2", "numbers"):
        _, out, _ = cli("class", "--fast", "--minutes", 0.1, "--topic", topic)
        assert "Numbers and text" in out


def test_the_shell_completes_commands_and_options(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    for words, expected in (("profai cl", "class"), ("profai class --sens", "--sensitivity")):
        monkeypatch.setenv("_PROFAI_COMPLETE", "bash_complete")
        monkeypatch.setenv("COMP_WORDS", words)
        monkeypatch.setenv("COMP_CWORD", str(words.count(" ")))
        _, out, _ = cli()
        assert out == f"plain,{expected}\n"


def test_a_hostile_course_is_read_as_plain_text(cli: Cli, tmp_path: Path) -> None:
    text = "A [bold]word[/bold] \x1b[31mred\x1b[0m here. " * 20
    module = {"title": "M\x1b[2J", "sub_topics": [{"title": "[red]T[/red]", "content": text}]}
    (tmp_path / "x.json").write_text(json.dumps({"title": "Evil\x1b]0;x\x07 [b]title[/b]", "modules": [module]}))
    code, out, err = cli("class", "--courses", tmp_path, "--fast", "--minutes", 0.1)
    assert (code, err) == (0, "")
    assert "\x1b" not in out
    assert "Evil [b]title[/b]" in out


@pytest.mark.skipif(sys.platform == "win32", reason="limits of a process are POSIX's")
@pytest.mark.parametrize(
    ("option", "limit", "words"),
    [
        ("--output", 200_000, "Cannot go on writing {file!r}: File too large; make room there."),
        ("--events", 5_000, "The event log ended early: {file!r} takes no more (File too large); make room there."),
    ],
)
@pytest.mark.usefixtures("cli")  # its folders
def test_a_disk_that_fills_up_is_told_at_once_and_by_the_exit_code(
    tmp_path: Path, option: str, limit: int, words: str
) -> None:
    file = tmp_path / "file"
    code = (
        f"import resource, sys; resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}));"
        "from profai_cli.cli.main import main; main(sys.argv[1:])"
    )
    command = [sys.executable, "-c", code, "class", "--fast", "--minutes", "0.1", option, str(file)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    told = words.format(file=str(file))
    assert (done.returncode, done.stderr) == (2, f"profai: {told}\n")
    assert done.stdout.count(told) == 1
    assert "over: the time is up" in done.stdout


def test_a_class_whose_events_nobody_reads_any_more_is_over(tmp_path: Path) -> None:
    env = environment(tmp_path)
    command = [sys.executable, "-m", "profai_cli.cli.main", "class", "--json", "--output", str(tmp_path / "out.wav")]
    process = subprocess.Popen(command, env=env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert process.stdout
    assert process.stderr
    assert json.loads(process.stdout.readline())["event"] == "class_starting"
    process.stdout.close()
    told = process.stderr.read()  # until it has ended
    process.stderr.close()
    assert process.wait() == 2
    assert re.match(r"profai: The event log ended early: .*standard output", told)  # Windows knows no broken pipe
    with wave.open(str(tmp_path / "out.wav")) as file:
        assert file.getnframes() < 30 * 48_000  # the topic would take minutes
