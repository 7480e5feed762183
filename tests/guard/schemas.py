"""Every list of the shipped catalogue follows its JSON Schema, and the schemas are no straw men."""
import json
import pathlib
import sys

import jsonschema
import yaml

root = pathlib.Path(__file__).resolve().parents[2]
checked = 0
for path in sorted((root / "catalogue/see").glob("*.yaml")):
    schema = json.loads((root / f"catalogue/schema/{path.stem}.schema.json").read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    content = yaml.safe_load(path.read_text())
    validator = jsonschema.Draft202012Validator(schema)
    for error in validator.iter_errors(content):
        sys.exit(f"{path.name}: {'/'.join(map(str, error.absolute_path))}: {error.message}")
    damaged = dict(content, surprise=1) if isinstance(content, dict) else content + [{"surprise": 1}]
    assert not validator.is_valid(damaged), f"{path.name}: an unknown key passes"
    assert not validator.is_valid({} if isinstance(content, dict) else [{}]), f"{path.name}: a record that says nothing passes"
    checked += 1
assert checked >= 19, checked
print(f"schemas: {checked} lists follow theirs")
