"""Documents: the drawing of the floors is the list's, and links lead somewhere."""

import pathlib
import posixpath
import re

from .rule import Finding, rule

PAGE = "docs/architecture.md"
OPENING, CLOSING = "<!-- floors: drawn by script/house --draw -->\n", "<!-- end of floors -->"


def drawing(tree):
    """The floors from the top, as a block of text."""
    floors = {}
    for room in tree.rooms.values():
        floors.setdefault(room.floor, []).append(room.name)
    width = max(len("   ".join(names)) for names in floors.values())
    lines = [f"{'':3}main: commands and wiring", f"{'':3}{'─' * width}"]
    for floor in sorted(floors, reverse=True):
        lines.append(f"{floor:<3}{'   '.join(floors[floor])}")
    return "```\n" + "\n".join(lines) + "\n```\n"


def parts(text):
    """What stands before, between and after the marks."""
    before, _, rest = text.partition(OPENING)
    between, _, after = rest.partition(CLOSING)
    return before, between, after


@rule
def floors_drawn(tree):
    """docs/architecture.md draws the floors as src/rooms.def has them: script/house --draw."""
    if tree.exists(PAGE) and parts(tree.text(PAGE))[1] != drawing(tree):
        yield Finding(PAGE, tree.text(PAGE).partition(OPENING)[0].count("\n") + 1, "draw the floors: script/house --draw")


def draw(tree):
    """Brings the drawing up to date."""
    before, _, after = parts(tree.text(PAGE))
    (tree.root / PAGE).write_text(before + OPENING + drawing(tree) + CLOSING + after, encoding="utf-8")


@rule
def links_lead_somewhere(tree):
    """A link of a document to a file of the repository finds it."""
    for name in tree.match("*.md"):
        text = tree.text(name)
        for match in re.finditer(r"\]\(([^)#:\s]+)(?:#[^)]*)?\)", text):
            target = posixpath.normpath(posixpath.join(posixpath.dirname(name), match.group(1)))
            if not pathlib.Path(tree.root, target).exists():
                yield Finding(name, text.count("\n", 0, match.start()) + 1, f"{match.group(1)} is not there")
