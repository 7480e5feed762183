"""An SMTP server for tests: keeps what it is given, and fails as it is told to. Standard library, loopback."""
import base64
import socket
import ssl
import subprocess
import threading


def certificate(folder):
    """A certificate for localhost and its key, self-signed, by the openssl program."""
    subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", f"{folder}/mail.key", "-out", f"{folder}/mail.pem"], check=True, capture_output=True)
    return f"{folder}/mail.pem", f"{folder}/mail.key"


class MailServer:
    """fault: '' | 'later' (451 to RCPT) | 'never' (550 to RCPT) | 'cut' (closes within DATA) | 'silent' (never greets) | 'inject' (speaks before TLS)."""

    def __init__(self, tls=None, user=None, password=None):
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)
        self.user, self.password = user, password
        self.messages, self.commands, self.fault = [], [], ""
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.run, daemon=True).start()

    def run(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.talk, args=(connection,), daemon=True).start()

    def talk(self, connection):
        try:
            self.converse(connection)
        except (OSError, ssl.SSLError):
            pass
        finally:
            connection.close()

    def converse(self, connection):
        if self.fault == "silent":
            connection.recv(1)
            return
        secure, signed_in, sender, to = False, not self.user, None, []
        lines = connection.makefile("rb")
        say = lambda text: connection.sendall(text.encode() + b"\r\n")
        say("220 mail.example ready")
        while line := lines.readline(4096):
            command = line.decode("utf-8", "replace").strip()
            word = command.split(" ", 1)[0].upper()
            self.commands.append((word, secure))
            if word == "EHLO":
                say("250-mail.example")
                if self.context and not secure:
                    say("250-STARTTLS")
                if self.user and (secure or not self.context):
                    say("250-AUTH LOGIN" if self.user == "login" else "250-AUTH PLAIN LOGIN")
                say("250 8BITMIME")
            elif word == "STARTTLS":
                connection.sendall(b"220 go\r\n" + (b"250 injected\r\n" if self.fault == "inject" else b""))
                connection = self.context.wrap_socket(connection, server_side=True)
                lines = connection.makefile("rb")
                secure = True
            elif word == "AUTH":
                kind, _, given = command[5:].partition(" ")
                if kind.upper() == "PLAIN":
                    signed_in = base64.b64decode(given).decode().split("\0")[1:] == [self.user, self.password]
                else:
                    say("334 VXNlcm5hbWU6")
                    name = base64.b64decode(lines.readline()).decode()
                    say("334 UGFzc3dvcmQ6")
                    signed_in = (name, base64.b64decode(lines.readline()).decode()) == (self.user, self.password)
                say("235 welcome" if signed_in else "535 no")
            elif word == "MAIL":
                sender, to = command, []
                say("250 ok" if signed_in else "530 sign in first")
            elif word == "RCPT":
                if self.fault == "later":
                    say("451 4.3.0 try later")
                elif self.fault == "never":
                    say("550 5.1.1 no such desk")
                else:
                    to.append(command)
                    say("250 ok")
            elif word == "DATA":
                say("354 go on")
                data = []
                while (line := lines.readline(4096)) != b".\r\n":
                    if not line:
                        return
                    if self.fault == "cut":
                        return
                    data.append(line[1:] if line.startswith(b".") else line)
                self.messages.append({"from": sender, "to": to, "data": b"".join(data), "secure": secure})
                say("250 2.0.0 kept")
            elif word == "RSET":
                say("250 ok")
            elif word == "QUIT":
                say("221 bye")
                return
            else:
                say("500 what")

    def close(self):
        self.listener.close()
