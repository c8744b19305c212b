"""`profai settings`, and that what is kept counts in every command: the real command in processes of its own."""

import json
import os
from collections.abc import Iterator
from pathlib import Path

import click
import pytest

from profai_cli.cli.kept import SOURCES, Setting, read
from profai_cli.cli.main import COMMANDS, LazyGroup
from profai_cli.cli.options import SETTINGS
from profai_cli.errors import InputError
from profai_cli.storage.progress import Progress
from profai_cli.storage.settings_file import SettingsFile
from tests.scripted import begin
from tests.terminal import Terminal, needs_pty

Ran = tuple[int, str, str]


@pytest.fixture
def env(env: dict[str, str]) -> dict[str, str]:
    """Without the settings of whoever runs this."""
    variables = {setting.variable for setting in SETTINGS.values()}
    return {name: value for name, value in env.items() if name not in variables}


def profai(env: dict[str, str], *arguments: object) -> Ran:
    process = begin(arguments, env)
    out, err = process.communicate()
    assert "Traceback" not in out + err
    return process.returncode, out, err


def shown(env: dict[str, str], *arguments: object) -> dict[str, tuple[object, str]]:
    code, out, err = profai(env, "settings", *arguments, "--json")
    assert (code, err) == (0, "")
    return {row["name"]: (row["value"], row["source"]) for row in json.loads(out)}


def file(env: dict[str, str]) -> Path:
    return Path(env["PROFAI_SETTINGS"])


def settings_used(command: click.Command) -> Iterator[str]:
    """The settings that a command takes, or one of its subcommands."""
    if isinstance(command, click.Group):
        for each in command.commands.values():
            yield from settings_used(each)
    yield from (option.setting for option in command.params if isinstance(option, Setting))


def test_every_setting_is_an_option_of_some_command() -> None:
    group = LazyGroup()
    context = click.Context(group)
    commands = [group.get_command(context, name) for name in COMMANDS if name != "settings"]
    assert {name for command in commands if command for name in settings_used(command)} == set(SETTINGS)


def test_a_setting_is_kept_shown_with_its_source_and_forgotten(env: dict[str, str]) -> None:
    assert set(shown(env).values()) >= {("normal", "default"), (False, "default")}
    assert profai(env, "settings", "set", "sensitivity", "low")[0] == 0
    assert profai(env, "settings", "set", "headphones", "yes")[0] == 0
    assert profai(env, "settings", "set", "minutes", "5")[0] == 0
    found = shown({**env, "PROFAI_LOCAL": "1", "PROFAI_HEADPHONES": "no"}, "--stt", "pocketsphinx")
    assert found["stt"] == ("pocketsphinx", "flag")
    assert found["local"] == (True, "environment")
    assert found["headphones"] == (False, "environment")
    assert found["sensitivity"] == ("low", "file")
    assert found["minutes"] == (5.0, "file")
    assert found["voice"] == ("", "default")
    assert {source for _, source in found.values()} == set(SOURCES.values())
    assert shown(env, "--no-headphones", "--sensitivity", "high")["headphones"] == (False, "flag")
    assert profai(env, "settings", "unset", "sensitivity")[1] == "sensitivity is forgotten: its default counts again.\n"
    assert profai(env, "settings", "unset", "sensitivity")[1] == "sensitivity was not kept.\n"
    assert shown(env)["sensitivity"] == ("normal", "default")


def test_without_a_terminal_there_is_a_line_a_setting(env: dict[str, str]) -> None:
    code, out, _ = profai(env, "settings")
    assert code == 0
    assert [line.split()[0] for line in out.splitlines()] == list(SETTINGS)


@needs_pty
def test_in_a_terminal_there_is_a_table(env: dict[str, str]) -> None:
    profai(env, "settings", "set", "voice", "flite")
    with Terminal(["settings"], env) as terminal:
        assert terminal.ends() == 0
        terminal.wait("voice flite file")
        terminal.wait("How little voice it takes to interrupt the tutor: low, normal or high.")
        terminal.wait("The file:")


