#!/usr/bin/env python3
"""Writes Tests/StageTests/Cameras/OpenCVPairs.swift: points and the pixels that OpenCV projects them to.

    python3 -m venv .venv && .venv/bin/pip install numpy==1.26.4 opencv-python-headless==4.10.0.84
    .venv/bin/python .ci/camera_pairs.py

K is passed as it is: OpenCV adds the principal point to whatever it computes, so raster units in give raster units out.
"""
import pathlib

import cv2
import numpy as np

random = np.random.default_rng(20240)
# Name, (fx, fy, cx, cy), coefficients in OpenCV's order, the widest tangent of a point's angle from the axis.
BROWN = [
    ("phone, barrel", (611.3, 608.9, 320.7, 238.2), [-0.28, 0.09, 0.0007, -0.0011, -0.011], 0.7),
    ("pincushion", (900.0, 900.0, 320.0, 240.0), [0.12, -0.05, 0, 0, 0.01], 0.5),
    ("rational", (480.2, 481.9, 322.1, 239.4), [3.1, 1.2, 0.0003, -0.0002, 0.06, 3.4, 2.1, 0.31], 1.2),
    ("strongly decentred", (500.0, 510.0, 300.0, 250.0), [-0.1, 0.01, 0.012, -0.009], 0.6),
]
FISHEYE = [
    ("equidistant", (240.0, 240.0, 320.0, 240.0), [0.0, 0.0, 0.0, 0.0], 8.0),
    ("action camera", (288.7, 289.4, 319.2, 241.8), [-0.021, 0.004, -0.0052, 0.0011], 4.0),
]

lines = [
    "// Made by .ci/camera_pairs.py with opencv-python %s; do not edit." % cv2.__version__, "",
    "struct OpenCVPairs {", "  var name: String", "  var isFisheye: Bool", "  /// fx, fy, cx, cy",
    "  var intrinsics: [Double]", "  /// In OpenCV's order.", "  var coefficients: [Double]",
    "  /// x, y, z in camera axes; u, v.", "  var pairs: [[Double]]", "", "  static let all: [OpenCVPairs] = [",
]
for is_fisheye, cameras in ((False, BROWN), (True, FISHEYE)):
    for name, (fx, fy, cx, cy), coefficients, widest in cameras:
        k = np.array([[fx, 0, cx], [0, fy, cy], [0, 0, 1]])
        d = np.array(coefficients)
        r = np.sqrt(random.uniform(0, 1, 24)) * widest
        phi = random.uniform(0, 2 * np.pi, 24)
        z = random.uniform(0.3, 20, 24)
        points = np.stack([r * np.cos(phi) * z, r * np.sin(phi) * z, z], axis=1)
        zero = np.zeros(3)
        if is_fisheye:
            pixels, _ = cv2.fisheye.projectPoints(points.reshape(-1, 1, 3), zero, zero, k, d)
        else:
            pixels, _ = cv2.projectPoints(points, zero, zero, k, d)
        lines += ["    OpenCVPairs(", f'      name: "{name}", isFisheye: {str(is_fisheye).lower()},',
                  f"      intrinsics: [{fx}, {fy}, {cx}, {cy}], coefficients: {list(map(float, coefficients))},",
                  "      pairs: ["]
        for p, q in zip(points, pixels.reshape(-1, 2)):
            lines.append("        [%s]," % ", ".join(f"{v:.9g}" if i < 3 else f"{v:.6f}" for i, v in enumerate([*p, *q])))
        lines += ["      ]),"]
lines += ["  ]", "}", ""]
path = pathlib.Path(__file__).parent.parent / "Tests/StageTests/Cameras/OpenCVPairs.swift"
path.write_text("\n".join(lines))
print(f"wrote {path}; now `make format`")
