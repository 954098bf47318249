"""Reads the rooms' .sql and schema/*.sql, checks them on SQLite, writes typed C. The language is in tools/README.md."""

import ctypes
import ctypes.util
import hashlib
import os
import re

from .model import (Fault, Row, Statement, Step, c_string, c_type, declare, parse_column, read, write_if_changed)

SEALED = ("sealed", "sealed_bytes")
KINDS = ("exec", "rows", "one", "many", "each", "integer")
SIGNATURE = re.compile(r"^([a-z][a-z0-9_]*)\(([^)]*)\)\s+([a-z]+)(?:\s+([a-z][a-z0-9_]*)(?:\(([^)]*)\))?)?$")


def parse(tree):
    """Fills the tree's steps, rows and each room's statements."""
    for room in tree.rooms.values():
        folder = os.path.join(room.path, "schema")
        if os.path.isdir(folder):
            for name in sorted(os.listdir(folder)):
                tree.steps.append(_parse_step(room.name, os.path.join(folder, name)))
    tree.steps.sort(key=lambda step: step.number)
    for a, b in zip(tree.steps, tree.steps[1:]):
        if a.number == b.number:
            raise Fault(b.path, 1, f"number {b.number} is taken by {a.path}")
    names = {}
    for room in tree.rooms.values():
        path = os.path.join(room.path, f"{room.name}.sql")
        if os.path.exists(path):
            for statement in _parse_statements(tree, room.name, path):
                if statement.name in names:
                    raise Fault(path, statement.line, f"{statement.name} is in {names[statement.name]} already")
                names[statement.name] = path
                room.statements.append(statement)
    _check(tree)


def _parse_step(room, path):
    match = re.match(r"^(\d{4})-([a-z0-9-]+)\.sql$", os.path.basename(path))
    if not match:
        raise Fault(path, 1, "a step is named NNNN-name.sql")
    source = read(path)
    tables, sealed = {}, {}
    kind = table = None
    for number, line in enumerate(source.split("\n"), 1):
        mark = re.match(r"^-- table: (fact|state|derived|log)\b", line)
        kind = mark.group(1) if mark else kind
        create = re.match(r"^CREATE TABLE (\w+)", line)
        if create:
            if kind is None:
                raise Fault(path, number, "mark the table: -- table: fact, state, derived or log")
            table = create.group(1)
            tables[table] = kind
            kind = None
        column = re.match(r"^\s+(\w+)\s+(BLOB|TEXT)\b.*-- (?:(sealed)|blind index of (\w+))$", line)
        if column:
            name, _, _, source_column = column.groups()
            sealed.setdefault(table, []).append((name, source_column))
    return Step(int(match.group(1)), os.path.basename(path)[:-4], room, path, source, tables, sealed)


def dialect(source, engine):
    """The step's text for one engine."""
    lines, only = [], None
    for line in source.split("\n"):
        mark = re.match(r"^-- (?:only: (\w+)|(both))\s*$", line)
        if mark:
            only = mark.group(1)
        elif not line.startswith("--") and (only is None or only == engine):
            lines.append(line)
    text = "\n".join(lines)
    if engine == "postgres":
        text = re.sub(r"\bINTEGER\b", "BIGINT", text)
        text = re.sub(r"\bBLOB\b", "BYTEA", text)
        # By code point, as SQLite: lists stand in one order, and page by their key, on both.
        text = re.sub(r"^(\s+\w+\s+)TEXT\b", r'\1TEXT COLLATE "C"', text, flags=re.M)
        text = re.sub(r"\)\s*(?:WITHOUT ROWID\s*,\s*STRICT|STRICT\s*,\s*WITHOUT ROWID|STRICT)\s*;", ");", text)
    return re.sub(r"\n{2,}", "\n", text).strip() + "\n"


