"""Reads the rooms' .dict files; writes ids.h, permissions.{h,c} and <room>_dict.{h,c}. The language is in tools/README.md."""

import os

from .model import (IDENTIFIER, Entity, Enum, Fault, Field, Outcome, Permission, Room, c_string, read,
                    rooms_in, write_if_changed)

FIELD_TYPES = {
    "text": "FIELD_TEXT",
    "password": "FIELD_PASSWORD",
    "person_name": "FIELD_PERSON_NAME",
    "int": "FIELD_INTEGER",
    "fen": "FIELD_FEN",
    "day": "FIELD_DAY",
    "bool": "FIELD_BOOL",
    "enum": "FIELD_ENUM",
    "id": "FIELD_ID",
    "identity_no": "FIELD_IDENTITY_NO",
    "credit_code": "FIELD_CREDIT_CODE",
    "phone": "FIELD_PHONE",
    "bank_account": "FIELD_BANK_ACCOUNT",
    "file": "FIELD_FILE",
}


def parse(tree):
    """Fills the tree's rooms, ids, enums, outcomes, permissions and entities."""
    for name in rooms_in(tree.src):
        room = Room(name, os.path.join(tree.src, name))
        tree.rooms[name] = room
        path = os.path.join(room.path, f"{name}.dict")
        if os.path.exists(path):
            room.has_dict = True
            _parse_file(tree, name, path)
    for entity in tree.entities.values():
        for item in entity.fields:
            known = tree.enums if item.type == "enum" else tree.ids
            if item.of and item.of not in known:
                raise Fault(f"{entity.room}.dict", 0, f"{entity.name}.{item.name}: no {item.type} {item.of}")


def _parse_file(tree, room, path):
    block = None
    for number, raw in enumerate(read(path).split("\n"), 1):
        line = raw.split("#", 1)[0].rstrip()
        if not line.strip():
            continue
        words = line.split()
        if line[0] not in " \t":
            block = _open_block(tree, room, path, number, words)
        elif block is None:
            raise Fault(path, number, "an indented line without a block above it")
        else:
            block(number, words)


def _claim(table, name, thing, path, number):
    if not IDENTIFIER.match(name.replace(".", "_")):
        raise Fault(path, number, f"'{name}' is no identifier")
    if name in table:
        raise Fault(path, number, f"'{name}' is described twice")
    table[name] = thing


def _open_block(tree, room, path, number, words):
    """Handles a line at the margin; returns the function for its indented lines, or None."""
    kind, name = words[0], words[1] if len(words) > 1 else ""
    if kind == "id":
        _claim(tree.ids, name, room, path, number)
        return None
    if kind == "permission":
        if len(words) < 3:
            raise Fault(path, number, "a permission names the roles that hold it")
        _claim(tree.permissions, name, Permission(name, room, words[2:]), path, number)
        return None
    if kind == "enum":
        enum = Enum(name, room, [])
        _claim(tree.enums, name, enum, path, number)
        return lambda at, parts: _add_value(enum, path, at, parts)
    if kind == "outcome":
        outcome = Outcome(name, room, [])
        _claim(tree.outcomes, name, outcome, path, number)
        return lambda at, parts: _add_outcome(outcome, path, at, parts)
    if kind == "entity":
        entity = Entity(name, room, [])
        _claim(tree.entities, name, entity, path, number)
        return lambda at, parts: entity.fields.append(_parse_field(path, at, parts))
    raise Fault(path, number, f"'{kind}' is none of id, enum, outcome, permission, entity")


def _add_value(enum, path, number, parts):
    if len(parts) != 1 or parts[0] in enum.values or parts[0] == "none":
        raise Fault(path, number, f"enum {enum.name}: one new value a line")
    enum.values.append(parts[0])


def _add_outcome(outcome, path, number, parts):
    if len(parts) < 2 or not parts[1].isdigit():
        raise Fault(path, number, f"outcome {outcome.name}: a value, its HTTP status, and the clause if there is one")
    outcome.values.append((parts[0], int(parts[1]), " ".join(parts[2:]) or None))


def _parse_field(path, number, parts):
    if len(parts) < 2 or parts[1] not in FIELD_TYPES:
        raise Fault(path, number, f"a field is a name and one of: {' '.join(FIELD_TYPES)}")
    item = Field(parts[0], parts[1])
    if item.type == "person_name":
        item.least, item.most = 1, 50
    elif item.type == "password":
        item.private = True
    rest = parts[2:]
    if item.type in ("enum", "id"):
        if not rest:
            raise Fault(path, number, f"{item.name}: {item.type} of what?")
        item.of = rest.pop(0)
    for word in rest:
        if word == "required":
            item.required = True
        elif word == "private":
            item.private = True
        elif word.startswith("list="):
            item.code_list = word[5:]
        elif word.startswith("titles="):
            item.titles = [title for title in word[7:].split("|") if title]
        elif ".." in word:
            least, most = word.split("..", 1)
            item.least = int(least) if least else None
            item.most = int(most) if most else None
        else:
            raise Fault(path, number, f"{item.name}: cannot read '{word}'")
    return item


