"""Exit codes that shells expect after a signal; those of errors are in `errors`."""

from typing import Final

INTERRUPTED: Final = 130
"""After Ctrl-C."""

TERMINATED: Final = 143
"""After SIGTERM."""
