"""Everyday English words that are asked for one another. A course's own terms belong into its aliases. Pure."""

from typing import Final

_GROUPS: Final = """
    add append insert
    back behind far
    become turn
    begin beginning began start started
    big large huge great wide size
    biggest largest
    bright brightness shine
    build create make made
    change alter replace vary
    choose pick select
    close near nearby nearest closest
    cold cool coolest coldest
    combine join connect merge
    copy duplicate
    dangerous harm hurt damage safe safely
    dark darkness night
    delete remove erase
    die death dead end
    discover discovered discovery found find
    distance far away farther
    error mistake fault
    evening night
    exit leave quit
    fast quick quickly speed
    finish end stop
    floor ground
    forever always never
    happen become
    heavy weight weigh
    hot hottest warm heat temperature
    invent invented began create created
    kill killed died ended destroyed
    length long
    movie film
    old age
    part piece
    person people someone user
    picture photo photograph image
    sea ocean
    shape form phase
    small little tiny
    smallest tiniest
    tall high height
    travel move
    year annual
"""


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for group in _GROUPS.strip().splitlines():
        for word in group.split():
            found.setdefault(word, set()).update(group.split())
    return {word: tuple(sorted(others - {word})) for word, others in found.items()}


SYNONYMS: Final = _by_word()
"""Other words to look for, by the learner's word."""
