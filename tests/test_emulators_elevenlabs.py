"""The emulator of ElevenLabs refuses what the vendor refuses, and speaks."""

import base64
import json
from collections.abc import Iterator

import httpx
import pytest

from tests.emulators.mouth import reference
from tests.emulators.running import Emulators
from tests.emulators.stage import KEY

VOICE = "JBFqnCBsd6RMkjVDRZzb"
TEXT = "Plants make their own food. They need light for it."


@pytest.fixture(scope="module")
def emulators() -> Iterator[Emulators]:
    with Emulators() as running:
        yield running


@pytest.fixture(autouse=True)
def clean(emulators: Emulators) -> None:
    emulators.set(delays={}, faults=[], seen=[])


def ask(emulators, body, *, key=KEY, voice=VOICE, form="pcm_24000", path="/with-timestamps"):
    url = f"{emulators.url('elevenlabs')}/v1/text-to-speech/{voice}/stream{path}"
    return httpx.post(url, params={"output_format": form}, json=body, headers={"xi-api-key": key} if key else {})


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"key": ""}, 401, "missing_api_key"),
        ({"key": "wrong"}, 401, "invalid_api_key"),
        ({"form": "wav_24000"}, 400, "invalid_output_format"),
        ({"form": "pcm_44100"}, 403, "subscription_required"),
        ({"voice": "nobody"}, 404, "voice_not_found"),
        ({"body": {"text": TEXT, "model_id": "eleven_flash_v9"}}, 400, "model_not_found"),
        ({"body": {"text": TEXT, "model_id": "eleven_multilingual_v2", "language_code": "hi"}}, 400,
         "unsupported_language"),
        ({"body": {"text": " "}}, 400, "empty_text"),
        ({"body": {"text": TEXT, "voice_settings": {"speed": 1.3}}}, 400, "invalid_voice_settings"),
    ],
)  # fmt: skip
def test_it_refuses_in_the_vendors_words(emulators, change, status, code):
    answer = ask(emulators, **{"body": {"text": TEXT}, **change})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (status, code)


def test_an_unknown_field_is_a_list_of_faults(emulators):
    answer = ask(emulators, {"text": TEXT, "voice_id": VOICE})
    assert answer.status_code == 422
    assert isinstance(answer.json()["detail"], list)


def test_sound_and_characters_come_in_lines(emulators):
    lines = [json.loads(line) for line in ask(emulators, {"text": TEXT}).text.splitlines()]
    pcm, words = reference(TEXT, 24_000)
    assert b"".join(base64.b64decode(line["audio_base64"]) for line in lines) == pcm
    assert "".join(sign for line in lines for sign in line["alignment"]["characters"]) == TEXT
    starts = [at for line in lines for at in line["alignment"]["character_start_times_seconds"]]
    assert [starts[start] for start, _, _ in words] == pytest.approx([at for _, _, at in words], abs=0.001)
    assert starts == sorted(starts)


def test_the_plain_stream_has_the_same_sound_even_in_odd_pieces(emulators):
    emulators.set(faults=[{"vendor": "elevenlabs", "kind": "odd_chunks"}])
    assert ask(emulators, {"text": TEXT}, path="").content == reference(TEXT, 24_000)[0]
