import Geometry
import Imaging
import Stage
import Testing

@testable import Rasterization

/// How a rendered frame and the ray caster agree.
struct Agreement {
  var pixels = 0
  /// Pixels that differ, with the centre within the snapping distance of an edge.
  var nearEdge = 0
  /// Pixels that differ, where two surfaces cross at the centre within what snapping does to their depths.
  var nearCrossing = 0
  /// Pixels that differ without such an excuse, told.
  var failures: [String] = []

  var exceptions: Int { nearEdge + nearCrossing }

  static func += (a: inout Agreement, b: Agreement) {
    a.pixels += b.pixels
    a.nearEdge += b.nearEdge
    a.nearCrossing += b.nearCrossing
    a.failures += b.failures
  }
}

/// Compares instance and depth (within `tolerance`, relative) at every pixel with what the ray caster finds; a failure for
/// each pixel that differs and is not excused by snapping.
@discardableResult
func checkAgreement(
  _ frame: Frame, _ name: String, tolerance: Double = 1e-4, sourceLocation: SourceLocation = #_sourceLocation
) -> Agreement {
  let seen = Rasterizer().render(frame).gbuffer
  let caster = RayCaster(frame)
  let hits = caster.cast()
  var result = Agreement(pixels: frame.width * frame.height)
  for y in 0..<frame.height {
    for x in 0..<frame.width {
      let hit = hits[y * frame.width + x]
      let instance = seen.instanceIndex[x, y]
      let depth = Double(seen.depth[x, y])
      if let hit {
        if instance == UInt32(hit.instance), abs(depth - hit.z) <= tolerance * hit.z { continue }
      } else if instance == GBuffer.nothing {
        if depth == 0 { continue }
        result.failures.append("\(name) (\(x), \(y)): nothing seen, at depth \(depth)")
        continue
      }
      let triangle = Int(seen.triangle[x, y])
      let other = instance == GBuffer.nothing ? nil : (instance: Int(instance), triangle: triangle)
      switch excuse(caster, hit, other, depth, x, y) {
      case .edge: result.nearEdge += 1
      case .crossing: result.nearCrossing += 1
      case nil:
        let cast = hit.map { "instance \($0.instance), triangle \($0.triangle), z \($0.z)" } ?? "nothing"
        let edges = [hit.map { ($0.instance, $0.triangle) }, other].compactMap { $0 }
          .map { "\(caster.edgeDistance($0.0, $0.1, x, y))" }.joined(separator: ", ")
        let drawn = other.map { "instance \($0.instance), triangle \($0.triangle), z \(depth)" } ?? "nothing"
        result.failures.append("\(name) (\(x), \(y)): cast \(cast); drawn \(drawn); pixels from an edge: \(edges)")
      }
    }
  }
  for failure in result.failures.prefix(5) { Issue.record("\(failure)", sourceLocation: sourceLocation) }
  if result.failures.count > 5 {
    Issue.record("\(name): \(result.failures.count) pixels differ", sourceLocation: sourceLocation)
  }
  return result
}

private enum Excuse { case edge, crossing }

private func excuse(
  _ caster: RayCaster, _ hit: Hit?, _ other: (instance: Int, triangle: Int)?, _ depth: Double, _ x: Int, _ y: Int
) -> Excuse? {
  let ray = caster.ray(x, y)
  let z = hit?.z ?? depth
  let concerned = [hit.map { ($0.instance, $0.triangle) }, other.map { ($0.instance, $0.triangle) }].compactMap { $0 }
  let movement = concerned.map { 1 / 512.0 + caster.rounding($0.0, ray, z: z) }.max() ?? 0
  for (i, t) in concerned where caster.edgeDistance(i, t, x, y) <= 2.0.squareRoot() * movement { return .edge }
  // What a Float makes of a place in a texture moves alpha by about that much.
  for (i, t) in concerned { if let margin = caster.alphaMargin(i, t, x, y), abs(margin) < 2e-3 { return .edge } }
  if let hit, let other, other.instance != hit.instance || other.triangle != hit.triangle {
    let a = caster.inverseDepth(hit.instance, hit.triangle, x, y)
    let b = caster.inverseDepth(other.instance, other.triangle, x, y)
    // The inverse depths themselves are Floats, and so are their planes: a few units in the last place.
    if abs(a.value - b.value) <= (a.slope + b.slope) * movement + 8 * 0x1p-24 * a.value { return .crossing }
  }
  return nil
}
