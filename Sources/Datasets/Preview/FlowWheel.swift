// The colour wheel of optical flow (Baker et al., "A database and evaluation methodology for optical flow", 2011, after
// Scott): 55 hues in six stretches of lengths that match how well eyes tell hues apart; the direction chooses the hue, the
// length how far it is from white.

import Geometry

enum FlowWheel {
  /// Red to yellow, to green, to cyan, to blue, to magenta, to red: steps, and the channel that grows or shrinks in each.
  private static let stretches: [(steps: Int, from: SIMD3<Double>, to: SIMD3<Double>)] = [
    (15, SIMD3(1, 0, 0), SIMD3(1, 1, 0)), (6, SIMD3(1, 1, 0), SIMD3(0, 1, 0)), (4, SIMD3(0, 1, 0), SIMD3(0, 1, 1)),
    (11, SIMD3(0, 1, 1), SIMD3(0, 0, 1)), (13, SIMD3(0, 0, 1), SIMD3(1, 0, 1)), (6, SIMD3(1, 0, 1), SIMD3(1, 0, 0)),
  ]

  private static let hues: [SIMD3<Double>] = stretches.flatMap { s in
    (0..<s.steps).map { s.from + (s.to - s.from) * (Double($0) / Double(s.steps)) }
  }

  /// The colour of a flow in shares of the longest.
  static func color(_ flow: Vector2) -> SIMD3<Double> {
    let length = flow.length
    let turn = (StableMath.atan2(-flow.y, -flow.x) / Double.pi + 1) / 2 * Double(hues.count - 1)
    let low = min(max(Int(turn), 0), hues.count - 1)
    let share = turn - Double(low)
    let hue = hues[low] * (1 - share) + hues[(low + 1) % hues.count] * share
    // Longer than the longest that is drawn: a little darker.
    return length <= 1 ? SIMD3(repeating: 1) - (SIMD3(repeating: 1) - hue) * length : hue * 0.75
  }
}

extension SIMD2<Double> {
  /// Of a flow, in pixels.
  var length: Double { (x * x + y * y).squareRoot() }
}
