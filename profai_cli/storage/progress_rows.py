"""The rows of the file of progress: what is kept, to and from SQL. Each function works in its caller's transaction."""

import sqlite3
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from profai_cli.lesson.identity import Identity, recognise
from profai_cli.lesson.mark import Mark, TopicMark
from profai_cli.storage.files import exists
from profai_cli.storage.names import as_text
from profai_cli.storage.old_progress import OldPlace
from profai_cli.tutor.forgetting import Result
from profai_cli.tutor.notes import Asked, Checked, Ended, Moved, Note, TopicHeard, Tuned
from profai_cli.tutor.study import Study

_STUDIES: Final = """
SELECT course.id, course.own, course.path, course.name, course.title,
       topic.module_number, topic.topic_number, topic.module_title, topic.title, topic.digest,
       study.sentence, study.phrase, study.before, study.here, study.after,
       study.is_over, study.times_finished, study.speed, study.volume, study.changed
FROM study JOIN learner ON learner.id = study.learner JOIN course ON course.id = study.course
LEFT JOIN topic ON topic.id = study.topic
WHERE learner.name = ? ORDER BY study.id
"""
_TOPICS_HEARD: Final = """
SELECT DISTINCT study.course, topic.module_number, topic.topic_number, topic.module_title, topic.title, topic.digest
FROM heard JOIN class ON class.id = heard.class JOIN study ON study.id = class.study
JOIN learner ON learner.id = study.learner JOIN topic ON topic.id = heard.topic
WHERE learner.name = ? ORDER BY heard.id
"""
_STUDY: Final = """
SELECT study.id FROM study JOIN learner ON learner.id = study.learner WHERE learner.name = ? AND study.course = ?
"""
_CLASSES: Final = "SELECT began, seconds, ended FROM class WHERE study = ? ORDER BY id"
_HEARD: Final = """
SELECT heard.at, topic.module_title AS module, topic.title AS topic
FROM heard JOIN class ON class.id = heard.class JOIN topic ON topic.id = heard.topic
WHERE class.study = ? ORDER BY heard.id
"""
_QUESTIONS: Final = """
SELECT question.at, topic.module_title AS module, topic.title AS topic, question, answer, cut
FROM question JOIN class ON class.id = question.class JOIN topic ON topic.id = question.topic
WHERE class.study = ? ORDER BY question.id
"""
_CHECKS: Final = """
SELECT checked.at, topic.module_title AS module, topic.title AS topic, question, said, verdict
FROM checked JOIN class ON class.id = checked.class JOIN topic ON topic.id = checked.topic
WHERE class.study = ? ORDER BY checked.id
"""
_ASK: Final = """
INSERT INTO question (class, topic, at, question, answer, cut) VALUES (:class, :topic, :at, :question, :answer, :cut)
"""
_ANSWER: Final = """
UPDATE question SET question = :question, answer = :answer, cut = :cut
WHERE id = (SELECT max(id) FROM question WHERE class = :class)
AND answer = '' AND substr(:question, 1, length(question)) = question
"""
_DELETE: Final = """
DELETE FROM study
WHERE learner = (SELECT id FROM learner WHERE name = :learner) AND (:course IS NULL OR course = :course)
"""
_ADD_TOPIC: Final = """
INSERT INTO topic (course, module_number, topic_number, module_title, title, digest) VALUES (?, ?, ?, ?, ?, ?)
ON CONFLICT DO NOTHING
"""
_FIND_TOPIC: Final = """
SELECT id FROM topic
WHERE course = ? AND module_number = ? AND topic_number = ? AND module_title = ? AND title = ? AND digest = ?
"""

Rows = list[dict[str, Any]]
Details = tuple[Rows, Rows, Rows, Rows]
"""Of a course, each in the order of time: the classes (began, seconds, ended), the topics heard (at, module, topic),
the questions (at, module, topic, question, answer, cut), and the answers to check questions (at, module, topic,
question, said, verdict)."""


class Held(NamedTuple):
    """The numbers of a class that is held, and of what it is about."""

    course: int
    study: int
    number: int


def read_studies(db: sqlite3.Connection, learner: str) -> dict[int, Study]:
    """All studies of a learner, by the number of the course."""
    heard: dict[int, list[TopicMark]] = {}
    for number, *topic in db.execute(_TOPICS_HEARD, (learner,)):
        heard.setdefault(number, []).append(TopicMark(*topic))
    return {row[0]: _study(row, heard.get(row[0], [])) for row in db.execute(_STUDIES, (learner,))}


def _study(row: tuple[Any, ...], heard: list[TopicMark]) -> Study:
    topic, at, (over, finished, speed, volume, changed) = row[5:10], row[10:15], row[15:]
    left = None if topic[0] is None else Mark(TopicMark(*topic), *at)
    return Study(Identity(*row[1:5]), left, bool(over), finished, speed, volume, changed, tuple(heard))


def find_course(db: sqlite3.Connection, course: Identity) -> int | None:
    """The number of a course; None where nobody has begun it."""
    known = {row[0]: Identity(*row[1:]) for row in db.execute("SELECT id, own, path, name, title FROM course")}
    return recognise(known, course, exists)


def _keep_course(db: sqlite3.Connection, course: Identity) -> int:
    """The number of a course, whose row says what it is known by now."""
    number = find_course(db, course)
    if number is None:
        text = "INSERT INTO course (own, path, name, title) VALUES (?, ?, ?, ?)"
        return db.execute(text, course).lastrowid or 0
    db.execute("UPDATE course SET own = ?, path = ?, name = ?, title = ? WHERE id = ?", (*course, number))
    return number


