"""Values that a learner may choose and that several floors name."""

from typing import Literal

Sensitivity = Literal["low", "normal", "high"]
"""How little voice it takes to interrupt the tutor; `sound.activity` has what each means."""
