"""Reads src/rooms.def: the rooms, their floors, and what each may use."""

import pathlib
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Room:
    name: str
    floor: int
    uses: tuple = ()
    reads: tuple = field(default=())  # tables of other rooms that its .sql may select from
    faces: tuple = field(default=())  # headers for other rooms beside <room>.h
    line: int = 0  # where it stands in rooms.def


class RoomsError(Exception):
    """rooms.def itself is wrong; the message names the line."""


def parse_line(text, number):
    """One line of rooms.def, or None for a blank line or a comment."""
    text = text.split("#", 1)[0].strip()
    if not text:
        return None
    lists = {"uses": [], "reads": [], "faces": []}
    words = text.split()
    if len(words) < 2 or not words[1].isdigit():
        raise RoomsError(f"rooms.def:{number}: expected 'room floor uses …', got '{text}'")
    into = "uses"
    for word in words[2:]:
        if word.rstrip(":") in lists and word.endswith(":"):
            into = word.rstrip(":")
        else:
            lists[into].append(word)
    return Room(words[0], int(words[1]), line=number, **{key: tuple(value) for key, value in lists.items()})


def read_rooms(src):
    """The rooms in the order of rooms.def, by name."""
    rooms = {}
    text = (pathlib.Path(src) / "rooms.def").read_text(encoding="utf-8")
    for number, line in enumerate(text.splitlines(), 1):
        room = parse_line(line, number)
        if room is None:
            continue
        if room.name in rooms:
            raise RoomsError(f"rooms.def:{number}: room {room.name} is listed twice")
        rooms[room.name] = room
    return rooms
