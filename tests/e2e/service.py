"""A running Threatlas server and its clients, for tests from the outside: standard library only, loopback only."""
import base64
import contextlib
import hashlib
import hmac
import http.client
import json
import os
import pathlib
import re
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def totp(secret_base32, at=None):
    """RFC 6238, SHA-1, 30 s, six digits."""
    key = base64.b32decode(secret_base32 + "=" * (-len(secret_base32) % 8), casefold=True)
    mac = hmac.new(key, struct.pack(">Q", int((time.time() if at is None else at) // 30)), hashlib.sha1).digest()
    start = mac[-1] & 15
    return f"{(struct.unpack('>I', mac[start:start + 4])[0] & 0x7fffffff) % 1_000_000:06d}"


class Answer:
    def __init__(self, status, headers, body):
        self.status, self.headers, self.body = status, headers, body

    def header(self, name):
        return next((value for each, value in self.headers if each.lower() == name.lower()), None)

    @property
    def text(self):
        return self.body.decode("utf-8", "replace")

    @property
    def json(self):
        return json.loads(self.body)


class Client:
    """One browser or one machine: keeps cookies and repeats the CSRF token; or carries a Bearer token."""

    def __init__(self, port, token=None, tls=None):
        self.port, self.token, self.cookies, self.csrf, self.tls = port, token, {}, None, tls

    def send(self, method, path, body=None, headers=None, csrf=True):
        connection = http.client.HTTPSConnection("127.0.0.1", self.port, timeout=60, context=self.tls) if self.tls else http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = dict(headers or {})
        if isinstance(body, (dict, list)):
            body = json.dumps(body)
            sent.setdefault("Content-Type", "application/json")
        if self.token:
            sent.setdefault("Authorization", f"Bearer {self.token}")
        if self.cookies:
            sent.setdefault("Cookie", "; ".join(f"{k}={v}" for k, v in self.cookies.items()))
        if csrf and self.csrf and method not in ("GET", "HEAD"):
            sent.setdefault("X-CSRF-Token", self.csrf)
        connection.request(method, path, body=body, headers=sent)
        got = connection.getresponse()
        answer = Answer(got.status, got.getheaders(), got.read())
        connection.close()
        for name, value in answer.headers:
            if name.lower() == "set-cookie":
                key, _, rest = value.partition("=")
                kept = rest.split(";", 1)[0]
                if kept and "Max-Age=0" not in value:
                    self.cookies[key] = kept
                else:
                    self.cookies.pop(key, None)
        return answer

    def get(self, path, **more):
        return self.send("GET", path, **more)

    def post(self, path, body=None, **more):
        return self.send("POST", path, {} if body is None else body, **more)

    def sign_in(self, name, password, code=None):
        answer = self.post("/api/v1/session", {"name": name, "password": password, **({"code": code} if code else {})})
        if answer.status == 200:
            self.csrf = self.get("/api/v1/session").json["csrf"]
        return answer


class Service:
    """`threatlas serve` on a free port over a folder; stopped with SIGTERM. tls: how its clients connect."""

    def __init__(self, program, data, *more, environment=None, tls=None):
        self.tls = tls
        self.program, self.data, self.port = pathlib.Path(program), pathlib.Path(data), free_port()
        self.log = tempfile.NamedTemporaryFile("w+", prefix="threatlas-serve-", suffix=".log")
        command = [self.program, "serve", "--data", self.data, "--listen", f"127.0.0.1:{self.port}", *map(str, more)]
        self.process = subprocess.Popen(command, cwd=ROOT, stdout=self.log, stderr=subprocess.STDOUT, env={**os.environ, **(environment or {})})
        for _ in range(600):
            if self.process.poll() is not None:
                sys.exit(f"the server ended at once: {self.said()}")
            with contextlib.suppress(OSError):
                if Client(self.port, tls=tls).get("/readyz").status == 200:
                    break
            time.sleep(0.1)
        else:
            self.stop()
            sys.exit(f"the server was not ready within a minute: {self.said()}")

    def said(self):
        self.log.flush()
        return pathlib.Path(self.log.name).read_text(errors="replace")

    def setup_token(self):
        for _ in range(100):
            found = re.search(r"/setup#(\S+)", self.said())
            if found:
                return found.group(1)
            time.sleep(0.1)
        sys.exit(f"no setup link was printed: {self.said()}")

    def client(self, token=None):
        return Client(self.port, token, self.tls)

    def stop(self, how=signal.SIGTERM):
        if self.process.poll() is None:
            self.process.send_signal(how)
            try:
                self.process.wait(30)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.stop()


PASSWORD = "a long enough pass phrase 7"


def first_administrator(service, name="ada"):
    client = service.client()
    answer = client.post("/api/v1/setup", {"token": service.setup_token(), "name": name, "password": PASSWORD})
    assert answer.status in (200, 201), f"setup: {answer.status} {answer.text}"
    assert client.sign_in(name, PASSWORD).status == 200, "the first administrator signs in"
    return client


def member(service, administrator, name, role, organisation="regional", clearance="TLP:AMBER"):
    """Invites a person and signs in as them."""
    made = administrator.post("/api/v1/invitations", {"organisation": organisation, "role": role, "clearance": clearance})
    assert made.status in (200, 201), f"invitation: {made.status} {made.text}"
    token = made.json.get("token") or made.json["link"].rsplit("#", 1)[-1]
    client = service.client()
    taken = client.post(f"/api/v1/invitations/{token}", {"name": name, "password": PASSWORD})
    assert taken.status in (200, 201), f"invitation taken: {taken.status} {taken.text}"
    assert client.sign_in(name, PASSWORD).status == 200, f"{name} signs in"
    return client
