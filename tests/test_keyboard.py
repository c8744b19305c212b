"""Keys: what a terminal sends for them, and what they mean, a command each or letters of a question."""

import pytest

from profai_cli.ui.keys import KEYS
from profai_cli.ui.strokes import PASTE_OFF, PASTE_ON, Strokes
from profai_cli.ui.typist import Typist


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
        for stroke in self._strokes.settle():
            self._typist(stroke)
        return self

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


@pytest.mark.parametrize("key", [key for key in KEYS if key.action != "type"], ids=lambda key: key.label)
def test_each_key_of_the_table_acts_at_once(key) -> None:
    assert Desk().send(SENT.get(key.label, key.label)).did == [("do", key.action)]


def test_arrows_of_the_keypad_mode_and_with_modifiers_are_arrows() -> None:
    assert Desk().send("\x1bOD\x1b[1;2C").done == ["previous_sentence", "next_sentence"]


def test_faster_needs_no_shift() -> None:
    assert Desk().send("=").done == ["faster"]


@pytest.mark.parametrize("opens", ["t", "\r", "\n"])
def test_t_and_enter_open_an_empty_question_in_which_every_key_is_text(opens: str) -> None:
    desk = Desk().send(opens)
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
    assert desk.send("m").done == ["mute"]


def test_keys_act_again_after_a_question_was_sent() -> None:
    assert Desk().send("why\rm").done == ["mute"]


def test_an_empty_question_is_not_sent() -> None:
    desk = Desk().send("t  \r")
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
    assert Desk().send("t", "is ", "\x1b[20", "0~a b", "erry\x1b[2", "01~ red\r").asked == ["is a berry red"]


def test_escape_codes_in_a_paste_do_nothing() -> None:
    assert Desk().send("\x1b[200~a\x1b[2Jb\x07\x1b[201~").line == "a[2Jb"


def test_sequences_may_be_split_anywhere() -> None:
    assert Desk().send("\x1b", "[", "D").done == ["previous_sentence"]


def test_an_escape_before_another_sequence_is_the_key() -> None:
    desk = Desk().send("why\x1b\x1b[D")
    assert (desk.line, desk.done) == (None, ["previous_sentence"])


@pytest.mark.parametrize("sent", ["\x1b[A", "\x1bOP", "\x1b[3~", "\x1bm", "\x1b[15;5~", "\t", "\x04", "\x00"])
def test_other_keys_do_nothing(sent: str) -> None:
    assert Desk().send(sent).wait().did == []


def test_letters_of_any_language_begin_a_question() -> None:
    assert Desk().send("क्या है\r").asked == ["क्या है"]


def test_the_terminal_is_asked_to_mark_what_is_pasted_by_the_codes_of_xterm() -> None:
    assert (PASTE_ON, PASTE_OFF) == ("\x1b[?2004h", "\x1b[?2004l")