@needs_pty
@pytest.mark.parametrize(("plain", "term"), [("yes", "xterm-256color"), ("no", "dumb")])
def test_a_screen_reader_and_a_dumb_terminal_get_the_lines(env: dict[str, str], plain: str, term: str) -> None:
    file(env).write_text(f"plain = {'true' if plain == 'yes' else 'false'}\n")
    for command, words in ((["settings"], f"plain {plain} file"), ([], "1 Python, first steps: not begun")):
        with Terminal(command, env, term=term) as terminal:
            assert terminal.ends() == 0
            terminal.wait(words)
            assert "\x1b" not in terminal.raw


def test_the_path_is_told_even_of_a_broken_file(env: dict[str, str]) -> None:
    file(env).write_text("= broken")
    assert profai(env, "settings", "path") == (0, f"{file(env)}\n", "")


def test_the_system_says_where_the_file_is(env: dict[str, str], tmp_path: Path) -> None:
    own = {name: value for name, value in env.items() if name != "PROFAI_SETTINGS"}
    home = {"HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path / "config"), "LOCALAPPDATA": str(tmp_path)}
    path = Path(profai({**own, **home}, "settings", "path")[1].strip())
    assert path.is_relative_to(tmp_path)
    assert path.name == "settings.toml"


@pytest.mark.skipif(os.name != "posix", reason="HOME is the home folder of POSIX")
def test_the_file_may_be_named_by_the_home_folder(env: dict[str, str], tmp_path: Path) -> None:
    home = {**env, "HOME": str(tmp_path), "PROFAI_SETTINGS": "~/mine.toml"}
    assert profai(home, "settings", "path") == (0, f"{tmp_path / 'mine.toml'}\n", "")
    code, out, err = profai({**env, "PROFAI_SETTINGS": "~nobody-of-this-name/mine.toml"}, "settings")
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.endswith("set PROFAI_SETTINGS to another file.\n")


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("sensitivity", "loud", "sensitivity cannot be 'loud': 'loud' is not one of 'low', 'normal', 'high'."),
        ("headphones", "maybe", "headphones cannot be 'maybe': "),
        ("minutes", "-1", "minutes cannot be '-1': it must be a number above 0."),
        ("minutes", "nan", "minutes cannot be 'nan': it must be a number above 0."),
        ("stt", "hal", "stt cannot be 'hal': there is no 'hal': choose one of deepgram, "),
        ("colour", "red", "There is no setting 'colour': choose one of stt, voice, "),
        ("Microfone", "usb", "There is no setting 'Microfone' (did you mean microphone?)."),
        ("--tts", "flite", "There is no setting '--tts' (did you mean voice?)."),
    ],
)
def test_what_cannot_be_kept_is_one_sentence_and_changes_nothing(
    env: dict[str, str], name: str, value: str, words: str
) -> None:
    file(env).write_text("sensitivity = 'low'\n")
    code, out, err = profai(env, "settings", "set", name, value)
    assert (code, out, err.count("\n")) == (2, "", 1)
    assert err.startswith(f"profai: {words}")
    assert file(env).read_text() == "sensitivity = 'low'\n"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        (b"\n= 3\n", 2, "a line must be like headphones = true"),
        (b"local = true\nlocal = false\n", 2, "this name stands there twice"),
        (b'voice = "flite', 1, "a text begins with a quote, and no quote ends it"),
        (b'local = true\nvoice = "flite\nrecord = true\n', 2, "a text begins with a quote, and no quote ends it"),
        (b"local = yes\n", 1, "behind '=' there must be true, false, a number, or a text between quotes"),
        (b"local true\n", 1, "between a name and its value there must be '='"),
        (b"voice = 'flite' slt\n", 1, "there is more behind the value"),
        (b'courses = "C:\\Users"\n', 1, "a text with a backslash stands between single quotes"),
        (b'courses = "C:\\my courses"\n', 1, "a text with a backslash stands between single quotes"),
        (b"# a comment\n\ncolour = 'red'\n", 3, "there is no setting 'colour': choose one of stt, voice, "),
        (b"voce = 'flite'\n", 1, "there is no setting 'voce' (did you mean voice?); correct that line"),
        (b"local = true\n[engines]\nstt = 'flux'\n", 2, "there is no setting 'engines'"),
        (b"local = true\nsensitivity = 'loud'\n", 2, "sensitivity cannot be 'loud': "),
        (b"local = 3\n", 1, "local cannot be 3: it must be true or false"),
        (b"stt = true\n", 1, "stt cannot be True: it must be a text or a number"),
        (b"stt = ['flux']\n", 1, "stt cannot be ['flux']: "),
        (b"minutes = 0\n", 1, "minutes cannot be 0: it must be a number above 0"),
        (b"local = true\n\nvoice = '\xff'\n", 3, "this is no UTF-8 text"),
        (b"x = " + b"[" * 100_000, 1, ""),
    ],
)
def test_a_faulty_file_is_one_sentence_with_its_line_and_stays(
    env: dict[str, str], text: bytes, line: int, words: str
) -> None:
    file(env).write_bytes(text)
    for command in (["settings"], ["class", "--fast"], []):
        code, out, err = profai(env, *command)
        assert (code, out, err.count("\n")) == (2, "", 1)
        assert err.startswith(f"profai: {str(file(env))!r}, line {line}: {words}")
        assert err.endswith("; correct that line or delete it.\n")
    assert file(env).read_bytes() == text


