"""The tables of the file of progress, as they came to be: each text brings a file to the next version.

A published text is never changed: what is to be different is a new text after it. SQLite 3.24 (2018) is enough for it.
"""

from typing import Final

_PROGRESS: Final = """
CREATE TABLE learner (
    id INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
);

-- What a course is known by: see lesson/identity.py. Where nothing is known there is ''.
CREATE TABLE course (
    id INTEGER PRIMARY KEY,
    own TEXT NOT NULL,
    path TEXT NOT NULL,
    name TEXT NOT NULL,
    title TEXT NOT NULL
);

-- A topic as it was when something was noted of it: see lesson/mark.py. Numbers from 0. Its row is never changed.
CREATE TABLE topic (
    id INTEGER PRIMARY KEY,
    course INTEGER NOT NULL REFERENCES course ON DELETE CASCADE,
    module_number INTEGER NOT NULL,
    topic_number INTEGER NOT NULL,
    module_title TEXT NOT NULL,
    title TEXT NOT NULL,
    digest TEXT NOT NULL,
    UNIQUE (course, module_number, topic_number, module_title, title, digest)
);

-- A learner in a course: where the next class goes on, and how the voice is. Times are ISO 8601 in UTC.
CREATE TABLE study (
    id INTEGER PRIMARY KEY,
    learner INTEGER NOT NULL REFERENCES learner ON DELETE CASCADE,
    course INTEGER NOT NULL REFERENCES course ON DELETE CASCADE,
    topic INTEGER REFERENCES topic,
    sentence INTEGER NOT NULL DEFAULT 0,
    phrase INTEGER NOT NULL DEFAULT 0,
    before TEXT NOT NULL DEFAULT '',
    here TEXT NOT NULL DEFAULT '',
    after TEXT NOT NULL DEFAULT '',
    is_over INTEGER NOT NULL DEFAULT 0,
    times_finished INTEGER NOT NULL DEFAULT 0,
    speed REAL NOT NULL DEFAULT 1.0,
    volume REAL NOT NULL DEFAULT 1.0,
    changed TEXT NOT NULL,
    UNIQUE (learner, course)
);

-- A class that was held. seconds: up to the last note of it. ended: '' where it was cut off.
CREATE TABLE class (
    id INTEGER PRIMARY KEY,
    study INTEGER NOT NULL REFERENCES study ON DELETE CASCADE,
    began TEXT NOT NULL,
    seconds REAL NOT NULL DEFAULT 0,
    ended TEXT NOT NULL DEFAULT '',
    UNIQUE (study, began)
);

CREATE TABLE heard (
    id INTEGER PRIMARY KEY,
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    topic INTEGER NOT NULL REFERENCES topic,
    at TEXT NOT NULL
);
CREATE INDEX heard_of_class ON heard (class);

CREATE TABLE question (
    id INTEGER PRIMARY KEY,
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    topic INTEGER NOT NULL REFERENCES topic,
    at TEXT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    cut INTEGER NOT NULL
);
CREATE INDEX question_of_class ON question (class);
"""

_CHECKED: Final = """
-- An answer to a check question. verdict: as in kinds.Verdict. What is due again follows from these rows alone.
CREATE TABLE checked (
    id INTEGER PRIMARY KEY,
    class INTEGER NOT NULL REFERENCES class ON DELETE CASCADE,
    topic INTEGER NOT NULL REFERENCES topic,
    at TEXT NOT NULL,
    question TEXT NOT NULL,
    said TEXT NOT NULL,
    verdict TEXT NOT NULL
);
CREATE INDEX checked_of_class ON checked (class);
"""

MIGRATIONS: Final = (_PROGRESS, _CHECKED)
"""In order: `PRAGMA user_version` tells how many of them a file has."""
