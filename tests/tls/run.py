"""The server ends TLS itself: current versions and strong suites only, and a new certificate without stopping."""

import http.client
import os
import pathlib
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))

from whole import DATABASE, FOLDER, PROGRAM, ROOT, Tap, dianji, free_port  # noqa: E402

CERTIFICATE, KEY, LOG = FOLDER / "tls" / "chain.pem", FOLDER / "tls" / "key.pem", FOLDER / "server.log"
CLOCK = "2025-10-15T09:00:00+08:00"


def make_certificate(name, kind):
    """A new self-signed pair, put in place as a tool for renewal does: by renaming."""
    options = {"ec": ["ec", "-pkeyopt", "ec_paramgen_curve:P-256"], "rsa": ["rsa:2048"]}[kind]
    CERTIFICATE.parent.mkdir(exist_ok=True)
    subprocess.run(["openssl", "req", "-x509", "-newkey", *options, "-nodes", "-days", "30", "-subj", f"/CN={name}",
                    "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{KEY}.new", "-out", f"{CERTIFICATE}.new"],
                   check=True, capture_output=True)
    os.chmod(f"{KEY}.new", 0o600)
    os.rename(f"{KEY}.new", KEY)
    os.rename(f"{CERTIFICATE}.new", CERTIFICATE)


class Secure:
    """dianji serve with a certificate of its own."""

    def __init__(self):
        self.port, self.process = free_port(), None

    def __enter__(self):
        with open(LOG, "a", encoding="utf-8") as log:
            self.process = subprocess.Popen(
                [PROGRAM, "serve", "--db", DATABASE, "--listen", f"127.0.0.1:{self.port}", "--clock", CLOCK,
                 "--tls-certificate", CERTIFICATE, "--tls-key", KEY], cwd=ROOT, stdin=subprocess.DEVNULL, stderr=log)
        until = time.monotonic() + 60
        while time.monotonic() < until and self.process.poll() is None:
            try:
                if self.get("/healthz").status == 200:
                    return self
            except OSError:
                time.sleep(0.05)
        raise RuntimeError(LOG.read_text(encoding="utf-8"))

    def __exit__(self, *exception):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(60)

    def line(self, trusted=None):
        context = ssl.create_default_context(cafile=str(trusted or CERTIFICATE))
        return http.client.HTTPSConnection("127.0.0.1", self.port, timeout=20, context=context)

    def get(self, path):
        line = self.line()
        line.request("GET", path)
        reply = line.getresponse()
        reply.body = reply.read()
        line.close()
        return reply

    def shown(self):
        """Whose name stands on the certificate."""
        done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{self.port}"], input=b"", timeout=20,
                              capture_output=True, check=False)
        return next((line.split("=", 1)[1] for line in done.stdout.decode(errors="replace").splitlines()
                     if line.strip().startswith("subject=")), None)


def shakes_hands(server, *options):
    """Whether openssl, allowed anything, comes to terms; and what it says."""
    done = subprocess.run(["openssl", "s_client", "-connect", f"127.0.0.1:{server.port}", *options], input=b"", timeout=20,
                          capture_output=True, check=False)
    out = (done.stdout + done.stderr).decode(errors="replace")
    return done.returncode == 0 and "Cipher is (NONE)" not in out and "BEGIN CERTIFICATE" in out, out


