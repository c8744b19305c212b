"""Everyday English words that are asked for one another. A course's own terms belong into its aliases. Pure."""

from typing import Final

_GROUPS: Final = """
    add append insert
    back behind far
    become turn
    begin beginning began start started
    big bigger large larger huge great greater wide wider size
    biggest largest greatest
    bright brighter brightest brightness shine
    build create make made
    change alter replace vary
    celebrate celebration feast festival holiday
    centre center core middle
    child children kid kids young
    choose pick select
    close closer closest near nearby nearer nearest
    cold colder coldest cool cooler coolest
    colour color
    combine join connect merge
    copy duplicate
    dangerous harm hurt damage safe safely
    dark darkness night
    delete remove erase
    die death dead end
    discover discovered discovery found find
    distance far away farther farthest further
    drop fall sink
    error mistake fault
    evening night
    exit leave left quit
    fast quick quickly speed
    finish end stop
    floor ground
    forever always never
    happen become
    heavy weight weigh
    hot hotter hottest warm warmer warmest heat temperature
    invent invented began create created
    kill killed died ended destroyed
    job task work
    length long longer longest
    letter character
    movie film
    odd strange surprise unusual
    old older oldest age
    part piece
    person people someone user
    picture photo photograph image
    price cost money
    rock stone
    rule law
    scholar scientist researcher
    sea ocean
    shape form phase
    short shorter shortest
    small smaller little tiny
    smallest tiniest
    story tale legend
    strong stronger strongest
    tall taller tallest high higher highest height
    tool instrument
    travel trip journey move
    year annual
"""


_FORMS: Final = """
    break broke broken, bring brought, buy bought, catch caught, draw drew drawn, drive drove driven, eat ate eaten,
    fall fell fallen, feel felt, fly flew flown, freeze froze frozen, grow grew grown, hear heard, hold held,
    lose lost, ride rode ridden, rise rose risen, run ran, sell sold, send sent, shine shone, sink sank, speak spoke
    spoken, stand stood, swing swung, throw threw thrown, wake woke, wear wore worn, win won, write wrote written
"""
"""Of verbs that no stemmer brings together."""


def _by_word() -> dict[str, tuple[str, ...]]:
    found: dict[str, set[str]] = {}
    for group in (*_GROUPS.strip().splitlines(), *_FORMS.split(",")):
        for word in group.split():
            found.setdefault(word, set()).update(group.split())
    return {word: tuple(sorted(others - {word})) for word, others in found.items()}


SYNONYMS: Final = _by_word()
"""Other words to look for, by the learner's word."""
