"""Keys: what a terminal sends for them, and what they mean, a command each or letters of a question."""

import sys
from io import BytesIO, TextIOWrapper
from queue import SimpleQueue

import pytest

from profai_cli.cli.main import main
from profai_cli.ui.keyboard import LineKeyboard
from profai_cli.ui.keys import KEYS
from profai_cli.ui.strokes import ESCAPE_SECONDS, LONGEST, PASTE_OFF, PASTE_ON, PASTE_SECONDS, Strokes
from profai_cli.ui.typist import LETTER_SECONDS, Typist


class Desk:
    """Takes what a terminal sends. `did`: what came of it, in order."""

    def __init__(self) -> None:
        self.did: list[tuple[str, str | None]] = []
        self._strokes = Strokes()
        self._typist = Typist(
            lambda action: self.did.append(("do", action)),
            lambda words: self.did.append(("ask", words)),
            lambda line: self.did.append(("show", line)),
        )

    def send(self, *pieces: str) -> "Desk":
        for piece in pieces:
            for stroke in self._strokes.feed(piece):
                self._typist(stroke)
        return self

    def wait(self) -> "Desk":
        """Nothing comes for as long as something is awaited."""
        while self.patience:
            for stroke in self._strokes.settle():
                self._typist(stroke)
            self._typist.settle()
        return self

    @property
    def patience(self) -> float | None:
        return self._strokes.patience or self._typist.patience

    @property
    def done(self) -> list[str | None]:
        return [what for kind, what in self.did if kind == "do"]

    @property
    def asked(self) -> list[str | None]:
        return [what for kind, what in self.did if kind == "ask"]

    @property
    def line(self) -> str | None:
        return next((what for kind, what in reversed(self.did) if kind == "show"), None)


SENT = {"space": " ", "left": "\x1b[D", "right": "\x1b[C"}


@pytest.mark.parametrize(
    "key", [key for key in KEYS if not key.label.isalpha() or key.label in SENT], ids=lambda k: k.label
)
def test_a_key_that_is_no_letter_acts_at_once(key) -> None:
    assert Desk().send(SENT.get(key.label, key.label)).did == [("do", key.action)]


LETTERS = [key for key in KEYS if len(key.label) == 1 and key.label.isalpha()]


@pytest.mark.parametrize(
    "key", [key for key in LETTERS if key.action != "type" and not key.back], ids=lambda key: key.label
)
def test_a_letter_stands_in_the_line_and_acts_when_it_stays_alone(key) -> None:
    desk = Desk().send(key.label)
    assert (desk.did, desk.patience) == ([("show", key.label)], LETTER_SECONDS)
    assert desk.wait().did[1:] == [("show", None), ("do", key.action)]
    assert desk.patience is None


@pytest.mark.parametrize(
    "words", ["repeat what you said", "put it simpler", "now what?", "quite so", "may I ask", "tell me more", "nächste"]
)
def test_what_is_typed_without_a_break_is_a_question_and_steers_nothing(words: str) -> None:
    desk = Desk().send(*words)
    assert (desk.line, desk.patience) == (words, None)
    assert desk.done == (["mute", "mute_back"] if words.startswith("m") else [])
    assert desk.send("\r").asked == [words]


def test_a_letter_that_comes_again_is_a_key_that_is_held() -> None:
    desk = Desk().send("n", "n", "n")
    assert desk.done == ["next_topic"] * 2
    assert desk.wait().done == ["next_topic"] * 3
    assert desk.line is None


def test_the_microphone_is_off_at_once_and_on_again_where_its_key_begins_a_word() -> None:
    assert Desk().send("m").did == [("show", "m"), ("do", "mute")]
    assert Desk().send("m").wait().did == [("show", "m"), ("do", "mute"), ("show", None)]
    assert Desk().send("m", "m").wait().done == ["mute", "mute"]
    assert Desk().send("m", "\x1b").wait().done == ["mute", "mute_back"]
    assert Desk().send("m", " ").done == ["mute", "pause_or_go_on"]


@pytest.mark.parametrize(
    ("sent", "done"),
    [
        ("n ", ["next_topic", "pause_or_go_on"]),
        ("p\x1b[C", ["previous_topic", "next_sentence"]),
        ("r+", ["repeat", "faster"]),
    ],
)
def test_a_letter_acts_before_a_key_that_is_none(sent: str, done: list[str]) -> None:
    assert Desk().send(sent).done == done


@pytest.mark.parametrize("sent", ["n\x1b", "n\x7f", "n\x15\x1b"])
def test_a_letter_can_be_taken_back_before_it_acts(sent: str) -> None:
    desk = Desk().send(sent).wait()
    assert desk.done == []


def test_enter_after_a_letter_opens_a_question_when_the_letter_has_acted() -> None:
    desk = Desk().send("n\r")
    assert (desk.done, desk.line) == (["next_topic"], "")


def test_arrows_of_the_keypad_mode_and_with_modifiers_are_arrows() -> None:
    assert Desk().send("\x1bOD\x1b[1;2C").done == ["previous_sentence", "next_sentence"]


