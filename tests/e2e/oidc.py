"""Sign-in through a provider: a small one on loopback, with a key of its own; then with everything wrong in turn."""
import base64
import hashlib
import http.server
import json
import pathlib
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).parent))
import service

PROGRAM = pathlib.Path(sys.argv[1]).resolve()
checks = 0


def check(good, what):
    global checks
    checks += 1
    assert good, what


def text64(raw):
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


class Key:
    """RSA, by the openssl program: nothing else is needed."""

    def __init__(self, folder, name):
        self.file = pathlib.Path(folder) / f"{name}.pem"
        subprocess.run(["openssl", "genrsa", "-out", self.file, "2048"], check=True, capture_output=True)
        modulus = subprocess.run(["openssl", "rsa", "-in", self.file, "-noout", "-modulus"], check=True, capture_output=True, text=True).stdout.strip().split("=")[1]
        self.jwk = {"kty": "RSA", "kid": "one", "use": "sig", "alg": "RS256", "n": text64(bytes.fromhex(modulus)), "e": "AQAB"}

    def sign(self, text):
        return subprocess.run(["openssl", "dgst", "-sha256", "-sign", self.file], input=text.encode(), check=True, capture_output=True).stdout


class Provider:
    def __init__(self, folder):
        self.key, self.other = Key(folder, "good"), Key(folder, "other")
        self.asked, self.codes, self.spoil = {}, {}, None
        provider = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def log_message(self, *_):
                pass

            def give(self, value, status=200):
                body = json.dumps(value).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_GET(self):
                if self.path == "/.well-known/openid-configuration":
                    return self.give({"issuer": provider.address, "authorization_endpoint": provider.address + "/authorize", "token_endpoint": provider.address + "/token", "jwks_uri": provider.address + "/keys"})
                return self.give({"keys": [provider.key.jwk]} if self.path == "/keys" else {}, 200 if self.path == "/keys" else 404)

            def do_POST(self):
                form = dict(urllib.parse.parse_qsl(self.rfile.read(int(self.headers["Content-Length"])).decode()))
                asked = provider.codes.pop(form.get("code"), None)
                proof = text64(hashlib.sha256(form.get("code_verifier", "").encode()).digest())
                secret = "Basic " + base64.b64encode(b"threatlas:provider secret".replace(b" ", b"%20")).decode()
                if asked is None or proof != asked["code_challenge"] or self.headers["Authorization"] != secret:
                    return self.give({"error": "invalid_grant"}, 400)
                self.give({"access_token": "x", "token_type": "Bearer", "id_token": provider.token(asked)})

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.address = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def token(self, asked):
        now = int(time.time())
        header = {"alg": "RS256", "kid": "one"}
        claims = {"iss": self.address, "aud": "threatlas", "sub": "77", "iat": now, "exp": now + 300, "nonce": asked["nonce"], "email": "vera@example.org", "email_verified": True}
        wrong = {"audience": {"aud": "another"}, "expired": {"exp": now - 3600}, "nonce": {"nonce": "another"}, "issuer": {"iss": "http://127.0.0.1:1"}}
        claims.update(wrong.get(self.spoil, {}))
        if self.spoil == "stranger":
            claims.update(sub="88", email="eve@example.org")
        if self.spoil == "unverified":
            claims.update(sub="99", email_verified=False)
        if self.spoil == "none":
            header["alg"] = "none"
        text = text64(json.dumps(header).encode()) + "." + text64(json.dumps(claims).encode())
        signature = b"" if self.spoil == "none" else (self.other if self.spoil == "key" else self.key).sign(text)
        return text + "." + text64(signature)

    def authorize(self, location):
        """What the provider's page does when somebody has signed in there: sends the browser back."""
        asked = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(location).query))
        code = f"code-{len(self.asked)}"
        self.asked[code] = self.codes[code] = asked
        return "/api/v1/oidc/callback?" + urllib.parse.urlencode({"code": code, "state": asked["state"]})


with tempfile.TemporaryDirectory(prefix="threatlas-") as folder:
    data = pathlib.Path(folder) / "data"
    subprocess.run([PROGRAM, "init", "--data", data], check=True, capture_output=True)
    provider = Provider(folder)
    settings = data / "oidc.json"
    settings.write_text(json.dumps({"issuer": provider.address, "client_id": "threatlas", "client_secret": "provider secret", "redirect": "http://127.0.0.1/api/v1/oidc/callback", "name": "Test", "allow_http": True}))
    settings.chmod(0o600)
    with service.Service(PROGRAM, data) as running:
        admin = service.first_administrator(running)

        def sign_in(spoil=None, client=None):
            provider.spoil = spoil
            client = client or running.client()
            start = client.get("/api/v1/oidc/start")
            check(start.status == 302 and "code_challenge_method=S256" in start.header("Location"), f"start: {start.status} {start.text}")
            return client, client.get(provider.authorize(start.header("Location")))

        check(running.client().get("/api/v1/oidc").json == {"enabled": True, "name": "Test"}, "the sign-in page learns of the provider")
        client, back = sign_in()
        check(back.status == 403, "nobody is known before there is an invitation")
        made = admin.post("/api/v1/invitations", {"organisation": "regional", "role": "analyst", "clearance": "TLP:GREEN", "email": "Vera@example.org"})
        check(made.status == 201, made.text)
        client, back = sign_in("unverified")
        check(back.status == 403, "an address that is not verified opens no invitation")
        client, back = sign_in()
        check(back.status == 302 and back.header("Location") == "/", f"by invitation: {back.status} {back.text}")
        who = client.get("/api/v1/session").json
        check(who["role"] == "analyst" and who["name"] == "vera@example.org", f"the invitation's standing: {who}")
        again, back = sign_in()
        check(back.status == 302 and again.get("/api/v1/session").json["account"] == who["account"], "the same account the next time")
        for spoil in ("audience", "expired", "nonce", "issuer", "key", "none", "stranger"):
            client, back = sign_in(spoil)
            check(back.status == 403 and client.get("/api/v1/session").status == 401, f"{spoil}: {back.status} {back.text}")
        # The answer to another browser's request, and one played again.
        provider.spoil = None
        client = running.client()
        target = provider.authorize(client.get("/api/v1/oidc/start").header("Location"))
        check(running.client().get(target).status == 403, "another browser cannot finish it")
        check(client.get(target).status == 302, "the one that began can")
        check(client.get(target).status == 403, "once")
        check("provider secret" not in running.said() and "code-" not in running.said(), "nothing secret is in the log")
    settings.chmod(0o644)
    refused = subprocess.run([PROGRAM, "serve", "--data", data, "--listen", "127.0.0.1:0"], capture_output=True, text=True, timeout=60)
    check(refused.returncode != 0 and "chmod 600" in refused.stdout + refused.stderr, "settings that others may read are refused")
print(f"sign-in through a provider: {checks} checks")
