import Geometry
import Glibc
import Testing

// The reference is libm in 80 bits where the CPU has them, whose error is nothing here; elsewhere libm in 64 bits, whose
// own half unit is allowed for.
#if arch(x86_64)
  typealias Reference = Float80
  let referenceError = 0.0
#else
  typealias Reference = Double
  let referenceError = 0x1p-53
#endif

@Suite struct StableMathTests {
  /// Even and random arguments in a range, with its ends and the neighbours of multiples of a quarter turn.
  func arguments(_ range: ClosedRange<Double>, count: Int = 20000) -> [Double] {
    var randoms = Randoms(seed: 1)
    var list = [range.lowerBound, range.upperBound]
    for i in 0..<count {
      let even = range.lowerBound + (range.upperBound - range.lowerBound) * (Double(i) / Double(count))
      list += [even, randoms.real(range)]
    }
    for k in -40...40 {
      let x = Double(k) * Double.pi / 4
      list += [x, x.nextUp, x.nextDown].filter(range.contains)
    }
    return list
  }

  /// The largest error of `ours` against `theirs` in units of `unit(theirs)`.
  func worst(
    _ arguments: [Double], _ ours: (Double) -> Double, _ theirs: (Reference) -> Reference,
    unit: (Double, Double) -> Double = { _, _ in 1 }
  ) -> Double {
    var worst = 0.0
    for x in arguments {
      let expected = theirs(Reference(x))
      let error = Double(abs(Reference(ours(x)) - expected)) / unit(x, Double(expected))
      worst = error.isNaN ? .infinity : max(worst, error)
    }
    return worst
  }

  @Test(arguments: [-10.0...10.0, -1e4...1e4, -1e6...1e6])
  func sineAndCosine(range: ClosedRange<Double>) {
    let x = arguments(range)
    #expect(worst(x, StableMath.sin, { sin($0) }) <= 3e-16 + referenceError)
    #expect(worst(x, StableMath.cos, { cos($0) }) <= 3e-16 + referenceError)
  }

  @Test func sineAndCosineOutOfRange() {
    #expect(StableMath.sincos(0) == (0, 1))
    for x in [Double(1e6).nextUp, -1e7, .infinity, .nan] {
      #expect(StableMath.sin(x).isNaN && StableMath.cos(x).isNaN)
    }
  }

  @Test func tangent() {
    // Relative error in units of 2^-52, away from the poles.
    let x = arguments(-1.5...1.5).filter { abs($0) > 1e-300 }
    #expect(worst(x, StableMath.tan, { tan($0) }, unit: { abs($1) * 0x1p-52 }) <= 4)
  }

