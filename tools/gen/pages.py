"""Compiles the rooms' pages/*.html: a model struct, HTML and JSON writers in C. The language is in tools/README.md.

A template is read once into nodes, while a small machine follows where in the HTML each {{…}} stands; it is then written out as C that the
compiler checks against the model's struct.
"""

import os
import re
from dataclasses import dataclass, field

from . import assets, words
from .place import Misplaced, Place
from .model import Fault, c_string, c_type, declare, parse_column, read, write_if_changed

TAG = re.compile(r"\{\{(.*?)\}\}", re.S)
# Members of problem details (RFC 9457), which stand beside a refusing page's own.
SUFFIXES = ("code", "plain", "count", "title", "main")
# Drawn by the dictionary, with JSON of their own.
DRAWN = {"table": "struct table_view", "detail": "struct detail"}
RESERVED = {"type", "title", "status", "instance", "errors"}


@dataclass
class Slot:
    """A field of a model: kind is a column type, or "row", "rows", "list", "form", "table", "detail"."""

    kind: str
    of: str
    name: str
    fields: dict = field(default_factory=dict)  # of row, rows and list
    struct: str = None
    used: set = field(default_factory=set)  # of rows: the columns that the page shows


@dataclass
class Page:
    name: str
    room: str
    path: str
    is_part: bool
    fields: dict
    lists: list  # Slots of kind list, inner ones first
    main_class: str = None
    title: list = None


# ---------------------------------------------------------------------------------------------- the head


def _read_head(tree, room, path, text):
    match = re.match(r"\s*\{\{(model|part) ([a-z][a-z0-9_]*)\}\}[ \t]*\n(.*?)^\{\{end\}\}[ \t]*\n?", text, re.S | re.M)
    if not match:
        raise Fault(path, 1, "a page begins with {{model NAME}} … {{end}}")
    page = Page(match.group(2), room, path, match.group(1) == "part", {}, [])
    lines = list(enumerate(match.group(3).split("\n"), text[: match.start(3)].count("\n") + 1))
    _read_fields(tree, page, lines, page.fields, page.name)
    return page, text[match.end():], text[: match.end()].count("\n")


def _read_fields(tree, page, lines, fields, struct):
    while lines:
        number, raw = lines.pop(0)
        words = raw.split("#", 1)[0].split()
        if not words:
            continue
        if words == ["end"]:
            return
        slot = _read_slot(tree, page, number, words, lines, struct)
        if slot.name in fields:
            raise Fault(page.path, number, f"{slot.name} is declared twice")
        if slot.name in RESERVED and fields is page.fields and not page.is_part:
            raise Fault(page.path, number, f"{slot.name} is a member of problem details: name it otherwise")
        fields[slot.name] = slot


def _row_fields(tree, page, number, name):
    room, _, row = name.rpartition(".")
    found = tree.rows.get((room or page.room, row))
    if found is None:
        raise Fault(page.path, number, f"no row {name}")
    return row, {c.name: Slot(c.type, c.of, c.name) for c in found.columns}


def _read_slot(tree, page, number, words, lines, struct):
    if words[0] in ("row", "rows") and len(words) == 3:
        row, fields = _row_fields(tree, page, number, words[1])
        return Slot(words[0], words[1], words[2], fields, f"struct {row}")
    if words[0] == "page" and len(words) == 2 and page.is_part:
        return Slot("page", None, words[1])
    if words[0] == "form" and len(words) == 3:
        if words[1] not in tree.entities:
            raise Fault(page.path, number, f"no entity {words[1]}")
        return Slot("form", words[1], words[2])
    if words[0] in DRAWN and len(words) == 2:
        return Slot(words[0], None, words[1])
    if words[0] == "list" and len(words) in (2, 3):
        slot = Slot("list", words[1], words[-1] if len(words) == 3 else f"{words[1]}s", {}, f"struct {struct}_{words[1]}")
        _read_fields(tree, page, lines, slot.fields, f"{struct}_{words[1]}")
        page.lists.append(slot)
        return slot
    column = parse_column(" ".join(words), tree, page.path, number)
    return Slot(column.type, column.of, column.name)