def check_versions(tap, server):
    for options in (["-tls1_3"], ["-tls1_2"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-GCM-SHA256"]):
        good, out = shakes_hands(server, *options)
        tap.check(f"spoken: {' '.join(options)}", good, out)
    weak = [["-tls1_1", "-cipher", "ALL:@SECLEVEL=0"], ["-tls1", "-cipher", "ALL:@SECLEVEL=0"],
            ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES128-SHA:@SECLEVEL=0"], ["-tls1_2", "-cipher", "ECDHE-ECDSA-AES256-SHA384"],
            ["-tls1_2", "-cipher", "AES128-GCM-SHA256:@SECLEVEL=0"], ["-tls1_2", "-cipher", "DHE-RSA-AES128-GCM-SHA256"],
            ["-tls1_2", "-cipher", "NULL:@SECLEVEL=0"]]
    for options in weak:
        good, out = shakes_hands(server, *options)
        tap.check(f"refused, and by the server: {' '.join(options)}", not good and re.search(r"read 0 bytes and written [1-9]", out), out)
    with socket.create_connection(("127.0.0.1", server.port), 20) as line:
        line.sendall(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
        tap.check("nothing is answered in clear", not line.recv(100).startswith(b"HTTP/"))


def check_pages(tap, server):
    done = subprocess.run(["curl", "-sS", "--cacert", CERTIFICATE, "--max-time", "20", "-D", "-", "-o", "/dev/null",
                           f"https://127.0.0.1:{server.port}/sign-in"], capture_output=True, text=True, check=False)
    tap.check("curl trusts it and reads a page", done.returncode == 0 and " 200" in done.stdout.split("\r\n")[0], done.stderr)
    tap.check("which binds the browser to TLS", "strict-transport-security: max-age=31536000" in done.stdout.lower(), done.stdout)
    line = server.line()
    line.request("POST", "/sign-in", "login=school1&password=dianji-2025",
                 {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://127.0.0.1:{server.port}",
                  "Host": f"127.0.0.1:{server.port}"})
    reply = line.getresponse()
    reply.read()
    cookies = [one for one in reply.headers.get_all("Set-Cookie") or [] if "session" in one]
    tap.check("the session's cookie is bound to the host", len(cookies) == 1 and cookies[0].startswith("__Host-session=")
              and "; Secure" in cookies[0], cookies)
    line.request("GET", "/desk/classes", headers={"Cookie": cookies[0].split(";")[0] if cookies else ""})
    reply = line.getresponse()
    reply.read()
    tap.check("and signs in, on the same connection", reply.status == 200, reply.status)


def read_many(server, wrong, rounds=40):
    """Pages and files of all sizes over one connection."""
    paths = ["/", "/classes", "/progress", "/empty", "/no-such-page"]
    try:
        line = server.line()
        for number in range(rounds):
            line.request("GET", paths[number % len(paths)])
            reply = line.getresponse()
            body = reply.read()
            if reply.status not in (200, 404) or (b"</html>" not in body[-200:]):
                wrong.append(f"{paths[number % len(paths)]}: {reply.status}, {len(body)} bytes")
        line.close()
    except OSError as error:
        wrong.append(str(error))


def check_crowd(tap, server):
    wrong = []
    crowd = [threading.Thread(target=read_many, args=(server, wrong)) for _ in range(16)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()
    tap.check("many at once read whole pages", not wrong, "\n".join(wrong[:10]))
    body = b"login=" + b"x" * 60000
    line = server.line()
    line.request("POST", "/sign-in", body, {"Content-Type": "application/x-www-form-urlencoded"})
    tap.check("a large body arrives", line.getresponse().status in (401, 403, 422))


def wait_for_log(text):
    until = time.monotonic() + 10
    while time.monotonic() < until and text not in LOG.read_text(encoding="utf-8"):
        time.sleep(0.05)
    return text in LOG.read_text(encoding="utf-8")


def check_renewal(tap, server):
    tap.check("the first certificate is shown", "first" in (server.shown() or ""), server.shown())
    kept = server.line()
    kept.request("GET", "/healthz")
    kept.getresponse().read()
    make_certificate("second", "rsa")
    server.process.send_signal(signal.SIGHUP)
    tap.check("SIGHUP takes in a new one", wait_for_log("read anew") and "second" in (server.shown() or ""), server.shown())
    kept.request("GET", "/healthz")
    tap.check("who is connected notices nothing", kept.getresponse().status == 200)
    KEY.write_text("nonsense", encoding="utf-8")
    server.process.send_signal(signal.SIGHUP)
    tap.check("a broken one is said", wait_for_log(str(CERTIFICATE)))
    tap.check("and the server goes on with the one before", "second" in (server.shown() or "") and server.process.poll() is None)


def check_start(tap):
    def serve(*words):
        done = subprocess.run([PROGRAM, "serve", "--db", DATABASE, "--listen", f"127.0.0.1:{free_port()}", *map(str, words)],
                              cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
        return done.returncode, done.stderr
    tap.check("a certificate without its key is a wrong usage", serve("--tls-certificate", CERTIFICATE)[0] == 2)
    tap.check("so is one behind a proxy", serve("--tls-certificate", CERTIFICATE, "--tls-key", KEY, "--tls-proxy")[0] == 2)
    code, error = serve("--tls-certificate", CERTIFICATE, "--tls-key", KEY)
    tap.check("with a broken key nothing starts", code == 1 and str(CERTIFICATE) in error, error)
    make_certificate("third", "ec")
    os.chmod(KEY, 0o644)
    code, error = serve("--tls-certificate", CERTIFICATE, "--tls-key", KEY)
    tap.check("nor with one that others can read", code == 1 and "open to others" in error, error)


def main():
    tap = Tap()
    for words in (("init", "--db", DATABASE), ("simulate", "--db", DATABASE, "--people", "300", "--classes", "20", "--seed", "1")):
        code, _, error = dianji(*words)
        tap.check(f"dianji {words[0]}", code == 0, error)
    make_certificate("first", "ec")
    with Secure() as server:
        check_versions(tap, server)
        check_pages(tap, server)
        check_crowd(tap, server)
        check_renewal(tap, server)
        server.process.terminate()
        tap.check("the server ends when asked", server.process.wait(60) == 0)
    check_start(tap)
    tap.finish()


if __name__ == "__main__":
    main()
