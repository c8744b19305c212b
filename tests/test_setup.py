"""`profai setup`: the real command, in a terminal and a pipe, against a real server that fails in every way."""

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import Path

import pytest

for package in ("aiohttp", "google_crc32c", "httpx", "moonshine_voice"):
    pytest.importorskip(package, reason=f"{package} is not installed")

# ruff: noqa: E402 - only where those packages are

from profai_cli.errors import EngineLost, InputError, ProfaiError, StorageError
from profai_cli.providers import moonshine_library
from profai_cli.providers.downloads import Downloads, RemoteFile
from profai_cli.providers.moonshine_models import Models
from profai_cli.storage.cache import DiskCache
from profai_cli.storage.incoming import Incoming, alone, room
from tests.model_host import Fault, ModelHost, crc32c, forged, running
from tests.scripted import ROOT, begin, environment
from tests.terminal import Terminal, needs_pty

OWN = "https://models.example"
BODY = os.urandom(300_000)


@pytest.fixture
def host() -> Iterator[ModelHost]:
    with running(ModelHost({"m/a.ort": BODY})) as host:
        yield host


def remote(body: bytes = BODY, path: str = "a.ort") -> RemoteFile:
    return RemoteFile(path, f"{OWN}/m/{path}", len(body), crc32c(body))


def incoming(folder: Path, file: RemoteFile) -> Incoming:
    return Incoming(folder / file.path, file.size, file.crc32c, file.tag)


def fetch(host: ModelHost, folder: Path, file: RemoteFile | None = None, patience: float = 20) -> int:
    """Download; gives what the progress came to."""
    done: list[int] = []
    file = file or remote()
    with Downloads(OWN, host.url, patience=patience, wait=0) as downloads:
        downloads.fetch(file, incoming(folder, file), lambda _path, count: done.append(count))
    return sum(done)


def parts(folder: Path) -> list[Path]:
    return list(folder.rglob("*.part"))


def test_a_file_comes_whole_and_is_not_fetched_again(host: ModelHost, tmp_path: Path) -> None:
    assert fetch(host, tmp_path) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert parts(tmp_path) == []
    assert fetch(host, tmp_path) == len(BODY)
    assert host.got("m/a.ort") == [0]


def test_a_dropped_connection_goes_on_where_it_was(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("drop", after=100_000, times=2)]
    assert fetch(host, tmp_path) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert host.got("m/a.ort") == [0, 100_000, 200_000]


def test_what_has_come_is_kept_for_the_next_time(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("drop", after=100_000), Fault("drop", times=3)]
    with pytest.raises(EngineLost, match="what has come is kept"):
        fetch(host, tmp_path)
    assert not (tmp_path / "a.ort").exists()
    assert [part.read_bytes() for part in parts(tmp_path)] == [BODY[:100_000]]
    assert incoming(tmp_path, remote()).come == 100_000
    assert fetch(host, tmp_path) == len(BODY)
    assert host.got("m/a.ort")[-1] == 100_000
    assert (tmp_path / "a.ort").read_bytes() == BODY


def test_a_host_without_ranges_begins_anew(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("drop", after=100_000), Fault("no_range")]
    assert fetch(host, tmp_path) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert host.got("m/a.ort") == [0, 100_000]


def test_a_stalled_connection_is_given_up_and_gone_on_with(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("stall", after=100_000)]
    assert fetch(host, tmp_path, patience=1) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert host.got("m/a.ort")[:2] == [0, 100_000]


def test_wrong_bytes_are_thrown_away_and_fetched_once_more(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("wrong")]
    assert fetch(host, tmp_path) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert host.got("m/a.ort") == [0, 0]


def test_bytes_that_stay_wrong_are_an_error_and_leave_nothing(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("wrong", times=9)]
    with pytest.raises(EngineLost, match=r"damaged a\.ort"):
        fetch(host, tmp_path)
    assert host.got("m/a.ort") == [0, 0]
    assert list(tmp_path.iterdir()) == []


