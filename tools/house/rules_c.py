"""The form of C: sizes, banned words, money, globals, switches, includes."""

import re

from .rule import Finding, rule

FUNCTION_LINES, FILE_LINES, COLUMNS = 70, 800, 100
# A line may be excused where the reason stands on it, or in the comment right above it.
EXCUSE = re.compile(r"/\* allowed: \S.*?\*/", re.S)

ANYWHERE = {
    "strcpy": "copy into an arena", "strcat": "use a struct buffer", "sprintf": "use arena_printf or snprintf",
    "vsprintf": "use arena_vprintf", "gets": "never", "atoi": "use text_integer", "atol": "use text_integer",
    "atoll": "use text_integer", "atof": "decimal arithmetic only", "strtod": "decimal arithmetic only",
    "strtok": "keeps hidden state", "system": "start programs without a shell", "popen": "start programs without a shell",
    "alloca": "use the arena", "rand": "use the id source or libsodium", "srand": "use libsodium",
    "localtime": "struct day and struct instant", "gmtime": "struct day and struct instant",
    "mktime": "struct day and struct instant", "tmpnam": "use mkstemp", "setenv": "configuration is a table",
    "time": "ctx->now; only boundaries ask clock_now()",
}
OUTSIDE_ARENA = ("malloc", "calloc", "realloc", "free", "strdup", "strndup", "asprintf", "vasprintf", "reallocarray")


def excused(source, offset):
    above = source.text[:source.text.rfind("\n", 0, offset) + 1].rstrip()
    comment = above[above.rfind("/*"):] if above.endswith("*/") else ""
    return EXCUSE.search(source.line_text(offset)) is not None or EXCUSE.match(comment) is not None


@rule
def banned_calls(tree):
    """No call that overflows, hides state, reads the clock behind the rules, or allocates beside the arena."""
    words = "|".join([*ANYWHERE, *OUTSIDE_ARENA])
    pattern = re.compile(rf"(?<![\w.>])({words})\s*\(")
    for source in tree.sources:
        if source.path.startswith("bench/"):
            continue  # measures, serves nobody
        for match in pattern.finditer(source.code):
            word = match.group(1)
            if word in OUTSIDE_ARENA and source.path == "src/base/arena.c" or excused(source, match.start()):
                continue
            advice = ANYWHERE.get(word, "memory comes from an arena")
            yield Finding(source.path, source.line(match.start()), f"{word}(): {advice}")


@rule
def banned_words(tree):
    """No binary floating point; no note of work left undone."""
    for source in tree.sources:
        for match in re.finditer(r"\b(double|float)\b", source.code):
            if not source.path.startswith("bench/") and not excused(source, match.start()):
                yield Finding(source.path, source.line(match.start()), f"{match.group(1)}: decimal arithmetic only")
    for name in tree.text_files:
        if name.startswith(("tools/house/", "tests/house/", "tests/runner/")) or name == "CONTRIBUTING.md":
            continue
        for match in re.finditer(r"\b(TODO|FIXME|XXX|HACK)\b", tree.text(name)):
            line = tree.text(name).count("\n", 0, match.start()) + 1
            yield Finding(name, line, f"{match.group(1)}: finish it or leave it out")


@rule
def sizes(tree):
    """A function has at most 70 lines between its braces, a file of code at most 800."""
    for source in tree.sources:
        for first, last in source.functions:
            if last - first + 1 > FUNCTION_LINES:
                yield Finding(source.path, first, f"a function of {last - first + 1} lines; {FUNCTION_LINES} is the most")
    for name in tree.match("*.c", "*.h", "*.py", "*.js", "*.mjs", "*.html"):
        lines = tree.text(name).count("\n")
        if lines > FILE_LINES:
            yield Finding(name, lines, f"a file of {lines} lines; {FILE_LINES} is the most")


@rule
def money(tree):
    """Nobody looks inside struct fen outside base without saying why: /* raw: why */ on the line."""
    declared = re.compile(r"\bstruct fen (\w+(?:\s*,\s*\w+)*)\s*[;,)=\[]")
    names = {name.strip() for source in tree.sources for match in declared.finditer(source.code)
             for name in match.group(1).split(",")}
    names |= {name for source in tree.sources for name in re.findall(r"\b(\w+_fen)\b", source.code)}
    names.discard("v")
    if not names:
        return
    pattern = re.compile(rf"\b({'|'.join(sorted(names))})(?:\[[^]]*\])?\.v\b")
    for source in tree.sources:
        if source.path.startswith("src/base/"):
            continue
        own = {name.strip() for match in declared.finditer(source.code) for name in match.group(1).split(",")}
        for match in pattern.finditer(source.code):
            is_fen = match.group(1) in own or match.group(1).endswith("_fen")
            if is_fen and not re.search(r"/\* raw: \S", source.line_text(match.start())):
                yield Finding(source.path, source.line(match.start()), f"{match.group()}: say why, /* raw: … */")


@rule
def globals_const(tree):
    """What lives outside functions is const, or says on its line why not: /* allowed: … */."""
    for source in tree.sources:
        for offset, text in source.top_level():
            if is_mutable(text) and not excused(source, offset):
                yield Finding(source.path, source.line(offset), f"a global that is not const: {text.splitlines()[0][:60]}")


