"""Words: every key in every language, none that nothing uses; every outcome tested."""

import re
from functools import cache

from .rule import Finding, rule

LANGUAGES = ("zh", "en")
ENTRY = re.compile(r'((?:^#[^\n]*\n)*)^msgid ((?:"(?:\\.|[^"\\])*"\s*)+)^msgstr ((?:"(?:\\.|[^"\\])*"\s*)+)', re.M)


def unquote(text):
    return "".join(re.findall(r'"((?:\\.|[^"\\])*)"', text))


@cache
def catalogue(tree, language):
    """Key → (words, path, line, comments) of one language, over all words.*.po; doubles under their path."""
    entries, doubles = {}, []
    for path in tree.match(f"words.{language}.po"):
        text = tree.text(path)
        for match in ENTRY.finditer(text):
            key, line = unquote(match.group(2)), text.count("\n", 0, match.start(2)) + 1
            if not key:
                continue
            if key in entries:
                doubles.append((key, path, line))
            entries[key] = (unquote(match.group(3)), path, line, match.group(1))
    return entries, doubles


@cache
def shown_enums(tree):
    """Enums that people see: on a page, in a row of a room with pages, in an entity, or with words already."""
    shown = {item.of for entity in tree.described.entities.values() for item in entity.fields if item.type == "enum"}
    with_pages = {tree.room_of(path) for path in tree.match("src/*/pages/*.html", "src/*/pages/parts/*.html")}
    shown |= {column.of for row in tree.described.rows.values() for column in row.columns
              if column.type == "enum" and row.room in with_pages}
    for path in tree.match("*.html"):
        shown |= set(re.findall(r"^\s*enum (\w+) \w+", tree.text(path), re.M))
    for language in LANGUAGES:
        shown |= {key.split(".")[0] for key in catalogue(tree, language)[0]}
    return shown


@cache
def described_keys(tree):
    """Keys that a .dict demands: outcomes, fields, the values of enums that are shown → where they are described."""
    keys = {}
    for enum in tree.described.enums.values():
        if enum.name in shown_enums(tree):
            keys |= {f"{enum.name}.{value}": f"src/{enum.room}/{enum.room}.dict" for value in enum.values}
    for outcome in tree.described.outcomes.values():
        keys |= {f"{outcome.name}.{value[0]}": f"src/{outcome.room}/{outcome.room}.dict" for value in outcome.values}
    for entity in tree.described.entities.values():
        keys |= {f"{entity.name}.{item.name}": f"src/{entity.room}/{entity.room}.dict" for item in entity.fields}
    return keys


@cache
def written_keys(tree):
    """Keys that pages and C name outright → (path, line)."""
    keys = {}
    for path in tree.match("*.html"):
        for match in re.finditer(r"\{\{t ([a-z0-9_.-]+)", tree.text(path)):
            keys.setdefault(match.group(1), (path, tree.text(path).count("\n", 0, match.start()) + 1))
    pattern = re.compile(r'(?:\bwords\([^,"]+,\s*|\.key = )"([a-z0-9_.-]+)"')
    for source in tree.sources:
        if not source.is_test:
            for match in pattern.finditer(source.text):
                keys.setdefault(match.group(1), (source.path, source.line(match.start())))
    return keys


@rule
def words_complete(tree):
    """Every key that a .dict, a page or C uses has words in every language."""
    wanted = {key: (path, 1) for key, path in described_keys(tree).items()} | written_keys(tree)
    for language in LANGUAGES:
        entries, _ = catalogue(tree, language)
        for key in sorted(wanted.keys() - entries.keys()):
            yield Finding(*wanted[key], f"no words.{language}.po has {key}")


@rule
def words_agree(tree):
    """Both languages have the same keys, once each, with the same placeholders, and none empty."""
    both = {language: catalogue(tree, language) for language in LANGUAGES}
    for language, (entries, doubles) in both.items():
        for key, path, line in doubles:
            yield Finding(path, line, f"{key} stands twice")
        for key, (words, path, line, _) in entries.items():
            if not words:
                yield Finding(path, line, f"{key} is empty")
            for other, (others, _) in both.items():
                if key not in others:
                    yield Finding(path, line, f"{key} is missing in {other}")
                elif placeholders(words) != placeholders(others[key][0]) and language == LANGUAGES[0]:
                    yield Finding(path, line, f"{key}: the placeholders differ between the languages")


def placeholders(words):
    return set(re.findall(r"\{(\w+)\}", words))


def composed_keys(tree):
    """Beginnings and ends of keys that C or a page completes: "field.%s", "%s.hint", {{words state_look. code}}."""
    texts = {text for source in tree.sources if not source.is_test for _, text in source.strings}
    begins = {text.removesuffix("%s") for text in texts if re.fullmatch(r"[a-z0-9_.]+\.(%s)?", text)}
    ends = {text.removeprefix("%s") for text in texts if re.fullmatch(r"(%s)?\.[a-z0-9_]+", text)}
    for path in tree.match("*.html"):
        begins |= set(re.findall(r"\{\{words ([a-z0-9_]+\.)", tree.text(path)))
    return tuple(begins), tuple(ends)


@rule
def words_used(tree):
    """No words that nothing uses; where the check cannot see who does, a line above says: #. used: by what."""
    described, (begins, ends) = described_keys(tree).keys(), composed_keys(tree)
    used = described | written_keys(tree).keys() | {text for source in tree.sources for _, text in source.strings}
    entries, _ = catalogue(tree, LANGUAGES[0])
    for key, (_, path, line, comments) in entries.items():
        is_used = key in used or key.startswith(begins) or any(
            key.endswith(end) and key.removesuffix(end) in described for end in ends)
        if not is_used and not re.search(r"^#\. used: \S", comments, re.M):
            yield Finding(path, line, f"nothing uses {key}")


@rule
def english_is_english(tree):
    """English words carry no Chinese but a law's term in brackets or quotation marks."""
    entries, _ = catalogue(tree, "en")
    for key, (words, path, line, comments) in entries.items():
        plain = re.sub(r"[(（《“\"][^)）》”\"]*[)）》”\"]", "", words)
        if re.search(r"[\u4e00-\u9fff]", plain) and not re.search(r"^#\. chinese: \S", comments, re.M):
            yield Finding(path, line, f"{key} has Chinese in it")


@rule
def outcomes_tested(tree):
    """Every outcome of a rule is named by a test."""
    tests = "\n".join(tree.text(name) for name in tree.text_files
                      if name.endswith(("_test.c", ".walk")) or name.startswith("tests/"))
    named = set(re.findall(r"\b[A-Z][A-Z0-9_]+\b", tests)) | set(re.findall(r"\b[a-z0-9_]+\.[a-z0-9_]+\b", tests))
    for outcome in tree.described.outcomes.values():
        for value in outcome.values:
            constant, code = f"{outcome.name}_{value[0]}".upper(), f"{outcome.name}.{value[0]}"
            if constant not in named and code not in named:
                yield Finding(f"src/{outcome.room}/{outcome.room}.dict", 1, f"no test names {code}")
