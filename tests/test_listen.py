"""`profai listen`: the loop with a scripted sound and recogniser, and the command with the real ones."""

import asyncio
import io
import json
import signal
import subprocess
import sys
import wave
from pathlib import Path

import pytest
from click.testing import CliRunner
from rich.console import Console

from profai_cli.cli.listen import listen
from profai_cli.errors import DeviceError, EngineError, InputError
from profai_cli.events import Decision, FinalTranscript, Metrics, PartialTranscript, SttReady
from profai_cli.pcm import SPEECH_BLOCK
from profai_cli.ports import HANGOVER, Evidence, Frame, Recognized
from profai_cli.session.hearing import Hearing
from profai_cli.sound.devices import find, pick
from profai_cli.sound.simulated import SimulatedSound
from profai_cli.ui.hearing_lines import HearingLines
from profai_cli.ui.hearing_screen import HearingScreen
from profai_cli.ui.hearing_tally import Tally
from profai_cli.ui.hearing_trace import Trace
from tests.sounds import RECORDINGS, needs_recordings


class Script:
    """A `ports.Sound` whose voice changes as written: {block: change}. The input ends with the last one."""

    player = None
    microphone = "script"
    hears = True
    speaker = ""

    def __init__(self, changes, level=-20.0):
        self.on_device = lambda change: None
        self.closed = False
        self._changes, self._level = changes, level
        self._block = self._first = 0

    def start(self, sink):
        raise RuntimeError("stepped only")

    def step(self):
        self._block += 1
        change = self._changes.get(self._block)
        if change == "started":
            self._first = self._block
        return Frame(
            self._block / 100,
            bytes(2 * SPEECH_BLOCK),
            0,
            voice="ended" if change == "refuted" else change,
            voiced=(self._block - self._first) / 100 - HANGOVER if change == "ended" else 0.0,
            microphone_dbfs=self._level,
            input_ended=self._block > max(self._changes),
        )

    def close(self):
        self.closed = True


class Typist:
    """A `ports.SpeechToText` that hears what it was told: words at blocks, a final text when asked."""

    name = "typist"

    def __init__(self, partials, final="done", start_error="", fails_at=0):
        self.partials, self.final = partials, final
        self.start_error, self.fails_at = start_error, fails_at
        self._t = 0.0

    async def start(self, emit):
        if self.start_error:
            raise EngineError(self.start_error)
        self._emit = emit

    def feed(self, frame):
        self._t = frame.t
        block = round(frame.t * 100)
        if block in self.partials:
            self._emit(Recognized(self.partials[block], False, frame.t, 0.05))
        if block == self.fails_at:
            self._emit(EngineError("It broke."))

    def finalize(self):
        self._emit(Recognized(self.final, True, self._t, 0.105))

    def discard(self):
        pass

    async def settle(self):
        pass

    async def close(self):
        pass


def hear(changes, typist):
    events = []
    sound = Script(changes)
    hearing = Hearing(sound, typist, stepped=True, readers=[events.append], watch=lambda frame: None)
    try:
        asyncio.run(hearing.run())
    finally:
        assert sound.closed
    return events


def orders(events):
    return [(e.command["command"].removesuffix("_speech"), e.t) for e in events if isinstance(e, Decision)]


def figures(events, name):
    return [event.value for event in events if isinstance(event, Metrics) and event.figure == name]


def test_an_utterance_ends_with_silence_and_its_delays_are_counted_from_voiced_samples():
    typist = Typist({130: "what", 150: "what is"}, final="what is it")
    events = hear({100: "started", 110: "confirmed", 220: "ended"}, typist)
    assert orders(events) == [("finalize", 3.5)]  # "is" asks for more words: 1.3 s, not 0.5
    assert [e.text for e in events if isinstance(e, PartialTranscript)] == ["what", "what is"]
    (final,) = [e for e in events if isinstance(e, FinalTranscript)]
    assert (final.text, final.t) == ("what is it", 3.6)
    assert figures(events, "first_partial_ms") == [350.0]
    assert figures(events, "final_words_ms") == [1600.0]
    assert figures(events, "voice_level_db") == [-20.0]


def test_a_short_gap_does_not_end_an_utterance_and_a_longer_one_does():
    first = {100: "started", 110: "confirmed", 150: "ended"}
    events = hear({**first, 190: "started", 195: "confirmed", 250: "ended"}, Typist({}))
    assert orders(events) == [("finalize", 3.0)]
    events = hear({**first, 210: "started", 215: "confirmed", 250: "ended"}, Typist({}))
    assert orders(events) == [("finalize", 2.0), ("finalize", 3.0)]
    assert figures(events, "final_words_ms") == [800.0, 800.0]


def test_what_is_not_confirmed_is_discarded_and_a_cough_after_words_does_not_discard_them():
    assert orders(hear({100: "started", 130: "ended"}, Typist({}))) == [("discard", 1.8)]
    coughed = {100: "started", 110: "confirmed", 150: "ended", 170: "started", 200: "ended"}
    assert orders(hear(coughed, Typist({}))) == [("finalize", 2.5)]


