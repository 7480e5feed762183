"""Line coverage of each room, tests left out, as the rows of docs/ASSURANCE.md.

cmake --preset coverage && cmake --build --preset coverage -j2 && ctest --preset coverage -LE slow
python3 cmake/coverage.py build/coverage
"""
import collections
import json
import pathlib
import subprocess
import sys

root = pathlib.Path(__file__).resolve().parents[1]
build = pathlib.Path(sys.argv[1]).resolve()
hit = collections.defaultdict(lambda: collections.defaultdict(int))  # file -> line -> times run
notes = sorted(build.rglob("*.gcno"))
if not notes:
    sys.exit(f"no .gcno file in {build}: build with the preset 'coverage' first")
for at in range(0, len(notes), 20):
    out = subprocess.run(["gcov", "--json-format", "--stdout", *map(str, notes[at:at + 20])], cwd=build, capture_output=True, text=True, check=True).stdout
    for line in filter(None, out.split("\n")):
        report = json.loads(line)
        for file in report["files"]:
            path = (build / file["file"]).resolve()
            if not path.is_relative_to(root / "src") or "_test." in path.name or path.name.startswith("test_"):
                continue
            for each in file["lines"]:
                hit[path.relative_to(root / "src")][each["line_number"]] += each["count"]
rooms = collections.defaultdict(lambda: [0, 0])
for path, lines in hit.items():
    rooms[path.parts[0]][0] += sum(count > 0 for count in lines.values())
    rooms[path.parts[0]][1] += len(lines)
print("| Room | Lines run | Lines | Share |\n|---|---|---|---|")
for room in ["core", "model", "store", "ingest", "assess", "publish", "app"]:
    run, lines = rooms[room]
    print(f"| {room} | {run:,} | {lines:,} | {100 * run / max(lines, 1):.1f} % |")
if "--files" in sys.argv:
    for path, lines in sorted(hit.items(), key=lambda item: sum(c > 0 for c in item[1].values()) / len(item[1])):
        print(f"{100 * sum(c > 0 for c in lines.values()) / len(lines):5.1f} %  {path}")
