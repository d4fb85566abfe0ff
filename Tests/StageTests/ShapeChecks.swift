import Geometry
import Stage
import Testing

/// What is true of every shape; `checkShape` looks at all of it.
struct ShapeTruths {
  /// Of the smooth shape, where there is a closed form. The mesh's corners lie on the shape: a convex mesh has less.
  var area: Double?
  /// Enclosed, in cubic metres; nil for an open surface.
  var volume: Double?
  /// The relative amount by which the mesh may differ from the smooth shape.
  var tessellation = 0.0
  var isClosed = true
  /// Smooth pieces.
  var pieces: Int
  /// Extents of the mesh's bounds, which are centred at the origin; nil where corners miss the shape's extremes.
  var size: Vector3?
  /// The smallest cosine between a corner's normal and its triangle's.
  var smoothness = 0.98
  var triangles: Int?
  /// Digest of the mesh, which is the same on every machine.
  var golden: String
}

func checkShape(_ shape: any Shape, _ truths: ShapeTruths, sourceLocation: SourceLocation = #_sourceLocation) {
  let mesh = shape.makeMesh()
  func expect(_ condition: Bool, _ comment: @autoclosure () -> String) {
    if !condition { Issue.record("\(shape): \(comment())", sourceLocation: sourceLocation) }
  }
  checkManual(shape, sourceLocation: sourceLocation)

  // Corners.
  for v in mesh.vertices {
    expect(v.position.isFinite && v.uv.x.isFinite && v.uv.y.isFinite, "not finite: \(v)")
    expect(abs(v.normal.length - 1) < 1e-6, "normal of length \(v.normal.length)")
  }
  expect(Set(mesh.indices).count == mesh.vertices.count, "corners that no triangle uses")

  // Triangles.
  var area = 0.0
  var volume = 0.0
  for t in stride(from: 0, to: mesh.indices.count, by: 3) {
    let corners = (0..<3).map { mesh.vertices[Int(mesh.indices[t + $0])] }
    let p = corners.map { Vector3($0.position) }
    let doubleArea = cross(p[1] - p[0], p[2] - p[0])
    guard let normal = doubleArea.normalized else {
      expect(false, "a triangle without area")
      continue
    }
    area += doubleArea.length / 2
    volume += dot(p[0], cross(p[1], p[2])) / 6
    for c in corners {
      expect(dot(normal, Vector3(c.normal)) >= truths.smoothness, "normal \(c.normal) on a face along \(normal)")
    }
    // Seen from outside, corners run counter-clockwise and so do their places in the picture, whose v runs down: it is
    // not mirrored.
    let uv = corners.map { Vector2(Double($0.uv.x), Double($0.uv.y)) }
    let (a, b) = (uv[1] - uv[0], uv[2] - uv[0])
    expect(a.x * b.y - a.y * b.x < 1e-9, "a mirrored texture at \(uv)")
  }
  if let expected = truths.area {
    expect(abs(area / expected - 1) <= truths.tessellation + 1e-6, "area \(area), \(expected)")
  }
  if let expected = truths.volume {
    expect(abs(volume / expected - 1) <= truths.tessellation + 1e-6, "volume \(volume), \(expected)")
  }
  if let triangles = truths.triangles { expect(mesh.triangleCount == triangles, "\(mesh.triangleCount) triangles") }

  // The whole.
  expect(mesh.isClosed == truths.isClosed, truths.isClosed ? "not closed" : "closed")
  expect(Set(mesh.pieces).count == truths.pieces, "\(Set(mesh.pieces).count) pieces")
  if let size = truths.size {
    let wrong = max((mesh.upperBound - size / 2).length, (mesh.lowerBound + size / 2).length)
    expect(wrong <= 1e-6 * size.max(), "bounds \(mesh.lowerBound), \(mesh.upperBound)")
  }
  expect(shape.makeMesh().digest == mesh.digest, "another mesh the second time")
  checkGolden(mesh.digest, truths.golden, sourceLocation: sourceLocation)
}

/// The share by which a regular polygon of `n` corners is smaller than its circle, rounded up: 1 - sin(t)/t < t^2/6 with
/// t = 2 pi / n.
func polygonLoss(_ n: Int) -> Double {
  let t = 2 * Double.pi / Double(n)
  return t * t / 6
}
