"""What learners say to a tutor on any subject: commands, signs of listening, and ways to ask. Data alone."""

from typing import Final


def _listed(text: str) -> tuple[str, ...]:
    return tuple(" ".join(text.split()).split(", "))


_BACKCHANNELS: Final = _listed("""
    mm-hm, uh-huh, hmm, mhm, okay, yeah, right, yes, no
""")
_COMMANDS: Final = _listed("""
    stop, wait, pause, go on, continue, repeat, repeat that, slower, faster, louder, more, next topic,
    previous topic, where are we, quit
""")
_WHY: Final = _listed("why, how, what, why not")

SHORT: Final = _BACKCHANNELS + _COMMANDS + _WHY + _listed("a., b., c., d.")
"""What is heard most and is hardest to hear. The vocabulary of a class adds its own commands.

The letters are choices in a quiz, as the engine's dictionary writes them; those after d are mistaken for others.
"""

QUESTIONS: Final = _listed("""
    why is that, how so, what do you mean, what does that mean, how does that work,
    can you explain that, can you explain that again, could you repeat that, can you say that again,
    i don't understand, i did not understand that, tell me more, give me an example,
    say that simpler, can you say that simpler, say it in simple words, what was that word,
    can you give me an example, i have a question, is that true, what is that, what was that,
    what is the difference, what comes next, what did you say, how many are there,
    but why, but how, but what, and why, and how, so why, so what, how come, what else, what for, and then, what then
""")
"""What is asked without naming anything."""

TEMPLATES: Final = _listed("""
    {}, what is {}, what is a {}, what is the {}, what are {}, what are the {}, what was {},
    what does {} mean, what does {} do, what does the {} do, what do {} do, what do you mean by {},
    what happens in {}, what happens in the {}, what happens to {}, what happens to the {},
    what happens during {}, what happens if {}, what is {} for, what is {} used for, what is {} made of,
    what is the role of {}, what is the purpose of {}, what is the difference between {} and,
    what kind of {}, what causes {}, which {}, who invented {}, who discovered {}, when is {} used,
    when was {}, when does {} happen, where is {}, where is the {}, where does {} come from,
    where does the {} come from, where does {} happen, why is {}, why is the {}, why is {} important,
    why are {}, why do {}, why does {}, why does the {}, why do we need {}, how is {} made, how is {},
    how does {} work, how does the {} work, how do {} work, how do you {}, how many {},
    how many {} are there, how much {}, how long does {} take, how can i use {}, is {} a, is {} the same as,
    is the {}, are {}, can {}, does {}, does the {}, do all {}, can you explain {},
    can you explain {} again, could you explain the {}, tell me about {}, tell me more about {},
    give me an example of {}, can you give me an example of {}, i don't understand {},
    difference between {} and, how do i {}, how do i use {}, how do i write {}, how do i make {}, how do i get {},
    how big is {}, how far is {}, how far away is {}, how old is {}, how to {}, how to make {}, how to use {},
    what is the meaning of {}, what is the use of {}
""")
"""Ways to ask about a term of the course, which goes into the braces."""

COMMON: Final = _listed("""
    it, he, she, they, we, you, i, me, my, your, our, their, this, that, these, those, here, there, now,
    then, again, also, too, only, just, still, already, always, never, often, sometimes, very, really, more,
    most, less, much, many, some, any, all, both, each, every, other, another, same, different, one, two,
    three, four, five, six, seven, eight, nine, ten, first, second, third, last, not, if, because, but, or,
    and, so, than, like, as, at, by, for, from, in, into, of, on, off, out, over, under, up, with, without,
    about, after, before, between, during, through, was, were, been, be, am, have, has, had, do, does, did,
    can, could, will, would, should, may, might, must, get, gets, give, gives, go, goes, make, makes, take,
    takes, use, uses, used, need, needs, want, know, think, see, say, said, tell, show, find, work, works,
    happen, happens, mean, means, call, called, change, changes,
    write, read, add, put, create, define, build, run, try, start, end, big, small, large, far, near, away, long,
    short, high, low, hot, cold, fast, slow, old, new, round, good, bad, wrong, way, thing, things, people, time,
    part, parts, kind, type, number, word, words, example, examples
""")
"""Words that questions on any subject are made of."""

PHONES: Final = {
    "mm-hm": ("M HH M", "M M"),
    "hmm": ("HH M", "M"),
    "yeah": ("Y AE", "Y EH AH", "Y AE AH"),
    "uh-huh": ("AH HH AH", "AO HH AO", "AA HH AA", "AH HH AW", "AH AH", "AH HH AH T"),
}
"""How some of them sound (ARPAbet), where the engine's dictionary has nothing or too little. Of 30 "uh huh" of five
voices over the tutor's, 10 were heard as a sign of listening by the dictionary alone, and 22 so; no order was lost."""

MURMURS: Final = frozenset({"mm-hm", "uh-huh", "hmm", "mhm"})
"""Said alone they are a sign of listening; among other words a noise was taken for them."""

SIGNS: Final = frozenset(_BACKCHANNELS) - {"no"}
"""All signs of listening that are heard most."""