def test_a_confirmed_voice_that_was_none_is_no_stretch_of_the_utterance():
    changes = {100: "started", 110: "confirmed", 150: "refuted", 170: "started", 175: "confirmed", 250: "ended"}
    events = hear(changes, Typist({180: "what"}))
    assert orders(events) == [("finalize", 3.0)]
    assert figures(events, "first_partial_ms") == [150.0]
    assert figures(events, "final_words_ms") == [800.0]


def test_noise_that_goes_on_is_discarded():
    assert orders(hear({100: "started", 900: "ended"}, Typist({}))) == [("discard", 4.0)]


@pytest.mark.parametrize("typist", [Typist({}, start_error="It broke."), Typist({}, fails_at=50)])
def test_a_recogniser_that_fails_ends_the_listening(typist):
    with pytest.raises(EngineError, match="It broke"):
        hear({100: "started"}, typist)


def test_a_fault_in_the_sounds_own_thread_ends_the_listening():
    def broken(_block):
        raise ZeroDivisionError

    sound = SimulatedSound(speaker=broken)
    hearing = Hearing(sound, Typist({}), stepped=False, readers=[], watch=lambda frame: None)
    with pytest.raises(ZeroDivisionError):
        asyncio.run(hearing.run())


# --- what is shown -------------------------------------------------------------------------------------

NASTY = "\x1b[2J[bold]ill\x07"


@pytest.mark.parametrize("event", [FinalTranscript(1.0, NASTY), PartialTranscript(1.0, NASTY), SttReady(1.0, NASTY)])
def test_words_are_neither_markup_nor_escape_codes(event):
    lines = []
    HearingLines(lines.append)(event)
    assert lines[0].endswith("[bold]ill")
    assert lines[0].isprintable()

    output = io.StringIO()
    screen = HearingScreen(Console(file=output, force_terminal=True, width=60, color_system=None))
    screen.start()
    screen(event)
    for block in range(8):
        screen.watch(Frame(block / 100, b"", 0))
    screen.stop()
    assert "[bold]ill" in output.getvalue()
    assert "\x1b[2J" not in output.getvalue()
    assert "\x07" not in output.getvalue()

    tally = Tally("ill")
    tally(FinalTranscript(1.0, NASTY))
    assert all(line.isprintable() for line in tally.lines())


def test_on_a_terminal_partial_words_share_one_line_with_the_meter():
    output = io.StringIO()
    screen = HearingScreen(Console(file=output, force_terminal=True, width=60, color_system=None))
    screen.start()
    screen(PartialTranscript(1.0, "the oldest words go out of sight and the newest words stay"))
    for block in range(8):
        screen.watch(Frame(block / 100, b"", 0, microphone_dbfs=-30.0))
    screen.stop()
    drawn = output.getvalue()
    assert "-30 dBFS" in drawn
    assert "newest words stay" in drawn
    assert "oldest" not in drawn
    assert "\n" not in drawn[: drawn.index("stay")]


def test_the_summary_counts():
    tally = Tally("What is a well-known loop?")
    for event in (
        FinalTranscript(1.0, "what is a well known hoop"),
        Metrics(1.0, "final_words_ms", 800.0),
        FinalTranscript(2.0, ""),
        Metrics(2.0, "final_words_ms", 900.0),
        Decision(3.0, {"command": "discard_speech"}),
    ):
        tally(event)
    summary = tally.to_dict()
    assert summary["event"] == "summary"
    assert (summary["utterances"], summary["without_words"], summary["noises"]) == (2, 1, 1)
    assert summary["final_words_ms"] == {"median": 850.0, "worst": 900.0}
    assert summary["first_partial_ms"] is None
    assert summary["word_errors"]["rate"] == round(1 / 6, 4)
    assert "[loop > hoop]" in tally.lines()[-1]


def trace(level=-30.0, noise=-70.0, detector=True, vote=False, voice=None):
    steps, gather = [], Trace()
    for block in range(20):
        evidence = Evidence(level, -50.0, noise, detector, vote, 0.1)
        steps.append(gather(Frame((block + 1) / 100, b"", 0, voice=voice if block == 0 else None, evidence=evidence)))
    assert [step is not None for step in steps] == ([False] * 9 + [True]) * 2
    return steps[-1]


def test_the_trace_says_why():
    assert trace(level=-60.0).reason == "no: below the gate"
    assert trace(detector=False).reason == "no: the detector hears no voice"
    assert trace(noise=-35.0).reason == "no: too little above the noise"
    assert trace(vote=True).reason == "no: too few votes"
    assert trace(vote=True, voice="started").reason == "voice"
    assert trace(voice="ended").to_dict()["event"] == "voice_activity"


# --- the command ---------------------------------------------------------------------------------------


