"""Tables and schema steps: whose they are, which may change, and that no step is edited."""

import hashlib
import re

from .rule import Finding, rule

LOCK = "src/schema.lock"
WRITES = re.compile(r"\b(?:INSERT\s+INTO|UPDATE|DELETE\s+FROM)\s+([a-z_][a-z0-9_]*)", re.I)
READS = re.compile(r"\b(?:FROM|JOIN)\s+([a-z_][a-z0-9_]*)", re.I)
NAMED = re.compile(r"(?:\bWITH(?:\s+RECURSIVE)?|,)\s+([a-z_][a-z0-9_]*)\s*(?:\([^()]*\))?\s+AS\s*(?:NOT\s+)?(?:MATERIALIZED\s*)?\(", re.I)


def statements(tree):
    """(room, statement, path) of every statement in the house."""
    for room in tree.described.rooms.values():
        for statement in room.statements:
            yield room.name, statement, tree.relative(statement.path)


@rule
def tables_have_owners(tree):
    """A room's .sql writes its own tables only, and reads others' only where rooms.def says reads:."""
    for room, statement, path in statements(tree):
        here = set(NAMED.findall(statement.sql))
        written = set(WRITES.findall(statement.sql)) - {"SET"}  # ON CONFLICT … DO UPDATE SET
        read = set(READS.findall(re.sub(r"(?i)\bDELETE\s+FROM|\bIS\s+(NOT\s+)?DISTINCT\s+FROM", "", statement.sql)))
        for table in sorted((written | read) - here):
            owner, _ = tree.tables.get(table, (None, None))
            if owner is None:
                yield Finding(path, statement.line, f"{statement.name}: no schema step creates {table}")
            elif owner != room and table in written:
                yield Finding(path, statement.line, f"{statement.name} writes {table}, which belongs to {owner}")
            elif owner != room and room in tree.rooms and table not in tree.rooms[room].reads:
                yield Finding(path, statement.line, f"{statement.name} reads {table} of {owner}: ask its face, or add "
                              f"reads: {table} to rooms.def")


@rule
def references_point_down(tree):
    """A schema step refers only to tables of its own room and of rooms that it may use."""
    for step in tree.described.steps:
        allowed = {step.room, *(tree.rooms[step.room].uses if step.room in tree.rooms else ())}
        for match in re.finditer(r"\bREFERENCES\s+(\w+)", step.source):
            owner, _ = tree.tables.get(match.group(1), (None, None))
            if owner not in allowed:
                line = step.source.count("\n", 0, match.start()) + 1
                yield Finding(tree.relative(step.path), line, f"REFERENCES {match.group(1)} of {owner or 'nobody'}")


@rule
def no_trigger(tree):
    """Rules live in C: no trigger, no stored procedure."""
    for step in tree.described.steps:
        for match in re.finditer(r"\bCREATE\s+(?:TEMP\s+)?(TRIGGER|FUNCTION|PROCEDURE|SEQUENCE)\b", step.source, re.I):
            line = step.source.count("\n", 0, match.start()) + 1
            yield Finding(tree.relative(step.path), line, f"CREATE {match.group(1).upper()}")


def seals(tree):
    """Step → SHA-256 of its text, for the lock."""
    return {step.name: (hashlib.sha256(step.source.encode()).hexdigest(), tree.relative(step.path))
            for step in tree.described.steps}


def locked(tree):
    """The steps that src/schema.lock has sealed."""
    if not tree.exists(LOCK):
        return {}
    return dict(line.split() for line in tree.text(LOCK).splitlines() if line and not line.startswith("#"))


@rule
def migrations_unedited(tree):
    """A schema step that has landed is never edited or removed; a new one is sealed by script/house --lock."""
    if not tree.exists(LOCK):
        return  # before the first release
    now, sealed = seals(tree), locked(tree)
    for name, seal in sealed.items():
        if name not in now:
            yield Finding(LOCK, 1, f"{name} is gone: steps are never removed")
        elif now[name][0] != seal:
            yield Finding(now[name][1], 1, "this step has landed and may not be edited: add a new one")
    for name in now.keys() - sealed.keys():
        yield Finding(now[name][1], 1, "not sealed yet: script/house --lock")


def lock(tree):
    """Adds the new steps to the lock; says which."""
    sealed = locked(tree)
    new = {name: seal for name, (seal, _) in seals(tree).items() if name not in sealed}
    lines = ["# Seals of the schema steps that have landed. Written by script/house --lock; a step never changes."]
    lines += [f"{name} {seal}" for name, seal in sorted((sealed | new).items())]
    (tree.root / LOCK).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return sorted(new)
