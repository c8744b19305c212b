"""Where the process begins, also as `python -m profai_cli`.

Until the program is read, which takes a tenth of a second, Ctrl-C ends the process as the system does it: Python's own
way is a traceback. Nothing is imported before that is so, not even `signal`, which itself takes some milliseconds.
"""

import _signal  # type: ignore[import-not-found]  # what `signal` is made of; it has no types


def main() -> None:
    """Run the command and exit; see `cli.main`."""
    usual = _signal.getsignal(_signal.SIGINT)
    if usual is _signal.default_int_handler:  # not where the shell had it ignored
        _signal.signal(_signal.SIGINT, _signal.SIG_DFL)
    from profai_cli.cli.main import main as run  # noqa: PLC0415 - see above

    _signal.signal(_signal.SIGINT, usual)
    run()


if __name__ == "__main__":
    main()