@pytest.fixture(autouse=True)
def folders(tmp_path, monkeypatch):
    monkeypatch.setenv("PROFAI_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("PROFAI_CACHE", str(tmp_path / "cache"))


def run(*arguments):
    result = CliRunner().invoke(listen, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.output


def parsed(output):
    return [json.loads(line) for line in output.splitlines()]


@pytest.fixture(scope="module")
def stereo(tmp_path_factory):
    """The first words of a recording, at 32 kHz in stereo: every sample four times."""
    with wave.open(str(RECORDINGS / "austen_0880.wav")) as file:
        pcm = file.readframes(25_000)
    path = tmp_path_factory.mktemp("sound") / "stereo.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((2, 2, 32_000, 0, "NONE", ""))
        file.writeframes(b"".join(pcm[i : i + 2] * 4 for i in range(0, len(pcm), 2)))
    return path


@needs_recordings
def test_a_recording_as_json_gives_the_same_lines_every_time(stereo):
    arguments = ("--fast", "--json", "--vad", "--input", stereo, "--expect", "He was not an ill-")
    output = run(*arguments)
    assert run(*arguments) == output
    told = parsed(output)
    kinds = [each["event"] for each in told]
    order = [
        "stt_ready",
        "speech_started",
        "speech_confirmed",
        "partial_transcript",
        "speech_ended",
        "final_transcript",
    ]
    assert [kind for kind in dict.fromkeys(kinds) if kind in order] == order
    assert kinds[-1] == "summary"
    (final,) = [each for each in told if each["event"] == "final_transcript"]
    assert final["text"].startswith("he was not")
    summary = told[-1]
    assert summary["text"] == final["text"]
    assert summary["utterances"] == 1
    assert summary["word_errors"]["said"] == 5
    assert 0 <= summary["word_errors"]["rate"] < 0.5
    assert 0 < summary["first_partial_ms"]["median"] < 1000

    steps = [each for each in told if each["event"] == "voice_activity"]
    assert steps[0]["reason"].startswith("no: ")
    spoken = [step for step in steps if step["voice"]]
    assert len(spoken) > 10
    assert max(step["judge"] for step in spoken) > 0.9
    assert any(step["votes"] == 10 for step in spoken)


@needs_recordings
def test_a_recording_as_lines(stereo):
    output = run("--fast", "--vad", "--input", f"0.5:{stereo}")
    assert "microphone  stereo.wav" in output
    assert "words ...   he was not" in output
    assert "activity " in output
    assert "1 utterance with words, 0 without, 0 noises" in output
    assert "\x1b" not in output


def test_silence_is_told(tmp_path):
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as file:
        file.setparams((1, 2, 16_000, 0, "NONE", ""))
        file.writeframes(bytes(16_000))
    output = run("--fast", "--input", path)
    assert "No voice was found; --vad shows why." in output
    assert "-120 dBFS at the loudest" in output


@pytest.mark.parametrize(
    "arguments",
    [["--fast"], ["--input", "q.wav", "--microphone", "1"], ["--input", "q.wav", "--expect", "..."]],
)
def test_bad_usage(arguments):
    result = CliRunner().invoke(listen, arguments)
    assert result.exit_code == 2
    assert "Traceback" not in result.output


def test_a_missing_file_is_one_sentence(tmp_path):
    result = CliRunner().invoke(listen, ["--input", str(tmp_path / "q.wav")])
    assert isinstance(result.exception, InputError)


def test_help_has_an_example():
    assert "\n  profai listen --input" in run("--help")


def command(*arguments):
    return subprocess.Popen(
        [sys.executable, "-m", "profai_cli.cli.main", "listen", *map(str, arguments)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[1],
    )


def has_a_microphone():
    try:
        return pick("microphone", None, find()) is not None
    except DeviceError:
        return False


def test_without_a_microphone_it_is_one_sentence():
    if has_a_microphone():
        pytest.skip("this machine has a microphone")
    process = command("--json")
    output, complaint = process.communicate()
    assert process.returncode == 3
    assert output == ""
    assert complaint.startswith("profai: ")
    assert complaint.count("\n") == 1
    assert "--input FILE.wav" in complaint


def test_a_microphone_that_is_not_there_is_one_sentence():
    process = command("--microphone", "no such thing")
    output, complaint = process.communicate()
    assert process.returncode in (2, 3)  # 3 without PortAudio
    assert output == ""
    assert complaint.count("\n") == 1


@needs_recordings
@pytest.mark.skipif(sys.platform == "win32", reason="a console's Ctrl-C cannot be sent to one process there")
def test_ctrl_c_ends_with_the_summary():
    process = command("--json", "--input", RECORDINGS / "austen_0880.wav")
    assert process.stdout
    first = process.stdout.readline()
    while json.loads(process.stdout.readline())["event"] != "speech_started":
        pass
    process.send_signal(signal.SIGINT)
    rest, complaint = process.communicate()
    assert json.loads(first)["event"] == "stt_ready"
    assert parsed(rest)[-1]["event"] == "summary"
    assert complaint == ""
    assert process.returncode == 130
