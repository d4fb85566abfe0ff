import Geometry
import Imaging
import Stage
import Testing

@testable import Photography

struct LensTests {
  /// cos^4 at the angle whose tangent is known, and the polynomial in the farthest corner.
  @Test func vignettingFollowsItsLaws() {
    var lens = LensEffects()
    lens.naturalVignetting = 1
    let camera = Camera.straight(64, 48, f: 30)
    var image = LinearImage(64, 48, SIMD3(repeating: 2))
    Transmission(lens, camera, width: 64, height: 48, gain: 1).apply(to: &image)
    for (x, y) in [(0, 0), (31, 23), (63, 10), (20, 47)] {
      let t2 = ((Double(x) - 31.5) * (Double(x) - 31.5) + (Double(y) - 23.5) * (Double(y) - 23.5)) / 900
      let expected = 2 / ((1 + t2) * (1 + t2))
      #expect(abs(Double(image[x, y].x) / expected - 1) < 1e-5)
    }
    lens.naturalVignetting = 0
    lens.vignetting = Vector3(-0.3, 0.1, -0.2)
    image = LinearImage(64, 48, SIMD3(repeating: 1))
    Transmission(lens, camera, width: 64, height: 48, gain: 4).apply(to: &image)
    let q = (31.5 * 31.5 + 23.5 * 23.5) / (32.0 * 32 + 24 * 24)
    #expect(abs(Double(image[0, 0].y) / 4 - (1 - 0.3 * q + 0.1 * q * q - 0.2 * q * q * q)) < 1e-5)
  }

  /// A step at a known place right of the middle moves outwards by the share of its distance.
  @Test func redIsDrawnLarger() {
    let camera = Camera.straight(400, 8, f: 300)
    var image = LinearImage(width: 400, height: 8)
    for y in 0..<8 { for x in 0..<400 { image[x, y] = SIMD3(repeating: x < 300 ? 1 : 0) } }
    var out = LinearImage(width: 400, height: 8)
    ChromaticAberration(Vector2(0.02, -0.01), camera).apply(image, into: &out)
    // Light up to the step, counted in pixels: 300 from the left, 100 from the middle.
    func edge(_ c: Int) -> Double { (200..<400).reduce(200) { $0 + Double(out[$1, 4][c]) } }
    #expect(abs(edge(0) - 302) < 0.02 && edge(1) == 300 && abs(edge(2) - 299) < 0.02)
  }

  /// 50 mm at f/2 focused at 2 m, a point at 4 m: 25 mm * (2 / 4) * 50 / 1950 = 0.3205 mm on the sensor.
  @Test func circleOfConfusionIsTheThinLens() {
    let lens = LensEffects.Defocus(fNumber: 2, focusDistance: 2, focalLength: 0.05)
    let f = 1000.0  // 0.05 mm a pixel
    #expect(abs(lens.circleOfConfusion(at: 4, f: f) * 0.05 - 0.320_513) < 1e-5)
    #expect(lens.circleOfConfusion(at: 2, f: f) == 0)
    #expect(abs(lens.circleOfConfusion(at: .infinity, f: f) * 0.05 - 0.025 * 50 / 1.950) < 1e-6)
  }

  /// A bright point is spread over its disc, and its light is kept.
  @Test func aPointBecomesItsDisc() {
    let lens = LensEffects.Defocus(fNumber: 2, focusDistance: 2, focalLength: 0.05)
    let defocus = Defocus(lens, f: 1000)
    let z: Float = 4
    let radius = defocus.radius(z)
    #expect(abs(radius - 3.205) < 1e-3)
    var image = LinearImage(width: 48, height: 40)
    image[24, 20] = SIMD3(100, 50, 25)
    var out = LinearImage(width: 48, height: 40)
    defocus.apply(image, Plane(width: 48, height: 40, repeating: z), into: &out)
    var (sum, second) = (0.0, 0.0)
    for y in 0..<40 {
      for x in 0..<48 {
        let v = Double(out[x, y].x)
        let r2 = Double((x - 24) * (x - 24) + (y - 20) * (y - 20))
        sum += v
        second += v * r2
        if r2.squareRoot() > Double(radius) + 0.5 { #expect(v == 0) }
      }
    }
    #expect(abs(sum - 100) < 0.5)
    // The mean squared distance from the middle of a disc is half its squared radius.
    #expect(abs((2 * second / sum).squareRoot() - Double(radius)) < 0.15)
  }

  /// A sharp thing in front of a blurred wall stays as it is; the wall's edge does not.
  @Test func nothingBleedsOverWhatIsSharp() {
    let defocus = Defocus(LensEffects.Defocus(fNumber: 1.4, focusDistance: 1, focalLength: 0.05), f: 800)
    var image = LinearImage(width: 64, height: 32)
    var depth = Plane<Float>(width: 64, height: 32, repeating: 10)
    for y in 0..<32 {
      for x in 0..<64 {
        image[x, y] = SIMD3(repeating: 1)
        if x < 32 {
          image[x, y] = SIMD3(0.25, 0, 0)
          depth[x, y] = 1
        }
      }
    }
    var out = LinearImage(width: 64, height: 32)
    defocus.apply(image, depth, into: &out)
    for y in 0..<32 { for x in 0..<32 { #expect(out[x, y] == SIMD3(0.25, 0, 0), "\(x), \(y)") } }
    // The other way round: blurred in front spreads over what is sharp behind.
    for k in depth.values.indices { depth.values[k] = depth.values[k] == 1 ? 0.5 : 1 }
    defocus.apply(image, depth, into: &out)
    #expect(out[34, 16].y < 0.75 && out[34, 16].y > 0.4 && out[60, 16].y == 1)
  }
}
