"""Courses on disk: found, listed, loaded and checked."""

import json
import os
from hashlib import sha256

import pytest

from profai_cli.errors import CourseError
from profai_cli.lesson.identity import identity
from profai_cli.storage.course_files import LIMIT, CourseFiles, natural
from profai_cli.storage.courses import (
    list_courses,
    load_course,
    load_path,
    read_course,
    shipped_courses,
)

CONTROLS = "control characters or escape codes stand here, which are left out"
KEYS = "aliases, id, language, modules, sounds, summary, title"
TOML = """title = "History"
language = "en-IN"
summary = "Old things."

[[modules]]
folder = "2-late"
title = "Late"

[[modules]]
folder = "10-later"
title = "Later"

[aliases]
ruler = "king"
"""


def write(folder, files):
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes) else content.encode()
        (folder / name).write_bytes(data)
    return folder


GOOD = {
    "course.toml": TOML,
    "2-late/10-b.md": "# Ten\nText.\n",
    "2-late/9-a.md": "# Nine\nText.\n\n## Check\nQ: a?\nA: b.\n",
    "2-late/.hidden.md": "",
    "2-late/notes.txt": "",
    "10-later/1.md": "# One\nText.\n",
}


@pytest.fixture
def good(tmp_path):
    return write(tmp_path / "1-history", GOOD)


def faults(path):
    """The faults as (path in the course, line, message)."""
    found = read_course(path)[1]
    return [(os.path.relpath(f.file, path).replace(os.sep, "/"), f.line, f.message) for f in found]


def change(text, old, new):
    assert old in text
    return text.replace(old, new)


def test_a_folder_is_loaded_in_order(good):
    course = load_path(good)
    assert (course.id, course.title, course.language, course.summary) == (
        "1-history",
        "History",
        "en-IN",
        "Old things.",
    )
    assert [(m.title, [t.title for t in m.topics]) for m in course.modules] == [
        ("Late", ["Nine", "Ten"]),
        ("Later", ["One"]),
    ]
    assert course.aliases == {"ruler": "king"}
    assert course.modules[0].topics[0].checks[0].answer == "b."
    assert read_course(good)[1] == []


def test_the_fingerprint_is_that_of_names_and_contents(good):
    names = ["10-later/1.md", "2-late/10-b.md", "2-late/9-a.md", "course.toml"]
    whole = b"".join(n.encode() + b"\0" + sha256(GOOD[n].encode()).digest() for n in names)
    assert load_path(good).fingerprint == sha256(whole).hexdigest()
    write(good, {"2-late/9-a.md": "# Nine\nText!\n"})
    assert load_path(good).fingerprint != sha256(whole).hexdigest()


def test_the_text_is_put_in_words_only_when_asked_for(good):
    topic = load_path(good).modules[0].topics[0]
    assert "sentences" not in vars(topic)
    assert topic.sentences[0].text == "Nine."


def test_windows_line_ends_and_byte_order_marks_are_read(tmp_path):
    crlf = {name: b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode() for name, text in GOOD.items()}
    course = load_path(write(tmp_path / "c", crlf))
    assert course.modules[0].topics[0].markdown == "Text."
    assert read_course(tmp_path / "c")[1] == []


JSON = {
    "title": "Plants",
    "aliases": {"respire": "breathe"},
    "modules": [{"title": "Leaves", "sub_topics": [{"title": "Green", "content": "Leaves.\n\n## Check\nQ: a\nA: b"}]}],
}


def test_a_json_file_is_a_course(tmp_path):
    file = write(tmp_path, {"plants.json": json.dumps(JSON)}) / "plants.json"
    course = load_path(file)
    assert (course.id, course.title, course.language, course.summary) == ("plants", "Plants", "en", "")
    assert course.modules[0].topics[0].markdown == "Leaves."
    assert len(course.modules[0].topics[0].checks) == 1
    assert course.aliases == {"respire": "breathe"}
    assert read_course(file)[1] == []


