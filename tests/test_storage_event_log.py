"""The event log, written by one process and read by another."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

from profai_cli import events
from profai_cli.errors import InputError, StorageError
from profai_cli.storage.event_log import EventLog, read_events

SOME = [
    events.SttReady(0.0, "sphinx"),
    events.TeachingContent(1.5, 1, 0, "Ein Satz für dich \x1b[31mrot\x1b[0m\n", "lesson", (0, 1, 2, 3)),
    events.Decision(2.0, {"command": "speak", "place": [0, 0, 0, 0]}),
    events.ClassComplete(3.25, "finished"),
]


def write(path: Path, some: list[events.Event]) -> None:
    log = EventLog(path)
    for event in some:
        log(event)
    log.close()
    assert log.fault is None


def test_what_is_written_is_read_back(tmp_path):
    write(tmp_path / "run.jsonl", SOME)
    assert read_events(tmp_path / "run.jsonl") == SOME


def test_a_log_is_ascii_lines_of_flat_objects(tmp_path):
    write(tmp_path / "run.jsonl", SOME)
    data = (tmp_path / "run.jsonl").read_bytes()
    assert all(byte == 10 or 32 <= byte < 127 for byte in data)
    assert [json.loads(line)["event"] for line in data.splitlines()] == [event.name for event in SOME]


def test_every_line_can_be_read_while_the_class_runs(tmp_path):
    log = EventLog(tmp_path / "run.jsonl")
    for number, event in enumerate(SOME, 1):
        log(event)
        assert read_events(tmp_path / "run.jsonl") == SOME[:number]
    log.close()
    log.close()


def test_standard_output_is_a_log_too():
    code = (
        "from profai_cli.storage.event_log import EventLog; from profai_cli.events import SttStopped\n"
        "log = EventLog(None); print('before'); log(SttStopped(1.0)); log.close(); print('after')"
    )
    run = subprocess.run([sys.executable, "-u", "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout.splitlines() == ["before", '{"event": "stt_stopped", "t": 1.0}', "after"]
    assert run.stderr == ""


def test_the_class_goes_on_when_the_reader_of_the_pipe_is_gone():
    code = (
        "import sys; from profai_cli.events import SttStopped\n"
        "from profai_cli.storage.event_log import EventLog\n"
        "sys.stdin.readline(); log = EventLog(None)\n"
        "log(SttStopped(1.0)); first = log.fault; log(SttStopped(2.0)); log.close()\n"
        "print(first, first is log.fault, file=sys.stderr)"
    )
    pipe = subprocess.PIPE
    with subprocess.Popen([sys.executable, "-c", code], stdin=pipe, stdout=pipe, stderr=pipe, text=True) as run:
        run.stdout.close()
        run.stdin.write("go\n")
        run.stdin.close()
        said = run.stderr.read()
    assert re.match(r"The event log ended early: .*standard output", said)  # Windows knows no broken pipe
    assert said.endswith(" True\n")
    assert said.count("\n") == 1
    assert run.returncode == 0


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a disk that is always full")
def test_a_full_disk_ends_the_log_and_not_the_class():
    log = EventLog(Path("/dev/full"))
    log(SOME[0])
    assert isinstance(log.fault, StorageError)
    assert str(log.fault).startswith("The event log ended early: ")
    log(SOME[1])
    log.close()


def test_a_log_that_cannot_be_opened_is_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "no" / "folder.jsonl", tmp_path / "zero\0byte"):
        with pytest.raises(StorageError, match=r"^Cannot write events to .*; choose another file for --events\.$"):
            EventLog(path)


# --- reading ---------------------------------------------------------------------------------------


def test_a_last_line_that_a_kill_cut_off_is_left_out(tmp_path):
    path = tmp_path / "run.jsonl"
    write(path, SOME)
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    for cut in range(1, len(last) + 1):
        path.write_bytes(whole[: len(whole) - cut])
        assert read_events(path) == (SOME if cut == 1 else SOME[:-1])


@pytest.mark.parametrize(
    "line",
    [
        b"hello",
        b"[]",
        b"7",
        b"null",
        b"\xff\xfe\xfa",
        b"[" * 100_000,
        b'{"event": "party", "t": 1.0}',
        b'{"event": [], "t": 1.0}',
        b'{"event": "stt_ready", "t": 1.0}',
        b'{"event": "stt_ready", "t": "1", "engine": "x"}',
        b'{"event": "stt_ready", "t": NaN, "engine": "x"}',
        b'{"event": "lesson_resumed", "t": 1.0, "reply": 1}',
        b'{"event": "lesson_resumed", "t": 1.0, "reply": 1, "place": 3}',
        b'{"event": "lesson_resumed", "t": 1.0, "reply": 1, "place": [0, 1]}',
        b'{"event": "lesson_resumed", "t": 1.0, "reply": 1, "place": [-1, 0, 0, 0]}',
        b'{"event": "stt_ready", "t": 1.0, "engine": 5}',
        b'{"event": "metrics", "t": 1.0, "figure": "barge_in_ms", "value": "x", "reply": 1}',
        b'{"event": "metrics", "t": 1.0, "figure": "barge_in_ms", "value": 1e999, "reply": 1}',
        b'{"event": "metrics", "t": 1.0, "figure": "barge_in_ms", "value": 1.0, "reply": 1.5}',
        b'{"event": "stt_ready", "t": 1' + 400 * b"0" + b', "engine": "x"}',
        b'{"event": "class_complete", "t": 1.0, "reason": "sun"}',
        b'{"event": "decision", "t": 1.0, "command": []}',
    ],
)
def test_a_bad_line_is_named(tmp_path, line):
    path = tmp_path / "run.jsonl"
    write(path, SOME[:1])
    with path.open("ab") as file:
        file.write(line + b"\n\n" + line)
    with pytest.raises(InputError) as caught:
        read_events(path)
    assert str(caught.value) == f"Line 2 of {str(path)!r} is no event; name a file made with --events."


def test_a_log_that_cannot_be_read_is_one_sentence(tmp_path):
    for path in (tmp_path, tmp_path / "missing", Path("zero\0byte")):
        with pytest.raises(InputError, match=r"^Cannot read events from .*; name a file made with --events\.$"):
            read_events(path)


def test_an_empty_log_and_other_line_ends_are_no_error(tmp_path):
    (tmp_path / "empty").write_bytes(b"")
    assert read_events(tmp_path / "empty") == []
    write(tmp_path / "run.jsonl", SOME)
    data = (tmp_path / "run.jsonl").read_bytes().replace(b"\n", b"\r\n")
    (tmp_path / "windows.jsonl").write_bytes(data)
    assert read_events(tmp_path / "windows.jsonl") == SOME
