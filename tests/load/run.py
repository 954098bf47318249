"""Many at once, some of them rude: pages, sign-ins, uploads cut off, slow bodies, nonsense. Nothing may break the server.

builds: release,sanitize,threads
"""

import pathlib
import random
import socket
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

THREADS, SECONDS = 8, 6
PAGES = ["/", "/classes", "/progress", "/progress/1", "/progress/metric/T01.training", "/certificate", "/sign-in",
         "/desk", "/no-such-page", "/class/0000000000001", "/healthz"]
NONSENSE = [b"\x16\x03\x01\x02\x00\x01\x00", b"GET / HTTP/9.9\r\n\r\n", b"GET " + b"/a" * 20000 + b" HTTP/1.1\r\n\r\n",
            b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n",
            b"POST /sign-in HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n",
            b"GET /%00 HTTP/1.1\r\nHost: x\r\n\r\n", b"GET /%ff%fe HTTP/1.1\r\nHost: x\r\n\r\n",
            b"GET /classes?q=%ZZ&=&&a=b=c HTTP/1.1\r\nHost: x\r\n\r\n"]


class Crowd:
    """What the threads share: how many of each answer they saw."""

    def __init__(self, server):
        self.server, self.lock, self.answers, self.wrong = server, threading.Lock(), {}, []
        self.until = time.monotonic() + SECONDS

    def saw(self, status, what):
        with self.lock:
            self.answers[status] = self.answers.get(status, 0) + 1
            if status >= 500 and status not in (503, 505):
                self.wrong.append(f"{status} for {what}")

    def connect(self):
        return socket.create_connection(("127.0.0.1", self.server.port), 10)


def read_page(crowd, dice):
    page = dice.choice(PAGES)
    accept = dice.choice(["text/html", "application/json"])
    crowd.saw(Client(crowd.server).get(page, Accept=accept, Accept_Encoding="gzip").status, page)


def sign_in_wrongly(crowd, dice):
    fields = {"account": f"nobody{dice.randrange(9)}", "password": "x" * dice.randrange(1, 200)}
    crowd.saw(Client(crowd.server).post("/sign-in", fields).status, "POST /sign-in")


def cut_off(crowd, dice):
    """Half a body, then gone."""
    with crowd.connect() as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\n"
                     b"Content-Length: 5000\r\n\r\n" + b"a=" + b"b" * dice.randrange(2000))


def leave_early(crowd, dice):
    """A request whose answer nobody waits for."""
    with crowd.connect() as line:
        line.sendall(f"GET {dice.choice(PAGES)} HTTP/1.1\r\nHost: x\r\n\r\n".encode())


def too_much(crowd, dice):
    """A body past the limit."""
    try:
        crowd.saw(Client(crowd.server).post("/sign-in", {"account": "a" * 200000}).status, "a body past the limit")
    except OSError:
        pass  # the server may close while we still send


def broken_upload(crowd, dice):
    body = b"--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.xlsx\"\r\n\r\n" + dice.randbytes(
        dice.randrange(3000)) + dice.choice([b"", b"\r\n--x--\r\n", b"\r\n--x"])
    crowd.saw(Client(crowd.server).request("POST", "/sign-in", body, Content_Type="multipart/form-data; boundary=x").status,
              "a broken upload")


def talk_nonsense(crowd, dice):
    with crowd.connect() as line:
        line.settimeout(0.2)
        line.sendall(dice.choice(NONSENSE))
        try:
            answer = line.recv(200)
        except OSError:
            return
    if answer.startswith(b"HTTP/"):
        crowd.saw(int(answer.split()[1]), "nonsense")


MANNERS = [read_page] * 12 + [sign_in_wrongly] + [cut_off, leave_early, too_much, broken_upload, talk_nonsense]


def person(crowd, seed):
    dice = random.Random(seed)
    while time.monotonic() < crowd.until:
        try:
            dice.choice(MANNERS)(crowd, dice)
        except ConnectionResetError:
            pass
        except OSError as error:
            with crowd.lock:
                crowd.wrong.append(f"{type(error).__name__}: {error}")
            return


def main():
    tap = Tap()
    code, _, error = dianji("init", "--db", DATABASE)
    tap.check("init makes the database", code == 0, error)
    with Server() as server:
        crowd = Crowd(server)
        people = [threading.Thread(target=person, args=(crowd, seed)) for seed in range(THREADS)]
        for one in people:
            one.start()
        for one in people:
            one.join()
        tap.check("nothing but answers and refusals", not crowd.wrong, "\n".join(sorted(set(crowd.wrong))[:20]))
        tap.check("pages were answered", crowd.answers.get(200, 0) > 50, crowd.answers)
        tap.check("the server is still there", Client(server).get("/healthz").status == 200)
        code = server.stop()
        tap.check("SIGTERM ends it cleanly, and no sanitizer has a word to say", code == 0, f"exit code {code}")
    print(f"# {crowd.answers}")
    tap.finish()


if __name__ == "__main__":
    main()
