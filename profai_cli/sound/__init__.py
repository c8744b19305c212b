"""Microphone, echo canceller, voice activity, player, speaker."""