def is_mutable(text):
    """Whether a declaration outside braces makes a variable that can change."""
    declarator = text.split("=", 1)[0]
    if re.match(r"(typedef|extern|_Static_assert|static_assert|ID_TYPE|[A-Z_]+\()", text):
        return False
    plain = re.sub(r"__attribute__\s*\(\(.*?\)\)", "", declarator)
    if re.match(r"[^(]*\((?!\s*\*)", plain):
        return False  # a function
    if re.fullmatch(r"(static\s+)?(struct|union|enum)\s*\w*\s*(\{\}\s*)?", plain.strip()):
        return False  # a type
    if not re.search(r"\w\s+\**\s*(const\s+)?\w+\s*(\[|$)|\}\s*\w+|\(\s*\*", plain):
        return False
    if "(" in plain:
        return not re.search(r"\(\s*\*\s*const\b", plain)
    if "*" in plain:
        return "const" not in plain.rsplit("*", 1)[1]
    return not re.search(r"\bconst\b", plain)


@rule
def switches(tree):
    """A switch over our own enum has no default, so that the compiler names what is missing."""
    own = {value for source in tree.sources if source.path.startswith("src/")
           for body in re.findall(r"\benum\s*\w*\s*\{([^}]*)\}", source.code)
           for value in re.findall(r"\b([A-Z][A-Z0-9_]+)\b\s*(?:=[^,}]*)?(?:,|$)", body.strip())}
    for item in [*tree.described.enums.values(), *tree.described.outcomes.values()]:
        values = [value if isinstance(value, str) else value[0] for value in item.values]
        own |= {f"{item.name}_{value}".upper() for value in values}
    for source in tree.sources:
        for offset, labels in switch_labels(source.code):
            used = own & set(re.findall(r"\bcase ([A-Z][A-Z0-9_]+)\s*:", labels))
            if used and re.search(r"\bdefault\s*:", labels):
                yield Finding(source.path, source.line(offset), f"default: beside {min(used)}")


def switch_labels(code):
    """(offset, text) of each switch's body, with the bodies of inner braces left out."""
    for match in re.finditer(r"\bswitch\s*\(", code):
        start = code.find("{", match.end())
        depth, text, last = 0, [], start
        for brace in re.finditer(r"[{}]", code[start:]):
            at = start + brace.start()
            if depth == 1:
                text.append(code[last:at])
            depth += 1 if brace.group() == "{" else -1
            last = at + 1
            if depth == 0:
                break
        yield match.start(), "".join(text)


@rule
def named_booleans(tree):
    """true and false as an argument carry the parameter's name: f(a, /* force= */ true)."""
    pattern = re.compile(r"[(,]\s*(?:true|false)\s*(?=[,)])")
    for source in tree.sources:
        if source.is_test:
            continue
        for match in pattern.finditer(source.code):
            named = re.search(r"/\* \w+= \*/", source.text[match.start():match.end()])
            if not named and callee(source.code, match.start()) not in ("{", "assert", "atomic"):
                yield Finding(source.path, source.line(match.start()), "which parameter is this true or false?")


def callee(code, offset):
    """The word before the bracket that an argument stands in, up to its first _; "{" in a table's row."""
    depth = 0
    for at in range(offset + 1 if code[offset] == "(" else offset, max(0, offset - 2000), -1):
        char = code[at - 1]
        if char in ")}]":
            depth += 1
        elif char in "({[" and depth == 0:
            word = re.search(r"([a-z]*)\w*\s*$", code[max(0, at - 60):at - 1])
            return char if char == "{" else (re.search(r"\b([a-z]*)", word.group()).group(1) if word else "")
        elif char in "({[":
            depth -= 1
    return ""


@rule
def include_order(tree):
    """The own header first, then the system's, then the rooms', each block sorted."""
    for source in tree.sources:
        blocks = re.findall(r"(?:^#include [^\n]+\n)+", source.text, re.M)
        for block in blocks:
            names = re.findall(r'^#include [<"]([^>"]+)', block, re.M)
            if names != sorted(names):
                yield Finding(source.path, source.line(source.text.find(block)), "includes are not sorted")
        own = source.path.removeprefix("src/").removesuffix(".c") + ".h"
        if source.path.startswith("src/main"):
            own = ""
        names = [name for _, _, name in source.includes]
        if own in names and names[0] != own and not source.is_test:
            yield Finding(source.path, source.line(source.includes[0][0]), f'"{own}" comes first')


@rule
def sql_in_its_place(tree):
    """SQL stands in .sql files; only the store speaks it in C."""
    pattern = re.compile(r"\b(SELECT\s.+\sFROM|INSERT INTO|UPDATE\s\w+\sSET|DELETE FROM|CREATE (TABLE|INDEX|VIEW)|"
                         r"DROP (TABLE|SCHEMA|INDEX)|ALTER TABLE|PRAGMA \w|BEGIN IMMEDIATE|ROLLBACK|SAVEPOINT)\b", re.S)
    for source in tree.sources:
        if tree.room_of(source.path) == "store" or source.path.startswith(("tests/", "bench/")):
            continue
        for offset, text in source.strings:
            if pattern.search(text) and not excused(source, offset):
                yield Finding(source.path, source.line(offset), "SQL in a C string: write a statement in the room's .sql")


@rule
def html_in_its_place(tree):
    """HTML stands in pages/*.html and web/parts, never in C."""
    tags = ("html|head|body|div|p|span|a|ul|ol|li|table|thead|tbody|tr|td|th|form|input|button|select|option|label|"
            "h[1-6]|section|article|main|nav|header|footer|img|br|hr|strong|em|dl|dt|dd|details|summary|textarea")
    pattern = re.compile(rf"</?(?:{tags})(?:\s[^<>]*)?/?>?(?=$|[\s>])|</(?:{tags})>")
    for source in tree.sources:
        if source.is_test:
            continue
        for offset, text in source.strings:
            if pattern.search(text) and not excused(source, offset):
                yield Finding(source.path, source.line(offset), "HTML in a C string: write a page or a part")