# ---------------------------------------------------------------------------------------------- the body


class Reader:
    """Turns a body into nodes: ("text", t), ("value", words, escaping, line), ("each", list, body, none, line) …"""

    def __init__(self, tree, page):
        self.tree, self.page = tree, page

    def read(self, text, first_line):
        place = Place()
        tokens = self._tokens(self.page.path, text, first_line, 0)
        nodes, _, _ = self._block(tokens, None, place, 0)
        self._try(self.page.path, text.count("\n") + first_line + 1, place.end)
        return nodes

    def _tokens(self, path, text, line, depth):
        """(kind, text, (path, line)); the line counts from the file's first."""
        if depth > 5:
            raise Fault(path, line, "parts within parts within parts")
        at = 0
        for match in TAG.finditer(text):
            start = line + text[:at].count("\n") + 1
            yield ("text", text[at:match.start()], (path, start))
            here = line + text[:match.start()].count("\n") + 1
            word = match.group(1).strip()
            if word.startswith(">"):
                part, inner = self._part(word[1:].strip(), (path, here))
                yield from self._tokens(part, inner, 0, depth + 1)
            elif word:
                yield ("tag", word, (path, here))
            else:
                raise Fault(path, here, "nothing between {{ and }}")
            at = match.end()
        yield ("text", text[at:], (path, line + text[:at].count("\n") + 1))

    def _part(self, name, line):
        for folder in (os.path.join(os.path.dirname(self.page.path), "parts"), os.path.join(self.tree.web, "parts")):
            path = os.path.join(folder, f"{name}.html")
            if os.path.exists(path):
                return path, read(path)
        raise Fault(*line, f"no part {name}")

    @staticmethod
    def _try(path, line, step, *given):
        try:
            return step(*given)
        except Misplaced as what:
            raise Fault(path, line, str(what)) from None

    def _feed(self, place, text, line):
        """Follows the text; a fault is said at its own line."""
        path, number = line
        for row in text.splitlines(keepends=True):
            self._try(path, number, place.feed, row)
            number += 1

    def _block(self, tokens, end, place, opened):
        """Nodes up to {{/end}} or {{:}}; the tag that ended it, and its line."""
        nodes = []
        for kind, text, line in tokens:
            if kind == "text":
                if text:
                    half = re.search(r"\{\{|\}\}", text)
                    if half:
                        raise Fault(line[0], line[1] + text[:half.start()].count("\n"), "{{ or }} without its other half")
                    self._feed(place, text, line)
                    nodes.append(("text", re.sub(r"[ \t\r]*\n\s*", "\n", text)))
                continue
            place.settle()
            if text == ":" or text.startswith("/"):
                if end is None or (text != ":" and text[1:].strip() != end):
                    raise Fault(*line, f"{{{{{text}}}}} closes nothing here")
                return nodes, text, line
            nodes.append(self._tag(tokens, text, line, place))
        if end is not None:
            raise Fault(*opened, f"{{{{{end}}}}} is never closed")
        return nodes, None, 0

    def _tag(self, tokens, text, line, place):
        words = text.split()
        if text[0] in "#?^":
            return self._nested(tokens, text[0], text[1:].strip(), line, place)
        if text == "title":
            if self.page.title is not None or self.page.is_part:
                raise Fault(*line, "a page has one {{title}}, a part none")
            self.page.title, _, _ = self._block(tokens, "title", Place(), line)
            return ("nothing",)
        if words[0] == "main":
            return self._main(words[1:], line)
        if not re.match(r"^[a-z]", words[0]):
            raise Fault(*line, f"cannot read {{{{{text}}}}}")
        try:
            escaping = place.put()
        except Misplaced as where:
            raise Fault(*line, f"{{{{{text}}}}} cannot stand in {where}") from None
        is_own = words[0] in ("t", "words", "input", "asset", "faults", *DRAWN) and len(words) > 1 or words == ["csrf"]
        if words[0] in ("csrf", "input", "faults", *DRAWN) and is_own and escaping != "text":
            raise Fault(*line, f"{{{{{text}}}}} stands between tags only")
        return (words[0] if is_own else "value", words, escaping, line)

    def _main(self, classes, line):
        if self.page.is_part or self.page.main_class or not classes:
            raise Fault(*line, "{{main CLASS…}} stands once in a page")
        self.page.main_class = " ".join(classes)
        return ("nothing",)

    def _nested(self, tokens, sign, name, line, place):
        before = place.copy()
        yes, ended, _ = self._block(tokens, name, place, line)
        no, other = [], before
        if ended == ":":
            other = before.copy()
            no, again, _ = self._block(tokens, name, other, line)
            if again == ":":
                raise Fault(*line, f"{{{{{sign}{name}}}}} has two {{{{:}}}}")
        if place.key() != before.key() or other.key() != before.key():
            raise Fault(*line, f"{{{{{sign}{name}}}}} ends elsewhere in the HTML than it begins")
        place.is_fresh = place.is_fresh or other.is_fresh
        return ({"#": "each", "?": "if", "^": "unless"}[sign], name, yes, no, line)


