"""The repository as the rules see it: its files, the rooms, and what the rooms' descriptions say."""

import pathlib
import subprocess
from functools import cached_property

from gen import dictionary, model, sql
from rooms import read_rooms

from .source import Source

# Bad on purpose: what the self-test feeds to the rules.
SAMPLES = "tests/house/samples/"
TEXT = {".c", ".h", ".py", ".sql", ".dict", ".html", ".po", ".md", ".css", ".js", ".mjs", ".json", ".yaml",
        ".csv", ".dmn", ".def", ".build", ".txt", ".sh", ".walk", ".svg", ""}


class Tree:
    """Files are named by their path from the root, with slashes."""

    def __init__(self, root):
        self.root = pathlib.Path(root)
        self.texts = {}

    @cached_property
    def files(self):
        """Every file that is committed or would be."""
        try:
            output = subprocess.run(["git", "ls-files", "-coz", "--exclude-standard"], cwd=self.root, check=True,
                                    capture_output=True).stdout.decode()
            names = output.split("\0")[:-1]
        except (subprocess.CalledProcessError, FileNotFoundError):
            names = [path.relative_to(self.root).as_posix() for path in self.root.rglob("*") if path.is_file()]
        return sorted({name for name in names if not name.startswith(SAMPLES) and (self.root / name).is_file()})

    def match(self, *patterns):
        """Files by glob; ** is not needed: * also stands for slashes in none of the patterns used."""
        return [name for name in self.files if any(pathlib.PurePosixPath(name).match(p) for p in patterns)]

    def text(self, name):
        if name not in self.texts:
            self.texts[name] = (self.root / name).read_text(encoding="utf-8", errors="replace")
        return self.texts[name]

    def exists(self, name):
        return (self.root / name).exists()

    @cached_property
    def text_files(self):
        return [name for name in self.files if pathlib.PurePosixPath(name).suffix in TEXT]

    @cached_property
    def sources(self):
        """Every C file, parsed once."""
        return [Source(name, self.text(name)) for name in self.files if name.endswith((".c", ".h"))]

    @cached_property
    def rooms(self):
        return read_rooms(self.root / "src")

    def room_of(self, name):
        """The room that a file lies in, or None."""
        parts = name.split("/")
        return parts[1] if len(parts) > 2 and parts[0] == "src" else None

    @cached_property
    def described(self):
        """The generator's own reading of .dict, .sql and schema/: there is no second parser."""
        tree = model.Tree(str(self.root / "src"), str(self.root / "web"))
        dictionary.parse(tree)
        sql.parse(tree)
        return tree

    def relative(self, path):
        """A path of the generator's, from the root."""
        return pathlib.Path(path).relative_to(self.root).as_posix()

    @cached_property
    def tables(self):
        """Table → (its room, its kind: fact, state, derived or log)."""
        return {table: (step.room, kind) for step in self.described.steps for table, kind in step.tables.items()}
