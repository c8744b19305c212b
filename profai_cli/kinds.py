"""The words that both events and commands are made of: neither knows the other."""

from typing import Literal

SpeechKind = Literal["lesson", "answer", "bridge"]
"""What a sentence of the tutor belongs to; a bridge leads from an answer back to the lesson."""

DeviceKind = Literal["microphone", "speaker"]

EndReason = Literal["finished", "quit", "time", "input_ended", "stopped", "failed"]
"""Why a class ends: the course is over; the learner wants to; its time is over; nobody is left who could say "go on";
a signal; an engine that was needed cannot be used."""
