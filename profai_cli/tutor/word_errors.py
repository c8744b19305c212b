"""How far recognised words are from what was said: the word error rate, by edit distance. Pure.

The algorithm is Wagner and Fischer's ("The String-to-String Correction Problem", 1974) over words, each
substitution, deletion and insertion counting one; so does NIST's sclite. Time and memory are the product of the
two lengths: made for some minutes of speech.
"""

from collections.abc import Sequence
from dataclasses import dataclass

Pair = tuple[str | None, str | None]
"""A word that was said and the one that was heard for it; None where there is none."""


@dataclass(frozen=True, slots=True)
class WordErrors:
    """The words said and heard, side by side, and the counts of what differs."""

    pairs: tuple[Pair, ...]

    @property
    def said(self) -> int:
        """Words that were said."""
        return sum(said is not None for said, _ in self.pairs)

    @property
    def substitutions(self) -> int:
        """Words heard as others."""
        return sum(None not in (said, heard) and said != heard for said, heard in self.pairs)

    @property
    def deletions(self) -> int:
        """Words said and not heard."""
        return sum(heard is None for _, heard in self.pairs)

    @property
    def insertions(self) -> int:
        """Words heard and not said."""
        return sum(said is None for said, _ in self.pairs)

    @property
    def rate(self) -> float:
        """Errors a word that was said; more than 1 where much was heard that nobody said."""
        return (self.substitutions + self.deletions + self.insertions) / self.said


def word_errors(said: Sequence[str], heard: Sequence[str]) -> WordErrors:
    """Compare words as they are: the caller sees to case and punctuation. Raises ValueError where none was said."""
    if not said:
        raise ValueError("a word error rate needs a word that was said")
    costs = _costs(said, heard)
    pairs: list[Pair] = []
    i, j = len(said), len(heard)
    while i or j:
        if i and j and costs[i][j] == costs[i - 1][j - 1] + (said[i - 1] != heard[j - 1]):
            i, j = i - 1, j - 1
            pairs.append((said[i], heard[j]))
        elif i and costs[i][j] == costs[i - 1][j] + 1:
            i -= 1
            pairs.append((said[i], None))
        else:
            j -= 1
            pairs.append((None, heard[j]))
    return WordErrors(tuple(reversed(pairs)))


def _costs(said: Sequence[str], heard: Sequence[str]) -> list[list[int]]:
    """The least errors between the first i words said and the first j heard, for all i and j."""
    costs = [list(range(len(heard) + 1))]
    for i, word in enumerate(said, 1):
        above, row = costs[-1], [i]
        for j, other in enumerate(heard, 1):
            row.append(min(above[j - 1] + (word != other), above[j] + 1, row[-1] + 1))
        costs.append(row)
    return costs