@pytest.mark.parametrize("text", ["= 3\n", "colour = 'red'\n"])
def test_help_is_given_even_with_a_broken_file(env: dict[str, str], text: str) -> None:
    file(env).write_text(text)
    for command in (["class"], ["devices"], ["settings"], ["settings", "show"], ["courses", "show"]):
        code, out, err = profai(env, *command, "--help")
        assert (code, err) == (0, "")
        assert out.startswith(f"Usage: profai {' '.join(command)} ")


@pytest.mark.parametrize("text", ["= 3\n", "local = true\nlocal = false\n"])
def test_a_broken_file_is_not_written(env: dict[str, str], text: str) -> None:
    file(env).write_text(text)
    for command in (["set", "local", "yes"], ["unset", "local"]):
        assert profai(env, "settings", *command)[0] == 2
    assert file(env).read_text() == text


def test_a_fault_of_one_line_can_be_mended_by_command(env: dict[str, str]) -> None:
    file(env).write_text("sensitivity = 'loud'\ncolour = 'red'\n")
    assert profai(env, "settings", "unset", "colour")[0] == 0
    assert profai(env, "settings", "set", "sensitivity", "high")[0] == 0
    assert shown(env)["sensitivity"] == ("high", "file")


def test_a_faulty_variable_is_named(env: dict[str, str]) -> None:
    code, _, err = profai({**env, "PROFAI_SENSITIVITY": "x"}, "class", "--fast")
    assert code == 2
    assert err.startswith("profai: Invalid value for PROFAI_SENSITIVITY in the environment: ")


def test_comments_order_and_links_are_kept(tmp_path: Path) -> None:
    real, link = tmp_path / "dotfiles" / "mine.toml", tmp_path / "settings.toml"
    real.parent.mkdir()
    real.write_bytes(b'\xef\xbb\xbf# mine\nvoice = "flite" # the best\n\n# at night\nheadphones = true\n')
    try:
        link.symlink_to(real)
    except OSError:
        pytest.skip("no links here")
    kept = SettingsFile(link)
    kept.set("voice", "espeak")
    kept.set("local", True)
    assert kept.unset("headphones")
    assert not kept.unset("headphones")
    assert real.read_text() == '# mine\nvoice = "espeak" # the best\n\n# at night\nlocal = true\n'
    assert link.is_symlink()
    assert {name: entry.line for name, entry in kept.load().items()} == {"voice": 2, "local": 5}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="root may read everything")
def test_a_file_that_may_not_be_read_is_one_sentence(env: dict[str, str]) -> None:
    file(env).touch(mode=0)
    code, _, err = profai(env, "settings")
    assert code == 2
    assert "Permission denied; make it readable or delete it" in err


def test_a_folder_in_its_place_is_one_sentence(env: dict[str, str]) -> None:
    file(env).mkdir()
    for command in ([], ["set", "local", "yes"]):
        code, _, err = profai(env, "settings", *command)
        assert (code, err.count("\n")) == (2, 1)
        assert err.startswith("profai: Cannot read the settings in ")


