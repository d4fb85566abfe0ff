#!/usr/bin/env python3
"""The names of all annotations, with commas between, from the manual's tables."""

import pathlib
import re

text = pathlib.Path("Documentation/Annotations.md").read_text()
# A row of a table begins with the annotation's name.
names = dict.fromkeys(re.findall(r"^\| `([a-z0-9_]+)`", text, re.M))
print(",".join(names))
