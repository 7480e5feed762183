"""Objects a second of the TAXII server: added in batches of 500 up to 100,000, read in pages, one at a time; on two cores, over loopback, embedded
store, beside a bare responder of the same HTTP library in the same run.

  bench/taxii.py <threatlas> <bench_serve> [objects] [batch]

The server runs on cores 0 and 1 where there are more. Bodies are made before the clock starts. Prints rows of docs/PERFORMANCE.md."""
import base64
import http.client
import json
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time
import uuid

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "tests/e2e"))
from service import Service, free_port  # noqa: E402

PROGRAM, BARE = (pathlib.Path(p).resolve() for p in sys.argv[1:3])
OBJECTS = int(sys.argv[3]) if len(sys.argv) > 3 else 100_000
BATCH = int(sys.argv[4]) if len(sys.argv) > 4 else 500
TAXII = "application/taxii+json;version=2.1"
COLLECTION = "91a7b528-80eb-42ed-a74d-c6fbd5a26116"
HEADERS = {"Authorization": "Basic " + base64.b64encode(b"writer:Password0").decode(), "Accept": TAXII, "Content-Type": TAXII}


def indicator(n):
    return {"type": "indicator", "spec_version": "2.1", "id": f"indicator--{uuid.uuid4()}", "created": "2026-01-01T00:00:00.000Z", "modified": "2026-01-01T00:00:00.000Z", "name": f"Tool of burglary {n}", "indicator_types": ["malicious-activity"],
            "description": "What was seen, where, and how it was opened: " + "electronic tool, ground floor, " * 4, "pattern": f"[file:hashes.'SHA-256' = '{uuid.uuid4().hex}{uuid.uuid4().hex}']", "pattern_type": "stix", "valid_from": "2026-01-01T00:00:00Z",
            "object_marking_refs": ["marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb"]}


def processor_of(pid):
    """Seconds of processor the process has had, to the nanosecond: says what other work on the machine cannot disturb."""
    total = 0
    for task in os.listdir(f"/proc/{pid}/task"):
        try:
            total += int(pathlib.Path(f"/proc/{pid}/task/{task}/schedstat").read_text().split()[0])
        except OSError:
            pass
    return total / 1e9


class Line:
    def __init__(self, port):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, method, path, body=None):
        self.connection.request(method, path, body=body, headers=HEADERS)
        answer = self.connection.getresponse()
        text = answer.read()
        assert answer.status in (200, 202), (answer.status, text[:300])
        return text


with tempfile.TemporaryDirectory(prefix="threatlas-bench-") as folder:
    data = pathlib.Path(folder) / "data"
    subprocess.run([PROGRAM, "init", "--data", data], check=True, capture_output=True)
    setup = pathlib.Path(folder) / "setup.json"
    setup.write_text(json.dumps({"api_roots": [{"name": "bench", "title": "bench", "collections": [{"id": COLLECTION, "title": "bench", "read": ["writer"], "write": ["writer"]}]}], "users": [{"name": "writer", "password": "Password0"}]}))
    subprocess.run([PROGRAM, "taxii", "setup", setup, "--data", data], check=True, capture_output=True)
    bodies = [json.dumps({"objects": [indicator(n) for n in range(at, at + BATCH)]}).encode() for at in range(0, OBJECTS, BATCH)]
    size = sum(map(len, bodies)) / OBJECTS
    probe = pathlib.Path(folder) / "probe"
    with open(probe, "wb") as file:   # what the disk takes for one write that is to last
        began = time.perf_counter()
        for _ in range(50):
            file.write(b"x" * 4096)
            file.flush()
            os.fsync(file.fileno())
        disk = (time.perf_counter() - began) / 50 * 1e3
    with Service(PROGRAM, data, "--no-log") as service:
        if (os.cpu_count() or 1) > 2:
            for task in os.listdir(f"/proc/{service.process.pid}/task"):
                os.sched_setaffinity(int(task), {0, 1})
        line, base = Line(service.port), f"/taxii2/bench/collections/{COLLECTION}/"
        line.ask("GET", "/taxii2/")
        took, spent = [], []
        for body in bodies:
            before, began = processor_of(service.process.pid), time.perf_counter()
            line.ask("POST", base + "objects/", body)
            took.append(time.perf_counter() - began)
            spent.append(processor_of(service.process.pid) - before)
        written = OBJECTS / sum(took)
        edge = max(1, len(took) // 10)
        first, last = (statistics.median(part) for part in (took[:edge], took[-edge:]))
        spent_first, spent_last = (statistics.mean(part) for part in (spent[:edge], spent[-edge:]))
        before = processor_of(service.process.pid)
        began, path, seen, pages = time.perf_counter(), base + "objects/?limit=5000", 0, 0
        while True:
            text = line.ask("GET", path)
            seen += text.count(b'"type": "indicator"')
            pages += 1
            if not text.startswith(b'{"more":true'):
                break
            path = base + "objects/?limit=5000&next=" + text[:400].split(b'"next":"')[1].split(b'"')[0].decode()
        read, read_spent = seen / (time.perf_counter() - began), processor_of(service.process.pid) - before
        assert seen == OBJECTS, seen
        one, before = [], processor_of(service.process.pid)
        for _ in range(1000):
            began = time.perf_counter()
            line.ask("GET", base + "objects/?limit=1")
            one.append(time.perf_counter() - began)
        one, one_spent = sorted(x * 1e3 for x in one), (processor_of(service.process.pid) - before) * 1e3
    port = free_port()
    bare = subprocess.Popen([BARE, "bare", str(port)], stderr=subprocess.DEVNULL)
    time.sleep(0.5)
    line, idle = Line(port), []
    for _ in range(1000):
        began = time.perf_counter()
        line.ask("GET", "/page")
        idle.append((time.perf_counter() - began) * 1e3)
    bare.terminate()
    reference = f"bare Beast responder, same client: p50 {statistics.median(idle):.2f} ms a request"
    print(f"| Objects added, batches of {BATCH} | to {OBJECTS}, {size:.0f} bytes each | {written:.0f} objects/s, {sum(spent) / OBJECTS * 1e6:.0f} us of processor each; last tenth over first: {last / first:.2f} in time, {spent_last / spent_first:.2f} in processor | 20,000; 1.2 | {reference}; an fsync of this disk: {disk:.1f} ms |")
    print(f"| Objects read, pages of 5,000 | {OBJECTS} | {read:.0f} objects/s, {read_spent / seen * 1e6:.1f} us of processor each | 50,000 | {reference} |")
    print(f"| limit=1 | {OBJECTS} objects | p50 {statistics.median(one):.2f} ms, p99 {one[-10]:.2f} ms, {one_spent:.0f} us of processor each | 1 ms | {reference} |")