def test_a_damaged_file_that_is_there_is_replaced(host: ModelHost, tmp_path: Path) -> None:
    (tmp_path / "a.ort").write_bytes(bytes(len(BODY)))
    fetch(host, tmp_path)
    assert (tmp_path / "a.ort").read_bytes() == BODY


def test_the_part_of_another_version_is_not_gone_on_with(host: ModelHost, tmp_path: Path) -> None:
    incoming(tmp_path, remote(os.urandom(300_000))).part.write_bytes(bytes(200_000))
    fetch(host, tmp_path)
    assert host.got("m/a.ort") == [0]
    assert (tmp_path / "a.ort").read_bytes() == BODY
    assert parts(tmp_path) == []


def test_a_part_that_is_too_long_begins_anew(host: ModelHost, tmp_path: Path) -> None:
    incoming(tmp_path, remote()).part.write_bytes(bytes(400_000))
    assert fetch(host, tmp_path) == len(BODY)
    assert (tmp_path / "a.ort").read_bytes() == BODY


@pytest.mark.parametrize(("status", "says"), [(404, "refuses /m/a.ort"), (403, "refuses"), (503, "busy")])
def test_a_host_that_says_no_is_one_sentence(host: ModelHost, tmp_path: Path, status: int, says: str) -> None:
    host.faults["m/a.ort"] = [Fault("status", status=status, times=9)]
    with pytest.raises(EngineLost, match=says):
        fetch(host, tmp_path)
    assert len(host.got("m/a.ort")) == (3 if status == 503 else 1)


def test_a_busy_host_is_asked_again(host: ModelHost, tmp_path: Path) -> None:
    host.faults["m/a.ort"] = [Fault("status", status=503, times=2)]
    assert fetch(host, tmp_path) == len(BODY)


def test_sizes_and_checksums_that_are_not_listed_are_asked_of_the_host(host: ModelHost, tmp_path: Path) -> None:
    unknown = RemoteFile("a.ort", f"{OWN}/m/a.ort", None, "")
    with Downloads(OWN, host.url) as downloads:
        (described,) = downloads.described([unknown])
        assert (described.size, described.crc32c) == (len(BODY), crc32c(BODY))
        host.checksums = False
        (described,) = downloads.described([unknown])
    assert (described.size, described.crc32c) == (len(BODY), "")
    assert fetch(host, tmp_path, described) == len(BODY)


def test_a_file_of_unknown_size_comes_without_resuming(host: ModelHost, tmp_path: Path) -> None:
    unknown = RemoteFile("a.ort", f"{OWN}/m/a.ort", None, "")
    host.faults["m/a.ort"] = [Fault("drop", after=100_000)]
    assert fetch(host, tmp_path, unknown) == len(BODY)
    assert host.got("m/a.ort") == [0, 0]
    assert (tmp_path / "a.ort").read_bytes() == BODY


def test_a_disk_without_room_is_told_before(tmp_path: Path) -> None:
    room(tmp_path / "not" / "there", 0)
    with pytest.raises(StorageError, match="MB are free: make room") as caught:
        room(tmp_path, 10**16)
    assert caught.value.exit_code == 2


def test_a_folder_that_cannot_be_written_is_one_sentence(host: ModelHost, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError, match="Cannot write"):
        fetch(host, tmp_path / "file")


def test_two_do_not_write_into_one_folder(tmp_path: Path) -> None:
    code = "import sys, pathlib, profai_cli.storage.incoming as d\nwith d.alone(pathlib.Path(sys.argv[1])): pass"
    command = [sys.executable, "-c", code, str(tmp_path)]
    with alone(tmp_path):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
        assert done.stderr.splitlines()[-1].endswith("Another 'profai setup' is downloading: wait for it, or stop it.")
    subprocess.run(command, cwd=ROOT, check=True)
    with pytest.raises(InputError), alone(tmp_path), alone(tmp_path):
        pass


# --- what the library lists ------------------------------------------------------------------------


