#!/usr/bin/env python3
"""Lists what the build compiles, so that a new file or room needs no change to meson.build.

usage: sources.py [ROOT]

One line a file, "KIND PATH", PATH relative to the repository:
  room   a room's C source, part of libdianji.a
  main   the program's own sources
  test   a cmocka test program
  fuzz   a libFuzzer target
  bench  a benchmark in C, which a script of bench/ runs
"""

import pathlib
import sys

from rooms import RoomsError, read_rooms


def sources(root):
    """Yields (kind, path) in a stable order."""
    src = root / "src"
    for name in read_rooms(src):
        for path in sorted((src / name).glob("*.c")):
            yield ("test" if path.name.endswith("_test.c") else "room"), path
    for path in sorted(src.glob("main*.c")):
        yield "main", path
    for path in sorted((root / "tests").glob("*/*_test.c")):
        yield "test", path
    for path in sorted((root / "tests" / "fuzz").glob("*_fuzz.c")):
        yield "fuzz", path
    for path in sorted((root / "bench").glob("*_bench.c")):
        yield "bench", path


def main():
    root = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ".")
    try:
        for kind, path in sources(root):
            print(kind, path.relative_to(root).as_posix())
    except RoomsError as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
