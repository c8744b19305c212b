"""The report of a class: what it tells, that nothing from outside gets through, and that it asks nobody."""

import shutil
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest

from profai_cli import events as e
from profai_cli.events import Event
from profai_cli.ui.class_page import Page, class_page
from profai_cli.ui.class_record import Record

EVIL = '<script>alert("1")</script>&amp;{{ 7 * 7 }}\' onload="x" https://evil.example/\x1b[31m'
SHOWN = EVIL.removesuffix("\x1b[31m")
BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome", "chrome")


def decision(t: float, reply: int, question: str) -> e.Decision:
    return e.Decision(t, {"command": "answer", "reply": reply, "question": question, "place": [0, 0, 1, 0]})


def events(text: str = "text") -> list[Event]:
    """A class with a question, of whose answer two sentences of three sounded, and a typed one without an answer."""
    return [
        e.ClassStarting(0.0, "1", f"2026-11-23T05:40:00{text}", True, text, text),
        e.CourseInfo(0.0, text, f"A course of {text}", "en", "", 1, 2, 0, 0, 0, 0),
        e.TtsReady(0.0, f"voice {text}"),
        e.TeachingContent(0.1, 1, 0, f"Lesson {text}.", "lesson", (0, 0, 0, 0)),
        e.Heard(3.0, 1, 0, 4, end=True),
        e.TeachingContent(3.2, 1, 1, f"A longer sentence {text}.", "lesson", (0, 0, 1, 0)),
        e.SpeechStarted(5.0, 1),
        e.TtsHeld(5.0, 1, 1, 1, 8),
        e.SpeechConfirmed(5.1, 0),
        e.SpeechEnded(6.2, 1.03),
        e.TtsInterrupted(6.3, 1, 1, 8),
        e.FinalTranscript(6.8, f"what is {text}"),
        decision(6.9, 2, f"what is {text}"),
        e.Metrics(6.9, "barge_in_ms", 30.0, 2),
        e.Metrics(6.9, "end_of_turn_ms", 900.0, 2),
        e.AgentResponse(7.0, 2, f"First {text}.", f"Topic {text}"),
        e.Metrics(7.0, "first_token_ms", 100.0, 2),
        e.AgentResponse(7.0, 2, f"Second {text}.", f"Topic {text}"),
        e.AgentResponse(7.0, 2, f"Third {text}.", f"Topic {text}", done=True),
        e.TeachingContent(7.2, 2, 0, f"First {text}.", "answer"),
        e.Metrics(7.2, "first_sample_ms", 200.0, 2),
        e.Heard(9.0, 2, 0, 9, end=True),
        e.TeachingContent(9.1, 2, 1, f"Second {text}.", "answer"),
        e.TtsHeld(10.0, 2, 2, 1, 3),
        e.TtsResumed(10.5, 2, 2),
        e.TtsInterrupted(11.0, 2, 1, 5),
        e.FinalTranscript(12.0, f"typed {text}", source="typed"),
        decision(12.0, 3, f"typed {text}"),
        e.Error(12.5, "engine", f"Trouble {text}."),
        e.LessonResumed(12.6, 4, (0, 0, 1, 0)),
        e.TeachingContent(13.0, 4, 0, f"sentence {text}.", "lesson", (0, 0, 1, 1)),
        e.ClassComplete(20.0, "quit"),
    ]


def page(text: str = "text", sounds: tuple[bytes, ...] = (b"", b"")) -> str:
    about = Page(text, text, 2, lambda module, topic: f"Title {module}.{topic} {text}", sounds)
    return class_page(Record(events(text)), about)


