"""What a learner may say: words, lines and spelling."""

from profai_cli.ports import Vocabulary
from profai_cli.providers.stt import language_model
from profai_cli.providers.stt.phrases import SHORT, TEMPLATES
from profai_cli.providers.stt.spelling import spelled_out

COURSE = Vocabulary("en", ("The half-life of TCP isn\u2019t \u201clong\u201d.",), ("Half-life",), ("Enough",))


def test_words_lose_punctuation_and_keep_their_case() -> None:
    assert language_model.spoken_words(COURSE.sentences[0]) == ["The", "half", "life", "of", "TCP", "isn't", "long"]
    assert {"TCP", "isn't", "mm-hm", "enough"} <= set(language_model.words(COURSE))


def test_every_template_asks_about_every_term_and_short_words_come_often() -> None:
    lines = language_model.training_lines(COURSE)
    assert "the half life of tcp isn't long" in lines
    for template in TEMPLATES:
        assert template.format("half life") in lines
    assert lines.count("enough") == 1
    for short in SHORT:
        assert lines.count(short) > 1


def test_a_line_breaks_at_a_word_that_cannot_be_said() -> None:
    model = language_model.arpa(["a b c", "c"], {"a", "c"}).decode()
    assert " a </s>" in model
    assert " <s> c" in model
    assert " a c" not in model
    assert " b " not in model


def test_the_header_counts_what_the_model_lists() -> None:
    model = language_model.arpa(["go on"], {"go", "on"}).decode()
    count = int(model.split("ngram 1=")[1].split()[0])
    assert count == len(model.split("\\1-grams:\n")[1].split("\n\n")[0].splitlines())


def test_abbreviations_are_spelled_out() -> None:
    spelled = spelled_out(["UDP", "NADPH", "NATO", "Python", "CRISPR", "42"])
    assert spelled == {"udp": "Y UW D IY P IY", "nadph": "EH N EY D IY P IY EY CH"}
