"""C text as the rules look at it: with comments or strings blanked, lines and columns kept."""

import re
from functools import cached_property

TOKENS = re.compile(r"""(?P<comment>/\*.*?\*/|//[^\n]*)|(?P<string>"(?:\\.|[^"\\\n])*")|(?P<char>'(?:\\.|[^'\\\n])+')""",
                    re.S)
FUNCTION = re.compile(r"^\{$(.*?)^\}", re.M | re.S)
INCLUDE = re.compile(r'^#include ([<"])([^>"]+)[>"]', re.M)


def blank(text):
    """Spaces in place of all but the line ends."""
    return re.sub(r"[^\n]", " ", text)


class Source:
    """One C file."""

    def __init__(self, path, text):
        self.path = path
        self.text = text

    def line(self, offset):
        return self.text.count("\n", 0, offset) + 1

    def line_text(self, offset):
        start = self.text.rfind("\n", 0, offset) + 1
        end = self.text.find("\n", offset)
        return self.text[start:end if end >= 0 else None]

    @property
    def is_test(self):
        return self.path.endswith("_test.c") or self.path.startswith("tests/")

    @cached_property
    def code(self):
        """Without comments, and with strings and characters emptied."""
        def replace(match):
            if match.lastgroup == "comment":
                return blank(match.group())
            return match.group()[0] + blank(match.group()[1:-1]) + match.group()[-1]
        return TOKENS.sub(replace, self.text)

    @cached_property
    def code_and_comments(self):
        """With strings and characters emptied."""
        def replace(match):
            if match.lastgroup == "comment":
                return match.group()
            return match.group()[0] + blank(match.group()[1:-1]) + match.group()[-1]
        return TOKENS.sub(replace, self.text)

    @cached_property
    def strings(self):
        """(offset, text) of each run of adjacent string literals, joined as the compiler joins them."""
        runs, end = [], -1
        for match in TOKENS.finditer(self.text):
            if match.lastgroup != "string":
                continue
            between = self.text[end:match.start()] if end >= 0 else "x"
            if runs and not between.strip():
                runs[-1] = (runs[-1][0], runs[-1][1] + match.group()[1:-1])
            else:
                runs.append((match.start(), match.group()[1:-1]))
            end = match.end()
        return runs

    @cached_property
    def includes(self):
        """(offset, "<" or a quotation mark, name)."""
        return [(m.start(), m.group(1), m.group(2)) for m in INCLUDE.finditer(self.text)]

    @cached_property
    def functions(self):
        """(first line, last line) from brace to brace; clang-format puts both at the margin."""
        return [(self.line(m.start()), self.line(m.end())) for m in FUNCTION.finditer(self.code)]

    def top_level(self):
        """(offset, text) of the declarations outside all braces; what stands in braces is left out."""
        code = re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", lambda m: blank(m.group()), self.code, flags=re.M)
        depth, start, kept = 0, 0, []
        for match in re.finditer(r"[{};]", code):
            if match.group() == "{":
                if depth == 0:
                    kept.append((start, match.start()))
                depth += 1
            elif match.group() == "}":
                depth -= 1
                start = match.end() if depth == 0 else start
                if depth == 0 and not re.match(r"\s*[;=,\w\[]", code[match.end():match.end() + 2]):
                    kept = []
            elif depth == 0:
                kept.append((start, match.start()))
                text = " {} ".join(code[a:b] for a, b in kept)
                lead = len(code[kept[0][0]:]) - len(code[kept[0][0]:].lstrip())
                yield kept[0][0] + lead, text.strip()
                start, kept = match.end(), []
