#!/usr/bin/env python3
"""Compares the records of datasets: all values and digests but the sizes of files, which belong to an encoder.

  compare_records.py A B ...             all frames, all label values, all planes
  compare_records.py --pixels 5=0 A B    the planes of A's frame 5 and B's frame 0
"""
import json
import pathlib
import sys


def records(folder):
    found = {}
    for path in sorted(pathlib.Path(folder, "chunks").glob("*.jsonl")):
        for line in path.read_text().splitlines():
            record = json.loads(line)
            for plane in record["planes"]:
                del plane["bytes"]
            found[record["frame"]] = record
    return found


def planes(record):
    return {p["name"]: p["digest"] for p in record["planes"]}


arguments = sys.argv[1:]
if arguments[0] == "--pixels":
    a, b = (int(n) for n in arguments[1].split("="))
    first, second = (planes(records(f)[n]) for f, n in zip(arguments[2:], (a, b)))
    if first != second:
        sys.exit(f"frame {a} of {arguments[2]} has planes {first}, frame {b} of {arguments[3]} has {second}")
    print("equal planes")
    sys.exit()

reference = records(arguments[0])
if not reference:
    sys.exit(f"{arguments[0]}: no records")
for folder in arguments[1:]:
    other = records(folder)
    if other.keys() != reference.keys():
        sys.exit(f"{folder}: frames {sorted(other)}, expected {sorted(reference)}")
    for n, record in reference.items():
        for key in record:
            if other[n][key] != record[key]:
                sys.exit(f"{folder}: frame {n} differs in \"{key}\" from {arguments[0]}")
print(f"{len(reference)} frames are equal in {len(arguments)} datasets")
