"""Rooms on floors: who may use whom, and what a room looks like."""

import re

from .rule import Finding, rule

GENERATED_FOR_ALL = {"ids.h", "permissions.h"}
GENERATED_OF_ROOM = re.compile(r"^([a-z]+)_(dict|rows|sql|html)\.h$")


@rule
def rooms_def(tree):
    """rooms.def: a room uses only rooms above its line, on no higher floor; each folder of src/ is a room."""
    seen = {}
    for room in tree.rooms.values():
        for name in room.uses:
            if name not in seen:
                yield Finding("src/rooms.def", room.line, f"{room.name} uses {name}, which stands below it or nowhere")
            elif seen[name].floor > room.floor:
                yield Finding("src/rooms.def", room.line, f"{room.name} uses {name} of a higher floor")
        seen[room.name] = room
    for name in sorted({tree.room_of(file) for file in tree.files} - {None} - set(tree.rooms)):
        yield Finding("src/rooms.def", 1, f"src/{name}/ is no room of the list")


@rule
def faces(tree):
    """A room includes another only by its face, and only rooms that rooms.def allows it."""
    for source in tree.sources:
        room = tree.room_of(source.path)
        if room not in tree.rooms:
            continue
        for offset, mark, name in source.includes:
            if mark == "<" or (source.is_test and name == "store/store_fixture.h"):
                continue
            wrong = include_fault(tree, tree.rooms[room], name)
            if wrong:
                yield Finding(source.path, source.line(offset), wrong)


def include_fault(tree, room, name):
    """What is wrong with an include of a room's file, or None."""
    generated = GENERATED_OF_ROOM.match(name)
    if name in GENERATED_FOR_ALL:
        return None
    if generated:
        other, is_face = generated.group(1), generated.group(2) in ("dict", "rows")
    elif "/" in name:
        other, file = name.split("/", 1)
        is_face = other == "base" or file == f"{other}.h" or (
            other in tree.rooms and file.removesuffix(".h") in tree.rooms[other].faces)
    else:
        return f'"{name}": write "room/file.h"'
    if other == room.name:
        return None
    if other not in tree.rooms:
        return f'"{name}": {other} is no room'
    if other not in room.uses:
        return f"{room.name} may not use {other} (src/rooms.def)"
    return None if is_face else f'"{name}" is private to {other}: include its face'


@rule
def main_uses_faces(tree):
    """src/main*.c wires the rooms through their faces."""
    for source in tree.sources:
        if not re.match(r"src/main[^/]*$", source.path):
            continue
        for offset, mark, name in source.includes:
            if mark != '"' or "/" not in name:
                continue
            room, file = name.split("/", 1)
            further = tree.rooms[room].faces if room in tree.rooms else ()
            if room != "base" and file != f"{room}.h" and file.removesuffix(".h") not in further:
                yield Finding(source.path, source.line(offset), f'"{name}" is private to {room}: include its face')


@rule
def room_furniture(tree):
    """A room has its README.md and its face, the header with its name; base has many faces."""
    for name in tree.rooms:
        if not any(file.startswith(f"src/{name}/") for file in tree.files):
            continue
        wanted = ["README.md"] if name == "base" else ["README.md", f"{name}.h"]
        for file in wanted:
            if not tree.exists(f"src/{name}/{file}"):
                yield Finding(f"src/{name}/{file}", 1, "is missing")


@rule
def public_names(tree):
    """No function is named util, helper, misc, common or manager."""
    for source in tree.sources:
        room = tree.room_of(source.path)
        if room not in tree.rooms or not source.path.endswith(".h"):
            continue
        for offset, text in source.top_level():
            match = re.search(r"\b(utils?|helpers?|misc|common|manager)_\w+\s*\(", text)
            if match:
                yield Finding(source.path, source.line(offset), f"{match.group(1)} is no noun")
