"""Every command explains itself, fails with the code of the one table, and says what to do next."""
import json
import pathlib
import re

from harness import ROOT, finished, folder, run, run_json

checks = 0


def check(condition, what):
    global checks
    checks += 1
    assert condition, what


top = run("--help")
commands = "init catalogue ingest status assess watch signals forecast report explain verify diff simulate erase review consent audit doctor completion".split()
for command in commands:
    check(re.search(rf"^\s+{command}\s", top, re.M), f"--help does not list {command}")
    text = run(command, "--help")
    check("Example" in text and f"threatlas {command}" in text, f"{command} --help has no example")
check("--bundle" in run("completion") and "complete -F" in run("completion"), "completion")

with folder() as made:
    here = pathlib.Path(made)
    check("--help" in run(code=2), "a bare call points to --help")
    run("no-such-command", code=2)
    run("assess", "--draws", "-1", code=2)
    check("threatlas init" in run("status", "--data", here / "none", code=4), "says how to make a store")
    run("init", "--data", here / "store")
    run("init", "--data", here / "store", code=6)
    run("assess", "--data", here / "store", code=7)  # an empty store: not assessed
    run("explain", "--data", here / "store", "F-0000000000", code=4)
    run("verify", here, code=4)
    run("ingest", "--data", here / "store", code=2)
    run("ingest", "--data", here / "store", "--source", "nobody", here / "x.csv", code=2)
    run("ingest", "--data", here / "store", "--source", "frontex_detections", here / "x.csv", code=4)
    (here / "empty.csv").write_text("")
    run("ingest", "--data", here / "store", "--source", "frontex_detections", here / "empty.csv", code=3)
    check(run_json("audit", "verify", "--data", here / "store")["whole"], "the audit chain is whole")
    check(run_json("status", "--data", here / "store")["observations"] == 0, "nothing was half-written")

    # Protection: consents, review, erasure, and a log that proves it.
    check("no consent" in run("consent", "list", "--data", here / "store"), "consents begin empty")
    given = run_json("consent", "give", "--originator", "bg_mvr", "--to", "regional", "--given-by", "letter 1", "--data", here / "store")
    run("consent", "give", "--originator", "bg_mvr", "--to", "x", "--given-by", "y", "--for", "curiosity", "--data", here / "store", code=3)
    run("consent", "revoke", given["id"], "--reason", "over", "--data", here / "store")
    check(run_json("consent", "list", "--data", here / "store")[0]["revoked"], "a consent is taken back")
    check("nothing is due" in run("review", "due", "--data", here / "store"), "nothing to review")
    run("review", "due", "--withdraw", "--on", "2999-01-01", "--data", here / "store", code=2)
    run("erase", "--submission", "abc", "--reason", "x", "--data", here / "store", code=4)
    signed = run_json("audit", "checkpoint", "--data", here / "store")
    key = here / "store.audit-key.pub"
    check(key.read_text().strip() == signed["public_key"] and (here / "store.audit-key").stat().st_mode & 0o777 == 0o600, "the key lies beside the store, for its owner alone")
    copy = here / "copy"
    copy.write_bytes((here / "store/audit.checkpoints").read_bytes())
    check(run_json("audit", "verify", "--public-key", key, "--checkpoints", copy, "--data", here / "store")["checkpoints"] == 1, "checkpoints fit")
    copy.write_text(copy.read_text().replace(signed["hash"], "0" * 64))
    run("audit", "verify", "--checkpoints", copy, "--data", here / "store", code=8)
    (here / "wrong").write_text("0" * 64)
    run("audit", "verify", "--public-key", here / "wrong", "--data", here / "store", code=8)
    found = run_json("--purpose", "looking around", "audit", "search", "--action", "follow", "--data", here / "store")
    check(len(found) == 2 and found[0]["number"] > found[1]["number"], "search is newest first")
    check(run_json("audit", "list", "--data", here / "store")[-2]["purpose"] == "supervision: looking around", "a free text stands after the command's word")

    catalogue = here / "catalogue"
    catalogue.mkdir()
    for file in (ROOT / "catalogue/see").iterdir():
        (catalogue / file.name).write_bytes(file.read_bytes())
    run("catalogue", "check", "--catalogue", catalogue)
    for name, wanted in (("XKX", "XK"), ("UNK", "XK"), ("EL", "GR"), ("kosovo", "XK"), ("GR", "GR"), ("entry.window", "entry.window")):
        check(json.loads(run("catalogue", "show", name, "--catalogue", catalogue))["id"] == wanted, f"catalogue show {name}")
    run("catalogue", "show", "Atlantis", "--catalogue", catalogue, code=4)
    whole_map = (catalogue / "map.geojson").read_bytes()
    (catalogue / "map.geojson").unlink()
    check("map.geojson: the file is missing" in run("catalogue", "check", "--catalogue", catalogue, code=3), "a missing map is named, and no line of it")
    (catalogue / "map.geojson").write_bytes(whole_map)
    text = (catalogue / "criteria.yaml").read_text()
    number = next(i for i, line in enumerate(text.splitlines(), 1) if "weight:" in line)
    (catalogue / "criteria.yaml").write_text(re.sub(r"weight: *[0-9.]+", "weight: .nan", text, count=1))
    check(f"criteria.yaml:{number}" in run("catalogue", "check", "--catalogue", catalogue, code=3), "a weight of NaN is named with file and line")
finished(checks)