  @Test(arguments: [-1.0...1.0, -1021.0...1023.99])
  func exponential(range: ClosedRange<Double>) {
    let relative: (Double, Double) -> Double = { abs($1) }
    #expect(worst(arguments(range), StableMath.exp2, { exp2($0) }, unit: relative) <= 3e-16 + referenceError)
    let natural = arguments(range.lowerBound * 0.69...range.upperBound * 0.69)
    #expect(
      worst(natural, StableMath.exp, { exp($0) }, unit: { abs($1) * (abs($0) * 2e-16 + 3e-16 + referenceError) }) <= 1)
  }

  @Test func exponentialAtTheEnds() {
    #expect(StableMath.exp2(-1023) == 0)
    #expect(StableMath.exp2(-.infinity) == 0)
    #expect(StableMath.exp2(1024) == .infinity)
    #expect(StableMath.exp2(1023.9999).isFinite)
    #expect(StableMath.exp2(.nan).isNaN)
    for k in -1022...1023 { #expect(StableMath.exp2(Double(k)) == Double(sign: .plus, exponent: k, significand: 1)) }
  }

  @Test func logarithm() {
    let x =
      arguments(1e-3...4) + arguments(-1021...1023, count: 5000).map { Glibc.exp2($0) }
      + [Double(1).nextUp, Double(1).nextDown, .leastNormalMagnitude, .greatestFiniteMagnitude, .leastNonzeroMagnitude]
    #expect(worst(x, StableMath.log, { log($0) }, unit: { max(1, abs($1)) }) <= 3e-16 + referenceError)
    #expect(worst(x, StableMath.log2, { log2($0) }, unit: { max(1, abs($1)) }) <= 4e-16 + referenceError)
    #expect(StableMath.log(1) == 0)
    #expect(StableMath.log(0) == -.infinity)
    #expect(StableMath.log(.infinity) == .infinity)
    #expect(StableMath.log(-1).isNaN && StableMath.log(.nan).isNaN)
    for k in -1022...1023 { #expect(StableMath.log2(Double(sign: .plus, exponent: k, significand: 1)) == Double(k)) }
  }

  @Test(arguments: [2.4, 1 / 2.4, 5, -1.5, 0.1])
  func power(y: Double) {
    let x = arguments(1e-6...10) + arguments(10...1e9, count: 2000)
    let unit: (Double, Double) -> Double = { x, value in
      abs(value) * ((1 + abs(y * Glibc.log2(x))) * 4e-16 + referenceError)
    }
    #expect(worst(x, { StableMath.pow($0, y) }, { pow($0, Reference(y)) }, unit: unit) <= 1)
  }

  @Test func powerAtTheEnds() {
    #expect(StableMath.pow(0, 2) == 0)
    #expect(StableMath.pow(0, -1) == .infinity)
    #expect(StableMath.pow(0, 0) == 1)
    #expect(StableMath.pow(-2, 2).isNaN)
    #expect(StableMath.pow(1, 1e9) == 1)
  }

  @Test func arcTangent() {
    let x = arguments(-2...2) + arguments(-1e6...1e6, count: 5000) + [.infinity, -.infinity, 1e300, -1e-300]
    #expect(worst(x, StableMath.atan, { atan($0) }) <= 5e-16 + referenceError)
    #expect(StableMath.atan(.nan).isNaN)
  }

  @Test func angleOfAVector() {
    var randoms = Randoms(seed: 2)
    var worst = 0.0
    for _ in 0..<20000 {
      let (y, x) = (randoms.real(-1...1), randoms.real(-1...1))
      worst = max(worst, abs(Double(Reference(StableMath.atan2(y, x)) - atan2(Reference(y), Reference(x)))))
    }
    #expect(worst <= 9e-16)  // atan's error, and the rounding of a sum that may be as large as pi
    #expect(StableMath.atan2(0, 0) == 0)
    #expect(StableMath.atan2(0, 1) == 0)
    #expect(StableMath.atan2(0, -1) == Double.pi)
    #expect(StableMath.atan2(1, 0) == Double.pi / 2)
    #expect(StableMath.atan2(-1, 0) == -Double.pi / 2)
    #expect(abs(StableMath.atan2(1, 1) - Double.pi / 4) <= 4e-16)
  }

  @Test func arcSineAndCosine() {
    let x = arguments(-1...1)
    #expect(worst(x, StableMath.asin, { asin($0) }) <= 9e-16)
    #expect(worst(x, StableMath.acos, { acos($0) }) <= 9e-16)
    #expect(StableMath.asin(2) == Double.pi / 2)
    #expect(StableMath.acos(-2) == Double.pi)
  }

  @Test(arguments: [3, 4, 7, 64, 1000])
  func pointsOfTheCircle(n: Int) {
    #expect(circlePoint(0, of: n) == Vector2(1, 0))
    #expect(circlePoint(n, of: n) == Vector2(1, 0))
    for k in 0...n {
      let p = circlePoint(k, of: n)
      let mirrored = circlePoint(n - k, of: n)
      #expect(p == Vector2(mirrored.x, -mirrored.y))
      let angle = 2 * Reference.pi * Reference(k) / Reference(n)
      #expect(abs(Reference(p.x) - cos(angle)) < 4e-16 && abs(Reference(p.y) - sin(angle)) < 4e-16)
    }
    if n % 4 == 0 { #expect(circlePoint(n / 4, of: n) == Vector2(0, 1)) }
  }
}
