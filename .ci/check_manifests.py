#!/usr/bin/env python3
"""Validates Kubernetes manifests under the strict schema, and shows that the check finds faults: a misspelt member, a value
of another type and a missing one must each be refused."""
import copy
import sys

import kubernetes_validate
import yaml

VERSION = "1.29"  # the first in which failures by index are on by default


def faults(manifest):
    try:
        kubernetes_validate.validate(manifest, VERSION, strict=True)
    except kubernetes_validate.ValidationError as e:
        return e.message
    return None


def mutations(manifest):
    job = copy.deepcopy(manifest)
    job["spec"]["backofLimit"] = 3
    yield "a misspelt member", job
    job = copy.deepcopy(manifest)
    job["spec"]["template"]["spec"]["containers"][0]["args"] = "render"
    yield "a text for a list", job
    job = copy.deepcopy(manifest)
    del job["spec"]["template"]
    yield "no template", job
    job = copy.deepcopy(manifest)
    del job["spec"]["podFailurePolicy"]["rules"][0]["action"]
    yield "a rule without an action", job


count = 0
for path in sys.argv[1:]:
    with open(path) as file:
        manifests = list(yaml.safe_load_all(file))
    for manifest in manifests:
        count += 1
        if found := faults(manifest):
            sys.exit(f"{path}: {found}")
        for what, mutant in mutations(manifest):
            if not faults(mutant):
                sys.exit(f"{path}: {what} was not found: the check is blind")
print(f"{count} manifests hold, and 4 mutations of each are refused")
