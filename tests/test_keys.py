"""Keys on a real disk, in real keyrings of the keyring library, and in the real command; no byte of it shows one."""

import asyncio
import contextlib
import json
import os
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from click.testing import CliRunner

from profai_cli.cli.access import address, run
from profai_cli.cli.first import ask_for_keys
from profai_cli.errors import EngineError, InputError, StorageError
from profai_cli.providers.vendors import VENDORS
from profai_cli.providers.worker import Worker
from profai_cli.settings import Key
from profai_cli.storage.keys import LONGEST, Found, Keys, as_key
from tests import keyrings
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY
from tests.live import needs_proc, until
from tests.scripted import PROFAI, ROOT
from tests.terminal import Terminal, needs_pty

SECRET = "sk-secret-0123456789"
VARIABLE = "DEEPGRAM_API_KEY"
OURS = [variable for vendor in VENDORS.values() for variable in (vendor.key_variable, vendor.url_variable)]

needs_modes = pytest.mark.skipif(os.name != "posix", reason="there are no file modes here")


@pytest.fixture
def use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The keyring library as it was, when the test is over; until then it has a keyring that works."""
    monkeypatch.setenv(keyrings.FILE, str(tmp_path / "the keyring"))
    before = keyring.get_keyring()
    keyring.set_keyring(keyrings.Working())
    yield
    keyring.set_keyring(before)


def keys(folder: Path, env_file: Path | None = None, **env: str) -> Keys:
    return Keys(env, env_file, folder / "keys")


def find(found_in: Keys, name: str = "deepgram") -> tuple[str, str] | None:
    found = found_in.find(VENDORS[name].key_variable, name)
    return (found.key.reveal(), found.where) if found else None


# --- where a key is from ---------------------------------------------------------------------------


def test_the_environment_is_before_the_env_file_the_keyring_and_the_file(use: None, tmp_path: Path) -> None:
    env_file = tmp_path / ".env"
    env_file.write_text(f"{VARIABLE}=from-env-file\n")
    assert find(keys(tmp_path)) is None
    assert keys(tmp_path).set("deepgram", Key("from-keyring")) == "keyring"
    assert find(keys(tmp_path)) == ("from-keyring", "keyring")
    assert find(keys(tmp_path, env_file)) == ("from-env-file", "env file")
    assert find(keys(tmp_path, env_file, **{VARIABLE: " from-environment\n"})) == ("from-environment", "environment")
    assert find(keys(tmp_path, env_file, **{VARIABLE: "  "})) == ("from-env-file", "env file")
    assert find(keys(tmp_path), "groq") is None


def test_an_env_file_is_read_as_it_is_and_changes_nothing(tmp_path: Path) -> None:
    env_file = tmp_path / "my.env"
    env_file.write_text(
        "\ufeff# mine\nexport DEEPGRAM_API_KEY = 'a$HOME${HOME}'  # quoted\nGROQ_API_KEY=\nSARVAM_API_KEY\n"
        "PROFAI_DEEPGRAM_URL=http://there\nthis is nothing\n"
    )
    before = dict(os.environ)
    found = keys(tmp_path, env_file)
    assert find(found) == ("a$HOME${HOME}", "env file")
    assert find(found, "groq") is find(found, "sarvam") is None
    assert found.setting("PROFAI_DEEPGRAM_URL") == "http://there"
    assert keys(tmp_path, env_file, PROFAI_DEEPGRAM_URL="http://here").setting("PROFAI_DEEPGRAM_URL") == "http://here"
    assert found.setting("PROFAI_GROQ_URL") == ""
    assert found.warnings == [f"In {str(env_file)!r}, what is not NAME=value is skipped; see line 6."]
    assert dict(os.environ) == before


@pytest.mark.parametrize("content", [None, b"\xff\xfe\x00", b"#" * (2**20 + 1)])
def test_an_env_file_that_cannot_be_read_is_one_sentence(tmp_path: Path, content: bytes | None) -> None:
    env_file = tmp_path / "my.env"
    if content is not None:
        env_file.write_bytes(content)
    with pytest.raises(InputError, match=r"my\.env'.*; name another \.env file\.$"):
        keys(tmp_path, env_file).find(VARIABLE, "deepgram")


@pytest.mark.parametrize("text", ["", " \n", "a b", "a\x1bb", "“sk-1”", "k\udcffy", "clé", "x" * (LONGEST + 1)])
def test_what_cannot_be_a_key_is_refused_without_repeating_it(text: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"^The key .*\.$") as refusal:
        as_key(text, "The key")
    assert not text.strip() or text not in str(refusal.value)
    if text.strip():
        with pytest.raises(InputError, match=f"^{VARIABLE} in the environment "):
            keys(tmp_path, **{VARIABLE: text}).find(VARIABLE, "deepgram")


def test_a_key_is_trimmed_and_does_not_show_itself() -> None:
    found = Found(as_key(f" {SECRET}\r\n", "It"), "file")
    assert found.key.reveal() == SECRET
    assert SECRET not in f"{found} {found!r} {found.key}"


# --- the file --------------------------------------------------------------------------------------


@pytest.fixture
def no_keyring(use: None) -> None:
    from keyring.backends.fail import Keyring

    keyring.set_keyring(Keyring())


def test_without_a_keyring_a_file_has_the_key(no_keyring: None, tmp_path: Path) -> None:
    kept = keys(tmp_path / "new")
    assert kept.set("deepgram", Key(SECRET)) == "file"
    assert kept.set("deepgram", Key(SECRET + "2")) == "file"
    assert find(keys(tmp_path / "new")) == (SECRET + "2", "file")
    assert [path.name for path in (tmp_path / "new/keys").iterdir()] == ["deepgram.json"]
    assert kept.remove("deepgram") == "file"
    assert kept.remove("deepgram") is None
    assert find(kept) is None
    assert list((tmp_path / "new/keys").iterdir()) == []


@needs_modes
def test_the_file_is_its_owners_alone_whatever_the_umask(no_keyring: None, tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir(mode=0o755)
    before = os.umask(0)
    try:
        keys(tmp_path).set("deepgram", Key(SECRET))
    finally:
        os.umask(before)
    path = keys(tmp_path).path("deepgram")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


@needs_modes
def test_a_file_that_others_can_read_is_told_of_once(no_keyring: None, tmp_path: Path) -> None:
    kept = keys(tmp_path)
    kept.set("deepgram", Key(SECRET))
    assert find(kept) == (SECRET, "file")
    assert kept.warnings == []
    kept.path("deepgram").chmod(0o640)
    assert find(kept) == find(kept) == (SECRET, "file")
    path = str(kept.path("deepgram"))
    assert kept.warnings == [f"Other users can read the key in {path!r}; run 'profai keys set deepgram' again."]
    kept.set("deepgram", Key(SECRET))
    assert find(renewed := keys(tmp_path)) == (SECRET, "file")
    assert renewed.warnings == []


@pytest.mark.parametrize("content", [b"", b"{", b"\xff", b"[" * 100_000, b"[]", b'{"key": 1}', b'{"key": ""}'])
def test_a_damaged_file_is_named_and_not_overwritten(tmp_path: Path, content: bytes) -> None:
    kept = keys(tmp_path)
    path = kept.path("deepgram")
    path.parent.mkdir()
    path.write_bytes(content)
    for use_it in (lambda: find(kept), lambda: kept.remove("deepgram")):
        with pytest.raises(StorageError, match=r"deepgram\.json' is damaged: delete it and run 'profai keys set"):
            use_it()
    assert find(kept, "groq") is None
    assert path.read_bytes() == content


def test_an_error_about_a_damaged_file_holds_nothing_of_it(tmp_path: Path) -> None:
    kept = keys(tmp_path)
    kept.path("deepgram").parent.mkdir()
    kept.path("deepgram").write_text(f'{{"key": "{SECRET}"')
    with pytest.raises(StorageError) as damage:
        find(kept)
    assert damage.value.__context__ is None


def test_a_folder_that_cannot_be_made(no_keyring: None, tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("")
    with pytest.raises(StorageError, match=r"^Cannot write in .*; set PROFAI_DATA to another folder"):
        keys(tmp_path).set("deepgram", Key(SECRET))


# --- the keyring -----------------------------------------------------------------------------------


def test_a_keyring_keeps_the_key_and_the_disk_only_a_note(use: None, tmp_path: Path) -> None:
    kept = keys(tmp_path)
    assert kept.set("deepgram", Key(SECRET)) == "keyring"
    assert json.loads(kept.path("deepgram").read_text()) == {"in": "keyring"}
    assert json.loads((tmp_path / "the keyring").read_text()) == {"profai deepgram": SECRET}
    assert kept.where(VARIABLE, "deepgram") == "keyring"
    assert kept.remove("deepgram") == "keyring"
    assert json.loads((tmp_path / "the keyring").read_text()) == {}
    assert kept.where(VARIABLE, "deepgram") is None


def test_a_keyring_that_comes_later_takes_the_key_from_the_file(no_keyring: None, tmp_path: Path) -> None:
    keys(tmp_path).set("deepgram", Key(SECRET))
    keyring.set_keyring(keyrings.Working())
    assert find(keys(tmp_path)) == (SECRET, "file")
    assert keys(tmp_path).set("deepgram", Key(SECRET)) == "keyring"
    assert SECRET not in keys(tmp_path).path("deepgram").read_text()


def test_a_key_that_somebody_took_out_of_the_keyring(use: None, tmp_path: Path) -> None:
    kept = keys(tmp_path)
    kept.set("deepgram", Key(SECRET))
    (tmp_path / "the keyring").unlink()
    assert find(kept) is None
    assert kept.warnings == ["The system's keyring has no key for deepgram any more: run 'profai keys set deepgram'."]
    assert kept.remove("deepgram") == "keyring"


@pytest.mark.parametrize("backend", [keyrings.Locked, keyrings.Odd])
def test_a_keyring_that_raises_is_none(use: None, tmp_path: Path, backend: type[keyrings.Locked]) -> None:
    keys(tmp_path).set("deepgram", Key(SECRET))
    keyring.set_keyring(backend())
    kept = keys(tmp_path)
    assert find(kept) is None
    kind = "KeyringLocked" if backend is keyrings.Locked else "RuntimeError"
    told = f"The system's keyring cannot be used ({kind}): unlock it, or run 'profai keys set' again."
    assert kept.warnings == [told]
    with pytest.raises(StorageError, match=r"^The system's keyring cannot be used .*; unlock it and try again\.$"):
        kept.remove("deepgram")
    assert kept.set("deepgram", Key(SECRET)) == "file"
    assert SECRET not in str(kept.warnings)


def test_a_keyring_that_forgets_is_none(use: None, tmp_path: Path) -> None:
    from keyring.backends.null import Keyring

    for forgetful in (keyrings.Forgetful(), Keyring()):
        keyring.set_keyring(forgetful)
        assert keys(tmp_path).set("deepgram", Key(SECRET)) == "file"


def test_a_keyring_that_hangs_is_asked_once(use: None, tmp_path: Path) -> None:
    names = ("deepgram", "elevenlabs", "groq")
    for name in names:
        assert keys(tmp_path).set(name, Key(SECRET)) == "keyring"
    keyring.set_keyring(keyrings.Hanging())
    kept = keys(tmp_path)
    assert [find(kept, name) for name in names] == [None] * 3
    told = "The system's keyring did not answer within 2 s: unlock it, or run 'profai keys set' again."
    assert kept.warnings == [told]
    assert keyrings.Hanging.asked == 1


def test_a_class_without_keys_or_with_those_of_the_environment_wakes_no_keyring(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from profai_cli.cli.access import granted, open_keys\n"
        "from profai_cli.providers.vendors import VENDORS\n"
        "kept = open_keys(); found = [granted(kept, v) for v in VENDORS.values()]\n"
        "print([f.where if f else None for f in found], sorted({'keyring', 'dotenv', 'httpx'} & set(sys.modules)))"
    )
    folder = tmp_path / "keys"
    folder.mkdir()
    (folder / "deepgram.json").write_text('{"in": "keyring"}')
    env = environment(tmp_path) | {VARIABLE: SECRET, "PYTHON_KEYRING_BACKEND": "tests.keyrings.Hanging"}
    done = subprocess.run([sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout == "['environment', None, None, None, None] []\n"


# --- the command -----------------------------------------------------------------------------------


def environment(folder: Path, **more: str) -> dict[str, str]:
    """Of a newcomer, whose data folder is `folder`."""
    ours = {*OURS, "PROFAI_ENV_FILE"}
    inherited = {name: value for name, value in os.environ.items() if name not in ours}
    nowhere = {"PYTHON_KEYRING_BACKEND": "keyring.backends.fail.Keyring", keyrings.FILE: str(folder / "the keyring")}
    own = {"PROFAI_DATA": str(folder), "PROFAI_CACHE": str(folder), "PROFAI_SETTINGS": str(folder / "settings.toml")}
    return inherited | nowhere | own | more


def profai(env: dict[str, str], *arguments: object, given: str = "", code: int = 0) -> tuple[str, str]:
    """Standard output and error of the command, neither of which has the key."""
    command = [*PROFAI, "keys", *map(str, arguments)]
    done = subprocess.run(command, env=env, cwd=ROOT, input=given, capture_output=True, text=True, check=False)
    assert done.returncode == code, done.stderr
    assert SECRET not in done.stdout + done.stderr
    assert KEY not in done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done.stdout, done.stderr


def holding(folder: Path) -> list[str]:
    """Names of all files that have the key."""
    return [path.name for path in folder.rglob("*") if path.is_file() and SECRET.encode() in path.read_bytes()]


def test_a_key_that_a_setting_leaves_unused_is_told(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("local = true\n")
    for env, told in ((environment(tmp_path), True), (environment(tmp_path, PROFAI_LOCAL="no"), False)):
        assert ("profai settings unset local" in profai(env, "set", "deepgram", given=SECRET)[1]) is told


def test_a_fault_of_the_settings_is_told_before_a_key_is_kept(tmp_path: Path) -> None:
    (tmp_path / "settings.toml").write_text("local = 3\n")
    out, err = profai(environment(tmp_path), "set", "deepgram", given=SECRET, code=2)
    assert (out, "line 1: local cannot be 3" in err, holding(tmp_path)) == ("", True, [])


def test_setup_says_where_it_keeps_a_key(no_keyring: None, tmp_path: Path) -> None:
    kept = keys(tmp_path)
    with CliRunner().isolation(input=f"two words\n{SECRET}\n\n\n") as (out, _, _):
        ask_for_keys(kept)
    assert "holds spaces or characters that no key has: copy the key alone.\n" in out.getvalue().decode()
    assert f"It is kept in the file {str(kept.path('deepgram'))!r}." in out.getvalue().decode()
    assert SECRET not in out.getvalue().decode()
    assert find(kept) == (SECRET, "file")


def test_set_list_and_remove_with_a_file(tmp_path: Path) -> None:
    env = environment(tmp_path)
    path = str(tmp_path / "keys" / "deepgram.json")
    assert profai(env, "set", "Deepgram", given=f"{SECRET}\nmore\n")[0] == (
        f"The Deepgram key is kept in the file {path!r}.\n"
    )
    assert holding(tmp_path) == ["deepgram.json"]
    lines = profai(env, "list")[0].splitlines()
    assert lines[0] == f"deepgram    hears          the file {path!r}"
    assert lines[1] == f"elevenlabs  speaks         no key; there are some at {VENDORS['elevenlabs'].page}"
    assert profai(env, "remove", "deepgram")[0] == f"The Deepgram key is removed from the file {path!r}.\n"
    assert profai(env, "remove", "deepgram")[0] == "No Deepgram key was set.\n"
    assert holding(tmp_path) == []


def test_set_list_and_remove_with_a_keyring(tmp_path: Path) -> None:
    env = environment(tmp_path, PYTHON_KEYRING_BACKEND="tests.keyrings.Working")
    assert profai(env, "set", "deepgram", given=SECRET)[0] == "The Deepgram key is kept in the system's keyring.\n"
    assert holding(tmp_path) == ["the keyring"]
    assert "deepgram    hears          the system's keyring\n" in profai(env, "list")[0]
    assert profai(env, "remove", "deepgram")[0] == "The Deepgram key is removed from the system's keyring.\n"
    assert holding(tmp_path) == []


@pytest.mark.parametrize(
    "backend",
    ["tests.keyrings.HangingWhenFound", "tests.keyrings.Odd", "no.such.module", "keyring.backends.null.Keyring"],
)
def test_set_where_the_keyring_cannot_be_used(tmp_path: Path, backend: str) -> None:
    env = environment(tmp_path, PYTHON_KEYRING_BACKEND=backend)
    out, err = profai(env, "set", "deepgram", given=SECRET)
    assert "kept in the file" in out
    assert err == ""
    assert holding(tmp_path) == ["deepgram.json"]


def test_the_environment_stays_first_which_is_told(tmp_path: Path) -> None:
    env = environment(tmp_path, DEEPGRAM_API_KEY="another")
    told = "The one in the environment (DEEPGRAM_API_KEY) is still used.\n"
    assert profai(env, "set", "deepgram", given=SECRET)[1] == told
    assert profai(env, "remove", "deepgram")[1] == told


@pytest.mark.parametrize(
    ("arguments", "given", "told"),
    [
        (["set", "deepgram"], "", "The Deepgram key is empty: a key is needed."),
        (["set", "deepgram"], f"{SECRET} {SECRET}", "The Deepgram key holds spaces or characters that no key has:"),
        (["set", "deepgram"], "\x00\x1b[31m", "The Deepgram key holds spaces or characters that no key has:"),
        (["set", "deepgram"], SECRET * 2000, "The Deepgram key is longer than any key (512 characters):"),
        (["set", "deepgram", SECRET], "", "A key is no argument, since others can see those:"),
        (["set", SECRET], "", "There is no such vendor; take one of deepgram, elevenlabs, sarvam, openai, groq."),
        (["remove", SECRET], "", "There is no such vendor;"),
        (["check", SECRET], "", "There is no such vendor;"),
        ([SECRET], "", "There is no such command; take one of set, remove, list, check."),
        (["set", "deepgram", f"--key={SECRET}"], "", "No such option"),
        (["check"], "", f"There is no key: get one at {VENDORS['deepgram'].page} and run 'profai keys set deepgram'."),
        (["check", "groq", "openai"], "", "There is no key for Groq or OpenAI: get one at "),
        (["list", "--env-file", "nowhere/.env"], "", "Cannot read 'nowhere/.env': "),
    ],
)
def test_bad_usage_is_one_sentence_without_the_key(tmp_path: Path, arguments: list[str], given: str, told: str) -> None:
    out, err = profai(environment(tmp_path), *arguments, given=given, code=2)
    assert out == ""
    assert err.startswith(f"profai: {told}")
    assert err.count("\n") == 1
    assert holding(tmp_path) == []


def test_list_for_scripts_with_an_env_file(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text(f"GROQ_API_KEY={SECRET}\n")
    env = environment(tmp_path, OPENAI_API_KEY=SECRET)
    rows = json.loads(profai(env, "list", "--json", "--env-file", tmp_path / ".env")[0])
    assert [row["from"] for row in rows] == [None, None, None, "environment", "env file"]
    assert rows[0] == {"vendor": "deepgram", "does": "hears", "variable": VARIABLE, "from": None}
    env["PROFAI_ENV_FILE"] = str(tmp_path / ".env")
    assert json.loads(profai(env, "list", "--json")[0]) == rows


def test_check_asks_all_at_once_and_tells_what_is_wrong(tmp_path: Path) -> None:
    with Emulators() as emulators:
        good = emulators.environment("deepgram", "elevenlabs")
        env = environment(tmp_path, **good)
        both = "Deepgram: the key works.\nElevenLabs: the key works.\n"
        assert profai(env, "check") == (both, "")
        assert profai(env, "check", "deepgram") == ("Deepgram: the key works.\n", "")
        env["ELEVENLABS_API_KEY"] = SECRET
        page = VENDORS["elevenlabs"].page
        bad = f"ElevenLabs: the key is not accepted: get one at {page} and put it into ELEVENLABS_API_KEY."
        assert profai(env, "check", code=3)[0] == f"Deepgram: the key works.\n{bad}\n"
        rows = json.loads(profai(env, "check", "--json", code=3)[0])
        assert [(row["vendor"], row["from"], row["outcome"]) for row in rows] == [
            ("deepgram", "environment", "works"),
            ("elevenlabs", "environment", "refused"),
        ]
        assert rows[1]["message"] == bad
        missing = f"Groq: there is no key: get one at {VENDORS['groq'].page} and run 'profai keys set groq'.\n"
        assert profai(env, "check", "groq", "deepgram", code=3)[0] == f"{missing}Deepgram: the key works.\n"


def test_check_of_a_key_that_was_set_and_a_url_of_the_env_file(tmp_path: Path) -> None:
    with Emulators() as emulators:
        (tmp_path / ".env").write_text(f"PROFAI_DEEPGRAM_URL={emulators.url('deepgram')}/\n")
        env = environment(tmp_path, NO_PROXY="127.0.0.1", PROFAI_ENV_FILE=str(tmp_path / ".env"))
        profai(env, "set", "deepgram", given=SECRET)
        remedy = f"get one at {VENDORS['deepgram'].page} and run 'profai keys set deepgram'"
        assert profai(env, "check", code=3)[0] == f"Deepgram: the key is not accepted: {remedy}.\n"
        profai(env, "set", "deepgram", given=KEY)
        assert profai(env, "check")[0] == "Deepgram: the key works.\n"
    assert holding(tmp_path) == []


def test_an_address_without_a_scheme_is_not_repeated(tmp_path: Path) -> None:
    env = environment(tmp_path, DEEPGRAM_API_KEY=SECRET, PROFAI_DEEPGRAM_URL=SECRET)
    assert profai(env, "check", code=2)[1] == (
        "profai: PROFAI_DEEPGRAM_URL must begin with http:// or https://, such as https://api.deepgram.com.\n"
    )


@pytest.mark.parametrize(
    "url",
    [
        "https://x.example",
        "http://127.0.0.9:1/v1",
        "http://localhost",
        "http://[::1]:8",
        "http://192.168.0.1",
        "http://me.local",
    ],
)
def test_an_address_that_keeps_the_key_secret(tmp_path: Path, url: str) -> None:
    assert address(keys(tmp_path, PROFAI_GROQ_URL=url), VENDORS["groq"]) == url


@pytest.mark.parametrize(
    "url", ["http://x.example", "http://8.8.8.8", "http://172.32.0.1", "http://127.0.0.1.x", "http://[x"]
)
def test_an_address_over_which_anyone_could_read_the_key(tmp_path: Path, url: str) -> None:
    with pytest.raises(InputError, match=r"^PROFAI_GROQ_URL must begin with https://: ") as refusal:
        address(keys(tmp_path, PROFAI_GROQ_URL=url), VENDORS["groq"])
    assert url not in str(refusal.value)


def test_names_that_are_never_looked_up_do_not_keep_the_command(tmp_path: Path) -> None:
    """The system's look-up hangs, as it does for half a minute without a network."""
    code = (
        "import socket, threading\n"
        "socket.getaddrinfo = lambda *a, **k: threading.Event().wait()\n"
        "from profai_cli.cli.main import main; main(['keys', 'check'])"
    )
    env = environment(tmp_path, GROQ_API_KEY=SECRET, NO_PROXY="*")
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.stdout == "Groq: there is no answer within 3 s: check the network.\n"
    assert (done.returncode, done.stderr) == (3, "")


