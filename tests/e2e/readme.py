"""Types the README's command block, line by line, as a newcomer does after ./demo."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
PROGRAM = pathlib.Path(sys.argv[1]).resolve()
blocks = re.findall(r"^```\n(.*?)^```", (ROOT / "README.md").read_text(), re.S | re.M)
block = next(each for each in blocks if "threatlas init" in each)
assert block.count("\nthreatlas ") >= 9, "the block has lost its commands"

with tempfile.TemporaryDirectory(prefix="threatlas-readme-") as name:
    home = pathlib.Path(name)
    for part in ("catalogue", "examples"):
        shutil.copytree(ROOT / part, home / part)
    (home / "build/release/bin").mkdir(parents=True)
    shutil.copy(PROGRAM, home / "build/release/bin/threatlas")
    environment = {key: value for key, value in os.environ.items() if not key.startswith("THREATLAS")}
    done = subprocess.run(["bash", "-euxc", block], cwd=home, env=environment, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, done.stderr[-3000:] + done.stdout[-3000:]
    for made in ("public.html", "public.pdf", "bundle"):
        assert (home / "var/mine" / made).exists(), made + " was not written"
    for said in ("9 accepted", "dry run: nothing stored", "cyber.ransomware"):
        assert said in done.stdout, "'" + said + "' was not said:\n" + done.stdout[-3000:]
print("the README's commands work in their order")
