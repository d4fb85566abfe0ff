// Points spread over a mesh by area, the same ones whenever they are asked for: the k-th point is the k-th of the additive
// recurrence R3 (Roberts, "The unreasonable effectiveness of quasirandom sequences", 2018), whose steps are the powers of
// 1 / g with g^4 = g + 1. Its first number chooses the triangle along the sum of areas, the others the place in it, by the
// area-preserving map (1 - sqrt r, ...) (Turk, "Generating random points in triangles", 1990). More points begin with the
// same ones.

import Geometry
import Stage

/// A place on a mesh: a triangle and the weights of its second and third corner.
struct SurfacePlace: Equatable {
  var triangle: Int
  var w1: Double
  var w2: Double
}

extension Mesh {
  /// `count` points spread evenly over the surface.
  func surfacePlaces(_ count: Int) -> [SurfacePlace] {
    var sums: [Double] = []
    sums.reserveCapacity(triangleCount)
    var total = 0.0
    for t in 0..<triangleCount {
      let a = Vector3(vertices[Int(indices[3 * t])].position)
      let b = Vector3(vertices[Int(indices[3 * t + 1])].position)
      let c = Vector3(vertices[Int(indices[3 * t + 2])].position)
      total += cross(b - a, c - a).length / 2
      sums.append(total)
    }
    let g = 1.2207440846057596
    return (0..<count).map { k in
      func number(_ step: Double) -> Double {
        let x = 0.5 + Double(k + 1) * step
        return x - x.rounded(.down)
      }
      let (s, r1, r2) = (number(1 / g), number(1 / (g * g)), number(1 / (g * g * g)))
      // The first triangle whose sum is beyond.
      var (low, high) = (0, triangleCount - 1)
      while low < high {
        let middle = (low + high) / 2
        if sums[middle] > s * total { high = middle } else { low = middle + 1 }
      }
      let root = r1.squareRoot()
      return SurfacePlace(triangle: low, w1: root * (1 - r2), w2: root * r2)
    }
  }
}
