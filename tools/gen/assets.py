"""Puts the files of web/ into the program, with names that change with their content, and packed once more for the wire."""

import gzip
import hashlib
import os

from .model import write_if_changed

TYPES = {".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8", ".svg": "image/svg+xml",
         ".png": "image/png", ".ico": "image/x-icon", ".webmanifest": "application/manifest+json"}
# Files that others look for under a fixed name.
FIXED = {"robots.txt": "text/plain; charset=utf-8"}


def parse(tree):
    """tree.assets: name -> (path, type, bytes)."""
    tree.assets = {}
    for name in sorted(os.listdir(tree.web)) if os.path.isdir(tree.web) else []:
        stem, ending = os.path.splitext(name)
        if ending not in TYPES and name not in FIXED:
            continue
        with open(os.path.join(tree.web, name), "rb") as file:
            data = file.read()
        if name in FIXED:
            tree.assets[name] = (f"/{name}", FIXED[name], data)
        else:
            tree.assets[name] = (f"/assets/{stem}.{hashlib.sha256(data).hexdigest()[:12]}{ending}", TYPES[ending], data)


def path_of(tree, name):
    """The address of an asset: "/assets/style.0123456789ab.css"."""
    return tree.assets[name][0]


def outputs(_tree):
    return ["assets.c"]


def _bytes(data):
    """A C string literal; lines of bytes in octal where they are not plain."""
    rows, row = [], []
    for byte in data:
        plain = 32 <= byte < 127 and byte not in (34, 92, 63)
        row.append(chr(byte) if plain else f"\\{byte:03o}")
        if len(row) == 100:
            rows.append("".join(row))
            row = []
    rows.append("".join(row))
    return "\n".join(f'        "{text}"' for text in rows)


def generate(tree, out):
    lines = ["/* Generated from the files of web/. */", '#include "web/assets.h"', "const struct asset assets[] = {"]
    for name in sorted(tree.assets):
        path, kind, data = tree.assets[name]
        packed = gzip.compress(data, 9, mtime=0)
        digest = hashlib.sha256(data).hexdigest()[:16]
        is_hashed = "false" if name in FIXED else "true"
        lines.append(f'    {{"{name}", "{path}", "{kind}",')
        lines.append(f"{_bytes(data)}, {len(data)},")
        lines.append(f"{_bytes(packed)}, {len(packed)},")
        lines.append(f'     "\\"{digest}\\"", "\\"{digest}-gz\\"", {is_hashed}}},')
    lines += ["    {0},", "};", ""]
    write_if_changed(os.path.join(out, "assets.c"), "\n".join(lines))