# ---------------------------------------------------------------------------------------------- to C


class Writer:
    """Writes one page's nodes as C statements."""

    def __init__(self, tree, page):
        self.tree, self.page = tree, page
        self.scopes = [("model->", page.fields)]
        self.lines, self.depth, self.serial = [], 1, 0

    def emit(self, text):
        self.lines.append("    " * self.depth + text)

    def find(self, name, line):
        """(C expression, Slot, suffix) of a dotted name."""
        parts = name.split(".")
        suffix = parts.pop() if parts[-1] in SUFFIXES and len(parts) > 1 else None
        for prefix, fields in reversed(self.scopes):
            if parts[0] in fields:
                slot, expression = fields[parts[0]], prefix + parts[0]
                for part in parts[1:]:
                    if slot.kind != "row" or part not in slot.fields:
                        raise Fault(*line, f"{name}: no field {part}")
                    slot.used.add(part)
                    slot, expression = slot.fields[part], f"{expression}.{part}"
                self._mark(parts[0])
                return expression, slot, suffix
        raise Fault(*line, f"the model of {self.page.name} has no {name}")

    def _mark(self, name):
        for slot, (_, fields) in zip(reversed(self.inside()), reversed(self.scopes)):
            if name in fields:
                if slot is not None:
                    slot.used.add(name)
                return

    def inside(self):
        return getattr(self, "_inside", [None])

    def text_of(self, name, line):
        """A C expression of type const char *: the field's value for people."""
        expression, slot, suffix = self.find(name, line)
        if suffix == "count":
            return f"show_integer(ctx, (int64_t){expression}.count)"
        shows = {"text": expression, "int": f"show_integer(ctx, {expression})", "fen": f"show_fen(ctx, {expression})",
                 "day": f"show_day(ctx, {expression})", "instant": f"show_instant(ctx, {expression})",
                 "id": f"show_id(ctx, {expression}.v)", "bool": f"show_bool(ctx, {expression})",
                 "enum": f'show_enum(ctx, "{slot.of}", {slot.of}_code({expression}))'}
        plain = {"fen": f"show_fen_plain(ctx, {expression})", "int": f"show_integer_plain(ctx, {expression})",
                 "instant": f"instant_text(ctx->arena, {expression})"}
        if suffix == "code" and slot.kind == "enum":
            return f"show_text({slot.of}_code({expression}))"
        if suffix == "plain" and slot.kind in plain:
            return plain[slot.kind]
        if slot.kind not in shows or suffix:
            raise Fault(*line, f"{name} cannot be shown")
        return shows[slot.kind]

    def test_of(self, name, line):
        expression, slot, suffix = self.find(name, line)
        tests = {"text": f"!text_empty({expression})", "bool": expression, "id": f"{expression}.v != 0",
                 "int": f"{expression} != 0 && {expression} != INT64_MIN", "day": f"!day_is_none({expression})",
                 "instant": f"!instant_is_none({expression})", "enum": f"{expression} != 0",
                 "rows": f"{expression}.count > 0", "list": f"{expression}.count > 0",
                 "form": f"{expression}.faults != NULL && {expression}.faults->count > 0",
                 "fen": f"!show_fen_is_none({expression})", "table": f"{expression}.count > 0",
                 "page": f"{expression}.page->main_class != NULL" if suffix == "main" else None}
        if tests.get(slot.kind) is None:
            raise Fault(*line, f"{name} is no condition")
        return tests[slot.kind]

    def nodes(self, nodes):
        for node in nodes:
            getattr(self, f"_{node[0]}")(*node[1:])

    def _text(self, text):
        for start in range(0, len(text), 2000):
            part = text[start:start + 2000]
            self.emit(f"buffer_add_n(out, {c_string(part)}, {len(part.encode())});")

    def _nothing(self):
        pass

    def _csrf(self, _words, _escaping, _line):
        self.emit("show_csrf(out, ctx);")

    def _escape(self, expression, name, escaping, line):
        if escaping == "address":
            show = {"_path": "show_path", "_url": "show_url"}.get(name[name.rfind("_"):])
            if show is None:
                raise Fault(*line, f"{name} begins an address: name it …_path (of this site) or …_url (of another)")
            return f"buffer_add_html(out, {show}({expression}));"
        if escaping == "address_part":
            return f"buffer_add_url(out, show_text({expression}));"
        return f"buffer_add_html(out, show_text({expression}));"

    def _value(self, words, escaping, line):
        if len(words) != 1:
            raise Fault(*line, f"cannot read '{' '.join(words)}'")
        expression, slot, suffix = self.find(words[0], line)
        if slot.kind == "page":
            self._page(expression, suffix, escaping, line)
        else:
            self.emit(self._escape(self.text_of(words[0], line), words[0], escaping, line))

    def _page(self, expression, suffix, escaping, line):
        """A page that this template stands around: its body, {{x.title}} or {{x.main}}."""
        if suffix == "main":
            self.emit(f"buffer_add_html(out, show_text({expression}.page->main_class));")
            return
        if escaping != "text":
            raise Fault(*line, "a page stands between tags only")
        writer = "title" if suffix == "title" else "html"
        self.emit(f"{expression}.page->{writer}(out, ctx, {expression}.model);")

    def _placeholders(self, key, given, line):
        """The words must exist, and take exactly what they are given."""
        if key not in self.tree.words:
            raise Fault(*line, f"no words for {key}")
        names = {pair.partition("=")[0] for pair in given}
        for language, text in self.tree.words[key].items():
            wanted = set(re.findall(r"\{(\w+)\}", text))
            if wanted != names:
                raise Fault(*line, f"{key} ({language}) takes {', '.join(sorted(wanted)) or 'nothing'}, "
                                   f"not {', '.join(sorted(names)) or 'nothing'}")

    def _t(self, parts, _escaping, line):
        key, given = parts[1], parts[2:]
        self.page_words(key)
        self._placeholders(key, given, line)
        if not given:
            self.emit(f"show_word(out, ctx, &{words.symbol(key)});")
            return
        pairs = []
        for pair in given:
            name, _, source = pair.partition("=")
            pairs.append(f'{{"{name}", show_text({self.text_of(source or name, line)})}}')
        self.emit(f"buffer_add_html(out, words_with(ctx, &(struct message){{{c_string(key)}, "
                  f"{{{', '.join(pairs)}}}}}));")

    def page_words(self, key):
        if key not in self.tree.words_used:
            self.tree.words_used.add(key)

    def _words(self, words, _escaping, line):
        if len(words) == 2:
            self.emit(f"buffer_add_html(out, words(ctx, {self.text_of(words[1], line)}));")
        else:
            self.emit(f'buffer_add_html(out, show_words(ctx, {c_string(words[1])}, {self.text_of(words[2], line)}));')

    def _asset(self, words, _escaping, line):
        if words[1] not in self.tree.assets:
            raise Fault(*line, f"no asset {words[1]}")
        self._text(assets.path_of(self.tree, words[1]))

    def _input(self, words, _escaping, line):
        form, _, name = words[1].partition(".")
        expression, slot, _ = self.find(form, line)
        if slot.kind != "form" or name not in [f.name for f in self.tree.entities[slot.of].fields]:
            raise Fault(*line, f"no input {words[1]}")
        self.emit(f'dictionary_input(out, ctx, &{expression}, "{name}");')

    def _faults(self, words, _escaping, line):
        expression, slot, _ = self.find(words[1], line)
        if slot.kind != "form":
            raise Fault(*line, f"{words[1]} is no form")
        self.emit(f"dictionary_fault_summary(out, ctx, &{expression});")

    def _table(self, words, _escaping, line):
        self._drawn(words, line)

    def _detail(self, words, _escaping, line):
        self._drawn(words, line)

    def _drawn(self, words, line):
        expression, slot, _ = self.find(words[1], line)
        if slot.kind != words[0]:
            raise Fault(*line, f"{words[1]} is no {words[0]}")
        self.emit(f"dictionary_{words[0]}(out, ctx, &{expression});")

    def _each(self, name, yes, no, line):
        expression, slot, _ = self.find(name, line)
        if slot.kind not in ("rows", "list"):
            raise Fault(*line, f"{name} is no list")
        self.serial += 1
        i = f"i{self.serial}"
        self.emit(f"for (size_t {i} = 0; {i} < {expression}.count; {i}++) {{")
        self.scopes.append((f"{expression}.items[{i}].", slot.fields))
        self._inside = self.inside() + [slot]
        self._deeper(yes)
        self._inside = self._inside[:-1]
        self.scopes.pop()
        self.emit("}")
        if no:
            self.emit(f"if ({expression}.count == 0) {{")
            self._deeper(no)
            self.emit("}")

    def _if(self, name, yes, no, line):
        self.emit(f"if ({self.test_of(name, line)}) {{")
        self._deeper(yes)
        if no:
            self.emit("} else {")
            self._deeper(no)
        self.emit("}")

    def _unless(self, name, yes, no, line):
        self.emit(f"if (!({self.test_of(name, line)})) {{")
        self._deeper(yes)
        if no:
            self.emit("} else {")
            self._deeper(no)
        self.emit("}")

    def _deeper(self, nodes):
        self.depth += 1
        self.nodes(nodes)
        self.depth -= 1


