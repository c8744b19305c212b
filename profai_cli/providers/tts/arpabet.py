"""From the International Phonetic Alphabet, as espeak-ng writes it, to ARPAbet as CMUdict uses it. Pure."""

import re
from typing import Final

_TABLE: Final = """
    tʃ CH  dʒ JH  ʃ SH  ʒ ZH  θ TH  ð DH  ŋ NG  ɡ G  ɹ R  ɾ T  ʔ T  j Y  h HH  x K  ɲ N-Y  ʋ V  ɕ SH
    p P  b B  t T  d D  k K  f F  v V  s S  z Z  m M  n N  l L  r R  w W  c CH  ɟ JH  q K
    ʈ T  ɖ D  ɳ N  ɽ R  ɬ L  n̩ AH-N  l̩ AH-L  m̩ AH-M
    iː IY  i IY  ɪ IH  ᵻ IH  eɪ EY  e EY  ɛ EH  æ AE  a AA  ɑ AA  ɒ AA  ɐ AH  ʌ AH  ə AH
    ɔɪ OY  ɔ AO  o OW  oʊ OW  əʊ OW  oːɹ AO-R  ʊ UH  u UW  aɪ AY  aʊ AW  ɚ ER  ɜː ER  ɜ ER  ɝ ER
    eə EH  ɪə IH-AH  ʊə UH-AH  y UW  ø ER  œ ER
"""  # noqa: RUF001 - the letters of the phonetic alphabet
_PHONES: Final = {ipa: phones.replace("-", " ") for ipa, phones in zip(*[iter(_TABLE.split())] * 2, strict=True)}
_SOUND: Final = re.compile("|".join(sorted(_PHONES, key=len, reverse=True)))
_NOTES: Final = re.compile(r"\([a-z-]+\)|[ˈˌ]")
"""Marks of stress, and espeak's note that it says a foreign word in its own language."""


def arpabet(ipa: str) -> str:
    """Phones separated by spaces, without stress; empty where there are none."""
    found = _SOUND.findall(_NOTES.sub("", ipa))
    return re.sub(r"\bR R\b", "R", " ".join(_PHONES[sound] for sound in found))