def test_the_library_lists_what_the_command_offers() -> None:
    offers = moonshine_library.hearing("en-IN")
    assert [offer.name for offer in offers] == ["tiny", "small", "medium"]
    sizes = [offer.size or 0 for offer in offers]
    assert all(one < other for one, other in pairwise(sizes))
    assert all(file.crc32c and file.url.startswith(moonshine_library.HOST) for o in offers for file in o.files)
    assert {offer.licence for offer in offers} == {"MIT"}
    assert "non-commercial" in moonshine_library.hearing("ja")[0].licence
    assert moonshine_library.hearing("hi") == moonshine_library.hearing("ko") == []


@pytest.mark.parametrize(
    ("language", "tag"), [("en", "en-us"), ("en-IN", "en-us"), ("en_GB", "en-gb"), ("es", "es-es"), ("zh", "zh-hans")]
)
def test_a_language_finds_its_voices(language: str, tag: str) -> None:
    assert moonshine_library.voices(language)[0] == tag


def test_every_language_has_a_usual_voice_that_is_listed() -> None:
    for tag in moonshine_library.languages()["speaks"]:
        assert moonshine_library.speaking(tag, None).name in moonshine_library.voices(tag)[1]
    assert moonshine_library.speaking("en", None).name == moonshine_library.VOICE


# --- the command -----------------------------------------------------------------------------------


def profai(env: Mapping[str, str], *arguments: object) -> tuple[int, str, str]:
    process = begin(["setup", *arguments], env)
    out, err = process.communicate()
    assert "Traceback" not in out + err
    return process.returncode, out, err


@pytest.fixture(scope="module")
def shelf() -> dict[str, bytes]:
    """All files that `setup --local --size tiny` wants: those with a listed checksum have it."""
    offers = [moonshine_library.hearing("en")[0], moonshine_library.speaking("en", None)]
    return {
        file.url.removeprefix(f"{moonshine_library.HOST}/"): (
            forged(file.size, file.crc32c) if file.size else file.path.encode() * 100
        )
        for offer in offers
        for file in offer.files
    }


@pytest.fixture
def stocked(shelf: dict[str, bytes]) -> Iterator[ModelHost]:
    with running(ModelHost(dict(shelf))) as host:
        yield host


def with_host(tmp_path: Path, host: ModelHost) -> dict[str, str]:
    return {**environment(tmp_path), "PROFAI_MOONSHINE_URL": host.url}


def models(tmp_path: Path) -> Models:
    return Models(DiskCache(tmp_path / "data"))


TINY = ("--local", "--size", "tiny")
LARGEST = "model/tiny-streaming-en/quantized_26_08_21/decoder_kv.ort"


def test_it_lists_what_there_is_and_asks_no_host(stocked: ModelHost, tmp_path: Path) -> None:
    env = with_host(tmp_path, stocked)
    code, out, err = profai(env, "--list")
    assert (code, err) == (0, "")
    for text in ("tiny, 45 MB", "small, 142 MB", "medium, 269 MB", "kokoro_af_heart and 46 more", "setup --local"):
        assert text in out
    code, out, err = profai(env, "--json")
    listed = json.loads(out)
    assert (code, err, listed["downloaded"]) == (0, "", [])
    assert {"does": "hears", "language": "en", "name": "tiny", "bytes": 45_233_659, "licence": "MIT"} in listed[
        "offered"
    ]
    assert stocked.seen == []


def test_it_downloads_checks_records_and_removes(stocked: ModelHost, tmp_path: Path) -> None:
    env = with_host(tmp_path, stocked)
    stocked.faults[LARGEST] = [Fault("drop", after=10_000_000)]
    code, out, err = profai(env, *TINY, "--yes")
    assert (code, err) == (0, "")
    assert "hears en: tiny, 45 MB, licence: MIT" in out
    assert "100 %  45 of 45 MB" in out
    assert "\x1b" not in out
    assert stocked.got(LARGEST) == [0, 10_000_000]
    ear, mouth = models(tmp_path).hears("en-IN"), models(tmp_path).speaks("en")
    assert ear is not None
    assert mouth is not None
    assert (ear.name, ear.arch, mouth.name) == ("tiny", 2, "kokoro_af_heart")
    assert (Path(ear.folder) / "decoder_kv.ort").read_bytes() == stocked.files[LARGEST]
    assert parts(tmp_path) == []
    stocked.seen.clear()
    code, out, _ = profai(env, *TINY, "--json")  # nothing is to be asked, since nothing is to come
    assert code == 0
    assert [model["name"] for model in json.loads(out)["downloaded"]] == ["tiny", "kokoro_af_heart"]
    assert {method for method, _, _ in stocked.seen} == {"HEAD"}
    assert "hears en: tiny, 45 MB" in profai(env, "--list")[1]
    assert "Deleted 45 MB" in profai(env, "--remove")[1]
    assert models(tmp_path).all() == []
    assert not (tmp_path / "cache" / "moonshine").exists()
    assert profai(env, "--remove")[:2] == (0, "There is nothing to delete.\n")