def test_faults_of_a_json_file_are_found_at_the_nearest_title(tmp_path):
    topics = [
        {"title": "Green", "content": "x\x1b[1m\n## Check\nA: b", "size": 1},
        {"title": "green", "content": 3},
        {"content": "Text."},
    ]
    modules = [{"title": "Lé", "sub_topics": topics}, {"title": "Lé", "sub_topics": []}, {"title": "Z"}]
    data = {"modules": modules, "colour": 1}
    file = write(tmp_path, {"p.json": json.dumps(data, indent=1)}) / "p.json"
    lines = file.read_text().split("\n")
    found = [(lines[f.line - 1].strip().split(":")[0], f.message) for f in read_course(file)[1]]
    assert found == [
        ('"colour"', f'the key "colour" is unknown; use {KEYS}'),
        ("{", 'the course has no "title"'),
        ('"title"', 'the key "size" is unknown; use content, title'),
        ('"title"', 'in "Green": control characters or escape codes stand here, which are left out'),
        ('"title"', 'in "Green": the answer has no question'),
        ('"title"', '"green" has no "content"'),
        ('"title"', 'in "green": the topic has no text'),
        ('"title"', 'Topic 3 has no "title"'),
        ('"title"', 'another topic of the module has the title "green" too'),
        ('"title"', 'the module "Lé" has no "sub_topics", which is a list of objects'),
        ('"title"', 'the module "Z" has no "sub_topics", which is a list of objects'),
        ('"title"', 'another module has the title "Lé" too'),
    ]


def test_a_title_written_in_another_way_is_put_at_the_title_before(tmp_path):
    text = json.dumps(JSON, indent=1).replace('"Green"', '"Gr\\u0065en"').replace('"content"', '"text"')
    file = write(tmp_path, {"p.json": text}) / "p.json"
    line = text.split("\n").index('   "title": "Leaves",') + 1
    assert (line, '"Green" has no "content"') in [(f.line, f.message) for f in read_course(file)[1]]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ('{\n"title": }', 2, "the file is not valid JSON: Expecting value"),
        ("[]", 1, 'the file must hold one object with "title" and "modules"'),
        ("[" * 100_000, 0, "the file is not valid JSON: it is nested too deeply or has a number that is too long"),
        ('{"title": "T", "modules": [1]}', 1, 'the course has no "modules", which is a list of objects'),
    ],
)
def test_a_json_file_that_is_no_course(tmp_path, text, line, message):
    file = write(tmp_path, {"p.json": text}) / "p.json"
    assert [(f.line, f.message, f.fatal) for f in read_course(file)[1]] == [(line, message, True)]
    with pytest.raises(CourseError):
        load_path(file)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('"History"', '"History', 1, "the file is not valid TOML: Illegal character '\\n'"),
        ('ruler = "king"\n', "ruler = ", 14, "the file is not valid TOML: Invalid value"),
        ("title = ", "x = " + "[" * 100_000 + "\ntitle = ", 0, "the file is not valid TOML: it is nested too deeply"),
        ("title = ", f"x = {'9' * 5_000}\ntitle = ", 0, "the file is not valid TOML: it has a number that is too long"),
        ("[[modules]]\n", "[[things]]\n", 1, "the course lists no [[modules]]"),
        ('folder = "2-late"', "", 5, 'the module has no "folder"'),
        ('"2-late"', '"../x"', 5, '"folder" must be the name of a folder in the course, not "../x"'),
        ('"10-later"', '".."', 9, '"folder" must be the name of a folder in the course, not ".."'),
        ('"2-late"', '"/etc"', 5, '"folder" must be the name of a folder in the course, not "/etc"'),
        ('"2-late"', "'C:\\x'", 5, '"folder" must be the name of a folder in the course, not "C:\\x"'),
        ('"2-late"', '"a\\u0000"', 5, '"folder" must be the name of a folder in the course, not "a"'),
    ],
)
def test_a_course_file_that_cannot_be_used(tmp_path, old, new, line, message):
    course = write(tmp_path / "c", {**GOOD, "course.toml": change(TOML, old, new)})
    assert ("course.toml", line, message) in faults(course)
    with pytest.raises(CourseError, match=r"course\.toml.*\.$"):
        load_path(course)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ('title = "History"\n', "", 1, 'the course has no "title"'),
        ('"en-IN"', "3", 2, '"language" must be a text that is not empty'),
        ('"en-IN"', '"in English"', 2, '"language" must be a code such as "en-IN", not in English'),
        ('[aliases]\nruler = "king"', "[aliases]\nruler = 3", 13, '"aliases" must give one course word for each word'),
        ("summary", "sumary", 3, f'the key "sumary" is unknown; use {KEYS}'),
        ('title = "Later"', "", 9, 'the module "10-later" has no "title"'),
        ('title = "Later"', 'titel = "x"\ntitle = "L"', 9, 'the key "titel" is unknown; use folder, title'),
        ('"Later"', '"Late"', 9, 'another module has the title "Late" too'),
        ('"10-later"', '"2-late"', 9, 'another module has the folder "2-late" too'),
        ('"History"', '"Hist\\u0007ory"', 1, CONTROLS),
        ('"Later"', '"La\\u0007ter"', 9, CONTROLS),
        ("[aliases]", "# \u202e\n[aliases]", 13, CONTROLS),
    ],
)
def test_faults_of_the_course_file(tmp_path, old, new, line, message):
    course = write(tmp_path / "c", {**GOOD, "course.toml": change(TOML, old, new)})
    assert ("course.toml", line, message) in faults(course)
    assert load_path(course).modules