def _parse_statements(tree, room, path):
    comment, sql, start = [], [], 0
    for number, line in enumerate(read(path).split("\n"), 1):
        if line.startswith("--") and not sql:
            if not comment:
                start = number
            comment.append(line[2:].strip())
        elif not line.strip() and not sql:
            comment = []
        elif line.strip() or sql:
            sql.append(line)
            if line.rstrip().endswith(";"):
                yield _statement(tree, room, path, start, comment, "\n".join(sql).rstrip().rstrip(";"))
                comment, sql = [], []
    if sql:
        raise Fault(path, start, "a statement without its ';'")


def _columns(text, tree, path, line):
    """Each sealed one knows the column with the id of its row: the first id, where it names none."""
    columns = [parse_column(part, tree, path, line) for part in text.split(",") if part.strip()]
    ids = [column.name for column in columns if column.type == "id"]
    for column in columns:
        if column.type not in SEALED:
            continue
        column.of = column.of or (ids[0] if ids else None)
        if column.of not in ids:
            raise Fault(path, line, f"{column.name} is sealed in a row whose id is not given")
    return columns


def _statement(tree, room, path, line, comment, sql):
    for i, text in enumerate(comment):
        if re.match(r"^[a-z][a-z0-9_]*\(", text):
            signature = re.sub(r"\s+", " ", " ".join(comment[i:]))
            break
    else:
        raise Fault(path, line, "a statement without its signature")
    match = SIGNATURE.match(signature)
    if not match or match.group(3) not in KINDS:
        raise Fault(path, line, f"cannot read the signature '{signature}'")
    name, parameters, kind, row, columns = match.groups()
    given = _columns(parameters, tree, path, line)
    if kind in ("one", "many", "each"):
        if row is None:
            raise Fault(path, line, f"{name}: {kind} of which row?")
        if columns is not None:
            if (room, row) in tree.rows:
                raise Fault(path, line, f"row {row} is declared twice")
            tree.rows[room, row] = Row(row, room, _columns(columns, tree, path, line))
            if any(column.type == "blind" for column in tree.rows[room, row].columns):
                raise Fault(path, line, f"row {row}: nothing is read out of a blind index")
        elif (room, row) not in tree.rows:
            raise Fault(path, line, f"no row {row} in this room yet")
    elif row is not None:
        raise Fault(path, line, f"{name}: {kind} has no row")
    return Statement(name, room, kind, given, row, sql, path, line)


class _Sqlite:
    """The C library itself: Python's module tells neither a statement's columns before it runs nor whether it writes."""

    def __init__(self):
        name = ctypes.util.find_library("sqlite3") or "libsqlite3.so.0"
        self.library = ctypes.CDLL(name)
        self.library.sqlite3_errmsg.restype = ctypes.c_char_p
        self.database = ctypes.c_void_p()
        self.library.sqlite3_open(b":memory:", ctypes.byref(self.database))

    def error(self):
        return self.library.sqlite3_errmsg(self.database).decode()

    def run(self, text):
        return self.library.sqlite3_exec(self.database, text.encode(), None, None, None) == 0

    def prepare(self, text):
        """(columns, parameters, writes), or None where it is no statement."""
        handle = ctypes.c_void_p()
        if self.library.sqlite3_prepare_v2(self.database, text.encode(), -1, ctypes.byref(handle), None) != 0:
            return None
        answer = (self.library.sqlite3_column_count(handle),
                  self.library.sqlite3_bind_parameter_count(handle),
                  self.library.sqlite3_stmt_readonly(handle) == 0)
        self.library.sqlite3_finalize(handle)
        return answer


def _sqlite_text(sql):
    """$n is a *name* in SQLite, numbered by first appearance: ?n is what PostgreSQL's $n means."""
    return re.sub(r"\$(\d+)", r"?\1", sql)


def _check(tree):
    database = _Sqlite()
    kinds = {}
    for step in tree.steps:
        kinds |= step.tables
        if not database.run(dialect(step.source, "sqlite")):
            raise Fault(step.path, 1, database.error())
    for room in tree.rooms.values():
        for statement in room.statements:
            _check_statement(tree, database, kinds, statement)


