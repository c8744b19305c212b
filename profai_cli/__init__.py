"""profai: a voice tutor for the terminal."""

__version__ = "0.1.0"