@needs_pty
def test_a_typed_key_is_not_echoed_and_the_terminal_is_as_before(tmp_path: Path) -> None:
    with Terminal(["keys", "set", "deepgram"], environment(tmp_path)) as terminal:
        terminal.wait("Deepgram key (it is not shown):")
        until(lambda: terminal.settings != terminal.before, "the echo to be off")
        terminal.press(SECRET + "\r")
        terminal.wait("kept in the file")
        assert terminal.ends() == 0
        assert SECRET not in terminal.raw
        assert terminal.settings == terminal.before
    assert holding(tmp_path) == ["deepgram.json"]


@needs_pty
def test_ctrl_c_instead_of_a_key(tmp_path: Path) -> None:
    with Terminal(["keys", "set", "deepgram"], environment(tmp_path)) as terminal:
        terminal.wait("Deepgram key (it is not shown):")
        until(lambda: terminal.settings != terminal.before, "the echo to be off")
        terminal.press(SECRET + "\x03")
        assert terminal.ends() == 130
        assert SECRET not in terminal.raw
        assert "Traceback" not in terminal.text
        assert terminal.settings == terminal.before
    assert holding(tmp_path) == []


@needs_proc
def test_no_process_has_the_key_among_its_arguments(tmp_path: Path) -> None:
    """While keys that were set are being checked, by vendors that are silent; its environment had them never."""
    secret = f"sk-own-{os.getpid()}-0123456789"  # other tests, which run beside this one, give theirs in environments
    with Emulators() as emulators:
        urls = {f"PROFAI_{name.upper()}_URL": emulators.url(name) for name in ("deepgram", "elevenlabs")}
        env = environment(tmp_path, **urls)
        profai(env, "set", "deepgram", given=secret)
        profai(env, "set", "elevenlabs", given=secret)
        emulators.freeze()
        with subprocess.Popen([*PROFAI, "keys", "check"], env=env, cwd=ROOT, stdout=subprocess.PIPE) as process:
            seen = 0
            while process.poll() is None:
                for entry in Path("/proc").iterdir():
                    if entry.name.isdecimal() and entry.name != str(os.getpid()):
                        seen += entry.name == str(process.pid)
                        assert secret.encode() not in _shown(entry)
            assert seen
            assert process.stdout
            late = "there is no answer within 3 s: check PROFAI_"
            told = f"Deepgram: {late}DEEPGRAM_URL.\nElevenLabs: {late}ELEVENLABS_URL.\n"
            assert process.stdout.read().decode() == told


