"""An authority, a server's certificate for 127.0.0.1 and clients' ones, for tests: made with openssl, good for two days."""
import pathlib
import ssl
import subprocess


class Authority:
    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        self.folder.mkdir(parents=True, exist_ok=True)
        self.certificate = self.folder / "authority.pem"
        self.openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", self.folder / "authority.key", "-out", self.certificate, "-days", "2", "-subj", "/CN=authority of a test")

    def openssl(self, *arguments):
        done = subprocess.run(["openssl", *map(str, arguments)], capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, f"openssl {' '.join(map(str, arguments))}: {done.stderr}"
        return done.stdout

    def issue(self, name, address=None):
        """(certificate, key)"""
        certificate, key, request, more = (self.folder / f"{name}.{end}" for end in ("pem", "key", "csr", "ext"))
        self.openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-keyout", key, "-out", request, "-subj", f"/CN={name}")
        more.write_text((f"subjectAltName=IP:{address}\n" if address else "") + f"extendedKeyUsage={'serverAuth' if address else 'clientAuth'}\n")
        self.openssl("x509", "-req", "-in", request, "-CA", self.certificate, "-CAkey", self.folder / "authority.key", "-CAcreateserial", "-out", certificate, "-days", "2", "-extfile", more)
        return certificate, key

    def fingerprint(self, certificate):
        return self.openssl("x509", "-in", certificate, "-noout", "-fingerprint", "-sha256").split("=", 1)[1].strip()

    def context(self, pair=None):
        """Of a client that trusts this authority alone."""
        made = ssl.create_default_context(cafile=str(self.certificate))
        if pair:
            made.load_cert_chain(*map(str, pair))
        return made
