"""Reads the rooms' words.zh.po and words.en.po, gettext's format with keys as msgid; writes words.c, one sorted table."""

import ast
import html
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


def symbol(key):
    """The C name of a key's words, by which a page takes them."""
    return "word_" + key.replace(".", "__").replace("-", "_")


def outputs(_tree):
    return ["words.c"]


def generate(tree, out):
    keys = sorted(tree.words, key=lambda key: key.encode())
    lines = ["/* Generated from the words files. */", '#include "web/words.h"']
    names = {}
    for key in keys:
        other = names.setdefault(symbol(key), key)
        if other != key:
            raise Fault(tree.web, 1, f"{key} and {other} are one name in C: rename one of them")
        entry = tree.words[key]
        texts = [entry.get(language, next(iter(entry.values()))) for language in LANGUAGES]
        escaped = [html.escape(text).replace("&#x27;", "&#39;") for text in texts]
        lines += [f"extern const struct word {symbol(key)};", f"const struct word {symbol(key)} = {{", f"    {c_string(key)},",
                  f"    {{{', '.join(map(c_string, texts))}}},", f"    {{{', '.join(map(c_string, escaped))}}},",
                  f"    {{{', '.join(str(len(text.encode())) for text in escaped)}}},", "};"]
    lines += ["const struct word *const words_table[] = {"] + [f"    &{symbol(key)}," for key in keys] + ["    NULL,", "};"]
    lines += [f"const size_t words_count = {len(keys)};", ""]
    write_if_changed(os.path.join(out, "words.c"), "\n".join(lines))