def test_faster_needs_no_shift() -> None:
    assert Desk().send("=").done == ["faster"]


@pytest.mark.parametrize("opens", ["t", "\r", "\n"])
def test_t_and_enter_open_an_empty_question_in_which_every_key_is_text(opens: str) -> None:
    desk = Desk().send(opens).wait()
    assert desk.line == ""
    desk.send("mute next? +- q\r")
    assert (desk.asked, desk.done, desk.line) == (["mute next? +- q"], [], None)


def test_any_other_letter_begins_a_question_and_is_its_first() -> None:
    desk = Desk().send("why")
    assert desk.line == "why"
    assert desk.send("\r").asked == ["why"]


@pytest.mark.parametrize("word", ["Mute", "Next", "Perhaps", "Quite", "Really", "Tell me"])
def test_a_capital_begins_a_question_too(word: str) -> None:
    assert Desk().send(f"{word}\r").asked == [word]


def test_escape_drops_a_question() -> None:
    desk = Desk().send("why", "\x1b").wait()
    assert (desk.line, desk.asked) == (None, [])
    assert desk.send("m").wait().done == ["mute"]


def test_keys_act_again_after_a_question_was_sent() -> None:
    assert Desk().send("why\rm").wait().done == ["mute"]


def test_an_empty_question_is_not_sent() -> None:
    desk = Desk().send("t").wait().send("  \r")
    assert (desk.line, desk.asked) == (None, [])


def test_a_question_can_be_mended_and_taken_back_to_nothing() -> None:
    assert Desk().send("whx\x7fy\r").asked == ["why"]
    assert Desk().send("why not\x17now\r").asked == ["why now"]
    assert Desk().send("why\x15how\r").asked == ["how"]
    assert Desk().send("w\x7f\x7f").line is None


def test_what_is_pasted_is_a_question_and_never_keys() -> None:
    desk = Desk().send("\x1b[200~quit now\rm\n\x1b[201~")
    assert (desk.line, desk.done, desk.asked) == ("quit now m", [], [])
    assert desk.send("\r").asked == ["quit now m"]


def test_a_paste_may_come_in_pieces_and_goes_on_with_the_line() -> None:
    assert Desk().send("t").wait().send("is ", "\x1b[20", "0~a b", "erry\x1b[2", "01~ red\r").asked == [
        "is a berry red"
    ]


def test_escape_codes_in_a_paste_do_nothing() -> None:
    assert Desk().send("\x1b[200~a\x1b[2Jb\x07\x1b[201~").line == "a[2Jb"


def test_sequences_may_be_split_anywhere() -> None:
    assert Desk().send("\x1b", "[", "D").done == ["previous_sentence"]


def test_an_escape_before_another_sequence_is_the_key() -> None:
    desk = Desk().send("why\x1b\x1b[D")
    assert (desk.line, desk.done) == (None, ["previous_sentence"])


def test_a_letter_before_a_paste_belongs_to_it() -> None:
    assert Desk().send("n\x1b[200~ext\x1b[201~\r").asked == ["next"]


def test_a_long_paste_is_cut_and_says_so() -> None:
    desk = Desk().send("\x1b[200~", *["many words " * 100] * 100, "\x1b[201~")
    assert desk.line is not None
    assert (len(desk.line), desk.line[-1]) == (LONGEST + 1, "…")
    assert len(Desk().send("t").wait().send("x" * 9000).line or "") == LONGEST + 1


def test_a_paste_that_the_terminal_does_not_end_ends_by_itself_and_holds_no_more_than_a_question() -> None:
    desk = Desk().send("\x1b[200~why", *["y" * 500] * 50)
    assert (desk.line, desk.patience) == (None, PASTE_SECONDS)
    assert len(desk._strokes._pasted or "") <= LONGEST + 1
    assert len(desk.wait().line or "") == LONGEST + 1
    assert desk.send("\x1b").patience == ESCAPE_SECONDS


@pytest.mark.parametrize("sent", ["\x1b[A", "\x1bOP", "\x1b[3~", "\x1bm", "\x1b[15;5~", "\t", "\x04", "\x00"])
def test_other_keys_do_nothing(sent: str) -> None:
    assert Desk().send(sent).wait().did == []


def test_letters_of_any_language_begin_a_question() -> None:
    assert Desk().send("क्या है\r").asked == ["क्या है"]


def test_the_terminal_is_asked_to_mark_what_is_pasted_by_the_codes_of_xterm() -> None:
    assert (PASTE_ON, PASTE_OFF) == ("\x1b[?2004h", "\x1b[?2004l")


def test_a_byte_that_is_no_text_ends_no_typing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines, as a terminal edits them, which may have another encoding."""
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(b"what is \xff\nquit\n"), encoding="utf-8"))
    with pytest.raises(SystemExit):
        main(["settings", "path"])
    asked: SimpleQueue[str] = SimpleQueue()
    LineKeyboard(asked.put, asked.put).start()
    assert [asked.get(timeout=5) for _ in range(2)] == ["what is \ufffd", "quit"]
