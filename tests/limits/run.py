"""Nobody takes more than a share: who asks too often, or holds too many connections, is told so, and everyone else goes on."""

import http.client
import json
import pathlib
import re
import resource
import select
import socket
import sys
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, Server, Tap, dianji  # noqa: E402

ADDRESS, ACCOUNT = 30, 10
CONNECTIONS = 2500  # more than one address may hold, fewer than the server holds
LIMITED, OTHER = "127.0.0.1", "127.0.0.2"


class Visitor:
    """Somebody at an address of this machine; keeps its line and its cookies."""

    def __init__(self, server, address):
        self.line = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30, source_address=(address, 0))
        self.cookies = {}

    def ask(self, method, path, fields=None, **headers):
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        body = None
        if fields is not None:
            is_json = sent.get("Content-Type") == "application/json"
            body = json.dumps(fields) if is_json else urllib.parse.urlencode(fields)
            sent.setdefault("Content-Type", "application/x-www-form-urlencoded")
        self.line.request(method, path, body, sent)
        reply = self.line.getresponse()
        reply.text = reply.read().decode()
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return reply

    def sign_in(self, login):
        self.ask("POST", "/sign-in", {"login": login, "password": "dianji-2025"})
        return self


def until_refused(visitor, most, *words, **headers):
    """How many were answered before the first 429; and that answer."""
    for count in range(most):
        reply = visitor.ask(*words, **headers)
        if reply.status == 429:
            return count, reply
    return most, None


def check_address(tap, server):
    visitor = Visitor(server, LIMITED)
    count, reply = until_refused(visitor, 3 * ADDRESS, "GET", "/classes")
    tap.check("an address gets its share and no more", ADDRESS <= count <= ADDRESS + 3 and reply is not None, count)
    tap.check("it is told when to come again", reply is not None and 1 <= int(reply.getheader("Retry-After") or 0) <= 60)
    started = time.monotonic()
    reply = visitor.ask("GET", "/classes", Accept="application/json")
    tap.check("and is not answered at once", time.monotonic() - started > 0.8)
    tap.check("a program reads which limit it is", reply.status == 429 and "web.too_many" in json.loads(reply.text)["type"],
              reply.text)
    _, page = until_refused(visitor, 3, "GET", "/classes", Accept_Language="zh")
    tap.check("a person reads it in words", page is not None and "过于频繁" in page.text)
    style = re.search(r'href="(/[^"]+\.css[^"]*)"', Visitor(server, OTHER).ask("GET", "/").text)
    tap.check("files of the pages are not counted", style and visitor.ask("GET", style.group(1)).status == 200)
    _, form = until_refused(visitor, 3, "POST", "/sign-in", {"login": "nobody", "password": "x" * 12})
    tap.check("a form is refused as well", form is not None)
    other = Visitor(server, OTHER)
    tap.check("another address goes on", all(other.ask("GET", "/classes").status == 200 for _ in range(ADDRESS // 2)))


def check_account(tap, server):
    """The account, not its session, nor its address."""
    first = Visitor(server, "127.0.0.3").sign_in("school1")
    second = Visitor(server, "127.0.0.4").sign_in("school1")
    count, reply = until_refused(first, 3 * ACCOUNT, "GET", "/desk/classes", Accept="application/json")
    tap.check("an account gets its share and no more", ACCOUNT <= count <= ACCOUNT + 3 and reply is not None, count)
    statuses = [second.ask("GET", "/desk/classes").status, first.ask("POST", "/account/sessions/end", {"csrf": "x"}).status,
                first.ask("POST", "/account/sessions/end", {}, Content_Type="application/json").status]
    tap.check("with all its sessions, for forms and JSON", statuses == [429] * 3, statuses)
    colleague = Visitor(server, "127.0.0.3").sign_in("county1")
    tap.check("a colleague at the same address goes on", colleague.ask("GET", "/desk/classes").status == 200)
    time.sleep(60 / ACCOUNT + 1)
    tap.check("and so does the account, after a while", first.ask("GET", "/desk/classes").status == 200)


def check_connections(tap, server):
    """Silent connections by the thousand, from one address."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, CONNECTIONS + 500), hard))
    held = []
    for _ in range(CONNECTIONS):
        line = socket.socket()
        line.bind(("127.0.0.9", 0))
        line.connect(("127.0.0.1", server.port))
        held.append(line)
    time.sleep(1)
    poll = select.poll()
    for line in held:
        poll.register(line, select.POLLIN | select.POLLHUP)
    closed = len(poll.poll(0))
    tap.check("of very many connections from one address some are closed", 0 < closed < CONNECTIONS, closed)
    tap.check("those from elsewhere are taken", Visitor(server, OTHER).ask("GET", "/healthz").status == 200)
    for line in held:
        line.close()
    resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "300", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Server(clock="2025-10-15T09:00:00+08:00", log=FOLDER / "server.log", requests=(ADDRESS, ACCOUNT)) as server:
        check_account(tap, server)
        check_address(tap, server)
        check_connections(tap, server)
        tap.check("the server ends when asked", server.stop() == 0)
    tap.finish()


if __name__ == "__main__":
    main()
