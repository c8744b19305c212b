"""The real command on another day: `python -m tests.on_day 2026-03-02T18:00:00+00:00 class --course 1 ...`."""

import datetime
import sys
import time

_MOMENT = datetime.datetime.fromisoformat(sys.argv.pop(1))
_BEGUN = time.monotonic()


class Then(datetime.datetime):
    """A clock that began at that moment, when the process did."""

    @classmethod
    def now(cls, tz: datetime.tzinfo | None = None) -> "Then":
        then = _MOMENT.astimezone(tz) + datetime.timedelta(seconds=time.monotonic() - _BEGUN)
        return cls.combine(then.date(), then.timetz())


if __name__ == "__main__":
    datetime.datetime = Then  # type: ignore[misc] # before anything that asks for the time is imported

    from profai_cli.cli.main import main

    sys.exit(main(sys.argv[1:]))
