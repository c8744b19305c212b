"""Which English words the voices and recognisers of this machine have in their dictionary (CMUdict, 134,000 words)."""

from collections.abc import Iterable, Sequence

from profai_cli.providers.stt.spelling import spelled_out
from profai_cli.providers.worker import Worker
from profai_cli.tutor.wording import compounds, kin, unsure


async def unknown(words: Sequence[str]) -> list[str]:
    """Those of the words that are not in it, not said letter by letter, and not made of words that are in it.

    Raises EngineError where the dictionary cannot be had.
    """
    if not words:
        return []
    worker = Worker("profai_cli.providers.stt.pocketsphinx_service")
    try:
        await worker.start()
        missing = await _missing(worker, words)
        listed = [word for word in words if word.lower() in missing and word.lower() not in spelled_out([word])]
        parts = {part for word in listed for pair in compounds(word) for part in pair}
        related = sorted(parts.union(*map(kin, listed)))
        strange = await _missing(worker, related)
        return unsure(listed, lambda word: word in parts.union(related) and word not in strange)
    finally:
        await worker.close()


async def _missing(worker: Worker, words: Iterable[str]) -> set[str]:
    asked = {"op": "missing", "language": "en", "sentences": [*words], "terms": [], "commands": []}
    reply, _ = await worker.submit(asked).only()
    return {word.lower() for word in reply["words"]}
