"""Every event and command is found here by itself, and survives its JSON form."""

import dataclasses
import json
import types
import typing

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from profai_cli import commands, events

COMMANDS = [k for k in vars(commands).values() if isinstance(k, type) and issubclass(k, commands.Command)]


def values(kind: type) -> st.SearchStrategy[object]:
    """Any instance of a frozen class of ours, from the types of its fields."""
    return st.builds(kind, **{f.name: field(typing.get_type_hints(kind)[f.name]) for f in dataclasses.fields(kind)})


def field(hint: object) -> st.SearchStrategy[object]:
    if hint is float:
        return st.floats(0, 1e6).map(lambda t: round(t, 4))
    if typing.get_origin(hint) is typing.Literal:
        return st.sampled_from(typing.get_args(hint))
    if isinstance(hint, types.UnionType):
        return st.one_of(*map(field, hint.__args__))
    if typing.get_origin(hint) is dict:
        return st.dictionaries(st.text(), st.integers())
    return st.from_type(hint)


@pytest.mark.parametrize("kind", events.EVENTS.values(), ids=lambda kind: kind.name)
@settings(deadline=None)  # a busy machine is no fault
@given(data=st.data())
def test_an_event_survives_its_json_form(kind: type[events.Event], data: st.DataObject) -> None:
    event = data.draw(values(kind))
    assert events.from_dict(json.loads(json.dumps(events.to_dict(event)))) == event


@pytest.mark.parametrize("kind", COMMANDS, ids=lambda kind: kind.__name__)
@settings(deadline=None)
@given(data=st.data())
def test_a_command_is_equal_to_its_json_form(kind: type[commands.Command], data: st.DataObject) -> None:
    command = commands.to_dict(data.draw(values(kind)))
    assert json.loads(json.dumps(command)) == command


def test_the_vocabulary_of_the_design_is_there() -> None:
    words = """class_starting course_info teaching_content stt_ready stt_unavailable stt_failed stt_stopped
        interactive_mode_starting speech_started utterance_end partial_transcript final_transcript agent_response
        audio_generation_started audio_chunk audio_generation_complete tts_interrupted tts_cancelled tts_held
        tts_resumed lesson_resumed class_complete error metrics"""
    assert set(words.split()) <= set(events.EVENTS)


@pytest.mark.parametrize(
    ("data", "problem"),
    [({"event": "nonsense", "t": 0}, ValueError), ({"t": 0}, ValueError), ({"event": "error", "t": 0}, TypeError)],
)
def test_a_wrong_object_is_refused(data: dict[str, object], problem: type[Exception]) -> None:
    with pytest.raises(problem):
        events.from_dict(data)


def test_events_cannot_be_changed() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        events.UtteranceEnd(1.0).t = 2.0  # type: ignore[misc] # this is what must fail
