"""What tests of the whole program share: a server on a free port, plain requests, and TAP.

The runner gives DIANJI (the program), DIANJI_DB (an empty database), DIANJI_FOLDER and DIANJI_TIER; see CONTRIBUTING.md.
"""

import contextlib
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import subprocess
import sys
import time
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[1]
PROGRAM = os.environ.get("DIANJI", str(ROOT / "build/dianji"))
DATABASE = os.environ.get("DIANJI_DB", "")
FOLDER = pathlib.Path(os.environ.get("DIANJI_FOLDER", "."))
if "DIANJI_FOLDER" in os.environ:
    os.environ.setdefault("DIANJI_MASTER_KEY", f"file:{FOLDER}/master.key")


def dianji(*words, seconds=300):
    """Runs a command of the program; (exit code, standard output, standard error)."""
    done = subprocess.run([PROGRAM, *words], cwd=ROOT, capture_output=True, text=True, timeout=seconds, check=False,
                          stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout, done.stderr


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


class Reply:
    """Status, headers and body of an answer."""

    def __init__(self, answer):
        self.status = answer.status
        self.headers = answer.headers
        self.body = answer.read()

    @property
    def text(self):
        return self.body.decode()

    @property
    def kind(self):
        return (self.headers.get("Content-Type") or "").split(";")[0]


class Client:
    """A browser of sorts: it keeps cookies and follows nothing by itself."""

    def __init__(self, server):
        self.server = server
        self.cookies = {}

    def request(self, method, path, body=None, seconds=30, **headers):
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=seconds)
        sent = {name.replace("_", "-"): value for name, value in headers.items()}
        if self.cookies:
            sent["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        try:
            connection.request(method, path, body, sent)
            reply = Reply(connection.getresponse())
        finally:
            connection.close()
        for line in reply.headers.get_all("Set-Cookie") or []:
            name, _, value = line.split(";")[0].partition("=")
            self.cookies[name] = value
        return reply

    def get(self, path, **headers):
        return self.request("GET", path, **headers)

    def post(self, path, fields, **headers):
        return self.request("POST", path, urllib.parse.urlencode(fields),
                            Content_Type="application/x-www-form-urlencoded", **headers)


def activate(server, code, own="five words nobody else has"):
    """Sets an own password with a code of invitation; the password."""
    reply = Client(server).post("/activate", {"invitation_code": code, "new_password": own, "repeated": own})
    if reply.status != 303:
        raise RuntimeError(f"a code sets a password: {reply.status} {reply.text}")
    return own


class Seat:
    """A demonstration account that is signed in, as a program uses it: JSON both ways."""

    def __init__(self, login, password="dianji-2025"):
        self.login, self.password, self.client, self.token = login, password, None, None

    def sign_in(self, server):
        self.client = Client(server)
        reply = self.client.post("/sign-in", {"login": self.login, "password": self.password})
        if reply.status != 303:
            raise RuntimeError(f"{self.login} signs in: {reply.status}")
        if reply.headers["Location"] == "/account/password":
            self.choose_password()
        self.token = self.token_on("/account")
        return self

    def token_on(self, path):
        return re.search(r'name="csrf" value="([^"]*)"', self.client.get(path).text).group(1)

    def choose_password(self, own="five words nobody else has"):
        """Where somebody else has set the password, nothing opens before it is one's own."""
        self.token = self.token_on("/account/password")
        reply = self.post("/account/password", {"password": self.password, "new_password": own, "repeated": own})
        if reply.status != 200:
            raise RuntimeError(f"{self.login} chooses a password: {reply.status}")
        self.password = own

    def get(self, path):
        return self.client.get(path, Accept="application/json")

    def post(self, path, fields):
        return self.client.request("POST", path, json.dumps(fields), Content_Type="application/json",
                                   Accept="application/json", X_CSRF_Token=self.token)


class Server:
    """dianji serve on a free port, with its log in a file where one is named; use it with `with`.

    Tests ask faster than people: how often one may ask is limited only where `requests` says so, (by address, by account).
    Passwords alone sign in, unless the second factor is asked for.
    """

    def __init__(self, database=DATABASE, clock=None, log=None, requests=(0, 0), second_factor=False):
        self.database, self.port, self.process, self.log = database, free_port(), None, log
        self.options = ["--address-requests", str(requests[0]), "--account-requests", str(requests[1])]
        self.options += ["--second-factor", "on" if second_factor else "off"]
        self.options += ["--clock", clock] if clock else []

    def launch(self):
        with contextlib.ExitStack() as stack:
            log = stack.enter_context(open(self.log, "a", encoding="utf-8")) if self.log else None
            self.process = subprocess.Popen([PROGRAM, "serve", "--db", self.database, "--listen",
                                             f"127.0.0.1:{self.port}", *self.options],
                                            cwd=ROOT, stdin=subprocess.DEVNULL, stdout=sys.stderr, stderr=log)

    def start(self, seconds=60):
        self.launch()
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self.process.poll() is not None:
                raise RuntimeError(f"dianji serve ended with {self.process.returncode}")
            try:
                if Client(self).get("/healthz").status == 200:
                    return self
            except OSError:
                time.sleep(0.02)
        raise RuntimeError("dianji serve does not answer")

    def stop(self):
        """Asks it to end; its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(60)

    def kill(self):
        self.process.kill()
        self.process.wait()

    def __enter__(self):
        return self.start()

    def __exit__(self, *exception):
        if self.process and self.process.poll() is None:
            self.stop()


class Tap:
    """Counts and prints; `check` once a test, with what to say when it fails."""

    def __init__(self):
        self.number, self.failed = 0, 0

    def check(self, name, holds, more=""):
        self.number += 1
        self.failed += not holds
        print(f"{'ok' if holds else 'not ok'} {self.number} - {name}", flush=True)
        if not holds and more:
            print("# " + str(more).replace("\n", "\n# "), flush=True)
        return holds

    def finish(self):
        print(f"1..{self.number}")
        sys.exit(1 if self.failed else 0)
