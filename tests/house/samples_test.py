"""Proves that each house rule fires: every sample breaks exactly the rule that it is named after.

A sample, samples/RULE.WHAT.txt, says in its first line what is wrong with it, and then lists the files that it adds to
the good tree of samples/good.txt, each under a line "--- PATH". "--- PATH (gone)" takes a file away.
"""

import pathlib
import re
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.dont_write_bytecode = True
sys.path.insert(0, str(HERE.parents[1] / "tools"))

from gen.model import Fault  # noqa: E402
from house import rules_c, rules_clauses, rules_documents, rules_repository  # noqa: E402,F401
from house import rules_pages, rules_rooms, rules_sql, rules_words  # noqa: E402,F401
from house.rule import RULES  # noqa: E402
from house.tree import Tree  # noqa: E402
from rooms import RoomsError  # noqa: E402


def files_of(sample):
    """Path → text, or None for a file that is taken away."""
    parts = re.split(r"^--- (\S+)( \(gone\))?\n", sample.read_text(encoding="utf-8"), flags=re.M)
    return {path: None if gone else text for path, gone, text in zip(parts[1::3], parts[2::3], parts[3::3])}


def write(folder, files):
    for path, text in files.items():
        target = pathlib.Path(folder, path)
        if text is None:
            target.unlink()
            continue
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def broken_rules(good, files, seal_again):
    """Rule → findings, for the good tree with its schema steps sealed and then these files added to it."""
    with tempfile.TemporaryDirectory() as folder:
        write(folder, good)
        rules_sql.lock(Tree(folder))
        write(folder, files)
        if seal_again:
            pathlib.Path(folder, rules_sql.LOCK).unlink()
            rules_sql.lock(Tree(folder))
        tree = Tree(folder)
        return {rule.__name__: found for rule in RULES if (found := findings(tree, rule))}


def findings(tree, rule):
    try:
        return [str(finding) for finding in rule(tree)]
    except (Fault, RoomsError) as fault:
        return [str(fault)]


def cases():
    """(name, whether it holds, what else to say)."""
    good = files_of(HERE / "samples/good.txt")
    broken = broken_rules(good, {}, seal_again=False)
    yield "the good tree breaks no rule", not broken, str(broken)
    samples = sorted(path for path in (HERE / "samples").glob("*.txt") if path.name != "good.txt")
    for sample in samples:
        rule = sample.name.split(".")[0]
        broken = broken_rules(good, files_of(sample), seal_again=rule != "migrations_unedited")
        yield sample.stem, list(broken) == [rule], f"expected {rule} alone, found {broken}"
    shown = {sample.name.split(".")[0] for sample in samples}
    for rule in RULES:
        yield f"{rule.__name__} has a sample", rule.__name__ in shown, ""


def main():
    failed = 0
    for number, (name, holds, more) in enumerate(cases(), 1):
        print(f"{'ok' if holds else 'not ok'} {number} - {name}")
        if not holds:
            failed += 1
            print(f"# {more}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
