"""The words that both events and commands are made of: neither knows the other."""

from typing import Literal

SpeechKind = Literal["lesson", "answer", "bridge", "check"]
"""What a sentence of the tutor belongs to; a bridge leads from an answer back to the lesson, a check asks something."""

Checking = Literal["topics", "only", "none"]
"""Which check questions a class asks: those of each topic at its end, none but those that were chosen, or none."""

Verdict = Literal["right", "partly", "wrong", "unanswered", "question"]
"""What a learner made of a check question; "question": they asked one of their own instead."""

DeviceKind = Literal["microphone", "speaker"]

EndReason = Literal["finished", "quit", "time", "input_ended", "stopped", "failed"]
"""Why a class ends: the course is over; the learner wants to; its time is over; nobody is left who could say "go on";
a signal; an engine that was needed cannot be used."""