@needs_proc
def test_an_engines_process_has_no_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(VARIABLE, SECRET)

    async def shown() -> bytes:
        worker = Worker("profai_cli.providers.tts.espeak_service")
        await worker.start()
        with contextlib.suppress(EngineError):
            await worker.submit({"do": "nothing"}).only()  # after which it runs
        try:
            return _shown(Path("/proc", str(worker.pid)))
        finally:
            await worker.close()

    found = asyncio.run(shown())
    assert b"PYTHONPATH=" in found
    assert SECRET.encode() not in found


def _shown(process: Path) -> bytes:
    """Arguments and environment of a process, as far as they are ours to see."""
    shown = b""
    for what in ("cmdline", "environ"):
        try:
            shown += (process / what).read_bytes()
        except OSError:
            continue
    return shown


def test_an_unknown_fault_leaves_no_key_in_its_report(tmp_path: Path) -> None:
    """The report of the last border has lines of code and messages, and no values."""
    code = (
        "import json, sys\n"
        "def broken(*a, **k): raise RuntimeError('broken')\n"
        "json.dumps = broken\n"
        "from profai_cli.cli.main import main; main(['--debug', 'keys', 'set', 'deepgram'])"
    )
    command = [sys.executable, "-c", code]
    done = subprocess.run(
        command, env=environment(tmp_path), cwd=ROOT, input=SECRET, capture_output=True, text=True, check=False
    )
    assert done.returncode == 1
    (trace,) = (tmp_path / "log").iterdir()
    assert "RuntimeError: broken" in trace.read_text()
    assert SECRET not in done.stdout + done.stderr
    assert holding(tmp_path) == []


def test_run_gives_results_and_errors_of_threads() -> None:
    async def both() -> int:
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return await asyncio.to_thread(sum, (1, 2))

    assert run(both()) == 3


@pytest.mark.parametrize("command", [(), ("set",), ("remove",), ("list",), ("check",)])
def test_help_has_an_example(command: tuple[str, ...], tmp_path: Path) -> None:
    assert "\n  profai keys" in profai(environment(tmp_path), *command, "--help")[0]
