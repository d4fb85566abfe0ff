/// Point `k` of the `n` that divide the unit circle evenly, counter-clockwise from (1, 0); `k` in 0...n, n >= 1.
///
/// The whole turn is folded into one eighth by exact integer arithmetic, so that mirrored points have mirrored
/// coordinates to the bit, the four poles are exact, and point `n` is point 0.
public func circlePoint(_ k: Int, of n: Int) -> Vector2 {
  precondition(n > 0 && k >= 0 && k <= n, "a point of the circle")
  // In quarters of a step, the turn has 4n parts and a quadrant n.
  let quadrant = (4 * k / n) & 3
  let rest = 4 * k % n
  func arc(_ numerator: Int) -> Double { Double(numerator) / Double(n) * (Double.pi / 2) }
  let (s, c): (Double, Double)
  if 2 * rest == n {
    (s, c) = (0.5.squareRoot(), 0.5.squareRoot())
  } else if 2 * rest < n {
    (s, c) = StableMath.sincos(arc(rest))
  } else {
    (c, s) = StableMath.sincos(arc(n - rest))
  }
  switch quadrant {
  case 0: return Vector2(c, s)
  case 1: return Vector2(-s, c)
  case 2: return Vector2(-c, -s)
  default: return Vector2(s, -c)
  }
}
