"""A new installation: its first administrator signs in, and there is never a second first one."""

import json
import os
import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, Client, Server, Tap, dianji  # noqa: E402

VARIABLE = "DIANJI_ADMINISTRATOR_PASSWORD"


def init(login, password=None):
    os.environ.pop(VARIABLE, None)
    if password is not None:
        os.environ[VARIABLE] = password
    return dianji("init", "--db", DATABASE, "--administrator", login)


def outcome(reply):
    data = json.loads(reply.text)
    return data.get("outcome") or data.get("type", "").rpartition("/")[2]


def sign_in(server, login, password):
    client = Client(server)
    return client, outcome(client.post("/sign-in", {"login": login, "password": password}, Accept="application/json"))


def main():
    tap = Tap()
    code, out, error = dianji("init", "--db", DATABASE)
    tap.check("without a name there is no account, and nothing to print", code == 0 and out == "", error)
    code, out, error = init("admin", "password123")
    tap.check("a password that everyone tries is refused", code == 1 and VARIABLE in error and out == "", error)
    code, out, error = init("a!")
    tap.check("so is a login that nobody can type", code == 1 and out == "", error)
    code, out, error = init("admin")
    login, _, password = out.strip().partition(" ")
    tap.check("the password is printed once", code == 0 and login == "admin" and len(password) >= 16, error)
    code, again, error = init("second", "a-long-and-rare-one")
    tap.check("nobody becomes first administrator after the first", code == 1 and again == "", error)
    with Server() as server:
        client, answer = sign_in(server, "admin", password)
        tap.check("it opens the door", answer == "sign_in.done", answer)
        account = client.get("/desk/accounts")
        tap.check("and is to be changed before anything else", account.status == 303 and
                  account.headers["Location"] == "/account/password", account.status)
        tap.check("the refused one does not", sign_in(server, "second", "a-long-and-rare-one")[1] == "sign_in.refused")
    tap.finish()


if __name__ == "__main__":
    main()
