#!/usr/bin/env python3
"""Writes the C that the rooms' descriptions stand for. See tools/README.md."""

import argparse
import importlib
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from gen import model  # noqa: E402

# In the order of their needs: pages read rows and entities, statements read enums.
MODULES = ["dictionary", "sql", "assets", "pages", "words", "passwords"]


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--src", required=True)
    parser.add_argument("--web", required=True)
    parser.add_argument("--out")
    parser.add_argument("--list", action="store_true", help="print the names of the files that would be written")
    options = parser.parse_args()
    tree = model.Tree(options.src, options.web)
    here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "gen")
    modules = [importlib.import_module(f"gen.{name}") for name in MODULES
               if os.path.exists(os.path.join(here, f"{name}.py"))]
    try:
        for module in modules:
            if hasattr(module, "parse"):
                module.parse(tree)
        if options.list:
            print("\n".join(name for module in modules for name in module.outputs(tree)))
            return 0
        os.makedirs(options.out, exist_ok=True)
        for module in modules:
            module.generate(tree, options.out)
    except model.Fault as fault:
        print(fault, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
