"""Makes the generated parts of README.md and the picture of the screen: `python -m tests.readme`.

A test compares them with what the code gives now.
"""

import io
import re
from collections import defaultdict
from pathlib import Path

from rich.console import Console

from profai_cli import events as e
from profai_cli.cli.main import profai
from profai_cli.events import Event
from profai_cli.providers.catalogue import ENGINES
from profai_cli.providers.vendors import VENDORS
from profai_cli.storage.courses import load_course, shipped_courses
from profai_cli.turns.table import TABLE
from profai_cli.turns.words import PHRASES, Meaning, phrases
from profai_cli.ui.screen import Screen
from profai_cli.ui.view import Outline

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
PICTURE = ROOT / ".readme" / "screen.svg"


def states() -> str:
    """The machine's table as a Mermaid diagram; ways to the end by Ctrl-C or time are left out."""
    ways: dict[tuple[str, str], list[str]] = defaultdict(list)
    for state, row in TABLE.items():
        for event, cell in row.items():
            for to in sorted(cell.leads_to - {state}):
                if event is not e.Control:
                    ways[state, to].append(event.name)
    lines = [f"  {state} --> {to}: {', '.join(names)}" for (state, to), names in ways.items()]
    return "\n".join(["```mermaid", "stateDiagram-v2", "  [*] --> starting", *lines, "  done --> [*]", "```"])


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


SECTIONS = {"states": states, "engines": engines, "vendors": vendors, "orders": orders, "usage": usage}


def generated(text: str) -> str:
    """`text` with its generated parts made anew."""
    for name, make in SECTIONS.items():
        pattern = rf"(<!-- made by tests/readme.py: {name} -->\n).*?(<!-- end -->)"
        made = make().replace("\\", "\\\\")
        text, count = re.subn(pattern, rf"\g<1>{made}\n\g<2>", text, flags=re.DOTALL)
        assert count == 1, name
    return text


def scene() -> list[Event]:
    """A moment of a class: a question was answered and the lesson has gone on."""
    cut = (0, 2, 4, 0)
    return [
        e.SttReady(0.0, "pocketsphinx"),
        e.CourseInfo(0.0, "1", "Python, first steps", "en", "", 4, 13, *cut),
        e.TtsReady(0.0, "flite slt"),
        e.AgentReady(0.0, "course search"),
        e.FinalTranscript(93.0, "what is a variable"),
        e.TeachingContent(93.4, 2, 0, "A variable is a name that stands for a value.", "answer"),
        e.TeachingContent(99.0, 3, 1, "You give a name to a value with the equals sign.", "lesson", cut),
        e.TutorState(99.0, "teaching"),
        e.EchoMeasured(100.0, 31.6, -38.2, True),
        e.Heard(101.0, 3, 1, 27),
    ]


def picture() -> str:
    """The screen in that moment, as SVG."""
    course = load_course(shipped_courses(), "1")
    outline = [Outline(m.title, tuple(t.title for t in m.topics)) for m in course.modules]
    console = Console(
        record=True, width=84, height=14, file=io.StringIO(), force_terminal=True, color_system="truecolor"
    )
    screen = Screen(console, outline)
    for event in scene():
        screen(event)
    screen.levels(-52.0, -18.0)
    screen.draw()  # what scrolls by
    screen.draw()
    console.print(screen.frame())
    return console.export_svg(title="profai class --course 1 --interactive", unique_id="profai")


def main() -> None:
    """Write both."""
    README.write_text(generated(README.read_text(encoding="utf-8")), encoding="utf-8")
    PICTURE.write_text(picture(), encoding="utf-8")


if __name__ == "__main__":
    main()
