"""Every #include between rooms must be declared in the room's DEPS, and each room only sees rooms before it."""
import pathlib
import re
import sys

root = pathlib.Path(__file__).resolve().parents[2]
declared = {}
for line in pathlib.Path(sys.argv[1]).read_text().splitlines():
    if ":" in line:
        room, deps = line.split(":", 1)
        declared[room] = set(filter(None, deps.replace(";", " ").split()))


def violations(files, rooms):
    """files: (room, name, text) triples. Returns the sentences of what is wrong."""
    wrong = []
    for room, name, text in files:
        for number, line in enumerate(text.splitlines(), 1):
            found = re.match(r'\s*#include\s+"([a-z_]+)/', line)
            if not found or found.group(1) not in rooms:
                continue
            other = found.group(1)
            if other != room and other not in rooms[room]:
                wrong.append(f"{name}:{number}: room '{room}' includes '{other}', which its DEPS do not name")
    return wrong


order = list(declared)
for room, deps in declared.items():
    for dep in deps:
        assert order.index(dep) < order.index(room), f"{room} depends on {dep}, declared after it"

# Negative control: a made-up include upwards must be found.
assert violations([("core", "x.hpp", '#include "store/store.hpp"\n')], declared), "the guard is blind"

files = []
for path in sorted((root / "src").rglob("*.[ch]pp")):
    room = path.relative_to(root / "src").parts[0]
    assert room in declared, f"{path}: room '{room}' is not declared with threatlas_module"
    files.append((room, str(path.relative_to(root)), path.read_text()))
wrong = violations(files, declared)
print("\n".join(wrong) or f"{len(files)} files in {len(declared)} rooms keep to their layers")
sys.exit(bool(wrong))
