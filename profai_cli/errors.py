"""Every error that profai raises on purpose. Each message is one sentence that says what to do.

ProfaiError
├── InputError         exit 2: bad usage or bad input
│   ├── CourseError    a course that cannot be read; names the file and the line
│   └── SoundFileError a sound file that cannot be read or written
├── EngineError        exit 3: an engine that cannot be used
│   ├── EngineCrashed  its worker process ended
│   ├── EngineRefused  its vendor says no (key, quota, plan): asking again changes nothing
│   ├── EngineBusy     its vendor asks to be left alone for a while
│   └── EngineLost     no network, cut off, or nonsense: worth another try
│       └── EngineStalled  connected, and too slow: worth one, but later
├── DeviceError        exit 3: no sound device, no PortAudio; a class goes on with captions instead
└── StorageError       exit 2: a file of profai's own that cannot be read or written

Errors of other libraries are translated where they arise, so that none of them reaches a learner.
"""


class ProfaiError(Exception):
    """The root: `str(error)` is one clear sentence for the learner."""

    exit_code = 3


class InputError(ProfaiError):
    """Bad usage or bad input: nothing is wrong with profai, something must be typed differently."""

    exit_code = 2


class CourseError(InputError):
    """A course, module or topic that is missing or faulty."""


class SoundFileError(InputError):
    """A sound file that cannot be read or written."""


class EngineError(ProfaiError):
    """A speech, voice or answer engine that cannot be used."""


class EngineCrashed(EngineError):
    """The worker process of an engine ended by itself."""


class EngineRefused(EngineError):
    """The vendor of an engine says no: a key, a quota, a plan. Asking again changes nothing."""


class EngineBusy(EngineError):
    """The vendor of an engine asks to be left alone for `seconds`."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class EngineLost(EngineError):
    """An engine that is out of reach, was cut off, or answers nonsense; another try may go well at once."""


class EngineStalled(EngineLost):
    """An engine that was waited for in vain; there is no time for another try now."""


class DeviceError(ProfaiError):
    """A sound device, or the library that opens it, is missing or refuses."""


class StorageError(ProfaiError):
    """A file of profai's own cannot be read or written."""

    exit_code = 2
