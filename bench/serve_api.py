"""Requests a second of the API for a signed-in reader: a threat page from memory and filtered lists of observations, on two cores,
beside a bare responder of the same library in the same run.

  bench/serve_api.py <threatlas> <bench_serve> <folder of a filled store> [seconds] [rounds]

The folder is copied. The server runs on cores 0 and 1, wrk on the others where there are any. Prints rows of docs/PERFORMANCE.md."""
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/e2e"))
from service import Service, first_administrator, free_port, member  # noqa: E402

PROGRAM, BARE, STORE = (pathlib.Path(p).resolve() for p in sys.argv[1:4])
SECONDS = int(sys.argv[4]) if len(sys.argv) > 4 else 5
ROUNDS = int(sys.argv[5]) if len(sys.argv) > 5 else 3
CORES = os.cpu_count() or 1
OTHERS = f"2-{CORES - 1}" if CORES > 2 else "0,1"   # on two cores wrk takes its share of them

# Asks for one after another.
LUA = """
local paths, at, dated = {%s}, 0, %s
request = function()
  at = at %% #paths + 1
  local path = paths[at]
  -- A stretch of time that nobody asked for before: the list is looked for anew.
  if dated then path = path .. string.format("&from=%%d-%%02d-%%02d&to=%%d-%%02d-%%02d", math.random(1990, 2015), math.random(12), math.random(28), math.random(2021, 2060), math.random(12), math.random(28)) end
  return wrk.format("GET", path, {["Cookie"] = "%s"})
end
"""


def wrk(port, script):
    said = subprocess.run(["taskset", "-c", OTHERS, "wrk", "-t2", "-c32", f"-d{SECONDS}s", "--latency", "-s", script, f"http://127.0.0.1:{port}/"], capture_output=True, text=True, check=True).stdout
    moved = re.search(r"Transfer/sec: *(\S+)", said).group(1)
    rate = float(re.search(r"Requests/sec: *([\d.]+)", said).group(1))
    p99 = re.search(r"99% *(\S+)", said).group(1)
    bad = re.search(r"Non-2xx.*: (\d+)", said)
    assert bad is None, said
    return rate, f"{p99}, {moved}/s"


def memory(pid):
    return int(re.search(r"VmRSS:\s+(\d+)", pathlib.Path(f"/proc/{pid}/status").read_text()).group(1)) // 1024


with tempfile.TemporaryDirectory(prefix="threatlas-bench-") as folder:
    data = pathlib.Path(folder) / "data"
    shutil.copytree(STORE, data, copy_function=lambda a, b: os.link(a, b) if a.endswith(".seg") else shutil.copy2(a, b))
    if STORE.with_name(STORE.name + ".key").exists():
        shutil.copy(STORE.with_name(STORE.name + ".key"), data.with_name(data.name + ".key"))
    with Service(PROGRAM, data, "--no-log") as service:
        os.sched_setaffinity(service.process.pid, {0, 1})
        for task in os.listdir(f"/proc/{service.process.pid}/task"):
            os.sched_setaffinity(int(task), {0, 1})
        administrator = first_administrator(service)
        ana = member(service, administrator, "ana", "analyst", clearance="TLP:RED")
        cookie = "; ".join(f"{k}={v}" for k, v in ana.cookies.items())
        before = memory(service.process.pid)
        began = time.time()
        first = ana.get("/api/v1/observations?limit=1")
        made = time.time() - began
        total = first.json["total"]
        threats = [t["threat"] for t in ana.get("/api/v1/assessments/latest/threats?limit=1000&fields=threat").json["items"]]
        coverage = ana.get("/api/v1/observations?limit=1000&sort=-period").json["items"]
        whats, places, members = (sorted({o[f] for o in coverage if o[f]}) for f in ("what", "place", "member"))
        filters = [f"/api/v1/observations?what={w}&place={p}&limit=50" for w in whats for p in places][:400]
        filters += [f"/api/v1/observations?what={w}&member={m}&limit=50&sort=-period" for w in whats for m in members][:400]
        filters = [path for path in filters if ana.get(path).json["total"] >= 50]   # full pages only
        assert len(filters) >= 20, filters
        rows = {name: [] for name in ("bare", "page", "observations", "fresh")}
        sizes = {}
        for path in (*(f"/api/v1/assessments/latest/threats/{t}" for t in threats), *filters):   # each once: what is made is then kept
            answer = ana.get(path)
            assert answer.status == 200, (path, answer.text)
            sizes.setdefault("threats" in path, []).append(len(answer.body))
        for _ in range(ROUNDS):
            for name, paths in (("page", [f"/api/v1/assessments/latest/threats/{threats[0]}"]), ("observations", filters), ("fresh", filters)):
                script = pathlib.Path(folder) / f"{name}.lua"
                script.write_text(LUA % (", ".join(f'"{p}"' for p in paths), "true" if name == "fresh" else "false", cookie))
                rows[name].append(wrk(service.port, script))
            port = free_port()
            bare = subprocess.Popen(["taskset", "-c", "0,1", BARE, "bare", str(port)], stderr=subprocess.DEVNULL)
            time.sleep(0.5)
            script = pathlib.Path(folder) / "bare.lua"
            script.write_text(LUA % ('"/page"', "false", ""))
            rows["bare"].append(wrk(port, script))
            bare.terminate()
            bare.wait()
        best = {name: max(each) for name, each in rows.items()}
        for name, each in rows.items():
            print(name, ", ".join(f"{rate:.0f}/s (p99 {p99})" for rate, p99 in each), file=sys.stderr)
        held = memory(service.process.pid)
        mean = {k: sum(v) / len(v) for k, v in sizes.items()}
        reference = f"bare Beast responder: {best['bare'][0]:.0f} requests/s"
        print(f"| Threat page from memory, signed in, audited | {sizes[True][0] / 1024:.0f} KiB, 32 connections, best of {ROUNDS} | {best['page'][0]:.0f} requests/s, p99 {best['page'][1]} | 25,000 | {reference} | {best['page'][0] / best['bare'][0]:.2f} |")
        print(f"| Filtered observations, signed in, audited | {total} observations, {len(filters)} filters, 50 rows a page ({mean[False] / 1024:.0f} KiB) | {best['observations'][0]:.0f} requests/s, p99 {best['observations'][1]} | 3,000 | {reference} | {best['observations'][0] / best['bare'][0]:.2f} |")
        print(f"| The same, each for a stretch of time never asked for before | as above | {best['fresh'][0]:.0f} requests/s, p99 {best['fresh'][1]} | 3,000 | {reference} | {best['fresh'][0] / best['bare'][0]:.2f} |")
        print(f"| Index of observations made | {total} observations | {made:.1f} s; {held - before} MiB more, the pages too | | | |")