class Reader(HTMLParser):
    """All tags with their attributes, and all text."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


# --- what it tells ---------------------------------------------------------------------------------


def test_the_record_has_who_spoke_when() -> None:
    spans = [(s.speaker, round(s.begin, 2), round(s.end, 2)) for s in Record(events()).spans]
    assert (
        spans
        == [
            ("lesson", 0.1, 3.0),
            ("lesson", 3.2, 5.0),
            ("learner", 4.97, 6.0),
            ("answer", 7.2, 9.0),
            ("answer", 9.1, 10.0),
            ("answer", 10.5, 11.0),
            ("lesson", 13.0, 20.0),
        ]
        or sorted(spans, key=lambda span: span[1]) == spans
    )


def test_the_record_has_the_questions_and_what_was_heard_of_the_answers() -> None:
    spoken, typed = Record(events()).exchanges
    assert (spoken.question, spoken.typed, spoken.cut) == ("what is text", False, True)
    assert (round(spoken.begin, 2), spoken.asked, spoken.end) == (4.97, 6.9, 11.0)
    assert [(s.text, s.heard) for s in spoken.sentences] == [
        ("First text.", 1),
        ("Second text.", 1),
        ("Third text.", 0),
    ]
    assert spoken.figures["end_of_turn_ms"] == 900
    assert (typed.question, typed.typed, typed.begin, typed.end, typed.sentences) == (
        "typed text",
        True,
        12.0,
        12.0,
        [],
    )


def test_of_a_sentence_that_was_cut_and_said_again_the_whole_is_kept() -> None:
    (taught,) = Record(events()).taught.values()
    assert taught.sentences == {0: "Lesson text.", 1: "A longer sentence text."}


def test_an_answer_that_is_cut_off_by_a_kill_ends_with_the_log() -> None:
    cut = [x for x in events() if x.t <= 9.1]
    last = [*cut, e.PartialTranscript(9.7, "wh")]
    span = Record(last).spans[-1]
    assert (span.speaker, span.begin, span.end) == ("answer", 9.1, 9.7)


def test_the_page_tells_it() -> None:
    text = " ".join(Reader(page()).text.split())
    for part in (
        "A course of text",
        "2026-11-23 05:40, text",
        "length0:20",
        "Question 1, at 0:05",
        "what is text",
        "First text. Second text. Third text.",
        "From: Topic text. This answer was cut off",
        "Question 2, at 0:12, typed",
        "There was no answer.",
        "Title 0.0 text at 0:00, 2 sentences",
        "Trouble text.",
        "Engines: voice text.",
    ):
        assert part in text


def test_equal_classes_give_equal_pages() -> None:
    assert page() == page()


def test_a_class_in_which_nothing_was_asked_has_a_page_without_waits() -> None:
    record = Record([x for x in events() if x.t < 4])
    made = class_page(record, Page("", "en", 0, lambda module, topic: "title", ()))
    text = Reader(made).text
    assert "How long you waited" not in text
    assert "Who spoke when" in text


# --- nothing gets through --------------------------------------------------------------------------


def test_text_from_outside_is_text_and_nothing_else() -> None:
    plain, evil = Reader(page()), Reader(page(EVIL))
    assert evil.text.count(SHOWN) >= 12
    assert "\x1b" not in page(EVIL)
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in plain.tags]
    assert [sorted(attributes) for _, attributes in evil.tags] == [sorted(attributes) for _, attributes in plain.tags]


def test_the_page_points_to_nothing_outside() -> None:
    reader = Reader(page(EVIL, (b"sound", b"")))
    sources = [attributes["src"] or "" for _, attributes in reader.tags if "src" in attributes]
    assert [source.partition(";")[0] for source in sources] == [
        "data:image/svg+xml",
        "data:audio/mpeg",
        "data:image/svg+xml",
        "data:image/svg+xml",
    ]
    names = {name for _, attributes in reader.tags for name in attributes}
    assert not names & {"href", "action", "srcset", "style", "data", "poster"}
    assert not {name for name in names if name.startswith("on")}
    assert not {tag for tag, _ in reader.tags} & {"script", "link", "iframe", "object", "embed", "form", "base"}


def test_the_page_forbids_itself_every_request() -> None:
    policy = next(a["content"] for _, a in Reader(page()).tags if a.get("http-equiv") == "Content-Security-Policy")
    assert policy
    assert policy.startswith("default-src 'none'; img-src data:; media-src data:; style-src 'unsafe-inline'")


# --- in a browser ----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser() -> Iterator["object"]:
    """A browser of this machine without a window."""
    program = next(filter(None, map(shutil.which, BROWSERS)), None)
    if program is None:
        pytest.skip(f"needs a browser: one of {', '.join(BROWSERS)}")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield opened
        opened.close()


def test_a_browser_shows_the_page_and_asks_nobody(browser, tmp_path: Path) -> None:
    import io

    import numpy as np
    import soundfile

    sound = io.BytesIO()
    soundfile.write(sound, np.zeros(24_000, np.float32), 48_000, format="MP3")
    path = tmp_path / "report.html"
    path.write_text(page(EVIL, (sound.getvalue(), b"")), encoding="utf-8")
    requests: list[str] = []
    alerts: list[str] = []
    shown = browser.new_page()
    shown.on("request", lambda request: requests.append(request.url))
    shown.on("dialog", lambda dialog: alerts.append(dialog.message))
    shown.goto(path.as_uri())
    assert shown.title().startswith("A course of <script>")
    assert shown.evaluate("document.scripts.length") == 0
    assert shown.evaluate("[...document.images].every(image => image.complete && image.naturalWidth > 100)")
    length = """async () => {
        const sound = document.querySelector('audio');
        const known = new Promise((yes, no) => { sound.onloadedmetadata = yes; sound.onerror = no; });
        sound.preload = 'auto';
        sound.load();
        await known;
        return sound.duration;
    }"""
    assert shown.evaluate(length) == pytest.approx(0.5, abs=0.1)
    blocked = "fetch('https://evil.example/').then(() => 'let through', () => 'blocked')"
    assert shown.evaluate(blocked) == "blocked"
    assert [url for url in requests if not url.startswith("data:")] == [path.as_uri()]
    assert alerts == []
    shown.close()