def _check_statement(tree, database, kinds, statement):
    path, line = statement.path, statement.line
    answer = database.prepare(_sqlite_text(statement.sql))
    if answer is None:
        raise Fault(path, line, f"{statement.name}: {database.error()}")
    columns, parameters, statement.writes = answer
    used = {int(n) for n in re.findall(r"\$(\d+)", statement.sql)}
    if used != set(range(1, len(statement.parameters) + 1)) or parameters != len(statement.parameters):
        raise Fault(path, line, f"{statement.name}: uses {sorted(used)} of {len(statement.parameters)} parameters")
    expected = {"exec": 0, "rows": 0, "integer": 1}.get(statement.kind)
    if expected is None:
        expected = len(tree.rows[statement.room, statement.row].columns)
    if columns != expected:
        raise Fault(path, line, f"{statement.name}: gives {columns} columns, its signature has {expected}")
    statement.columns = columns
    if statement.kind in ("exec", "rows") and not statement.writes:
        raise Fault(path, line, f"{statement.name}: {statement.kind} of a statement that only reads")
    changed = re.search(r"\b(UPDATE|DELETE FROM)\s+(\w+)", statement.sql)
    kind = kinds.get(changed.group(2)) if changed and "ON CONFLICT" not in statement.sql else None
    if kind == "fact":
        raise Fault(path, line, f"{statement.name}: {changed.group(2)} holds facts: they are never changed")
    if kind == "log" and (changed.group(1) == "UPDATE" or not statement.name.endswith("_expired")):
        raise Fault(path, line, f"{statement.name}: {changed.group(2)} is a log: a statement …_expired deletes what is past its time")
    _check_sealed(tree, statement)


def _sealed_tables(tree):
    """table -> [(column, the column that it is the blind index of, or None)], in the schema's order."""
    return {table: columns for step in tree.steps for table, columns in step.sealed.items()}


def _check_sealed(tree, statement):
    """What the schema calls sealed or blind is never written or read in another way."""
    kinds = {column: "blind" if source else "sealed" for table, columns in _sealed_tables(tree).items()
             if re.search(rf"\b{table}\b", statement.sql) for column, source in columns}
    given = list(statement.parameters)
    if statement.row:
        given += tree.rows[statement.room, statement.row].columns
    for column in given:
        wanted = kinds.get(column.name)
        kind = "sealed" if column.type in SEALED else column.type
        if kind in ("sealed", "blind") and wanted != kind:
            raise Fault(statement.path, statement.line, f"{statement.name}: no {kind} column {column.name}")
        if wanted and kind != wanted:
            raise Fault(statement.path, statement.line, f"{statement.name}: {column.name} is {wanted}")


def outputs(tree):
    names = ["schema.c", "statements.c", "sealed.c"]
    for room in tree.rooms.values():
        if room.statements:
            names += [f"{room.name}_rows.h", f"{room.name}_sql.h", f"{room.name}_sql.c"]
    return names


def generate(tree, out):
    write_if_changed(os.path.join(out, "schema.c"), _schema(tree))
    write_if_changed(os.path.join(out, "statements.c"), _statements(tree))
    write_if_changed(os.path.join(out, "sealed.c"), _sealed(tree))
    number = 0
    for room in tree.rooms.values():
        if room.statements:
            write_if_changed(os.path.join(out, f"{room.name}_rows.h"), _rows_header(tree, room))
            write_if_changed(os.path.join(out, f"{room.name}_sql.h"), _header(tree, room))
            write_if_changed(os.path.join(out, f"{room.name}_sql.c"), _source(tree, room, number))
            number += len(room.statements)


def _schema(tree):
    lines = ["/* Generated from the rooms' schema steps. */", '#include "store/store.h"',
             "const struct schema_step store_schema_steps[] = {"]
    for step in tree.steps:
        digest = hashlib.sha256(step.source.encode()).hexdigest()
        lines.append(f"    {{.number = {step.number}, .name = {c_string(step.name)}, .room = {c_string(step.room)},")
        lines.append(f"     .sqlite = {c_string(dialect(step.source, 'sqlite'))},")
        lines.append(f"     .postgres = {c_string(dialect(step.source, 'postgres'))},")
        lines.append(f'     .sha256 = "{digest}"}},')
    return "\n".join(lines + ["    {0},", "};", f"const int store_schema_steps_count = {len(tree.steps)};", ""])


