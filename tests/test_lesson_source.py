"""Topic files and headers as teachers write them, and their faults."""

from profai_cli.lesson.course import Check
from profai_cli.lesson.source import Fault, Header, escaped, header, topic_file, twice


def read(text):
    topic, faults = topic_file(text, "1-name", "f.md")
    return topic, [(fault.line, fault.message) for fault in faults]


def test_a_good_topic():
    topic, faults = read("# The `if` #\n\nText.\n\n## Check\n\nQ: Why?\nA: Because.\n\nq: How?\na: So.\n")
    assert faults == []
    assert (topic.title, topic.markdown) == ("The `if`", "Text.")
    assert topic.checks == (Check("Why?", "Because."), Check("How?", "So."))
    assert [sentence.text for sentence in topic.sentences] == ["The if.", "Text."]


def test_a_topic_without_checks():
    assert read("\n# T\nText.")[1] == []


def test_a_topic_without_a_heading_has_its_files_name():
    topic, faults = read("Text.\n\n## Check\nQ: a\nA: b")
    assert (topic.title, topic.markdown) == ("1-name", "Text.")
    assert faults == [(1, 'the first line must be the title: "# Title"')]


def test_an_empty_topic():
    assert read("# T\n\n---\n")[1] == [(2, "the topic has no text")]
    assert read("")[1] == [(1, 'the first line must be the title: "# Title"'), (1, "the topic has no text")]


def test_broken_pairs_are_left_out_and_found_by_line():
    topic, faults = read("# T\nx\n## Check\nA: a\nQ: 1\nQ: 2\nA: b\nnote\nQ:\nQ: 3\n")
    assert topic.checks == (Check("2", "b"),)
    only = 'the section "Check" holds lines "Q: ..." and "A: ..." only'
    assert faults == [
        (4, "the answer has no question"),
        (5, "the question has no answer"),
        (8, only),
        (9, only),
        (10, "the question has no answer"),
    ]
    assert read("# T\nx\n## Check\n\n")[1] == [(3, 'the section "Check" has no pairs of "Q:" and "A:"')]


def test_control_characters_are_left_out_and_found_by_line():
    topic, faults = read("# T\r\n\x1b[31mred\x1b[0m\r\n\r\nbell\x07\r\n")
    assert topic.markdown == "red\n\nbell"
    assert [line for line, _ in faults] == [2, 4]


def read_header(data):
    head, faults = header(data, "1-name", "course.toml", lambda key: [*data, key].index(key) + 1)
    return head, [(fault.line, fault.message) for fault in faults]


def test_a_good_header():
    data = {"title": " A  B ", "language": "en-IN", "summary": "S", "aliases": {"respire": "breathe"}, "modules": []}
    assert read_header(data) == (Header("A B", "en-IN", "S", {"respire": "breathe"}), [])
    assert read_header({"title": "A", "summary": ""}) == (Header("A", "en", ""), [])


def test_a_faulty_header():
    head, faults = read_header({"title": 3, "language": "e!", "summary": [1], "aliases": {"a": 1}, "colour": 1})
    assert head == Header("1-name", "en", "")
    assert sorted(faults) == [
        (1, '"title" must be a text that is not empty'),
        (2, '"language" must be a code such as "en-IN", not e!'),
        (3, '"summary" must be a text that is not empty'),
        (4, '"aliases" must give one course word for each word'),
        (5, 'the key "colour" is unknown; use aliases, id, language, modules, sounds, summary, title'),
    ]
    assert read_header({"aliases": 1})[1] == [
        (1, 'the course has no "title"'),
        (1, '"aliases" must give one course word for each word'),
    ]


def test_titles_that_come_twice():
    assert [str(f) for f in twice([("A", "f", 1), ("B", "f", 2), ("a", "f", 3)], "module")] == [
        'f:3: another module has the title "a" too'
    ]


def test_a_fault_without_a_line_names_the_file_only():
    assert str(Fault("f", 0, "wrong")) == "f: wrong"


def test_a_value_with_control_characters_is_a_fault_and_others_are_none():
    assert [fault.line for fault in escaped("red \x1b[31m", "course.toml", 3)] == [3]
    assert not list(escaped("red", "course.toml", 3))
    assert not list(escaped(7, "course.toml", 3))