def _json_value(slot, expression):
    """C statements that write one field's value."""
    of_kind = {"text": f"json_text(out, {expression});", "int": f"json_integer(out, {expression});",
               "bool": f'buffer_add(out, {expression} ? "true" : "false");', "fen": f"json_fen(out, {expression});",
               "day": f"json_text(out, show_day_or_null(ctx, {expression}));",
               "instant": f"json_text(out, show_instant_or_null(ctx, {expression}));",
               "id": f"json_id(out, {expression}.v);", "enum": f"json_text(out, {slot.of}_code({expression}));"}
    return of_kind[slot.kind]


def _json_fields(fields, prefix, only, depth, serial):
    """Lines that write {"name":value,…}; `only` names the columns of a row that the page shows, or is None."""
    pad = "    " * depth
    shown = [slot for slot in fields.values()
             if slot.kind not in ("form", "bytes") and (only is None or slot.name in only or slot.name == "id")]
    lines = []
    for n, slot in enumerate(shown):
        lead = ("," if n else "{") + f'"{slot.name}":'
        lines.append(f"{pad}buffer_add(out, {c_string(lead)});")
        expression = prefix + slot.name
        if slot.kind in DRAWN:
            lines.append(f"{pad}{slot.kind}_json(out, ctx, &{expression});")
        elif slot.kind == "row":
            lines += _json_fields(slot.fields, f"{expression}.", slot.used, depth, serial)
        elif slot.kind in ("rows", "list"):
            serial[0] += 1
            i = f"i{serial[0]}"
            lines.append(f"{pad}buffer_add_char(out, '[');")
            lines.append(f"{pad}for (size_t {i} = 0; {i} < {expression}.count; {i}++) {{")
            lines.append(f"{pad}    if ({i} > 0)")
            lines.append(f"{pad}        buffer_add_char(out, ',');")
            only_used = slot.used if slot.kind == "rows" else None
            lines += _json_fields(slot.fields, f"{expression}.items[{i}].", only_used, depth + 1, serial)
            lines += [f"{pad}}}", f"{pad}buffer_add_char(out, ']');"]
        else:
            lines.append(pad + _json_value(slot, expression))
    lines.append(f'{pad}buffer_add(out, "{"}" if shown else "{}"}");')
    return lines


