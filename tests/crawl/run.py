"""Every page that links lead to, for visitors and for each role: it answers, is well-formed, small, and says the same as JSON; in
both languages.

builds: release,sanitize
"""

import collections
import gzip
import json
import pathlib
import sys
import urllib.parse
from html.parser import HTMLParser

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Seat, Server, Tap, dianji  # noqa: E402

VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
LIMIT_BYTES = 60 * 1024  # compressed, as it goes over the line
MOST_PAGES = 400
CLOCK = "2025-10-15T09:00:00+08:00"  # the simulation's last day
SEATS = ("school1", "head1", "teacher1", "worker1", "county1", "chief1", "prefecture1", "province", "cashier1", "treasurer1", "evaluator1",
         "auditor", "admin")


class Document(HTMLParser):
    """What a validator would say of a page, as far as this product needs it."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.open, self.faults, self.links, self.ids, self.labelled = [], [], [], collections.Counter(), set()
        self.fields, self.headings, self.in_label = [], [], 0
        self.feed(text)
        self.close()
        self.faults += [f"<{tag}> is never closed" for tag in self.open if tag not in ("html", "body")]
        self.faults += [f"id {name} stands {count} times" for name, count in self.ids.items() if count > 1]
        self.faults += [f"field {name} has no label" for name, is_labelled in self.fields
                        if not is_labelled and name not in self.labelled]
        if self.headings.count("h1") != 1:
            self.faults.append(f"{self.headings.count('h1')} <h1>")

    def handle_starttag(self, tag, attrs):
        attrs = dict(attrs)
        if tag not in VOID and not self.get_starttag_text().endswith("/>"):
            self.open.append(tag)
        if tag in ("h1", "h2", "h3", "h4"):
            self.headings.append(tag)
        if attrs.get("id"):
            self.ids[attrs["id"]] += 1
        if tag == "label" and attrs.get("for"):
            self.labelled.add(attrs["for"])
        if tag in ("input", "select", "textarea") and attrs.get("type") not in ("hidden", "submit"):
            self.fields.append((attrs.get("id"), "label" in self.open or "aria-label" in attrs))
        if tag == "img" and "alt" not in attrs:
            self.faults.append("an <img> without alt")
        for name, value in attrs.items():
            if name in ("href", "src"):
                self.links.append((tag, value or ""))
            if name.startswith("on") or name == "style":
                self.faults.append(f"{name}= on <{tag}>")
            if "{{" in (value or ""):
                self.faults.append(f"a template's mark in {name}=")

    def handle_startendtag(self, tag, attrs):
        self.handle_starttag(tag, attrs)

    def handle_endtag(self, tag):
        if self.open and self.open[-1] == tag:
            self.open.pop()
        elif tag in self.open:
            self.faults.append(f"</{tag}> closes <{self.open[-1]}>")
            while self.open.pop() != tag:
                pass
        else:
            self.faults.append(f"</{tag}> closes nothing")

    def handle_data(self, data):
        if "{{" in data:
            self.faults.append(f"a template's mark: {data.strip()[:40]}")


def without_number(path):
    """The kind of a page, so that a thousand certificates are looked at a few times."""
    path = urllib.parse.urlsplit(path).path
    return "/".join(":" if any(c.isdigit() for c in part) else part for part in path.split("/"))


def json_fault(client, path):
    reply = client.get(path, Accept="application/json")
    if reply.status != 200:
        return f"as JSON it answers {reply.status}"
    try:
        json.loads(reply.text)
    except ValueError as error:
        return f"its JSON is broken: {error}"
    return None


def page_faults(client, path, language):
    """(faults, links) of one page."""
    reply = client.get(path, Accept="text/html", Accept_Language=language)
    if reply.status == 303:
        return [], [reply.headers["Location"]]
    if reply.status != 200:
        return [f"answers {reply.status}"], []
    if reply.kind != "text/html":
        return [], []
    document = Document(reply.text)
    faults = document.faults
    size = len(gzip.compress(reply.body))
    if size > LIMIT_BYTES:
        faults.append(f"{size} bytes compressed")
    fault = json_fault(client, path)
    if fault:
        faults.append(fault)
    return faults, [link for tag, link in document.links if tag in ("a", "link", "script", "img")]


def crawl(tap, client, start, language, who):
    """Follows every link from `start` as one person, up to three pages of each kind."""
    seen, kinds, queue = set(), collections.Counter(), collections.deque([start])
    while queue and len(seen) < MOST_PAGES:
        path = queue.popleft()
        if path in seen or kinds[without_number(path)] >= 3:
            continue
        seen.add(path)
        kinds[without_number(path)] += 1
        faults, links = page_faults(client, path, language)
        tap.check(f"{who} {language} {path}", not faults, "\n".join(sorted(set(faults))))
        for link in links:
            target = urllib.parse.urljoin(path, link)
            parts = urllib.parse.urlsplit(target)
            if parts.scheme or parts.netloc or {"lang", "elder"} & urllib.parse.parse_qs(parts.query).keys():
                continue
            queue.append(urllib.parse.urlunsplit(("", "", parts.path, parts.query, "")))
    return len(seen)


def crawl_visitors(tap):
    """An installation where nothing has happened yet."""
    code, _, error = dianji("init", "--db", DATABASE)
    tap.check("init makes the database", code == 0, error)
    with Server() as server:
        for language in ("zh-CN", "en"):
            count = crawl(tap, Client(server), "/", language, "visitor")
            tap.check(f"{language}: there are pages at all", count >= 8, count)


def crawl_roles(tap):
    """The simulated province, as each of its roles sees it."""
    code, _, error = dianji("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "1")
    tap.check("dianji simulate", code == 0, error)
    with Server(clock=CLOCK) as server:
        for login in SEATS:
            for language in ("zh-CN", "en"):
                client = Seat(login).sign_in(server).client
                count = crawl(tap, client, "/", language, login)
                tap.check(f"{login} {language}: there are pages of a desk", count >= 12, count)


def main():
    tap = Tap()
    crawl_visitors(tap)
    crawl_roles(tap)
    tap.finish()


if __name__ == "__main__":
    main()
