"""libflite 2's C interface, by ctypes: what `flite_service` needs of its headers."""

import ctypes
from ctypes import CFUNCTYPE, POINTER, Structure, c_char_p, c_float, c_int, c_short, c_void_p
from ctypes.util import find_library


class Wave(Structure):
    """`cst_wave`."""

    _fields_ = (
        ("type", c_char_p),
        ("sample_rate", c_int),
        ("num_samples", c_int),
        ("num_channels", c_int),
        ("samples", POINTER(c_short)),
    )


class Streaming(Structure):
    """`cst_audio_streaming_info`."""


Callback = CFUNCTYPE(c_int, POINTER(Wave), c_int, c_int, c_int, POINTER(Streaming))
"""(wave, first sample, samples, is last, streaming) -> 0 to go on."""

Streaming._fields_ = (
    ("min_buffsize", c_int),
    ("asc", Callback),
    ("utt", c_void_p),
    ("item", c_void_p),
    ("userdata", c_void_p),
)


class Voice(Structure):
    """`cst_voice`."""

    _fields_ = (("name", c_char_p), ("features", c_void_p), ("ffunctions", c_void_p), ("utt_init", c_void_p))


_SIGNATURES = (
    ("flite_synth_text", c_void_p, (c_char_p, POINTER(Voice))),
    ("delete_utterance", None, (c_void_p,)),
    ("utt_relation", c_void_p, (c_void_p, c_char_p)),
    ("relation_head", c_void_p, (c_void_p,)),
    ("relation_tail", c_void_p, (c_void_p,)),
    ("item_next", c_void_p, (c_void_p,)),
    ("item_daughter", c_void_p, (c_void_p,)),
    ("item_feat_string", c_char_p, (c_void_p, c_char_p)),
    ("flite_ffeature_string", c_char_p, (c_void_p, c_char_p)),
    ("flite_ffeature_float", c_float, (c_void_p, c_char_p)),
    ("feat_set", None, (c_void_p, c_char_p, c_void_p)),
    ("feat_set_float", None, (c_void_p, c_char_p, c_float)),
    ("new_audio_streaming_info", POINTER(Streaming), ()),
    ("audio_streaming_info_val", c_void_p, (POINTER(Streaming),)),
)


def load(name: str) -> ctypes.CDLL:
    """The library `name` ("flite", "flite_cmu_us_slt"). Raises OSError where the system does not have it."""
    try:
        return ctypes.CDLL(f"lib{name}.so.1")
    except OSError:
        found = find_library(name)
        if found is None:
            raise
        return ctypes.CDLL(found)


def engine() -> ctypes.CDLL:
    """libflite with its functions' types. Raises OSError."""
    library = load("flite")
    for function, result, arguments in _SIGNATURES:
        declared = getattr(library, function)
        declared.restype, declared.argtypes = result, arguments
    library.flite_init()
    return library