def _statements(tree):
    names = [statement.name for room in tree.rooms.values() for statement in room.statements]
    names += [name for table in _sealed_tables(tree) for name in (f"sealed_of_{table}", f"reseal_{table}")]
    lines = ["/* Generated from the rooms' .sql files. */", '#include "store/store.h"']
    lines += [f"extern const struct statement statement_{name};" for name in names]
    lines += ["const struct statement *const store_statements[] = {"]
    lines += [f"    &statement_{name}," for name in names]
    return "\n".join(lines + ["    NULL,", "};", f"const int store_statements_count = {len(names)};", ""])


def _takes_struct(statement):
    kinds = [c_type(p.type, p.of) for p in statement.parameters]
    return len(kinds) > 4 or len(set(kinds)) < len(kinds)


def _prototype(statement):
    name = f"sql_{statement.name}"
    if _takes_struct(statement):
        taken = ["struct ctx *ctx", f"const struct {name} *in"]
    else:
        taken = ["struct ctx *ctx"] + [declare(p.type, p.of, p.name) for p in statement.parameters]
    if statement.kind == "one":
        taken.append(f"struct {statement.row} *ret")
    result = {"exec": "void ", "rows": "int64_t ", "integer": "int64_t ", "one": "bool ",
              "many": f"struct {statement.row}_list ", "each": "struct cursor *"}[statement.kind]
    return f"{result}{name}({', '.join(taken)})"


def _enum_headers(tree, columns):
    rooms = sorted({tree.enums[column.of].room for column in columns if column.type == "enum"})
    return [f'#include "{name}_dict.h"' for name in rooms]


def _rows_header(tree, room):
    """The row structs stand alone, so that a room's face can show them."""
    guard = f"GEN_{room.name.upper()}_ROWS_H"
    rows = [row for (owner, _), row in tree.rows.items() if owner == room.name]
    lines = [f"/* Generated from src/{room.name}/{room.name}.sql. */", f"#ifndef {guard}", f"#define {guard}",
             "#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>", '#include "base/money.h"',
             '#include "base/text.h"', '#include "ids.h"']
    lines += _enum_headers(tree, [column for row in rows for column in row.columns])
    for row in rows:
        lines += [f"struct {row.name} {{"] + [f"    {declare(c.type, c.of, c.name)};" for c in row.columns] + ["};"]
        lines += [f"struct {row.name}_list {{", "    size_t count;", f"    struct {row.name} *items;", "};"]
    return "\n".join(lines + ["#endif", ""])


def _header(tree, room):
    guard = f"GEN_{room.name.upper()}_SQL_H"
    lines = [f"/* Generated from src/{room.name}/{room.name}.sql. */", f"#ifndef {guard}", f"#define {guard}",
             '#include "base/ctx.h"', '#include "store/store.h"', f'#include "{room.name}_rows.h"']
    lines += _enum_headers(tree, [p for s in room.statements for p in s.parameters])
    each_rows = set()
    for statement in room.statements:
        if _takes_struct(statement):
            lines += [f"struct sql_{statement.name} {{"]
            lines += [f"    {declare(p.type, p.of, p.name)};" for p in statement.parameters] + ["};"]
        lines.append(_prototype(statement) + ";")
        if statement.kind == "each" and statement.row not in each_rows:
            each_rows.add(statement.row)
            lines.append(f"bool sql_{statement.row}_next(struct cursor *cursor, struct {statement.row} *ret);")
    return "\n".join(lines + ["#endif", ""])


def _blind_field(name):
    return name.removesuffix("_index")


