#!/usr/bin/env python3
"""What scikit-image and the published FLIP say of the stored pairs of pictures.

    check_metrics.py            fails where Tests/ImagingTests/Pairs/expected.json says otherwise
    check_metrics.py PROGRAM    also asks `PROGRAM diff`, on the same pairs
    check_metrics.py --write    writes expected.json

The unit tests hold Diorama's own metrics against expected.json, so that they need neither package.
"""
import json
import pathlib
import subprocess
import sys
import tempfile

import flip_evaluator
import numpy
from PIL import Image
from skimage.metrics import peak_signal_noise_ratio, structural_similarity

PAIRS = pathlib.Path(__file__).parent.parent / "Tests/ImagingTests/Pairs"
# A screen seen from 0.7 m with 3840 pixels on 0.7 m: 67.02 pixels per degree, FLIP's default.
VIEWING = [0.7, 3840, 0.7]


def measured(name):
    a, b = (numpy.asarray(Image.open(PAIRS / f"{name}-{side}.png")) for side in "ab")
    apart = numpy.abs(a.astype(int) - b.astype(int))
    channels = 3 if a.ndim == 3 else 1
    light = [numpy.repeat(x[..., None], 3, 2) if x.ndim == 2 else x for x in (a, b)]
    light = [numpy.ascontiguousarray(x.astype(numpy.float32) / 255) for x in light]
    _, flip, _ = flip_evaluator.evaluate(light[0], light[1], "LDR", applyMagma=False, parameters={"vc": VIEWING})
    return {
        "maximum": int(apart.max()),
        "mean": float(apart.mean()),
        "changed": float((apart.reshape(-1, channels).max(1) > 0).mean()),
        "psnr": float(peak_signal_noise_ratio(a, b, data_range=255)),
        "ssim": float(structural_similarity(
            a, b, gaussian_weights=True, sigma=1.5, use_sample_covariance=False, data_range=255,
            channel_axis=-1 if channels == 3 else None)),
        "flip": float(flip),
    }


def disagreements(name, found, expected, tolerance):
    return [f"{name}: {key}: found {found.get(key)}, expected {value}" for key, value in expected.items()
            if found.get(key) is None or abs(found[key] - value) > tolerance]


def main():
    names = sorted(p.name[:-len("-a.png")] for p in PAIRS.glob("*-a.png"))
    expected = {name: measured(name) for name in names}
    stored = PAIRS / "expected.json"
    if sys.argv[1:] == ["--write"]:
        stored.write_text(json.dumps(expected, indent=1) + "\n")
        return
    recorded = json.loads(stored.read_text())
    faults = [] if sorted(recorded) == names else [f"expected.json has {sorted(recorded)}, the folder {names}"]
    for name in names:
        faults += disagreements(name, recorded.get(name, {}), expected[name], 1e-5)
    for program in sys.argv[1:]:
        for name in names:
            with tempfile.TemporaryDirectory() as folder:
                out = pathlib.Path(folder) / "diff.json"
                done = subprocess.run(
                    [program, "diff", PAIRS / f"{name}-a.png", PAIRS / f"{name}-b.png", "--json", out],
                    capture_output=True, text=True)
                if done.returncode != 1:
                    faults.append(f"{name}: diff ended with {done.returncode}: {done.stderr}")
                    continue
                [plane] = json.loads(out.read_text())["frames"][0]["planes"]
                faults += disagreements(f"{name}, diff", plane["metrics"], expected[name], 1e-3)
    print("\n".join(faults) if faults else f"{len(names)} pairs measure as scikit-image and FLIP say")
    sys.exit(1 if faults else 0)


main()
