"""What other libraries log or warn of is none of the learner's: it does not reach the terminal."""

import logging


def hush() -> None:
    """Silence, for this process, loggers without a handler of their own, and Python's warnings.

    Python prints both on standard error where nobody asked for them: matplotlib tells there of a cache folder that it
    cannot write, and vendors' libraries of connections that they lose, of which profai tells itself.
    """
    root = logging.getLogger()
    if not root.handlers:
        root.addHandler(logging.NullHandler())
    logging.captureWarnings(True)
