import LaneMath

/// A triangle on the image plane, ready to be rasterized: after clipping, snapped, oriented, with its depth plane.
///
/// Depth is kept as inverse z, which is linear on the image plane; nearer is larger.
struct Primitive {
  /// Snapped vertices in 1/256 pixel, ordered so that the signed area is positive (clockwise on screen, y down).
  var x0: Int32
  var y0: Int32
  var x1: Int32
  var y1: Int32
  var x2: Int32
  var y2: Int32
  /// Inverse z at vertex 0 (1/m) and its change per pixel to the right and down.
  var inverseZ: Float
  var inverseZdx: Float
  var inverseZdy: Float
  /// Range over the vertices: rounding never carries a sample's depth out of it.
  var inverseZMin: Float
  var inverseZMax: Float
  /// Index into the frame's instances, and triangle of that instance's mesh.
  var instance: UInt32
  var triangle: UInt32
  /// Frame-wide number of the smooth piece of surface, and `Primitive.testedBit`.
  var surface: UInt32
  /// Frame-wide number of the material.
  var material: UInt32
  /// Frame-wide vertex numbers of the whole triangle, before clipping.
  var vertex0: UInt32
  var vertex1: UInt32
  var vertex2: UInt32

  /// The depth plane at a point given in pixels relative to vertex 0, without the clamp to the range.
  @inline(__always) func inverseZ(dx: Float, dy: Float) -> Float { inverseZ + inverseZdx * dx + inverseZdy * dy }

  /// Columns and rows of the pixels that have a sample inside the bounding box. A pixel's samples lie between 16/256 and
  /// 240/256 of its width and height. Empty (last < first) where the triangle passes between all samples.
  @inline(__always) var pixelBounds: (firstX: Int32, lastX: Int32, firstY: Int32, lastY: Int32) {
    (
      (min(x0, min(x1, x2)) &+ 15) &>> 8, (max(x0, max(x1, x2)) &- 16) &>> 8,
      (min(y0, min(y1, y2)) &+ 15) &>> 8, (max(y0, max(y1, y2)) &- 16) &>> 8
    )
  }

  /// Columns and rows of the pixels that the bounding box touches; never empty.
  @inline(__always) var touchedPixels: (firstX: Int32, lastX: Int32, firstY: Int32, lastY: Int32) {
    (
      min(x0, min(x1, x2)) &>> 8, max(x0, max(x1, x2)) &>> 8, min(y0, min(y1, y2)) &>> 8, max(y0, max(y1, y2)) &>> 8
    )
  }

  @inline(__always) var isSmall: Bool {
    max(x0, max(x1, x2)) &- min(x0, min(x1, x2)) <= FixedPoint.smallExtent
      && max(y0, max(y1, y2)) &- min(y0, min(y1, y2)) <= FixedPoint.smallExtent
  }
}

/// The edge function `a * x + b * y + c` of one side, in 1/256 pixel units squared: zero or more exactly for the points
/// that the side lets in.
///
/// Fill rule: a point on a side belongs to the triangle where the side is a top side (level, inside below it) or a left
/// side (inside to the right of it). For any other side c is one less, so that "inside" is `>= 0` for all three.
struct Edge {
  var a: Int32
  var b: Int32
  var c: Int64

  @inline(__always) init(_ xa: Int32, _ ya: Int32, _ xb: Int32, _ yb: Int32) {
    a = ya &- yb
    b = xb &- xa
    // -1 unless a > 0, or a = 0 and b > 0: without a branch, for which way a side goes cannot be foretold.
    let bias = (a &+ (b &- 1) &>> 31) &>> 31
    c = Int64(bias) &- (Int64(a) &* Int64(xa) &+ Int64(b) &* Int64(ya))
  }

  @inline(__always) func value(x: Int32, y: Int32) -> Int64 { Int64(a) &* Int64(x) &+ Int64(b) &* Int64(y) &+ c }
}

extension Primitive {
  @inline(__always) var edges: (Edge, Edge, Edge) {
    (Edge(x0, y0, x1, y1), Edge(x1, y1, x2, y2), Edge(x2, y2, x0, y0))
  }
}