# ---------------------------------------------------------------------------------------------- files


def parse(tree):
    """tree.pages: room -> [Page]."""
    tree.pages, tree.words_used = {}, set()
    for room in tree.rooms.values():
        folder = os.path.join(room.path, "pages")
        if not os.path.isdir(folder):
            continue
        found = []
        for name in sorted(os.listdir(folder)):
            if name.endswith(".html"):
                path = os.path.join(folder, name)
                page, body, lines = _read_head(tree, room.name, path, read(path))
                page.source = (body, lines)
                found.append(page)
        tree.pages[room.name] = found


def outputs(tree):
    return [name for room in tree.pages for name in (f"{room}_html.h", f"{room}_html.c")]


def generate(tree, out):
    for room, pages in tree.pages.items():
        write_if_changed(os.path.join(out, f"{room}_html.h"), _header(tree, room, pages))
        write_if_changed(os.path.join(out, f"{room}_html.c"), _source(tree, room, pages))


def _all_slots(fields):
    for slot in fields.values():
        yield slot
        if slot.kind == "list":
            yield from _all_slots(slot.fields)


def _members(fields):
    lines = []
    for slot in fields.values():
        if slot.kind == "row":
            lines.append(f"    {slot.struct} {slot.name};")
        elif slot.kind == "rows":
            lines.append(f"    {slot.struct}_list {slot.name};")
        elif slot.kind == "list":
            lines += ["    struct {", "        size_t count;", f"        {slot.struct} *items;", f"    }} {slot.name};"]
        elif slot.kind == "form":
            lines.append(f"    struct form {slot.name};")
        elif slot.kind in DRAWN:
            lines.append(f"    {DRAWN[slot.kind]} {slot.name};")
        elif slot.kind == "page":
            lines.append(f"    struct page_shown {slot.name};")
        else:
            lines.append(f"    {declare(slot.kind, slot.of, slot.name)};")
    return lines