def test_what_cannot_be_checked_is_said(stocked: ModelHost, tmp_path: Path) -> None:
    stocked.checksums = False
    code, _, err = profai(with_host(tmp_path, stocked), *TINY, "--yes")
    assert (code, err) == (0, "The host has no checksum of 10 files: their sizes alone were checked.\n")
    mouth = models(tmp_path).speaks("en")
    assert mouth is not None
    assert all(file.crc32c for file in mouth.files)


@pytest.mark.parametrize("kind", ["wrong", "status"])
def test_a_failure_records_nothing(stocked: ModelHost, tmp_path: Path, kind: str) -> None:
    path = "tts/kokoro/config.json"
    stocked.faults[path] = [Fault("wrong" if kind == "wrong" else "status", times=9)]
    code, _, err = profai(with_host(tmp_path, stocked), *TINY, "--yes")
    assert code == 3
    assert err.count("\n") == 1
    assert models(tmp_path).all() == []


def test_nothing_comes_without_a_yes(stocked: ModelHost, tmp_path: Path) -> None:
    code, out, err = profai(with_host(tmp_path, stocked), "--local", "--language", "es", "--size", "tiny")
    stocked_gets = [path for method, path, _ in stocked.seen if method == "GET"]
    assert (code, stocked_gets) == (3, [])  # this host has no Spanish voice
    code, out, err = profai(with_host(tmp_path, stocked), *TINY)
    assert code == 2
    assert err == f"profai: Download 45 MB to {tmp_path / 'cache' / 'moonshine'}? Say so with --yes.\n"
    assert "licence: MIT" in out
    assert stocked.got(LARGEST) == []
    assert models(tmp_path).all() == []


def test_the_licence_of_another_language_is_told_before(stocked: ModelHost, tmp_path: Path) -> None:
    offer = moonshine_library.speaking("es", None)
    stocked.files |= {f.url.removeprefix(f"{moonshine_library.HOST}/"): f.path.encode() for f in offer.files}
    code, out, err = profai(with_host(tmp_path, stocked), "--local", "--language", "es", "--size", "tiny")
    assert code == 2
    assert "Say so with --yes." in err
    assert "hears es: tiny, 32 MB, licence: Moonshine Community License (non-commercial" in " ".join(out.split())
    assert [path for method, path, _ in stocked.seen if method == "GET"] == []


def test_a_full_disk_is_exit_2(stocked: ModelHost, tmp_path: Path) -> None:
    stocked.sizes["tts/kokoro/decoder.weights.ort"] = 10**16
    code, _, err = profai(with_host(tmp_path, stocked), *TINY, "--yes")
    assert code == 2
    assert "MB are free: make room" in err
    assert [path for method, path, _ in stocked.seen if method == "GET"] == []


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["--local", "--voice", "nobody", "--yes"], 2, "no voice 'nobody' for en-us"),
        (["--local", "--language", "xx", "--yes"], 2, "nothing for 'xx': it hears ar, de, en"),
        (["--local", "--language", "hi", "--size", "tiny", "--yes"], 2, "no recogniser of the size 'tiny' for 'hi'"),
        (["--language", "xx"], 2, "nothing for 'xx'"),
        (["--size", "tiny"], 2, "go with --local"),
        (["--remove", "--local"], 2, "exclude each other"),
        (["--local", "--yes"], 3, "http://127.0.0.1:9 cannot be reached: connect to the network"),
    ],
)
def test_bad_usage_and_no_network(tmp_path: Path, arguments: list[str], code: int, says: str) -> None:
    env = {**environment(tmp_path), "PROFAI_MOONSHINE_URL": "http://127.0.0.1:9"}
    done, out, err = profai(env, *arguments)
    assert (done, out if code == 2 else "") == (code, "")
    assert says in err
    assert err.count("\n") == 1


