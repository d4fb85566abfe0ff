import Geometry

/// Natural logarithm of the gamma function for x > 0: Stirling's series (Abramowitz and Stegun 6.1.41) from 10 upwards,
/// where its first missing term is below 1e-17, and the recurrence below; relative error about 1e-14.
func logGamma(_ x: Double) -> Double {
  var x = x
  var shift = 0.0
  while x < 10 {
    shift -= StableMath.log(x)
    x += 1
  }
  let z = 1 / (x * x)
  let series =
    ((((-691.0 / 360_360 * z + 1.0 / 1188) * z - 1.0 / 1680) * z + 1.0 / 1260) * z - 1.0 / 360) * z + 1.0 / 12
  return shift + (x - 0.5) * StableMath.log(x) - x + 0.918_938_533_204_672_8 + series / x
}

/// The regularized incomplete beta function, 0 <= x <= 1: the continued fraction of Abramowitz and Stegun 26.5.8 by
/// Lentz's method; absolute error about 1e-13.
func betaProbability(_ x: Double, _ a: Double, _ b: Double) -> Double {
  if x <= 0 { return 0 }
  if x >= 1 { return 1 }
  if x > (a + 1) / (a + b + 2) { return 1 - betaProbability(1 - x, b, a) }
  let front =
    StableMath.exp(
      logGamma(a + b) - logGamma(a) - logGamma(b) + a * StableMath.log(x) + b * StableMath.log(1 - x)) / a
  let tiny = 1e-300
  var c = 1.0
  var d = 1 - (a + b) * x / (a + 1)
  d = 1 / (abs(d) < tiny ? tiny : d)
  var f = d
  for m in 1...400 {
    let k = Double(m)
    for step in [
      k * (b - k) * x / ((a + 2 * k - 1) * (a + 2 * k)),
      -(a + k) * (a + b + k) * x / ((a + 2 * k) * (a + 2 * k + 1)),
    ] {
      d = 1 + step * d
      d = 1 / (abs(d) < tiny ? tiny : d)
      c = 1 + step / c
      if abs(c) < tiny { c = tiny }
      f *= c * d
    }
    if abs(c * d - 1) < 1e-15 { break }
  }
  return front * f
}

/// The value below which a beta variable lies with probability `p`; by bisection to the last bit that counts.
func inverseBeta(_ p: Double, _ a: Double, _ b: Double) -> Double {
  var (low, high) = (0.0, 1.0)
  for _ in 0..<52 {
    let middle = 0.5 * (low + high)
    if betaProbability(middle, a, b) < p { low = middle } else { high = middle }
  }
  return 0.5 * (low + high)
}
