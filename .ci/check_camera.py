#!/usr/bin/env python3
"""Renders planes through lenses and asks OpenCV, the real one, where it sees what the depth images say is there.

  check_camera.py DIORAMA FOLDER

Of a plane n . P = d the depth image gives n . ray = d / depth at every pixel, and several planes give the ray. So the rays
are those that pictures and labels were really drawn by. cv2.projectPoints, with the K and the coefficients of the record,
must bring each back to its pixel's centre, to 0.01 pixels. Depth images are of 16 bits: the planes are steep and the pictures
small, so that half a step stays well below that.
"""
import json
import math
import pathlib
import subprocess
import sys

import cv2
import numpy as np
from PIL import Image

BOUND = 0.01
# Name, the camera's keys, slope of the planes, how many times as far as their middle they are seen.
LENSES = [
    ("pinhole", "K: [135, 134, 80.6, 59.5]", 1.0, 3),
    ("barrel", "K: [135, 134, 80.6, 59.5], distortion: {k1: -0.28, k2: 0.09, p1: 0.0007, p2: -0.0011, k3: -0.011}", 1.0, 4),
    ("pincushion", "K: [165, 165, 80, 60], distortion: {k1: 0.12, k2: -0.05, k3: 0.01}", 1.0, 3),
    ("rational", "K: [120, 121, 80.5, 59.7], "
     "distortion: {k1: 3.1, k2: 1.2, p1: 0.0003, p2: -0.0002, k3: 0.06, k4: 3.4, k5: 2.1, k6: 0.31}", 0.7, 3),
    ("decentred", "K: [145, 150, 75, 62], distortion: {k1: -0.1, k2: 0.01, p1: 0.012, p2: -0.009}", 1.0, 4),
    ("equidistant", "K: [50, 50, 80, 60], fisheye: {circle: 120}", 0.3, 4.5),
    ("action camera", "K: [52, 51.5, 79.3, 60.6], fisheye: {k1: -0.021, k2: 0.004, k3: -0.0052, k4: 0.0011, circle: 120}", 0.3, 4.5),
]
SCENE = """
image: {{width: 160, height: 120}}
frames: 1
output: {{depth_scale: {scale!r}}}
camera: {{R: [[1, 0, 0], [0, 1, 0], [0, 0, 1]], t: [0, 0, 0], near: 0.001, {lens}}}
objects:
  - {{id: plane, category: plane, shape: {{plane: {{size: [40, 40]}}}}, position: [0, 0, 0.1], rotation: {rotation}}}
"""


def facing(n):
    """Rows of a rotation that takes +z to -n: the plane's face to the camera."""
    z = -n / np.linalg.norm(n)
    x = np.cross([0.0, 1.0, 0.0], z)
    x /= np.linalg.norm(x)
    return np.stack([x, np.cross(z, x), z], axis=1).tolist()


def rendered(program, folder, lens, n, scale):
    folder.mkdir(parents=True)
    (folder / "scene.yaml").write_text(SCENE.format(scale=scale, lens=lens, rotation=facing(n)))
    subprocess.run([program, "render", folder / "scene.yaml", "--out", folder / "out", "--quiet"], check=True)
    record = json.loads((folder / "out/chunks/000000.jsonl").read_text())
    plane = next(p for p in record["planes"] if p["name"] == "depth")
    depth = np.asarray(Image.open(folder / "out" / plane["file"])).astype(np.float64)
    return record["camera"], np.where((depth > 0) & (depth < 65535), depth * scale, np.nan)


def worst(program, folder, name, lens, slope, reach):
    # All planes run through (0, 0, 0.1).
    normals = [np.array(n) for n in ([slope, 0, 1], [-slope, 0, 1], [0, slope, 1], [0, -slope, 1])]
    scale = 0.1 * reach / 65535
    planes = [rendered(program, folder / f"{name}{i}", lens, n, scale) for i, n in enumerate(normals)]
    camera = planes[0][0]
    # n . ray = d / depth, by least squares, weighted by how exact each is: far planes more than near ones. Their ray is (x/z,
    # y/z, 1), or of unit length where the depth image holds distances.
    depths = np.stack([depth for _, depth in planes], axis=-1)
    seen = np.isfinite(depths).sum(axis=-1) >= 3
    values = np.where(np.isfinite(depths[seen]), 0.1 / depths[seen], 0)
    weights = np.where(np.isfinite(depths[seen]), depths[seen], 0) ** 2
    a = np.einsum("pi,ij,ik->pjk", weights, normals, normals)
    b = np.einsum("pi,ij->pj", weights * values, normals)
    rays = np.linalg.solve(a, b[..., None])[..., 0]
    k = np.array(camera["K"], float).reshape(3, 3)
    d = np.array(camera.get("distortion", [0] * 4), float)
    zero = np.zeros(3)
    if camera["model"] == "fisheye":
        pixels, _ = cv2.fisheye.projectPoints(rays.reshape(-1, 1, 3), zero, zero, k, d)
    else:
        pixels, _ = cv2.projectPoints(rays, zero, zero, k, d)
    rows, columns = np.nonzero(seen)
    error = np.hypot(*(pixels.reshape(-1, 2) - np.stack([columns + 0.5, rows + 0.5], axis=1)).T)
    share = seen.mean()
    if share < 0.4:
        sys.exit(f"{name}: only {share:.0%} of the pixels see the planes")
    print(f"{name}: {len(error)} pixels, {error.max():.5f} px at the most, {math.sqrt((error ** 2).mean()):.5f} in the mean")
    return error.max()


program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
found = {name: worst(program, folder, name.replace(" ", "_"), lens, slope, reach) for name, lens, slope, reach in LENSES}
print(f"opencv-python {cv2.__version__}: {max(found.values()):.5f} px, bound {BOUND}")
if not max(found.values()) < BOUND:
    sys.exit("a lens differs from OpenCV's")
