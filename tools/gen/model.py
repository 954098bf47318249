"""What the rooms describe, parsed: the tree that the generators write C from."""

import os
import re
from dataclasses import dataclass, field


class Fault(Exception):
    """A fault in a source: stops the build with file:line: message."""

    def __init__(self, path, line, message):
        super().__init__(f"{path}:{line}: {message}")


@dataclass
class Enum:
    name: str
    room: str
    values: list  # [code]


@dataclass
class Outcome:
    name: str
    room: str
    values: list  # [(code, status, clause or None)]


@dataclass
class Permission:
    name: str  # "class.submit"
    room: str
    roles: list


@dataclass
class Field:
    name: str
    type: str  # "text", "int", "enum", "id", …
    of: str = None  # the enum's or id's name
    least: int = None
    most: int = None
    required: bool = False
    private: bool = False
    code_list: str = None
    titles: list = field(default_factory=list)


@dataclass
class Entity:
    name: str
    room: str
    fields: list


@dataclass
class Column:
    """A parameter or a result's column: type is "int", "text", "bool", "fen", "day", "instant", "bytes", "enum", "id",
    "sealed", "sealed_bytes" or "blind"."""

    type: str
    of: str  # the enum's name, the id's ("class" of class_id), or the column with the id of the row that a value is sealed in
    name: str


@dataclass
class Row:
    name: str
    room: str
    columns: list


@dataclass
class Statement:
    name: str
    room: str
    kind: str  # exec, rows, one, many, each, integer
    parameters: list
    row: str
    sql: str
    path: str
    line: int
    columns: int = 0
    writes: bool = False


@dataclass
class Step:
    number: int
    name: str
    room: str
    path: str
    source: str
    tables: dict  # name -> fact, state, derived, log
    sealed: dict  # table -> [(column, the sealed column that it is the blind index of, or None)]


@dataclass
class Room:
    name: str
    path: str
    has_dict: bool = False
    statements: list = field(default_factory=list)


@dataclass
class Tree:
    src: str
    web: str
    rooms: dict = field(default_factory=dict)
    ids: dict = field(default_factory=dict)  # name -> room
    enums: dict = field(default_factory=dict)
    outcomes: dict = field(default_factory=dict)
    permissions: dict = field(default_factory=dict)
    entities: dict = field(default_factory=dict)
    rows: dict = field(default_factory=dict)  # (room, name) -> Row
    steps: list = field(default_factory=list)

    def room_enum(self, name):
        """The room that owns an enum or an outcome, or None."""
        found = self.enums.get(name) or self.outcomes.get(name)
        return found.room if found else None


C_TYPES = {
    "int": "int64_t",
    "text": "const char *",
    "bool": "bool",
    "fen": "struct fen",
    "day": "struct day",
    "instant": "struct instant",
    "bytes": "struct bytes",
    "sealed": "const char *",
    "sealed_bytes": "struct bytes",
    "blind": "const char *",
}


def c_type(column_type, of):
    """The C type of a column or a page's field."""
    if column_type == "enum":
        return f"enum {of}"
    if column_type == "id":
        return f"{of}_id"
    return C_TYPES[column_type]


def declare(column_type, of, name):
    """"const char *name", "class_id id" …"""
    kind = c_type(column_type, of)
    return f"{kind}{name}" if kind.endswith("*") else f"{kind} {name}"


def parse_column(text, tree, path, line):
    """"class_id id", "enum class_state state", "text name" → Column."""
    words = text.split()
    if len(words) == 3 and words[0] == "enum":
        if words[1] not in tree.enums:
            raise Fault(path, line, f"no enum {words[1]}")
        return Column("enum", words[1], words[2])
    if len(words) != 2:
        raise Fault(path, line, f"cannot read the column '{text}'")
    kind, name = words
    if kind.startswith(("sealed:", "sealed_bytes:")):
        kind, holder = kind.split(":")
        return Column(kind, holder, name)
    if kind in C_TYPES:
        return Column(kind, None, name)
    if kind.endswith("_id") and kind[:-3] in tree.ids:
        return Column("id", kind[:-3], name)
    raise Fault(path, line, f"unknown type '{kind}'")


def c_string(text):
    """A C string literal; every byte outside printable ASCII as an octal escape would be unreadable, so UTF-8 stays."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t")
    escaped = escaped.replace("\r", "\\r").replace("??", "?\\?")
    return f'"{escaped}"'


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def rooms_in(src):
    """Folders below src/, sorted: each is a room."""
    return sorted(name for name in os.listdir(src) if os.path.isdir(os.path.join(src, name)))


IDENTIFIER = re.compile(r"^[a-z][a-z0-9_]*$")


def write_if_changed(path, text):
    """Leaves the time of an unchanged file alone, so that nothing is compiled again for it."""
    try:
        if read(path) == text:
            return
    except FileNotFoundError:
        pass
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