def _header(tree, room, pages):
    guard = f"GEN_{room.upper()}_HTML_H"
    lines = [f"/* Generated from src/{room}/pages. */", f"#ifndef {guard}", f"#define {guard}", '#include "base/money.h"',
             '#include "ids.h"', '#include "web/web.h"']
    slots = [slot for page in pages for slot in _all_slots(page.fields)]
    rooms = {tree.enums[slot.of].room for slot in slots if slot.kind == "enum"}
    lines += [f'#include "{name}_dict.h"' for name in sorted(rooms)]
    rows = {(slot.of.rpartition(".")[0] or room) for slot in slots if slot.kind in ("row", "rows")}
    lines += [f'#include "{name}_rows.h"' for name in sorted(rows)]
    if any(slot.kind == "form" for slot in slots):
        lines.append('#include "dictionary/dictionary.h"')
    if any(slot.kind in DRAWN for slot in slots):
        lines.append('#include "dictionary/table.h"')
    for page in pages:
        for slot in page.lists:
            lines += [f"{slot.struct} {{"] + _members(slot.fields) + ["};"]
        lines += [f"struct {page.name}_model {{"] + (_members(page.fields) or ["    char nothing;"]) + ["};"]
        if page.is_part:
            lines.append(f"void part_{page.name}(struct buffer *out, struct ctx *ctx, const struct {page.name}_model *model);")
        else:
            lines.append(f"struct reply page_{page.name}(struct ctx *ctx, const struct {page.name}_model *model);")
            lines.append(f"extern const struct page {page.name}_page;")
    return "\n".join(lines + ["#endif", ""])


