"""The report of a class: what it tells, that nothing from outside gets through, and that it asks nobody."""

import shutil
from base64 import b64decode
from collections.abc import Iterator
from functools import cache
from html.parser import HTMLParser
from pathlib import Path

import pytest

from profai_cli import events as e
from profai_cli.events import Event
from profai_cli.lesson.listing import Listing
from profai_cli.lesson.plain import clean
from profai_cli.lesson.script import PARAGRAPH_PAUSE, SENTENCE_PAUSE, Sentence
from profai_cli.ports import HANGOVER
from profai_cli.session.figures import FIGURES
from profai_cli.ui.report.page import Page, class_page
from profai_cli.ui.report.record import Record

NASTY = (
    "</title><script>alert(1)</script>",
    "</style><img src=x onerror=alert(1)>",
    "--><svg onload=alert(1)>",
    "{% raw %}{{ page }}{% endraw %}{# #}",
    "javascript:alert(1)//\u202e\u2028\x00\x9b31m",
    "<!--<script>",
    "&lt;b&gt;&#x3c;script&#x3e;",
    "<pre></code></pre></details><iframe src='https://evil.example'>",
)
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


@cache
def page(text: str = "text", sounds: tuple[bytes, ...] = (b"", b"")) -> str:
    def written(module: int, topic: int, sentence: int) -> Sentence:
        code = Listing(f"if x:\n    {text}", "python", 0) if sentence == 1 else None
        return Sentence("", (0,), 0.0, code)

    about = Page(text, text, 2, lambda module, topic: f"Title {module}.{topic} {text}", written, sounds)
    return class_page(Record(events(text)), about)


def page_of(events: list[Event], sounds: int = 0) -> str:
    """The page of a class of which nothing else is known."""
    about = Page("", "en", 0, lambda module, topic: "title", lambda *place: None, (b"",) * sounds)
    return class_page(Record(events), about)


def speak(t: float, reply: int, text: str, kind: str = "answer") -> e.Decision:
    command = {"command": "speak", "reply": reply, "sentence": 0, "text": text, "kind": kind, "place": None}
    return e.Decision(t, command)


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
    assert (spoken.number, spoken.said, spoken.typed, spoken.cut) == (1, "what is text", False, True)
    assert (round(spoken.begin, 2), spoken.end) == (4.97, 11.0)
    assert [(s.text, s.heard) for s in spoken.sentences] == [
        ("First text.", 1),
        ("Second text.", 1),
        ("Third text.", 0),
    ]
    assert spoken.figures["end_of_turn_ms"] == 900
    assert (typed.said, typed.typed, typed.begin, typed.end, typed.sentences) == (
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
        "what is text question 1, at 0:05",
        "First text. Second text. Third text.",
        "From: Topic text. This answer was cut off",
        "typed text question 2, at 0:12, typed",
        "There was no answer.",
        "Title 0.0 text at 0:00, 2 sentences",
        "Trouble text.",
        "Engines: voice text.",
    ):
        assert part in text


def test_equal_classes_give_equal_pages() -> None:
    assert page() == page.__wrapped__()


def test_a_class_in_which_nothing_was_asked_has_a_page_without_waits() -> None:
    text = Reader(page_of([x for x in events() if x.t < 4])).text
    assert "How long you waited" not in text
    assert "Who spoke when" in text


def test_an_order_that_was_answered_is_told_and_is_no_question() -> None:
    asked = [
        *[x for x in events() if x.t < 12.5],
        e.LessonResumed(12.6, 4, (0, 0, 1, 0)),
        e.SpeechStarted(14.0, 0),
        e.SpeechConfirmed(14.1, 0),
        e.SpeechEnded(15.2, 1.0),
        e.FinalTranscript(15.5, "where are we"),
        speak(15.5, 5, "We are here."),
        e.TeachingContent(15.6, 5, 0, "We are here.", "answer"),
        e.Heard(17.0, 5, 0, 12, end=True),
    ]
    record = Record(asked)
    assert [exchange.said for exchange in record.questions] == ["what is text", "typed text"]
    order = record.exchanges[-1]
    assert (order.number, order.said, round(order.begin, 2), order.end) == (0, "where are we", 14.0, 17.0)
    assert [(sentence.text, sentence.heard) for sentence in order.sentences] == [("We are here.", True)]
    assert "where are we at 0:14" in " ".join(Reader(page_of(asked, 3)).text.split())


