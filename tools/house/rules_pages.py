"""Pages: well-formed, no words of their own, nothing that runs in the page, every POST with its token."""

import re
from html.parser import HTMLParser

from .rule import Finding, rule
from .source import blank

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
SPOKEN = {"alt", "aria-label", "data-label", "placeholder", "title"}
LETTERS = re.compile(r"[A-Za-z]{2,}|[\u4e00-\u9fff]")
HEAD = re.compile(r"\A\{\{\w+ \w+\}\}.*?\{\{end\}\}", re.S)
MARK = re.compile(r"\{\{.*?\}\}", re.S)


class Page(HTMLParser):
    """Walks one page, its template marks blanked, and collects what is wrong with it."""

    def __init__(self, path, text):
        super().__init__(convert_charrefs=True)
        self.path, self.open, self.wrong, self.forms = path, [], [], []
        self.text = HEAD.sub(lambda m: blank(m.group()), text)
        self.feed(MARK.sub(lambda m: blank(m.group()).replace(" ", "\u00a0"), self.text))
        self.close()
        # The page's frame is opened by one part and closed by another.
        if not re.search(r"/frame_\w+\.html$", path):
            for tag, line in self.open:
                self.add("form", line, f"<{tag}> is never closed")

    def add(self, kind, line, message):
        self.wrong.append((kind, Finding(self.path, line, message)))

    def handle_starttag(self, tag, attrs):
        line = self.getpos()[0]
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append((tag, line))
        if tag == "script" and "src" not in dict(attrs) or tag in ("style", "iframe", "object", "font", "center"):
            self.add("safe", line, f"<{tag}> in a page")
        if tag == "img" and "alt" not in dict(attrs):
            self.add("form", line, "an <img> without its alt")
        for name, value in attrs:
            value = value or ""
            if name.startswith("on") or name == "style" or value.strip().lower().startswith("javascript:"):
                self.add("safe", line, f"{name}= in a page")
            if name in ("src", "href", "action") and re.match(r"(https?:)?//", value):
                self.add("safe", line, f"{value} is elsewhere: a page needs nobody else")
            if name in SPOKEN and LETTERS.search(value):
                self.add("words", line, f"{name}=\"{value.strip()}\": write {{{{t key}}}}")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        line = self.getpos()[0]
        if self.path.rsplit("/", 1)[1].startswith("frame_"):
            return
        if not self.open or self.open[-1][0] != tag:
            expected = f"</{self.open[-1][0]}>" if self.open else "nothing"
            self.add("form", line, f"</{tag}> where {expected} was expected")
        while self.open and self.open[-1][0] != tag:
            self.open.pop()
        if self.open:
            self.open.pop()

    def handle_data(self, data):
        if LETTERS.search(data) and not (self.open and self.open[-1][0] == "script"):
            self.add("words", self.getpos()[0], f"'{data.strip()[:40]}': write {{{{t key}}}}")


def faults(tree, kind):
    """Findings of one kind over all pages and parts."""
    for path in tree.match("src/*/pages/*.html", "src/*/pages/parts/*.html", "web/parts/*.html"):
        for found, finding in Page(path, tree.text(path)).wrong:
            if found == kind:
                yield finding


@rule
def pages_well_formed(tree):
    """Every element of a page is closed where it was opened; pictures have their alt."""
    yield from faults(tree, "form")


@rule
def pages_are_inert(tree):
    """A page runs nothing and fetches nothing from elsewhere: no script or style of its own, no handler."""
    yield from faults(tree, "safe")


@rule
def pages_speak_by_key(tree):
    """A page has no words of its own: each comes from the catalogue of the reader's language."""
    yield from faults(tree, "words")


@rule
def posts_carry_their_token(tree):
    """Every form that posts has {{csrf}}."""
    for path in tree.match("src/*/pages/*.html", "src/*/pages/parts/*.html", "web/parts/*.html"):
        text = tree.text(path)
        for match in re.finditer(r"<form\b[^>]*method=\"?post.*?</form>", text, re.S | re.I):
            if "{{csrf}}" not in match.group():
                yield Finding(path, text.count("\n", 0, match.start()) + 1, "a form that posts without {{csrf}}")