def _source(tree, room, pages):
    lines = [f"/* Generated from src/{room}/pages. */", f'#include "{room}_html.h"', '#include "web/show.h"']
    for page in pages:
        rows = {slot.of for slot in _all_slots(page.fields) if slot.kind in ("row", "rows")}
        rooms = set()
        for name in rows:
            owner, _, row = name.rpartition(".")
            rooms |= {tree.enums[c.of].room for c in tree.rows[owner or room, row].columns if c.type == "enum"}
        lines += [f'#include "{name}_dict.h"' for name in sorted(rooms)]
    body = [line for page in pages for line in _page_source(tree, page)]
    named = sorted({name for line in body for name in re.findall(r"show_word\(out, ctx, &(word_\w+)\);", line)})
    lines += [f"extern const struct word {name};" for name in named]
    return "\n".join(lines + body + [""])


def _page_source(tree, page):
    body, first = page.source
    writer = Writer(tree, page)
    writer.nodes(Reader(tree, page).read(body, first))
    unused = "    (void)ctx;\n    (void)model;"
    if page.is_part:
        return [f"void part_{page.name}(struct buffer *out, struct ctx *ctx, const struct {page.name}_model *model)", "{",
                unused] + writer.lines + ["}"]
    if page.title is None:
        raise Fault(page.path, 1, "a page has a {{title}}")
    title = Writer(tree, page)
    title.nodes(page.title)
    model = f"    const struct {page.name}_model *model = data;"
    signature = "(struct buffer *out, struct ctx *ctx, const void *data)"
    lines = []
    writers = {"html": writer.lines, "title": title.lines, "json": _json_fields(page.fields, "model->", None, 1, [0]),
               "errors": _errors(page)}
    for name, body in writers.items():
        if body:
            lines += [f"static void {name}_{page.name}{signature}", "{", model, unused, "    (void)out;"] + body + ["}"]
    main_class = c_string(page.main_class) if page.main_class else "NULL"
    lines += [f"const struct page {page.name}_page = {{", f"    {c_string(page.room + '/' + page.name)}, {main_class},"]
    lines += [f"    {name}_{page.name}," if body else "    NULL," for name, body in writers.items()]
    lines += ["};", f"struct reply page_{page.name}(struct ctx *ctx, const struct {page.name}_model *model)", "{",
              "    (void)ctx;", f"    return reply_page(&{page.name}_page, model, 200);", "}"]
    return lines


def _errors(page):
    """Lines that write the faults of the page's forms; none where it has no form."""
    forms = [slot.name for slot in page.fields.values() if slot.kind == "form"]
    if not forms:
        return []
    lines = ["    bool is_first = true;", "    buffer_add_char(out, '[');"]
    lines += [f"    is_first = dictionary_errors(out, ctx, &model->{name}, is_first);" for name in forms]
    return lines + ["    (void)is_first;", "    buffer_add_char(out, ']');"]
