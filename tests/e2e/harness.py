"""Runs the built program as a user does, and says what went wrong with command and output."""
import json
import pathlib
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
if not PROGRAM.exists():
    sys.exit(f"{PROGRAM} is not built")
count = 0


def run(*arguments, code=0, cwd=ROOT):
    global count
    count += 1
    done = subprocess.run([PROGRAM, *map(str, arguments)], cwd=cwd, capture_output=True, text=True, timeout=600)
    said = f"threatlas {' '.join(map(str, arguments))}\nexit {done.returncode}\n{done.stdout[-2000:]}{done.stderr[-2000:]}"
    assert done.returncode == code, f"expected exit {code}: {said}"
    return done.stdout if code == 0 else done.stdout + done.stderr


def run_json(*arguments):
    return json.loads(run("--json", *arguments))


def folder():
    return tempfile.TemporaryDirectory(prefix="threatlas-")


def finished(checks):
    print(f"{count} commands, {checks} checks passed")
