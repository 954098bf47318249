"""What a rule is: a function over the tree that yields findings. Its doc line is what it demands."""

from dataclasses import dataclass

RULES = []


@dataclass(frozen=True)
class Finding:
    path: str  # relative to the repository
    line: int
    message: str

    def __str__(self):
        return f"{self.path}:{self.line}: {self.message}"


def rule(function):
    """Registers a rule under its function's name, in the order of the files."""
    RULES.append(function)
    return function