def test_a_question_with_which_the_learner_went_on_is_one() -> None:
    went_on = [
        *[x for x in events() if x.t < 7],
        e.AgentResponse(7.0, 2, "Early."),
        e.SpeechStarted(7.1, 0),
        e.SpeechConfirmed(7.2, 0),
        e.SpeechEnded(8.2, 0.9),
        e.FinalTranscript(8.3, "in Python"),
        decision(8.4, 3, "what is text in Python"),
        e.AgentResponse(8.5, 3, "Late.", done=True),
    ]
    (one,) = Record(went_on).exchanges
    assert (one.number, one.said, round(one.begin, 2)) == (1, "what is text in Python", 4.97)
    assert [sentence.text for sentence in one.sentences] == ["Late."]
    again = [*went_on, e.ReplyFinished(11.0, 3), decision(12.0, 4, "what is text in Python")]
    assert [exchange.number for exchange in Record(again).exchanges] == [1, 2]


@pytest.mark.parametrize("between", [e.TtsResumed(1.5, 1, 1), e.LessonResumed(1.5, 2, (0, 0, 0, 0))])
def test_what_the_tutor_says_by_itself_answers_nothing(between: Event) -> None:
    assert not Record([e.FinalTranscript(1.0, "mm-hm"), between, speak(2.0, 3, "That was the last topic.")]).exchanges
    assert not Record([e.FinalTranscript(1.0, "quit"), speak(1.0, 3, "Goodbye.", "bridge")]).exchanges


def test_a_question_begins_after_the_last_long_silence() -> None:
    voices = [(1.0, 2.0), (5.0, 6.0), (7.0, 8.0)]
    said: list[Event] = []
    for begin, end in voices:
        confirmed = [e.SpeechStarted(begin, 0), e.SpeechConfirmed(begin + 0.1, 0)]
        said += [*confirmed, e.SpeechEnded(end + HANGOVER, end - begin)]
    (exchange,) = Record([*said, e.FinalTranscript(8.5, "what"), decision(8.5, 2, "what")]).exchanges
    assert exchange.begin == pytest.approx(5.0)


def test_an_engine_that_failed_is_told() -> None:
    failed = [e.SttFailed(1.0, "ears", "No network."), e.SttUnavailable(2.0, "No microphone.")]
    assert Record(failed).troubles == [(1.0, "No network."), (2.0, "No microphone.")]


def test_code_that_was_read_out_is_shown_as_it_is_written() -> None:
    shown = page()
    assert "<pre><code>if x:\n    text</code></pre>" in shown
    assert "A longer sentence text." not in shown
    assert "<p>Lesson text.</p>" in shown


def test_a_topic_has_the_paragraphs_of_its_course_as_far_as_it_was_said() -> None:
    """Of a longer code block, what was said of it is there as well."""
    paragraph = [Sentence("", (0,), pause) for pause in (SENTENCE_PAUSE, PARAGRAPH_PAUSE, PARAGRAPH_PAUSE)]
    script = [*paragraph, Sentence("", (0,), PARAGRAPH_PAUSE, Listing("a\nb"))]
    said = [e.TeachingContent(float(n), 1, n, f"Number {n}.", "lesson", (0, 0, n, 0)) for n in (0, 1, 2, 3)]
    about = Page("", "en", 0, lambda module, topic: "title", lambda module, topic, number: script[number], ())
    made = "".join(class_page(Record(said), about).split("\n"))
    assert "<p>Number 0. Number 1.</p>" in made
    assert "<p>Number 2.</p>" in made
    assert "<p>Number 3.</p>  <pre><code>ab</code></pre>" in made


def test_the_figures_have_names_that_people_read() -> None:
    text = " ".join(Reader(page()).text.split())
    assert "_ms" not in text
    for words in ("your voice to the tutor's silence", "your silence to the answer's sound"):
        assert words in text


def long_class(hours: int, questions: int) -> list[Event]:
    step = hours * 3600 / questions
    said: list[Event] = [x for x in events() if x.t == 0]
    for number in range(questions):
        t, reply = number * step, 2 * number + 2
        for sentence in range(6):
            said.append(e.TeachingContent(t + sentence * step / 20, 1, sentence, "A.", "lesson", (0, 0, sentence, 0)))
            said.append(e.Heard(t + (sentence + 0.97) * step / 20, 1, sentence, 2, end=True))
        said.append(decision(t + step / 2, reply, "what is it"))
        said += [e.Metrics(t + step / 2, name, 100.0, reply) for name in FIGURES]
        said.append(e.TeachingContent(t + step * 0.6, reply, 0, "It is it.", "answer"))
        said.append(e.Heard(t + step * 0.9, reply, 0, 9, end=True))
    return said


