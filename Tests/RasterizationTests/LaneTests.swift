import Geometry
import LaneMath
import Imaging
import Testing

@testable import Rasterization

/// Arithmetic on lanes against arithmetic on numbers. Each function's error is what its comment promises.
struct LaneTests {
  /// Calls `body` with vectors of eight arguments spread over [low, high], evenly or by their logarithms.
  private func sweep(_ low: Double, _ high: Double, logarithmic: Bool = false, _ body: (Lanes) -> Void) {
    let steps = 40_000
    for k in stride(from: 0, to: steps, by: 8) {
      var x = Lanes(repeating: 0)
      for i in 0..<8 {
        let t = Double(k + i) / Double(steps - 1)
        x[i] = Float(logarithmic ? StableMath.pow(2, low + (high - low) * t) : low + (high - low) * t)
      }
      body(x)
    }
  }

  @Test func reciprocalSquareRootWithin5e6() {
    var worst = 0.0
    sweep(-120, 120, logarithmic: true) { x in
      let y = reciprocalSquareRoot(x)
      for i in 0..<8 { worst = max(worst, abs(Double(y[i]) * Double(x[i]).squareRoot() - 1)) }
    }
    #expect(worst < 5e-6)
    #expect(reciprocalSquareRoot(lanes(0))[0].isFinite)
    #expect(squareRoot(lanes(0))[3] == 0)
  }

  @Test func logarithm2Within2e3() {
    var worst = 0.0
    sweep(-120, 120, logarithmic: true) { x in
      let y = logarithm2(x)
      for i in 0..<8 { worst = max(worst, abs(Double(y[i]) - StableMath.log(Double(x[i])) / StableMath.log(2))) }
    }
    #expect(worst < 2e-3)
    for n in -20...20 {
      let exact = logarithm2(lanes(Float(StableMath.exp2(Double(n)))))
      #expect(exact[0] == Float(n))
    }
  }

  @Test func power2Within1e4() {
    var worst = 0.0
    sweep(-126, 126) { x in
      let y = power2(x)
      for i in 0..<8 { worst = max(worst, abs(Double(y[i]) / StableMath.exp2(Double(x[i])) - 1)) }
    }
    #expect(worst < 1e-4)
  }

  @Test func wholePartIsFloor() {
    var wrong = 0
    func check(_ x: Lanes) {
      let y = wholePart(x)
      for i in 0..<8 where y[i] != x[i].rounded(.down) { wrong += 1 }
    }
    sweep(-20, 20, check)
    sweep(-4_194_303, 4_194_303, check)
    for n in -9...9 {
      let x = Float(n)
      check(Lanes(x, x.nextUp, x.nextDown, x + 0.5, (x + 0.5).nextUp, (x + 0.5).nextDown, -0.0, 4_194_303))
    }
    #expect(wrong == 0)
  }

  @Test func columnsTransposeRows() {
    let c = columns { i in SIMD4(Float(i), Float(i) + 10, Float(i) + 20, Float(i) + 30) }
    for i in 0..<8 {
      #expect(c.x[i] == Float(i) && c.y[i] == Float(i) + 10 && c.z[i] == Float(i) + 20 && c.w[i] == Float(i) + 30)
    }
  }

  @Test func comparisonsAndChoices() {
    let a = Lanes(1, 2, .nan, 4, -5, 0, .infinity, 8)
    let b = Lanes(2, 1, 3, .nan, -6, -0.0, 7, 8)
    // The second where neither is greater, or one is no number.
    let most = maximum(a, b)
    #expect(most[0] == 2 && most[1] == 2 && most[2] == 3 && most[3].isNaN && most[6] == .infinity)
    let least = minimum(a, b)
    #expect(least[0] == 1 && least[1] == 1 && least[2] == 3 && least[3].isNaN && least[4] == -6)
    let less = isLess(a, b)
    #expect(less == SIMD8(-1, 0, 0, 0, 0, 0, 0, 0))
    #expect(select(less, a, b)[0] == 1 && select(less, a, b)[1] == 1)
    #expect(isAnySet(less) && !isAnySet(isLess(b, b)))
    #expect(signMask(SIMD8<Int32>(-1, 0, 1, .min, .max, -7, 7, 0)) == SIMD8(-1, 0, 0, -1, 0, -1, 0, 0))
    let cut = integers(Lanes(1.9, -1.9, 0, -0.5, 1e6, -1e6, 2.5, 3))
    #expect(cut == SIMD8(1, -1, 0, 0, 1_000_000, -1_000_000, 2, 3))
  }

  /// Products and sums are rounded one by one: a fused operation would keep what the product loses.
  @Test func productsAreNotFused() {
    let x: Float = 1 + 0x1p-12
    let product = x * x
    let vector = lanes(x) * lanes(x) - lanes(product)
    #expect(vector[0] == 0 && vector[7] == 0)
  }

  private func codes(_ x: Float) -> (one: [UInt8], lanes: UInt8) {
    var out = [UInt8](repeating: 0, count: 3)
    out.withUnsafeMutableBufferPointer { o in
      if let base = o.baseAddress { ToneCurve.sRGB.develop(SIMD4(repeating: x), into: base) }
    }
    return (out, ToneCurve.sRGB.table[Int(ToneCurve.sRGB.steps(lanes(x))[5])])
  }

  /// The tone curve's table against the exact code: never more than half a code and a tenth (half a step of the table,
  /// where the curve is steepest) from the exact encoded value. One pixel and eight give the same.
  @Test func toneCurveFollowsSRGB() {
    var worst = 0.0
    for k in 0...50_000 {
      let x = Float(k) / 50_000
      for value in [x, x * x, x * x * x] {
        let (one, lanes) = codes(value)
        #expect(one == [lanes, lanes, lanes])
        worst = max(worst, abs(SRGB.encoded(Double(value)) * 255 - Double(lanes)))
      }
    }
    #expect(worst <= 0.6 + 1e-3)
  }

  @Test func toneCurveClips() {
    for (value, code) in [(2, 255), (1, 255), (0, 0), (-1, 0), (.infinity, 255), (.nan, 0)] as [(Float, UInt8)] {
      let (one, lanes) = codes(value)
      #expect(one == [code, code, code] && lanes == code, "\(value)")
    }
  }
}
