"""Engines that hear, speak and answer, one a file."""
