"""Reads the rooms' words.zh.po and words.en.po, gettext's format with keys as msgid; writes words.c, one sorted table."""

import ast
import os
import re

from .model import Fault, c_string, read, write_if_changed

LANGUAGES = ("zh", "en")


def parse(tree):
    """tree.words: key -> {"zh": …, "en": …}."""
    tree.words = {}
    folders = [os.path.join(tree.src, name) for name in tree.rooms] + [tree.web]
    for folder in folders:
        for language in LANGUAGES:
            path = os.path.join(folder, f"words.{language}.po")
            if os.path.exists(path):
                for key, text, line in _entries(path):
                    entry = tree.words.setdefault(key, {})
                    if language in entry:
                        raise Fault(path, line, f"{key} has words already")
                    entry[language] = text


def _entries(path):
    """(key, words, line) of each entry but the header."""
    key, text, part, start = None, None, None, 0
    for number, line in enumerate(read(path).split("\n") + [""], 1):
        match = re.match(r'^(?:(msgid|msgstr) )?("(?:[^"\\]|\\.)*")\s*$', line)
        if match is None:
            if line.strip() and not line.startswith("#"):
                raise Fault(path, number, "neither msgid, msgstr, text in quotation marks nor a comment")
            if key and text is not None:
                yield key, text, start
            if not line.startswith("#"):
                key, text, part = None, None, None
            continue
        value = ast.literal_eval(match.group(2))
        if match.group(1) == "msgid":
            if key and text is not None:
                yield key, text, start
            key, text, part, start = value, None, "msgid", number
        elif match.group(1) == "msgstr":
            text, part = value, "msgstr"
        elif part == "msgid":
            key += value
        elif part == "msgstr":
            text += value
        else:
            raise Fault(path, number, "text that belongs to no entry")


def outputs(_tree):
    return ["words.c"]


def generate(tree, out):
    lines = ["/* Generated from the words files. */", '#include "web/words.h"', "#include <stddef.h>", "const struct word words_table[] = {"]
    for key in sorted(tree.words):
        entry = tree.words[key]
        zh, en = entry.get("zh", entry.get("en")), entry.get("en", entry.get("zh"))
        lines.append(f"    {{{c_string(key)}, {{{c_string(zh)}, {c_string(en)}}}}},")
    lines += ["    {NULL, {NULL, NULL}},", "};", f"const int words_count = {len(tree.words)};", ""]
    write_if_changed(os.path.join(out, "words.c"), "\n".join(lines))