def _bind(parameter, prefix):
    """A struct value initialiser."""
    expression = prefix + parameter.name
    kind = parameter.type
    if kind in SEALED:
        plain = expression if kind == "sealed_bytes" else f"bytes_of({expression})"
        return f'sealed_value(ctx, (struct sealed_place){{"{parameter.name}", {prefix}{parameter.of}.v}}, {plain})'
    if kind == "blind":
        return f'text_value(vault_blind(ctx, "{_blind_field(parameter.name)}", {expression}))'
    if kind == "id":
        return f"{{.type = STORE_INTEGER, .is_null = {expression}.v == 0, .integer = {expression}.v}}"
    if kind == "int":
        return f"{{.type = STORE_INTEGER, .is_null = {expression} == INT64_MIN, .integer = {expression}}}"
    if kind == "bool":
        return f"{{.type = STORE_INTEGER, .integer = {expression}}}"
    if kind in ("fen", "instant"):
        return f"{{.type = STORE_INTEGER, .is_null = {expression}.v == INT64_MIN, .integer = {expression}.v}}"
    if kind == "day":
        return f"{{.type = STORE_INTEGER, .is_null = {expression}.v == INT32_MIN, .integer = {expression}.v}}"
    if kind == "bytes":
        return (f"{{.type = STORE_BYTES, .is_null = {expression}.data == NULL, .bytes = {expression}.data, "
                f".length = {expression}.length}}")
    text = f"{parameter.of}_code({expression})" if kind == "enum" else expression
    return f"text_value({text})"


def _fetch(column, i):
    """Statements that fill row->name from the cursor's column i."""
    name, null = f"ret->{column.name}", f"db_is_null(cursor, {i})"
    if column.type == "id":
        return f"{name}.v = {null} ? 0 : db_integer(cursor, {i});"
    if column.type == "int":
        return f"{name} = {null} ? INT64_MIN : db_integer(cursor, {i});"
    if column.type == "bool":
        return f"{name} = !{null} && db_integer(cursor, {i}) != 0;"
    if column.type in ("fen", "instant"):
        return f"{name}.v = {null} ? INT64_MIN : db_integer(cursor, {i});"
    if column.type == "day":
        return f"{name}.v = {null} ? INT32_MIN : (int32_t)db_integer(cursor, {i});"
    if column.type == "bytes":
        return f"{name}.data = db_bytes(cursor, {i}, &{name}.length);"
    if column.type == "text":
        return f"{name} = db_text(cursor, {i});"
    if column.type in SEALED:
        text = ".data" if column.type == "sealed" else ""
        return f'{name} = opened(cursor, {i}, (struct sealed_place){{"{column.name}", ret->{column.of}.v}}){text};'
    return (f"{{ const char *code = db_text(cursor, {i}); {name} = {column.of.upper()}_NONE; "
            f"bool known = code == NULL || {column.of}_parse(code, &{name}); assert(known); (void)known; }}")


STORE_TYPES = {"text": "STORE_TEXT", "enum": "STORE_TEXT", "bytes": "STORE_BYTES", "sealed": "STORE_BYTES",
               "sealed_bytes": "STORE_BYTES", "blind": "STORE_TEXT"}


def _types(columns):
    return ", ".join(STORE_TYPES.get(column.type, "STORE_INTEGER") for column in columns) or "STORE_INTEGER"


def _seals(tree, room):
    columns = [column for (owner, _), row in tree.rows.items() if owner == room.name for column in row.columns]
    columns += [parameter for statement in room.statements for parameter in statement.parameters]
    return any(column.type in SEALED + ("blind",) for column in columns)