def test_what_is_kept_counts_in_the_commands(env: dict[str, str], tmp_path: Path) -> None:
    """A folder of courses, which is relative and still holds elsewhere; a voice; the end; the learner; plain lines."""
    for name, value in (("courses", "courses"), ("course", "2"), ("minutes", "0.05"), ("learner", "kim")):
        assert profai(env, "settings", "set", name, value)[0] == 0
    assert json.loads(profai(env, "courses", "--json")[1])[1]["number"] == 2
    code, out, err = profai(env, "class", "--fast", "--events", "-")
    assert (code, err) == (0, "")
    events = [json.loads(line) for line in out.splitlines()]
    assert next(event["course"] for event in events if event["event"] == "course_info") == "2-the-sky-above-you"
    assert events[-1]["reason"] == "time"
    assert json.loads(profai(env, "progress", "export")[1])["learner"] == "kim"
    assert len(Progress(tmp_path / "data", "kim").studies()) == 1
    assert profai(env, "settings", "set", "voice", "espeak:en-gb-scotland")[0] == 0
    assert "espeak" in profai(env, "say", "One.", "--output", tmp_path / "one.wav")[1]
    assert "Whose" not in profai({**env, "PROFAI_COURSE": "1"}, "ask", "what is a list")[2]


def test_what_is_typed_comes_before_what_is_kept(env: dict[str, str], tmp_path: Path) -> None:
    """Kept devices and engines of the network are no contradiction to files, --fast and --local on the command line."""
    for name, value in (("microphone", "usb"), ("speaker", "usb"), ("stt", "deepgram"), ("voice", "elevenlabs")):
        assert profai(env, "settings", "set", name, value)[0] == 0
    wav = tmp_path / "one.wav"
    assert profai(env, "say", "One.", "--local", "--output", wav)[0] == 0
    assert profai(env, "class", "--fast", "--minutes", "0.02", "--interactive", "--input", wav)[0] == 0
    assert profai(env, "listen", "--fast", "--input", wav)[0] == 0
    code, _, err = profai(env, "say", "One.", "--local", "--tts", "elevenlabs", "--output", wav)
    assert (code, "needs it: give --no-local" in err) == (2, True)
    code, _, err = profai(env, "class", "--fast", "--microphone", "usb")
    assert (code, "--microphone and --speaker name devices" in err) == (2, True)


@pytest.mark.skipif(os.name != "posix", reason="paths of POSIX")
def test_where_nothing_can_be_written_it_is_one_sentence(env: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    names = ("PROFAI_SETTINGS", "PROFAI_DATA", "PROFAI_CACHE")
    nowhere = {**env, **{name: str(tmp_path / "file" / name) for name in names}}
    for command, end in (
        ([], "set PROFAI_DATA to another folder.\n"),
        (["setup", "--yes"], "set PROFAI_DATA to another folder.\n"),
        (["settings", "set", "local", "yes"], "set PROFAI_SETTINGS to a file that you may write.\n"),
    ):
        code, out, err = profai(nowhere, *command)
        assert (code, out, err.count("\n"), err.endswith(end)) == (2, "", 1, True)


def test_a_file_that_was_loaded_knows_its_faults(tmp_path: Path) -> None:
    error = SettingsFile(tmp_path / "settings.toml").fault(3, "it is wrong.")
    assert isinstance(error, InputError)
    assert str(error).endswith("line 3: it is wrong; correct that line or delete it.")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("courses = '~nobody-of-this-name/x'", "courses cannot be '~nobody-of-this-name/x': "),
        ('courses = "a\\u0000b"', "courses cannot be 'a\\x00b': "),
        (f"minutes = 1{'0' * 400}", "minutes cannot be 1000"),
        (f"minutes = 1{'0' * 5_000}", "this number is too long"),
        (f"microphone = 0x{'f' * 5_000}", "microphone cannot be this number: "),
    ],
)
def test_values_that_nobody_would_write_are_one_sentence(env: dict[str, str], text: str, words: str) -> None:
    file(env).write_text(f"local = true\n{text}\n")
    with pytest.raises(InputError) as caught:
        read(SettingsFile(file(env)))
    assert str(caught.value).startswith(f"{str(file(env))!r}, line 2: {words}")


def test_a_folder_may_be_named_by_a_number(env: dict[str, str]) -> None:
    file(env).write_text("courses = 5\n")
    assert read(SettingsFile(file(env))) == {"courses": str(Path("5").absolute())}


def test_what_is_no_text_is_not_kept(env: dict[str, str]) -> None:
    with pytest.raises(InputError, match=r"^A setting must be UTF-8 text, .*\.$"):
        SettingsFile(file(env)).set("learner", "ann\udcff")
    assert not file(env).exists()