@pytest.mark.parametrize("url", ["nonsense", "ftp://models.example", "http://[", "http://"])
def test_a_mirror_that_is_none(tmp_path: Path, url: str) -> None:
    code, _, err = profai({**environment(tmp_path), "PROFAI_MOONSHINE_URL": url}, "--local", "--yes")
    assert (code, err.count("\n")) == (2, 1)
    assert "PROFAI_MOONSHINE_URL" in err


def test_without_the_package_it_says_how_to_install_it(tmp_path: Path) -> None:
    code = (
        "import sys; sys.modules['moonshine_voice'] = None\n"
        "from profai_cli.cli.main import main; main(['setup', *sys.argv[1:]])"
    )
    for arguments in (["--list"], ["--local", "--yes"]):
        done = subprocess.run(
            [sys.executable, "-c", code, *arguments],
            env=environment(tmp_path),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        sentence = "the package moonshine-voice is missing: run pip install moonshine-voice."
        assert (done.returncode, done.stderr) == (3, f"profai: Moonshine cannot be used, {sentence}\n")


@needs_pty
def test_in_a_terminal_it_asks_shows_a_bar_and_goes_on_after_ctrl_c(stocked: ModelHost, tmp_path: Path) -> None:
    env = with_host(tmp_path, stocked)
    stocked.faults[LARGEST] = [Fault("stall", after=21_000_000)]
    with Terminal(["setup", *TINY], env) as terminal:
        terminal.wait("Download 45 MB to")
        assert stocked.got(LARGEST) == []
        terminal.press("y\r")
        terminal.wait("23.6/45.3 MB")
        terminal.press("\x03")
        assert terminal.ends() == 130
        terminal.wait("what has come is kept")
        assert terminal.settings == terminal.before
        assert "\x1b[?25h" in terminal.raw  # the cursor is shown again
    (part,) = parts(tmp_path)
    assert part.stat().st_size == 21_000_000
    assert models(tmp_path).all() == []
    with Terminal(["setup", *TINY], env) as terminal:
        terminal.wait("Download 22 MB to")
        terminal.press("\r")
        assert terminal.ends() == 0
        terminal.wait("45.3/45.3 MB")
        terminal.wait("Ready: a class without keys uses them from now on.")
    assert stocked.got(LARGEST) == [0, 21_000_000]
    assert models(tmp_path).hears("en") is not None


@needs_pty
def test_a_no_downloads_nothing(stocked: ModelHost, tmp_path: Path) -> None:
    with Terminal(["setup", *TINY], with_host(tmp_path, stocked)) as terminal:
        terminal.wait("Download 45 MB to")
        terminal.press("n\r")
        assert terminal.ends() == 0
        terminal.wait("Nothing was downloaded.")
    assert stocked.got(LARGEST) == []


@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
def test_a_kill_in_the_middle_keeps_the_part(stocked: ModelHost, tmp_path: Path) -> None:
    env = with_host(tmp_path, stocked)
    stocked.faults[LARGEST] = [Fault("stall", after=21_000_000)]
    process = begin(["setup", *TINY, "--yes"], env)
    assert process.stdout is not None
    while "23 of 45 MB" not in process.stdout.readline():
        assert process.poll() is None
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert 10_000_000 < sum(part.stat().st_size for part in parts(tmp_path)) <= 21_000_000
    code, _, err = profai(env, *TINY, "--yes")
    assert (code, err) == (0, "")
    assert stocked.got(LARGEST)[1] > 10_000_000


def test_errors_are_of_profai() -> None:
    with pytest.raises(ProfaiError), Downloads(OWN, "http://127.0.0.1:9") as downloads:
        downloads.described([RemoteFile("a", f"{OWN}/a", None, "")])