_SEALING = [
    '#include "vault/vault.h"',
    "static struct bytes bytes_of(const char *text) __attribute__((unused));",
    "static struct bytes bytes_of(const char *text)", "{",
    "    return (struct bytes){text, text == NULL ? 0 : strlen(text)};", "}",
    "static struct value sealed_value(struct ctx *ctx, struct sealed_place place, struct bytes plain)",
    "    __attribute__((unused));",
    "static struct value sealed_value(struct ctx *ctx, struct sealed_place place, struct bytes plain)", "{",
    "    struct bytes sealed = vault_seal(ctx, place, plain);",
    "    return (struct value){.type = STORE_BYTES, .is_null = sealed.data == NULL, .bytes = sealed.data,",
    "                          .length = sealed.length};", "}",
    "static struct bytes opened(struct cursor *cursor, int column, struct sealed_place place)",
    "    __attribute__((unused));",
    "static struct bytes opened(struct cursor *cursor, int column, struct sealed_place place)", "{",
    "    struct bytes sealed = {0};",
    "    if (!db_is_null(cursor, column))",
    "        sealed.data = db_bytes(cursor, column, &sealed.length);",
    "    return vault_open(db_ctx(cursor), place, sealed);", "}",
]


def _sealed(tree):
    """The tables with something sealed, so that everything can be sealed anew."""
    tables = _sealed_tables(tree)
    number = sum(len(room.statements) for room in tree.rooms.values())
    lines = ["/* Generated from the rooms' schema steps. */", '#include "vault/vault.h"']
    for table, columns in tables.items():
        names = ", ".join(name for name, _ in columns)
        settings = ", ".join(f"{name} = ${i + 2}" for i, (name, _) in enumerate(columns))
        types = ", ".join("STORE_TEXT" if source else "STORE_BYTES" for _, source in columns)
        lines += _resealing(f"sealed_of_{table}", f"SELECT id, {names} FROM {table} WHERE id > $1 ORDER BY id LIMIT $2",
                            {"number": number, "given": "STORE_INTEGER, STORE_INTEGER", "parameters": 2,
                             "types": f"STORE_INTEGER, {types}", "columns": len(columns) + 1, "writes": "false"})
        lines += _resealing(f"reseal_{table}", f"UPDATE {table} SET {settings} WHERE id = $1",
                            {"number": number + 1, "given": f"STORE_INTEGER, {types}", "parameters": len(columns) + 1,
                             "types": "STORE_INTEGER", "columns": 0, "writes": "true"})
        number += 2
    for table, columns in tables.items():
        lines += [f"static const struct sealed_column columns_{table}[] = {{"]
        lines += [f"    {{{c_string(name)}, {c_string(source) if source else 'NULL'}}}," for name, source in columns]
        lines += ["};"]
    lines += ["const struct sealed_table vault_sealed_tables[] = {"]
    lines += [f"    {{{c_string(table)}, columns_{table}, {len(columns)}, &statement_sealed_of_{table}, "
              f"&statement_reseal_{table}}}," for table, columns in tables.items()]
    return "\n".join(lines + ["    {NULL, NULL, 0, NULL, NULL},", "};", ""])


def _resealing(name, sql, about):
    return [f"static const enum store_type types_{name}[] = {{{about['types']}}};",
            f"static const enum store_type parameters_{name}[] = {{{about['given']}}};",
            f"extern const struct statement statement_{name};",
            f"const struct statement statement_{name} = {{", f'    .name = "vault.{name}",',
            f"    .sqlite = {c_string(_sqlite_text(sql))},", f"    .postgres = {c_string(sql)},",
            f"    .number = {about['number']}, .parameters = {about['parameters']}, .columns = {about['columns']},",
            f"    .writes = {about['writes']}, .streams = false,",
            f"    .column_types = types_{name}, .parameter_types = parameters_{name}}};"]


