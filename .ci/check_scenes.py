"""Every scene validates under the JSON Schema that the program prints, and a scene with a typo does not.

    check_scenes.py SCHEMA SCENE...
"""
import copy
import json
import sys

import jsonschema
import yaml

schema = json.load(open(sys.argv[1]))
jsonschema.Draft202012Validator.check_schema(schema)
validator = jsonschema.Draft202012Validator(schema)
faults = 0
for path in sys.argv[2:]:
    scene = yaml.safe_load(open(path))
    errors = list(validator.iter_errors(scene))
    for e in errors[:5]:
        print(f"{path}: {'/'.join(map(str, e.absolute_path))}: {e.message[:200]}")
    faults += len(errors)
    wrong = copy.deepcopy(scene)
    wrong["cammera"] = {}
    if validator.is_valid(wrong):
        print(f"{path}: found a scene with the key cammera to be valid, expected it refused")
        faults += 1
print(f"{len(sys.argv) - 2} scenes under the schema, {faults} faults")
sys.exit(1 if faults else 0)
