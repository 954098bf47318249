"""Clauses of the Opinion: every one that is cited exists in the pack; the map of what nothing cites."""

import re

from .rule import Finding, rule

CITED = re.compile(r"意见\s?([一二三四五]\.\d+)")
DECLARED = re.compile(r"^\s*- id: 意见 ([一二三四五]\.\d+)$")
CITING = ("src/", "policies/", "tests/", "bench/", "docs/", "web/")


def declared(tree):
    """Clauses that the packs declare, in the list "clauses:" of their plan.yaml → (path, line)."""
    clauses = {}
    for path in tree.match("policies/*/plan.yaml"):
        section = ""
        for number, line in enumerate(tree.text(path).splitlines(), 1):
            if line[:1].isalpha():
                section = line.split(":")[0]
            match = DECLARED.match(line)
            if match and section == "clauses":
                clauses.setdefault(match.group(1), (path, number))
    return clauses


def cited(tree):
    """(clause, path, line) of every citation."""
    for path in tree.text_files:
        if path.startswith(CITING):
            text = tree.text(path)
            for match in CITED.finditer(text):
                yield match.group(1), path, text.count("\n", 0, match.start()) + 1


@rule
def clauses_exist(tree):
    """Every clause that code, pack, tests or documents cite is one that a pack declares."""
    clauses = declared(tree)
    for clause, path, line in cited(tree):
        if clause not in clauses:
            yield Finding(path, line, f"意见 {clause} is no clause of a pack")


def uncited(tree):
    """Clauses that neither code nor a test cites: the map of what is not built yet."""
    used = {clause for clause, path, _ in cited(tree) if not path.startswith(("policies/", "docs/"))}
    return [clause for clause in declared(tree) if clause not in used]