def _source(tree, room, first):
    lines = [f"/* Generated from src/{room.name}/{room.name}.sql. */", f'#include "{room.name}_sql.h"',
             "#include <assert.h>", "#include <string.h>", '#include "base/arena.h"']
    lines += _SEALING if _seals(tree, room) else []
    lines += [
             "static struct value text_value(const char *text) __attribute__((unused));",
             "static struct value text_value(const char *text)", "{",
             "    return (struct value){.type = STORE_TEXT, .is_null = text == NULL, .bytes = text,",
             "                          .length = text == NULL ? 0 : strlen(text)};", "}"]
    fetched = set()
    for i, statement in enumerate(room.statements):
        lines += _descriptor(tree, statement, first + i)
        if statement.row and statement.row not in fetched:
            fetched.add(statement.row)
            columns = tree.rows[room.name, statement.row].columns
            lines += [f"static void fetch_{statement.row}(struct cursor *cursor, struct {statement.row} *ret)", "{"]
            in_order = sorted(enumerate(columns), key=lambda place: place[1].type in SEALED)
            lines += [f"    {_fetch(column, n)}" for n, column in in_order] + ["}"]
        lines += _function(statement)
    nexts = []
    for statement in room.statements:
        if statement.kind == "each" and statement.row not in nexts:
            nexts.append(statement.row)
    for row in nexts:
        lines += [f"bool sql_{row}_next(struct cursor *cursor, struct {row} *ret)", "{",
                  "    if (!db_next(cursor))", "        return false;", f"    fetch_{row}(cursor, ret);",
                  "    return true;", "}"]
    return "\n".join(lines + [""])


def _postgres_text(sql):
    """SQLite's INTEGER has 64 bits, PostgreSQL's 32: a sum of fen would overflow in a CAST."""
    return re.sub(r"\bAS INTEGER\)", "AS BIGINT)", sql)


def _descriptor(tree, statement, number):
    name = statement.name
    if statement.row:
        columns = tree.rows[statement.room, statement.row].columns
    else:
        columns = []
    return [f"static const enum store_type columns_{name}[] = {{{_types(columns)}}};",
            f"static const enum store_type parameters_{name}[] = {{{_types(statement.parameters)}}};",
            f"extern const struct statement statement_{name};",
            f"const struct statement statement_{name} = {{",
            f'    .name = "{statement.room}.{name}",',
            f"    .sqlite = {c_string(_sqlite_text(statement.sql))},", f"    .postgres = {c_string(_postgres_text(statement.sql))},",
            f"    .number = {number}, .parameters = {len(statement.parameters)}, .columns = {statement.columns},",
            f"    .writes = {str(statement.writes).lower()}, .streams = {str(statement.kind == 'each').lower()},",
            f"    .column_types = columns_{name}, .parameter_types = parameters_{name}}};"]


def _function(statement):
    prefix = "in->" if _takes_struct(statement) else ""
    lines = [_prototype(statement), "{"]
    if statement.parameters:
        lines.append("    const struct value values[] = {")
        lines += [f"        {_bind(p, prefix)}," for p in statement.parameters]
        lines.append("    };")
    values = "values" if statement.parameters else "NULL"
    call = f"(ctx, &statement_{statement.name}, {values})"
    if statement.kind == "exec":
        lines.append(f"    db_change_later{call};")
    elif statement.kind == "rows":
        lines.append(f"    return db_change{call};")
    elif statement.kind == "each":
        lines.append(f"    return db_query{call};")
    else:
        lines.append(f"    struct cursor *cursor = db_query{call};")
        lines += {"one": _one, "many": _many, "integer": _integer}[statement.kind](statement)
    return lines + ["}"]


def _one(statement):
    return ["    bool found = db_next(cursor);", "    if (found)", f"        fetch_{statement.row}(cursor, ret);",
            "    db_end(cursor);", "    return found;"]


def _many(statement):
    row = statement.row
    return [f"    struct {row}_list list = {{0, NULL}};", "    size_t capacity = 0;", "    while (db_next(cursor)) {",
            "        if (list.count == capacity) {", "            size_t wider = capacity == 0 ? 8 : capacity * 2;",
            f"            list.items = arena_grow(ctx->arena, list.items, capacity * sizeof *list.items,",
            "                                    wider * sizeof *list.items);", "            capacity = wider;",
            "        }", f"        fetch_{row}(cursor, &list.items[list.count++]);", "    }", "    db_end(cursor);",
            "    return list;"]


def _integer(_statement):
    return ["    int64_t answer = db_next(cursor) && !db_is_null(cursor, 0) ? db_integer(cursor, 0) : 0;",
            "    db_end(cursor);", "    return answer;"]
