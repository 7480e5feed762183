"""A PostgreSQL of our own for tests from the outside: in a temporary folder, on a Unix socket alone, gone at the end. One that is not
installed is a failure, not a test left out."""
import itertools
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile


class Cluster:
    def __init__(self):
        found = [path for version in ("17", "16", "15") if (path := pathlib.Path(f"/usr/lib/postgresql/{version}/bin/initdb")).exists()]
        if not found:
            sys.exit("PostgreSQL is not installed: tools/packages.sh names what the tests need")
        self.programs, self.numbers = found[0].parent, itertools.count(1)
        self.prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []   # the server refuses to run as root
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="threatlas_pg_", dir="/tmp"))   # a socket's path is short
        self.folder.chmod(0o755)
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        self.run("initdb", "-D", self.folder / "data", "-A", "trust", "-U", "postgres", "--no-sync", "-E", "UTF8", "--locale=C.UTF-8")
        self.start()
        self.sql("postgres", "CREATE ROLE threatlas_owner LOGIN")

    def run(self, program, *arguments):
        done = subprocess.run([*self.prefix, str(self.programs / program), *map(str, arguments)], cwd="/tmp", stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=120)
        assert done.returncode == 0, f"{program}: {done.stdout[-2000:]}"
        return done.stdout

    def start(self):
        self.run("pg_ctl", "-D", self.folder / "data", "-w", "-l", self.folder / "log", "-o", f"-c listen_addresses='' -c unix_socket_directories={self.folder} -c fsync=off -c max_connections=40", "-s", "start")

    def stop(self, how="fast"):
        self.run("pg_ctl", "-D", self.folder / "data", "-m", how, "-w", "-s", "stop")

    def sql(self, database, text):
        return self.run("psql", "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1", "-h", self.folder, "-U", "postgres", "-d", database, "-c", text)

    def fresh_database(self):
        """Its address for a role that owns it and is no superuser."""
        name = f"t{os.getpid()}_{next(self.numbers)}"
        self.sql("postgres", f"CREATE DATABASE {name} OWNER threatlas_owner")
        return f"postgres://threatlas_owner@/{name}?host={self.folder}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        try:
            self.stop("immediate")
        except AssertionError:   # it was stopped already
            pass
        shutil.rmtree(self.folder, ignore_errors=True)
