"""Makes the generated parts of README.md and the picture of the screen: `python -m tests.readme`.

A test compares them with what the code gives now.
"""

import io
import re
from collections import defaultdict
from pathlib import Path

from rich.console import Console
from rich.text import Text

from profai_cli import events as e
from profai_cli.cli.kept import Setting
from profai_cli.cli.main import profai
from profai_cli.cli.options import SETTINGS
from profai_cli.events import Event
from profai_cli.lesson.course import Course
from profai_cli.providers.catalogue import ENGINES
from profai_cli.providers.vendors import VENDORS
from profai_cli.session.figures import BARGE_IN, END_TO_END, FIRST_PARTIAL, FIRST_SAMPLE, FIRST_WORDS
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns.table import AFTER_WORDS, TABLE
from profai_cli.turns.words import PHRASES, Meaning, phrases
from profai_cli.ui.keys import ARROWS, KEYS
from profai_cli.ui.screen import Screen

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / ".readme" / "screen.svg"


def states() -> str:
    """The machine's table as a Mermaid diagram; ways to the end by Ctrl-C or time are left out.

    What the learner's words may lead to is told once, at a choice that all ways with words go through.
    """
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for state, row in TABLE.items():
        for event, cell in row.items():
            if event is e.Control:
                continue
            leads = cell.leads_to
            if leads.issuperset(AFTER_WORDS):
                ways[state, "words"].append(event.name)
                leads -= set(AFTER_WORDS)
            for to in sorted(leads - {state}):
                ways[state, to].append(event.name)
    lines = [f"  {state} --> {to}: {', '.join(names)}" for (state, to), names in ways.items()]
    lines += [f"  words --> {to}" for to in AFTER_WORDS]
    begin = ["```mermaid", "stateDiagram-v2", "  state words <<choice>>", "  [*] --> starting"]
    return "\n".join([*begin, *lines, "  done --> [*]", "```"])


def engines() -> str:
    """The catalogue as a table."""
    rows = [f"| {x.name} | {x.does} | {x.where} | {x.licence} | {x.note} |" for x in ENGINES]
    return "\n".join(["| engine | does | needs | licence | |", "|---|---|---|---|---|", *rows])


def orders() -> str:
    """What can be said without any model."""
    shown = [m for m in Meaning if m in PHRASES and m is not Meaning.MURMUR]
    rows = [f"| {m.name.lower().replace('_', ' ')} | {', '.join(phrases(PHRASES[m])[:4])} |" for m in shown]
    return "\n".join(["| order | said, for example |", "|---|---|", *rows])


def usage() -> str:
    """`profai --help`."""
    with profai.make_context("profai", [], resilient_parsing=True, terminal_width=80) as context:
        return f"```\n{profai.get_help(context)}\n```"


def vendors() -> str:
    """Where keys come from and go to."""
    rows = [f"| {v.title} | {v.does} | `{v.key_variable}` | `{v.url_variable}` | {v.page} |" for v in VENDORS.values()]
    return "\n".join(["| vendor | does | key | another host | get a key |", "|---|---|---|---|---|", *rows])


def keys() -> str:
    """What each key does."""
    return "\n".join(
        ["| key | |", "|---|---|", *(f"| {ARROWS.get(key.label, key.label)} | {key.words} |" for key in KEYS)]
    )


def settings() -> str:
    """What can be kept, and what it is without that."""
    return "\n".join(["| setting | flag | default | |", "|---|---|---|---|", *map(setting, SETTINGS.values())])


def setting(option: Setting) -> str:
    """Its line."""
    off = f", `{option.secondary_opts[0]}`" if option.secondary_opts else ""
    return f"| {option.setting} | `{option.opts[0]}`{off} | {option.usual or '-'} | {option.help} |"


SECTIONS = {
    "states": states,
    "engines": engines,
    "vendors": vendors,
    "orders": orders,
    "keys": keys,
    "usage": usage,
    "settings": settings,
}


def generated(text: str) -> str:
    """`text` with its generated parts made anew."""
    for name, make in SECTIONS.items():
        pattern = rf"(<!-- made by tests/readme.py: {name} -->\n).*?(<!-- end -->)"
        made = make().replace("\\", "\\\\")
        text, count = re.subn(pattern, rf"\g<1>{made}\n\g<2>", text, flags=re.DOTALL)
        assert count == 1, name
    return text


def scene(course: Course) -> list[Event]:
    """A moment of a class: a question was answered and the lesson has gone on."""
    cut = (0, 2, 6, 0)
    sentence = course.modules[0].topics[2].sentences[cut[2]].text
    figures = {BARGE_IN: 30, FIRST_PARTIAL: 320, FIRST_WORDS: 20, FIRST_SAMPLE: 80, END_TO_END: 980}
    return [
        e.SttReady(0.0, "moonshine"),
        e.CourseInfo(0.0, "1", course.title, "en", "", 4, 13, *cut),
        e.TtsReady(0.0, "flite slt"),
        e.AgentReady(0.0, "course search"),
        e.FinalTranscript(93.0, "what is a variable"),
        e.TeachingContent(93.4, 2, 0, "A variable is a name that stands for a value.", "answer"),
        *(e.Metrics(93.4, figure, value, 2) for figure, value in figures.items()),
        e.TeachingContent(99.0, 3, 1, sentence, "lesson", cut),
        e.TutorState(99.0, "teaching"),
        e.EchoMeasured(100.0, 31.6, -38.2, True),
        e.Heard(101.0, 3, 1, len(sentence) // 2),
    ]


def picture() -> str:
    """The screen in that moment, as SVG."""
    course = load_course(shipped_courses(), "1")
    console = Console(
        record=True, width=110, height=30, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    screen = Screen(console, course)
    for event in scene(course):
        screen(event)
    screen.levels(-34.0, -18.0)
    screen.draw()  # what scrolls by
    console.print(Text("\n").join(screen.rows()))
    return console.export_svg(title="profai class --course 1 --interactive", unique_id="profai")


def main() -> None:
    """Write both."""
    README.write_text(generated(README.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