def test_every_fault_of_the_topics_is_found(good):
    write(
        good,
        {
            "2-late/9-a.md": "Text.\n\x1b[31mred\n## Check\nQ: a?\n",
            "2-late/10-b.md": "# 9-a\n\n",
            "2-late/11-c.md": b"# C\nfine\n\xff\xfe\n",
            "30-extra/1.md": "# X\nText.",
        },
    )
    assert faults(good) == [
        ("2-late/9-a.md", 2, "control characters or escape codes stand here, which are left out"),
        ("2-late/9-a.md", 1, 'the first line must be the title: "# Title"'),
        ("2-late/9-a.md", 4, "the question has no answer"),
        ("2-late/10-b.md", 2, "the topic has no text"),
        ("2-late/11-c.md", 3, "the file is not UTF-8 text"),
        ("2-late/10-b.md", 1, 'another topic of the module has the title "9-a" too'),
        ("30-extra", 0, "the folder is not listed in course.toml"),
    ]
    with pytest.raises(CourseError, match=r"11-c\.md:3: the file is not UTF-8 text\.$"):
        load_path(good)


def test_modules_without_folder_or_topics(tmp_path):
    course = write(tmp_path / "c", {"course.toml": TOML, "10-later/notes.txt": ""})
    assert faults(course) == [
        ("2-late", 0, "there is no such folder, but course.toml lists it as a module"),
        ("10-later", 0, "the module has no topics, which are files named *.md"),
    ]


def test_a_topic_must_be_a_file(good):
    (good / "10-later/2.md").mkdir()
    assert faults(good) == [("10-later/2.md", 0, "there is no such file")]


def test_a_name_that_no_disk_takes_is_a_fault(good):
    write(good, {"course.toml": change(TOML, '"10-later"', f'"{"x" * 5000}"')})
    assert [f.fatal for f in read_course(good)[1]][:1] == [True]


@pytest.fixture
def link(tmp_path):
    def make(path, target):
        try:
            path.symlink_to(target, target_is_directory=target.is_dir())
        except OSError:
            pytest.skip("links cannot be made here")

    return make


def test_nothing_outside_the_course_is_read_through_links(good, tmp_path, link):
    secret = write(tmp_path / "secret", {"1.md": "# Secret\nsecret"})
    link(good / "10-later/2.md", secret / "1.md")
    link(good / "3-out", secret)
    link(good / "10-later/3.md", good / "10-later/1.md")
    link(good / "10-later/4.md", good / "10-later/4.md")
    write(good, {"course.toml": TOML + '[[modules]]\nfolder = "3-out"\ntitle = "Out"\n'})
    out = faults(good)
    assert ("10-later/2.md", 0, "the file leads out of the course's folder") in out
    assert ("3-out", 0, "the folder leads out of the course's folder") in out
    assert "10-later/4.md" in [file for file, _, _ in out]
    assert "10-later/3.md" not in [file for file, _, message in out if "title" not in message]


def test_a_course_that_is_too_large_is_refused(tmp_path):
    course = write(tmp_path / "c", {**GOOD, "2-late/9-a.md": b"#" * (LIMIT - 400)})
    write(course, {"10-later/1.md": "x" * 500})
    with pytest.raises(CourseError, match="the course is larger than 20 MB; divide it into several"):
        load_path(course)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="everything is readable here")
def test_what_may_not_be_read_is_a_fault(good):
    (good / "10-later").chmod(0)
    (good / "2-late/9-a.md").chmod(0)
    out = faults(good)
    (good / "10-later").chmod(0o700)
    assert [message for _, _, message in out] == [
        "the file cannot be read: Permission denied",
        "the folder cannot be read: Permission denied",
    ]


