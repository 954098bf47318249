"""The spine over HTTP: signing in, a roster from a file, and the refusals that only a page can give.

On a simulated province, whose clock stands in October 2025.
"""

import json
import pathlib
import re
import subprocess
import sys
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

PASSWORD = "dianji-2025"
CLOCK = "2025-10-15T09:00:00+08:00"


class Province(Server):
    """The server, standing in the simulation's last day."""

    def start(self, seconds=60):
        launch = subprocess.Popen

        def with_clock(words, **options):
            return launch([*words, "--clock", CLOCK], **options)

        subprocess.Popen = with_clock
        try:
            return super().start(seconds)
        finally:
            subprocess.Popen = launch


def csrf(page):
    found = re.search(r'name="csrf" value="([^"]*)"', page)
    return found.group(1) if found else ""


def sign_in(client, login, password=PASSWORD, **headers):
    page = client.get("/sign-in").text
    return client.post("/sign-in", {"login": login, "password": password, "csrf": csrf(page)}, **headers)


def as_account(server, login):
    client = Client(server)
    reply = sign_in(client, login)
    if reply.status != 303:
        raise RuntimeError(f"{login} cannot sign in: {reply.status}")
    return client


def outcome(reply):
    """The code that a JSON answer carries."""
    data = json.loads(reply.text)
    return data.get("outcome") or data.get("type", "").rpartition("/")[2]


def act(client, path, fields=None, page="/account"):
    """A POST as a program sends it, with the page's token."""
    token = csrf(client.get(page).text)
    return client.post(path, {**(fields or {}), "csrf": token}, Accept="application/json")


def upload(client, path, name, content):
    token = csrf(client.get("/account").text)
    boundary = uuid.uuid4().hex
    parts = [f'--{boundary}\r\nContent-Disposition: form-data; name="csrf"\r\n\r\n{token}\r\n'.encode()]
    if content is not None:
        parts.append(f'--{boundary}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     "Content-Type: text/csv\r\n\r\n".encode() + content + b"\r\n")
    parts.append(f"--{boundary}--\r\n".encode())
    return client.request("POST", path, b"".join(parts), Content_Type=f"multipart/form-data; boundary={boundary}",
                          Accept="application/json")


def walk_sign_in(tap, server):
    client = Client(server)
    tap.check("a wrong password is refused: sign_in.refused",
              outcome(sign_in(client, "school1", "wrong", Accept="application/json")) == "sign_in.refused")
    tap.check("an unknown account gets the same words: sign_in.refused",
              outcome(sign_in(client, "nobody", "wrong", Accept="application/json")) == "sign_in.refused")
    tap.check("the right one opens: sign_in.done",
              outcome(sign_in(client, "school1", Accept="application/json")) == "sign_in.done")
    page = client.get("/account").text
    own = re.search(r"/desk", client.get("/").text)
    tap.check("who is signed in has a desk", own is not None)
    tap.check("a post of somebody else is not given: post_switch.not_yours",
              outcome(act(client, "/account/post/0000000000001")) == "post_switch.not_yours", page[:300])
    page = json.loads(client.get("/account", Accept="application/json").text)
    tap.check("one's own post may be taken: post_switch.done",
              outcome(act(client, f"/account/post/{page['posts'][0]['id']}")) == "post_switch.done", page)
    for _ in range(6):
        last = outcome(sign_in(Client(server), "head6", "wrong", Accept="application/json"))
    tap.check("guessing is slowed down: sign_in.too_many", last == "sign_in.too_many", last)


def walk_roster(tap, server):
    client = as_account(server, "school1")
    classes = json.loads(client.get("/desk/classes", Accept="application/json").text)["lines"]
    tap.check("the school sees its classes", len(classes) > 0)
    open_ones = [line for line in classes if line["state"] in ("approved", "in_progress")]
    path = f"/desk/class/{(open_ones or classes)[0]['id']}/roster"
    tap.check("no file is said to be none: roster_upload.no_file",
              outcome(upload(client, path, "", None)) == "roster_upload.no_file")
    reply = upload(client, path, "notes.csv", "只是一段文字\n".encode())
    tap.check("a text without header is refused with what to do", outcome(reply) == "roster_upload.no_header", reply.text)


def walk_money(tap, server):
    client = as_account(server, "cashier1")
    batches = json.loads(client.get("/desk/payments", Accept="application/json").text)["batches"]
    tap.check("finance sees its batches", len(batches) > 0)
    path = f"/desk/batch/{batches[0]['id']}"
    reply = upload(client, path + "/result", "result.csv", "随便,什么\n1,2\n".encode())
    tap.check("a file that is no result is refused whole: batch_result.unreadable",
              outcome(reply) == "batch_result.unreadable", reply.text)
    file = client.get(path + "/file.csv")
    tap.check("the bank's file has a line a payment", file.status == 200 and file.text.count("\n") == batches[0]["payment_count"] + 1)


def walk_public(tap, server):
    reply = Client(server).get("/certificate/S000000000000000000000", Accept="application/json")
    known = json.loads(reply.text)
    tap.check("a number that nobody has says no date", reply.status == 404 and not known["is_found"]
              and known["issued_on"] is None, reply.text)


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "400", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    with Province() as server:
        walk_sign_in(tap, server)
        walk_roster(tap, server)
        walk_money(tap, server)
        walk_public(tap, server)
    code, out, error = dianji("ledger", "recount", "--db", DATABASE)
    tap.check("the counters are what a recount says", code == 0, out + error)
    tap.finish()


if __name__ == "__main__":
    main()
