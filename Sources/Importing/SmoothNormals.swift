// Normals for faces that come without.
//
// Faces that meet at an edge and belong together share one normal at its ends: the sum of their normals, each weighted
// by the face's angle at the vertex (Thürmer and Wüthrich 1998, "Computing vertex normals from polygonal facets"), so
// that it does not depend on how a surface is cut into polygons. Belonging together spreads from edge to edge around a
// vertex; surfaces that touch in a point only stay apart.

import Geometry
import Stage

/// How a face joins its neighbours.
enum Smoothing: Hashable, Sendable {
  /// With those that lie within `creaseCosine` of it: the file does not say.
  case crease
  /// With none.
  case flat
  /// With those of the same group, whatever the angle.
  case group(Int32)

  /// cos 40 degrees: a cylinder of 10 sides comes out round, a chamfer of 45 degrees sharp.
  static let creaseCosine = 0.766_044_443_118_978

  func joins(_ other: Smoothing, cosine: Double) -> Bool {
    switch (self, other) {
    case (.group(let a), .group(let b)): a == b
    case (.crease, .crease): cosine >= Smoothing.creaseCosine
    default: false
    }
  }
}

struct SmoothNormals {
  /// Unit normals, one a corner; +Z at corners whose faces have no area.
  let normals: [Vector3f]

  /// - Parameters:
  ///   - positions: finite.
  ///   - corners: indices into `positions`, face by face.
  ///   - firstCorner: for each face the index of its first corner, and one more for the end; faces have 3 corners or more.
  ///   - smoothing: one a face.
  init(positions: [Vector3f], corners: [Int32], firstCorner: [Int32], smoothing: [Smoothing]) {
    let faceNormals = smoothing.indices.map { f in
      SmoothNormals.newell(Int(firstCorner[f])..<Int(firstCorner[f + 1])) { Vector3(positions[Int(corners[$0])]) }
        .normalized ?? Vector3()
    }
    let points = SmoothNormals.weld(positions)
    var sets = DisjointSets(count: corners.count)
    if smoothing.contains(where: { $0 != .flat }) {
      SmoothNormals.join(&sets, points, corners, firstCorner, smoothing, faceNormals)
    }
    var sums = [Vector3](repeating: Vector3(), count: corners.count)
    for f in smoothing.indices {
      let face = Int(firstCorner[f])..<Int(firstCorner[f + 1])
      for c in face {
        let p = Vector3(positions[Int(corners[c])])
        let before = Vector3(positions[Int(corners[c == face.lowerBound ? face.upperBound - 1 : c - 1])]) - p
        let after = Vector3(positions[Int(corners[c + 1 == face.upperBound ? face.lowerBound : c + 1])]) - p
        let angle = StableMath.atan2(cross(after, before).length, dot(after, before))
        sums[sets.root(c)] += faceNormals[f] * angle
      }
    }
    normals = corners.indices.map { Vector3f((sums[sets.root($0)].normalized ?? Vector3(0, 0, 1))) }
  }

  /// Joins corners across the edges of faces that belong together.
  private static func join(
    _ sets: inout DisjointSets, _ points: [Int32], _ corners: [Int32], _ firstCorner: [Int32],
    _ smoothing: [Smoothing], _ faceNormals: [Vector3]
  ) {
    // An edge as the pair of its points, the smaller first, with the corner and the face it begins at.
    var edges: [(key: UInt64, corner: Int32, next: Int32, face: Int32)] = []
    edges.reserveCapacity(corners.count)
    for f in smoothing.indices where smoothing[f] != .flat {
      let (first, end) = (firstCorner[f], firstCorner[f + 1])
      for c in first..<end {
        let next = c + 1 == end ? first : c + 1
        let (a, b) = (points[Int(corners[Int(c)])], points[Int(corners[Int(next)])])
        if a != b { edges.append((UInt64(min(a, b)) << 32 | UInt64(max(a, b)), c, next, Int32(f))) }
      }
    }
    edges.sort { ($0.key, $0.corner) < ($1.key, $1.corner) }
    var i = 0
    while i < edges.count {
      var end = i + 1
      while end < edges.count, edges[end].key == edges[i].key { end += 1 }
      // Where more than two faces meet, each joins the ones next to it in the file.
      for k in i..<end - 1 {
        let (e, g) = (edges[k], edges[k + 1])
        let cosine = dot(faceNormals[Int(e.face)], faceNormals[Int(g.face)])
        guard smoothing[Int(e.face)].joins(smoothing[Int(g.face)], cosine: cosine) else { continue }
        let isSameWay = points[Int(corners[Int(e.corner)])] == points[Int(corners[Int(g.corner)])]
        sets.join(Int(e.corner), Int(isSameWay ? g.corner : g.next))
        sets.join(Int(e.next), Int(isSameWay ? g.next : g.corner))
      }
      i = end
    }
  }

  /// Numbers positions so that equal ones have one number: files list a vertex again for each of its texture coordinates.
  private static func weld(_ positions: [Vector3f]) -> [Int32] {
    positions.withUnsafeBufferPointer { p in
      numberPositions(count: p.count) { p[$0] }.number.map { Int32(truncatingIfNeeded: $0) }
    }
  }

  /// A vector along the polygon's normal, twice its area long (Newell's method; Sutherland, Sproull and Schumacker 1974).
  /// Relative to the first point, so that distance from the origin costs no precision.
  static func newell(_ range: Range<Int>, _ point: (Int) -> Vector3) -> Vector3 {
    let origin = point(range.lowerBound)
    var sum = Vector3()
    var a = Vector3()
    for i in range.dropFirst() {
      let b = point(i) - origin
      sum += cross(a, b)
      a = b
    }
    return sum
  }
}