@pytest.fixture
def shelf(tmp_path):
    shelf = tmp_path / "shelf"
    write(shelf / "2-history", GOOD)
    write(shelf / "10-faulty", {"course.toml": 'title = "Broken \\u001b[31mthing"\nmodules = 3\n'})
    write(shelf, {"3-plants.json": json.dumps(JSON), "4-bad.json": "{", "README.md": "no course", ".git/x": ""})
    return shelf


def test_courses_are_listed_in_natural_order_with_their_faults(shelf):
    entries = list_courses(shelf)
    assert [(e.number, e.id, e.title, e.modules, e.topics) for e in entries] == [
        (1, "2-history", "History", 2, 3),
        (2, "3-plants", "Plants", 1, 1),
        (3, "4-bad", "4-bad", 0, 0),
        (4, "10-faulty", "10-faulty", 0, 0),
    ]
    assert [e.fault.partition("shelf")[2].replace(os.sep, "/") for e in entries] == [
        "",
        "",
        "/4-bad.json:1: the file is not valid JSON: Expecting property name enclosed in double quotes",
        "/10-faulty/course.toml:2: the course lists no [[modules]]",
    ]


def test_listing_does_not_open_the_topics(shelf):
    write(shelf / "2-history", {"2-late/9-a.md": b"\xff"})
    assert list_courses(shelf)[0].fault == ""


def test_a_courses_own_folder_may_be_given(good):
    assert [entry.id for entry in list_courses(good)] == ["1-history"]
    assert load_course(good, "1").title == "History"


def test_courses_are_loaded_by_number_id_and_title(shelf):
    assert [load_course(shelf, wanted).id for wanted in ("1", " 02", "2-HISTORY", "plant", "History")] == [
        "2-history",
        "3-plants",
        "2-history",
        "3-plants",
        "2-history",
    ]


@pytest.mark.parametrize("wanted", ["9", "0", "", "physics", "²", "\x1b[31mx"])
def test_a_course_that_is_not_there_lists_the_choices(shelf, wanted):
    with pytest.raises(CourseError, match="choose one of: 1 History, 2 Plants, 3 4-bad, 4 10-faulty") as error:
        load_course(shelf, wanted)
    assert str(error.value).isprintable()


def test_a_title_that_fits_several_courses_lists_those(shelf):
    with pytest.raises(CourseError, match=r"Several courses fit 't'; choose one of: 1 History, 2 Plants, 4 10-f"):
        load_course(shelf, "t")


def test_folders_without_courses(tmp_path):
    with pytest.raises(CourseError, match="There are no courses in"):
        load_course(tmp_path, "1")
    with pytest.raises(CourseError, match="cannot be read"):
        list_courses(tmp_path / ("long" * 100))
    with pytest.raises(CourseError, match="cannot be read: No such file"):
        list_courses(tmp_path / "none")
    with pytest.raises(CourseError, match="there is no such file"):
        load_path(tmp_path / "none")
    with pytest.raises(CourseError, match=r"\.$"):
        load_path(tmp_path / ("x" * 5000))


def test_names_are_sorted_as_people_do():
    assert natural(["10-a", "9-b", "a", "B", "9-a", ""]) == ["", "9-a", "9-b", "10-a", "a", "B"]


def test_a_file_is_named_without_control_characters(tmp_path):
    assert CourseFiles(tmp_path).name("a\x1b[31mb").endswith("ab")


@pytest.mark.parametrize("entry", list_courses(shipped_courses()), ids=lambda entry: entry.id)
def test_the_shipped_courses_have_no_faults(entry):
    assert [str(fault) for fault in read_course(entry.path)[1]] == []
    for module in load_path(entry.path).modules:
        for topic in module.topics:
            assert len(topic.sentences) > 1


def test_a_course_is_known_by_its_id_and_by_where_it_lies(tmp_path):
    write(
        tmp_path, {"h/course.toml": f'id = "x"\n{TOML}', "h/2-late/1.md": "# A\nB.\n", "h/10-later/1.md": "# C\nD.\n"}
    )
    (entry,) = list_courses(tmp_path / "h")
    assert entry.identity == identity(load_path(tmp_path / "h")) == ("x", str(tmp_path / "h"), "h", "History")
    assert read_course(tmp_path / "h")[1] == []