def outputs(tree):
    names = ["ids.h", "permissions.h", "permissions.c"]
    for room in tree.rooms.values():
        if room.has_dict:
            names += [f"{room.name}_dict.h", f"{room.name}_dict.c"]
    return names


def generate(tree, out):
    write_if_changed(os.path.join(out, "ids.h"), _ids(tree))
    header, source = _permissions(tree)
    write_if_changed(os.path.join(out, "permissions.h"), header)
    write_if_changed(os.path.join(out, "permissions.c"), source)
    for room in tree.rooms.values():
        if room.has_dict:
            write_if_changed(os.path.join(out, f"{room.name}_dict.h"), _header(tree, room.name))
            write_if_changed(os.path.join(out, f"{room.name}_dict.c"), _source(tree, room.name))


def _ids(tree):
    lines = ["/* Generated from the rooms' .dict files. */", "#ifndef GEN_IDS_H", "#define GEN_IDS_H",
             '#include "base/id.h"']
    lines += [f"ID_TYPE({name}_id); /* {room} */" for name, room in sorted(tree.ids.items())]
    return "\n".join(lines + ["#endif", ""])


def _permissions(tree):
    names = sorted(tree.permissions)
    constants = ["PUBLIC", "SIGNED_IN"] + [name.upper().replace(".", "_") for name in names]
    header = ["/* Generated from the rooms' .dict files. */", "#ifndef GEN_PERMISSIONS_H",
              "#define GEN_PERMISSIONS_H", "#include <stdint.h>",
              "/* PUBLIC: everyone; SIGNED_IN: every account; 0: a route that forgot, which does not start. */",
              "enum permission {"]
    header += [f"    PERMISSION_{name} = {i}," for i, name in enumerate(constants, 1)]
    header += ["};", f"enum {{ PERMISSION_COUNT = {len(constants) + 1} }};",
               'const char *permission_name(enum permission permission); /* "class.submit" */',
               "/* The roles that hold it: bit n stands for the n-th value of registry's enum role. */",
               "uint64_t permission_roles(enum permission permission);", "#endif", ""]
    roles = tree.enums["role"].values if "role" in tree.enums else []
    masks, texts = ["0", "0"], ["public", "signed_in"] + names
    for name in names:
        item = tree.permissions[name]
        for role in item.roles:
            if role not in roles:
                raise Fault(f"{item.room}.dict", 0, f"permission {name}: no role {role}")
        masks.append(" | ".join(f"UINT64_C(1) << {roles.index(role) + 1}" for role in item.roles))
    source = ["/* Generated from the rooms' .dict files. */", '#include "permissions.h"',
              "static const struct {", "    const char *name;", "    uint64_t roles;", "} table[] = {", '    {"", 0},']
    source += [f"    {{{c_string(text)}, {mask}}}," for text, mask in zip(texts, masks)]
    source += ["};", "const char *permission_name(enum permission permission)", "{",
               "    return table[permission].name;", "}",
               "uint64_t permission_roles(enum permission permission)", "{",
               "    return table[permission].roles;", "}", ""]
    return "\n".join(header), "\n".join(source)


def _field_declaration(item):
    if item.type == "int":
        return f"int64_t {item.name};"
    if item.type == "fen":
        return f"struct fen {item.name};"
    if item.type == "day":
        return f"struct day {item.name};"
    if item.type == "bool":
        return f"bool {item.name};"
    if item.type == "enum":
        return f"enum {item.of} {item.name};"
    if item.type == "id":
        return f"{item.of}_id {item.name};"
    return f"const char *{item.name};"


def _room_entities(tree, room):
    return [entity for entity in tree.entities.values() if entity.room == room]


def _header(tree, room):
    guard = f"GEN_{room.upper()}_DICT_H"
    lines = [f"/* Generated from src/{room}/{room}.dict. */", f"#ifndef {guard}", f"#define {guard}",
             "#include <stdbool.h>", "#include <stddef.h>", "#include <stdint.h>", '#include "base/day.h"',
             '#include "base/message.h"', '#include "base/money.h"', '#include "ids.h"']
    others = {tree.enums[item.of].room for entity in _room_entities(tree, room)
              for item in entity.fields if item.type == "enum"}
    lines += [f'#include "{other}_dict.h"' for other in sorted(others - {room})]
    if _room_entities(tree, room):
        lines += ["struct entity;"]
    for enum in tree.enums.values():
        if enum.room == room:
            lines += [f"enum {enum.name} {{", f"    {enum.name.upper()}_NONE,"]
            lines += [f"    {enum.name.upper()}_{value.upper()}," for value in enum.values]
            lines += ["};", f"enum {{ {enum.name.upper()}_COUNT = {len(enum.values) + 1} }};",
                      f"const char *{enum.name}_code(enum {enum.name} value); /* NULL for NONE */",
                      f"bool {enum.name}_parse(const char *code, enum {enum.name} *ret)"
                      " __attribute__((warn_unused_result));"]
    for outcome in tree.outcomes.values():
        if outcome.room == room:
            lines += [f"enum {outcome.name} {{"]
            lines += [f"    {outcome.name.upper()}_{code.upper()} = {i},"
                      for i, (code, _, _) in enumerate(outcome.values, 1)]
            lines += ["};", f"const struct outcome_info *{outcome.name}_info(enum {outcome.name} outcome);"]
    for entity in _room_entities(tree, room):
        lines += [f"struct {entity.name} {{"]
        lines += [f"    {_field_declaration(item)}" for item in entity.fields]
        lines += ["};", f"extern const struct entity {entity.name}_entity;"]
    return "\n".join(lines + ["#endif", ""])