def _keep_study(db: sqlite3.Connection, learner: str, course: int, when: str) -> int:
    """The number of the study of a learner in a course; `when` it began, if it does."""
    db.execute("INSERT INTO learner (name) VALUES (?) ON CONFLICT DO NOTHING", (learner,))
    (person,) = db.execute("SELECT id FROM learner WHERE name = ?", (learner,)).fetchone()
    row = (person, course)
    db.execute("INSERT INTO study (learner, course, changed) VALUES (?, ?, ?) ON CONFLICT DO NOTHING", (*row, when))
    number: int = db.execute("SELECT id FROM study WHERE learner = ? AND course = ?", row).fetchone()[0]
    return number


def read_details(db: sqlite3.Connection, learner: str, course: int) -> Details:
    """What was noted of a learner in a course."""
    study = db.execute(_STUDY, (learner, course)).fetchone() or (0,)  # deleted just now
    db.row_factory = sqlite3.Row
    rows = (list(map(dict, db.execute(text, study))) for text in (_CLASSES, _HEARD, _QUESTIONS, _CHECKS))
    classes, heard, questions, checks = rows
    return classes, heard, questions, checks


def results(checks: Rows) -> list[Result]:
    """The answers to check questions, from their rows, without those of which nobody knows when they were."""
    times = ((row, _time(row["at"])) for row in checks)
    return [Result(row["question"], row["verdict"], time) for row, time in times if time]


def _time(text: str) -> datetime | None:
    """None where it is damaged."""
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else None
    except (ValueError, TypeError, OverflowError):
        return None


def keep_class(db: sqlite3.Connection, learner: str, course: Identity, began: str) -> Held:
    """The class of a learner that began then, with all that it needs."""
    number = _keep_course(db, course)
    study = _keep_study(db, learner, number, began)
    row = (study, began)
    db.execute("INSERT INTO class (study, began) VALUES (?, ?) ON CONFLICT DO NOTHING", row)
    return Held(number, study, *db.execute("SELECT id FROM class WHERE study = ? AND began = ?", row).fetchone())


def add_note(db: sqlite3.Connection, held: Held, when: str, note: Note) -> None:
    """Keep a note of a class."""
    course, study, class_ = held
    db.execute("UPDATE class SET seconds = max(seconds, ?) WHERE id = ?", (round(note.t, 2), class_))
    match note:
        case Moved(to=to) if to is not None:
            _move(db, study, _keep_topic(db, course, to.topic), to[1:], when)
        case Moved():
            text = (
                "UPDATE study SET topic = NULL, sentence = 0, phrase = 0, before = '', here = '', after = '',"
                " times_finished = times_finished + (is_over = 0), is_over = 1, changed = ? WHERE id = ?"
            )
            db.execute(text, (when, study))
        case TopicHeard(topic=topic):
            row = (class_, _keep_topic(db, course, topic), when)
            db.execute("INSERT INTO heard (class, topic, at) VALUES (?, ?, ?)", row)
        case Asked(topic=topic, question=question, answer=answer, cut=cut):
            said = {"class": class_, "question": question, "answer": answer, "cut": cut}
            if not db.execute(_ANSWER, said).rowcount:
                db.execute(_ASK, {**said, "topic": _keep_topic(db, course, topic), "at": when})
        case Checked(topic=topic, question=question, said=said, verdict=verdict):
            judged = (class_, _keep_topic(db, course, topic), when, question, said, verdict)
            text = "INSERT INTO checked (class, topic, at, question, said, verdict) VALUES (?, ?, ?, ?, ?, ?)"
            db.execute(text, judged)
        case Tuned(speed=speed, volume=volume):
            db.execute("UPDATE study SET speed = ?, volume = ? WHERE id = ?", (speed, volume, study))
        case Ended(reason=reason):
            db.execute("UPDATE class SET ended = ? WHERE id = ?", (reason, class_))


def take_over(db: sqlite3.Connection, places: Iterable[OldPlace]) -> None:
    """Keep what an older profai kept; of its courses only the folders' names are known."""
    for learner, name, place, when in places:
        course = _keep_course(db, Identity("", "", as_text(name), ""))
        study = _keep_study(db, as_text(learner), course, when)
        topic = _keep_topic(db, course, TopicMark(place.module, place.topic))
        _move(db, study, topic, (place.sentence, place.phrase, "", "", ""), when)


def delete(db: sqlite3.Connection, learner: str, course: int | None) -> None:
    """Delete what is kept of a learner in a course, or in all; and the courses that nobody has begun then."""
    db.execute(_DELETE, {"learner": learner, "course": course})
    db.execute("DELETE FROM learner WHERE id NOT IN (SELECT learner FROM study)")
    db.execute("DELETE FROM course WHERE id NOT IN (SELECT course FROM study)")


def _move(db: sqlite3.Connection, study: int, topic: int, at: tuple[Any, ...], when: str) -> None:
    text = (
        "UPDATE study SET topic = ?, sentence = ?, phrase = ?, before = ?, here = ?, after = ?,"
        " is_over = 0, changed = ? WHERE id = ?"
    )
    db.execute(text, (topic, *at, when, study))


def _keep_topic(db: sqlite3.Connection, course: int, topic: TopicMark) -> int:
    row = (course, *topic)
    db.execute(_ADD_TOPIC, row)
    number: int = db.execute(_FIND_TOPIC, row).fetchone()[0]
    return number
