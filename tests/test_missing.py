"""A class without its microphone or speaker waits for them, unless the learner says otherwise."""

import asyncio
from collections.abc import Callable

import pytest

from profai_cli import events as e
from profai_cli.events import Event
from profai_cli.lesson.place import Place
from profai_cli.ports import DeviceChange, Frame, SpeechToText
from profai_cli.session.classroom import Classroom, Engines
from tests.fakes import FakeAnswerer, FakeEar, FakeSound, FakeVoice
from tests.small_course import small_course

COURSE = small_course()
NO_EAR: SpeechToText | None = None

Deed = Callable[[Classroom], None]
"""What happens to a class."""


def lost(kind: str = "speaker") -> Deed:
    gone = DeviceChange(kind, "usb", "It has stopped.")  # type: ignore[arg-type] # a Literal
    return lambda room: room.device(gone)


def back(kind: str = "speaker") -> Deed:
    there = DeviceChange(kind, "laptop")  # type: ignore[arg-type] # a Literal
    return lambda room: room.device(there)


def typed(text: str) -> Deed:
    return lambda room: room.typed(text)


def held(
    deeds: dict[float, Deed], sound: FakeSound | None = None, ear: SpeechToText | None = NO_EAR, *, talk: bool = True
) -> list[Event]:
    """A class of 30 s, and what happens to it at media times."""
    events: list[Event] = []
    due = dict(deeds)
    room: Classroom

    def act(frame: Frame) -> None:
        for t in [t for t in due if frame.t >= t]:
            due.pop(t)(room)

    async def hold() -> None:
        nonlocal room
        room = Classroom(
            COURSE,
            sound or FakeSound(),
            Engines(FakeVoice(), FakeAnswerer(), ear),
            interactive=talk,
            stepped=True,
            readers=[events.append],
            save=lambda place: None,
            watch=act,
            minutes=0.5,
        )
        info = e.CourseInfo(0.0, COURSE.id, COURSE.title, "en", "", 2, 3, *Place(0, 0))
        await room.run(e.ClassStarting(0.0, "0", "today", talk, "a", "b"), info)

    asyncio.run(hold())
    return events


def states(events: list[Event], since: float = 0.0) -> list[str]:
    return [event.state for event in events if isinstance(event, e.TutorState) and event.t >= since]


def heard(events: list[Event], begin: float, end: float = 30.0) -> bool:
    return any(isinstance(event, e.Heard) and begin < event.t < end for event in events)


@pytest.mark.parametrize("talk", [True, False])
def test_a_class_waits_for_a_lost_device_and_goes_on_at_the_very_sample(talk: bool) -> None:
    events = held({4.0: lost(), 9.0: back()}, talk=talk)
    told = next(event for event in events if isinstance(event, e.DeviceLost))
    assert (told.kind, told.device) == ("speaker", "usb")
    assert told.message.startswith("It has stopped. The class waits")
    assert ('"go on"' in told.message) == talk
    assert states(events, 3.9)[:2] == ["paused", "teaching"]
    assert not heard(events, 4.1, 9.0)
    assert heard(events, 9.0)
    holds = [event.hold for event in events if isinstance(event, e.TtsHeld | e.TtsResumed)]
    assert holds == [1, 1]
    assert not any(isinstance(event, e.TtsInterrupted) and event.t < 30 for event in events)


@pytest.mark.parametrize(
    ("kind", "outlook"), [("speaker", "Until then the class has captions."), ("microphone", "Until then you can type.")]
)
def test_a_class_begins_without_a_device_that_has_never_been_there(kind: str, outlook: str) -> None:
    missing = DeviceChange(kind, "", "There is none.")  # type: ignore[arg-type] # a Literal
    events = held({0.01: lambda room: room.device(missing), 9.0: back(kind), 15.0: lost(kind), 20.0: back(kind)})
    told = next(event for event in events if isinstance(event, e.DeviceLost))
    assert told.message == f"There is none. {outlook}"
    assert [event.t for event in events if isinstance(event, e.TtsHeld)] == [pytest.approx(15.0)]
    assert heard(events, 0.1, 9.0)
    assert heard(events, 20.0)


def test_it_waits_for_all_of_them() -> None:
    events = held({4.0: lost(), 5.0: lost("microphone"), 7.0: back(), 9.0: back("microphone")})
    assert not heard(events, 4.1, 9.0)
    assert heard(events, 9.0)


def test_a_pause_of_the_learner_stays() -> None:
    before = held({3.0: typed("pause"), 4.0: lost(), 9.0: back()})
    meanwhile = held({4.0: lost(), 5.0: typed("pause"), 9.0: back()})
    assert not heard(before, 3.1)
    assert not heard(meanwhile, 4.1)


def test_a_learner_who_goes_on_does_without() -> None:
    events = held({4.0: lost(), 6.0: typed("go on"), 15.0: back()})
    assert heard(events, 6.0, 15.0)
    assert states(events, 5.9)[0] == "teaching"
    assert "paused" not in states(events, 6.0)


def test_the_learner_is_heard_out_and_the_answer_waits() -> None:
    sound = FakeSound([(5.0, 6.5)])
    events = held({6.3: lost(), 14.0: back()}, sound, FakeEar(["what is an apple"]))
    assert states(events, 6.3)[:4] == ["thinking", "answering", "paused", "answering"]
    assert not heard(events, 6.3, 14.0)
    assert heard(events, 14.0)


def test_what_fell_silent_with_the_speaker_while_nobody_waits_is_let_go() -> None:
    sound = FakeSound([(5.0, 6.5)])

    def lose(room: Classroom) -> None:
        room.device(DeviceChange("speaker", "usb", "It has stopped.", hold=sound.player.hold()))
        room.device(DeviceChange("speaker", "laptop"))

    events = held({6.3: lose}, sound, FakeEar(["what is an apple"]))
    assert states(events, 6.3)[:2] == ["thinking", "answering"]
    assert heard(events, 7.0)


def test_a_hold_of_the_speaker_that_no_reply_has_does_not_outlast_a_pause() -> None:
    sound = FakeSound([(5.0, 6.5)])

    def pause(room: Classroom) -> None:
        room.control("pause")
        room.device(DeviceChange("speaker", "usb", "It has stopped.", hold=sound.player.hold()))
        room.device(DeviceChange("speaker", "laptop"))

    events = held({6.3: pause, 9.0: lambda room: room.control("next_sentence"), 10.0: typed("go on")}, sound)
    assert states(events, 6.2)[:2] == ["paused", "teaching"]
    assert not heard(events, 6.4, 10.0)
    assert heard(events, 10.1)