def _source(tree, room):
    lines = [f"/* Generated from src/{room}/{room}.dict. */", f'#include "{room}_dict.h"', "#include <string.h>"]
    if _room_entities(tree, room):
        lines.append('#include "dictionary/dictionary.h"')
    for enum in tree.enums.values():
        if enum.room == room:
            lines += _enum_source(enum)
    for outcome in tree.outcomes.values():
        if outcome.room == room:
            lines += _outcome_source(outcome)
    tables = set()
    for entity in _room_entities(tree, room):
        for item in entity.fields:
            if item.type == "enum" and item.of not in tables:
                tables.add(item.of)
                lines += _enum_table(tree.enums[item.of])
        lines += _entity_source(entity)
    return "\n".join(lines + [""])


def _enum_source(enum):
    return [f"static const char *const {enum.name}_codes[] = {{",
            "    NULL, " + ", ".join(c_string(value) for value in enum.values) + "};",
            f"const char *{enum.name}_code(enum {enum.name} value)", "{",
            f"    return {enum.name}_codes[value];", "}",
            f"bool {enum.name}_parse(const char *code, enum {enum.name} *ret)", "{",
            f"    for (int i = 1; i < {enum.name.upper()}_COUNT; i++) {{",
            f"        if (strcmp({enum.name}_codes[i], code) == 0) {{",
            f"            *ret = (enum {enum.name})i;", "            return true;", "        }", "    }",
            "    return false;", "}"]


def _outcome_source(outcome):
    lines = [f"static const struct outcome_info {outcome.name}_infos[] = {{", "    {NULL, 0, NULL},"]
    for code, status, clause in outcome.values:
        lines.append(f"    {{{c_string(outcome.name + '.' + code)}, {status}, "
                     f"{c_string(clause) if clause else 'NULL'}}},")
    return lines + ["};", f"const struct outcome_info *{outcome.name}_info(enum {outcome.name} outcome)", "{",
                    f"    return &{outcome.name}_infos[outcome];", "}"]


def _enum_table(enum):
    lines = [f"static const struct enum_value {enum.name}_table[] = {{"]
    lines += [f"    {{{c_string(value)}, {enum.name.upper()}_{value.upper()}}}," for value in enum.values]
    return lines + ["    {NULL, 0},", "};"]


def _bound(value, open_end):
    return str(value) if value is not None else open_end


def _entity_source(entity):
    lines = []
    for item in entity.fields:
        if item.titles:
            titles = ", ".join(c_string(title) for title in item.titles)
            lines.append(f"static const char *const {entity.name}_{item.name}_titles[] = {{{titles}, NULL}};")
    lines.append(f"static const char *const {entity.name}_no_titles[] __attribute__((unused)) = {{NULL}};")
    lines.append(f"static const struct field {entity.name}_fields[] = {{")
    for item in entity.fields:
        titles = f"{entity.name}_{item.name}_titles" if item.titles else f"{entity.name}_no_titles"
        parts = [f".name = {c_string(item.name)}", f".key = {c_string(entity.name + '.' + item.name)}",
                 f".type = {FIELD_TYPES[item.type]}", f".offset = offsetof(struct {entity.name}, {item.name})",
                 f".least = {_bound(item.least, 'INT64_MIN')}", f".most = {_bound(item.most, 'INT64_MAX')}",
                 f".is_required = {str(item.required).lower()}", f".is_private = {str(item.private).lower()}",
                 f".titles = {titles}"]
        if item.code_list:
            parts.append(f".list = {c_string(item.code_list)}")
        if item.type == "enum":
            parts += [f".values = {item.of}_table", f".enum_name = {c_string(item.of)}"]
        lines.append("    {" + ", ".join(parts) + "},")
    return lines + ["};", f"const struct entity {entity.name}_entity = {{.name = {c_string(entity.name)}, "
                          f".size = sizeof(struct {entity.name}), .fields = {entity.name}_fields, "
                          f".field_count = {len(entity.fields)}}};"]