def test_the_page_of_a_long_class_stays_small() -> None:
    """Ten hours, whose timeline and bars must not grow with them."""
    made = page_of(long_class(10, 150), 150)
    assert len(made) < 1_000_000
    heights = [int(svg.split('height="')[1].split("pt")[0].split(".")[0]) for svg in pictures(made)]
    assert len(heights) == 3
    assert max(heights) < 15 * 72
    details = [attributes for tag, attributes in Reader(made).tags if tag == "details" and "class" in attributes]
    assert len(details) == 150
    assert not [attributes for attributes in details if "open" in attributes]


def pictures(page: str) -> list[str]:
    sources = [attributes["src"] or "" for tag, attributes in Reader(page).tags if tag == "img"]
    return [b64decode(source.partition(",")[2]).decode() for source in sources]


# --- nothing gets through --------------------------------------------------------------------------


def test_text_from_outside_is_text_and_nothing_else() -> None:
    plain, evil = Reader(page()), Reader(page(EVIL))
    assert evil.text.count(SHOWN) >= 12
    assert "\x1b" not in page(EVIL)
    assert [tag for tag, _ in evil.tags] == [tag for tag, _ in plain.tags]
    assert [sorted(attributes) for _, attributes in evil.tags] == [sorted(attributes) for _, attributes in plain.tags]


@pytest.mark.parametrize("nasty", NASTY)
def test_nasty_titles_are_titles(nasty: str) -> None:
    usual, made = Reader(page()), Reader(page(nasty))
    assert made.tags[4:] == [
        (tag, {**attributes, **({"lang": made.tags[0][1]["lang"]} if tag == "html" else {})})
        for tag, attributes in usual.tags[4:]
    ]
    assert made.text.count(clean(nasty).split()[0]) >= 12


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
    for scheme, width in (("light", 400), ("dark", 1400)):
        shown.emulate_media(color_scheme=scheme)
        shown.set_viewport_size({"width": width, "height": 900})
        shown.evaluate("document.querySelectorAll('details').forEach(details => details.open = true)")
        assert shown.evaluate("document.documentElement.scrollWidth") <= width
    shown.close()


def checked(verdict: str, said: str = "a loop") -> Record:
    judged = e.CheckJudged(8.0, 3, (0, 0, 0), f"What {EVIL}?", said, verdict, (0, 0, 1, 0), "course search")
    return Record(
        [
            e.FinalTranscript(7.5, said),
            e.Decision(8.0, {"command": "examine", "reply": 3, "check": [0, 0, 0], "said": said}),
            judged,
            e.AgentResponse(8.0, 3, "That is right.", done=True),
            e.Decision(8.0, {"command": "speak", "kind": "answer", "reply": 3, "text": "That is right."}),
            e.TeachingContent(8.2, 3, 0, "That is right.", "answer"),
            e.Heard(9.0, 3, 0, 14, end=True),
        ]
    )


def test_check_questions_are_told_with_what_was_said_and_judged() -> None:
    record = checked("right")
    (exchange,) = record.checks
    assert [sentence.text for sentence in exchange.sentences] == ["That is right."]
    assert (exchange.said, exchange.verdict, exchange.number) == ("a loop", "right", 0)
    shown = class_page(record, Page("ann", "en", 0, lambda _m, _t: "Topic", lambda *_: None, [b""]))
    assert "You said: a loop" in shown
    assert "<dd>1 of 1</dd>" in shown
    assert "<script>" not in shown
    assert "You said: nothing" in class_page(
        checked("unanswered", ""), Page("ann", "en", 0, lambda _m, _t: "Topic", lambda *_: None, [b""])
    )


def test_a_question_in_place_of_an_answer_is_no_check() -> None:
    assert checked("question").exchanges == []


def test_code_is_not_looked_for_in_a_lesson_that_a_model_told() -> None:
    record = Record(
        [
            e.LessonTold(0.0, 0, 0, (("A loop.", 1),), "OpenAI"),
            e.TeachingContent(1.0, 1, 1, "A loop.", "lesson", (0, 0, 1, 0), made=True),
        ]
    )
    (taught,) = record.taught.values()
    assert taught.told
    listing = Sentence("x", (0,), SENTENCE_PAUSE, Listing("secret = 1"))
    assert "secret" not in class_page(record, Page("ann", "en", 0, lambda _m, _t: "Topic", lambda *_: listing, []))
