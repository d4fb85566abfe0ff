import Geometry
import Imaging
import Stage
import Testing

@testable import Photography

struct DevelopmentTests {
  private func developed(
    _ light: SIMD3<Float>, exposure: Double = 0, _ change: (inout PhotographicChain) -> Void = { _ in }
  ) throws -> RasterImage {
    var chain = PhotographicChain()
    change(&chain)
    var image = LinearImage(19, 5, light)
    return try Photographer().develop(
      &image, depth: nil, camera: .straight(19, 5, f: 20), chain, exposure: exposure)
  }

  /// With all of it off, the chain is the sRGB curve.
  @Test func offIsTheCurve() throws {
    for code in 0...255 {
      let x = Float(SRGB.linear(fromSRGB8: UInt8(code)))
      #expect(try developed(SIMD3(repeating: x)).sample(7, 2, 1) == code)
    }
    #expect(try developed(SIMD3(-1, .nan, 7)).sample(0, 0, 0) == 0)
    #expect(try developed(SIMD3(-1, .nan, 7)).sample(0, 0, 1) == 0)
    #expect(try developed(SIMD3(-1, .nan, 7)).sample(0, 0, 2) == 255)
  }

  @Test func sixteenBitsAreFiner() throws {
    for x in [0.0005, 0.01, 0.2, 0.9] {
      let code = try developed(SIMD3(repeating: Float(x))) { $0.development.bitDepth = 16 }.sample(18, 4)
      #expect(abs(Double(code) - SRGB.encoded(x) * 65535) < 1.5, "\(x)")
    }
  }

  /// A stop is a factor of 2; so is one of EV.
  @Test func exposureDoubles() throws {
    let once = try developed(SIMD3(repeating: 0.4)).sample(1, 1)
    #expect(try developed(SIMD3(repeating: 0.1), exposure: 2).sample(1, 1) == once)
    #expect(try developed(SIMD3(repeating: 3.2)) { $0.gain = 0.125 }.sample(1, 1) == once)
  }

  @Test func whiteBalanceMultiplies() throws {
    let p = try developed(SIMD3(0.5, 0.25, 0.125)) { $0.development.whiteBalance = Vector3(1, 2, 4) }
    #expect(p.sample(3, 3, 0) == p.sample(3, 3, 1) && p.sample(3, 3, 1) == p.sample(3, 3, 2))
  }

  /// Points of the published curves: black stays black, white is where its author put it, curves rise.
  @Test func curvesGoThroughTheirPoints() {
    // Hable: his page's white of 11.2 is 1; with the exposure bias of 2 that is light 5.6.
    #expect(abs(ToneCurves.encoded(.hable, 5.6) - 1) < 1e-12 && ToneCurves.encoded(.hable, 0) < 1e-12)
    #expect(abs(ToneCurves.hable(11.2) - (19.38 / 24.476 - 1.0 / 15)) < 1e-12)
    // Narkowicz: f(1) = 2.54 / 3.16.
    #expect(abs(ToneCurves.aces(1) - 2.54 / 3.16) < 1e-12)
    #expect(abs(ToneCurves.encoded(.agx, 0.18) - SRGB.encoded(0.18)) < 1e-9)
    #expect(ToneCurves.encoded(.agx, 0) < 1e-6 && ToneCurves.encoded(.agx, 16.3) > 0.999)
    for name in Development.ToneCurveName.allCases {
      var last = -1.0
      for k in 0...400 {
        let y = ToneCurves.encoded(name, Double(k) * 0.05)
        #expect(y >= last && y <= 1 + 1e-9, "\(name) at \(Double(k) * 0.05)")
        last = y
      }
    }
  }

  /// The table is the curve to a tenth of an 8-bit step.
  @Test func tablesFollowTheirCurves() {
    for name in Development.ToneCurveName.allCases where name != .agx {
      var image = LinearImage(width: 1024, height: 1)
      for k in 0..<1024 { image[k, 0] = SIMD3(repeating: Float(k * k) * 1e-5) }
      ToneTable(name).apply(to: &image, whiteBalance: SIMD3(repeating: 1))
      for k in 0..<1024 {
        let exact = ToneCurves.encoded(name, Double(Float(k * k) * 1e-5))
        #expect(abs(Double(image[k, 0].y) - exact) < 0.1 / 255, "\(name) at \(k)")
      }
    }
  }

  /// Flat pictures stay; at a step, over- and undershoot are as the filter has them: a quarter of the step times the amount.
  @Test func sharpeningOvershoots() {
    var image = LinearImage(width: 21, height: 4)
    for y in 0..<4 { for x in 0..<21 { image[x, y] = SIMD3(repeating: x < 10 ? 0.25 : 0.75) } }
    var out = LinearImage(width: 21, height: 4)
    Sharpening.apply(image, amount: 0.8) { y, row, plane in
      for x in 0..<21 { out[x, y] = SIMD3(row[x], row[plane + x], row[2 * plane + x]) }
    }
    for y in 0..<4 {
      #expect(abs(out[9, y].x - (0.25 - 0.8 * 0.125)) < 1e-6 && abs(out[10, y].z - (0.75 + 0.8 * 0.125)) < 1e-6)
      #expect(out[0, y].x == 0.25 && out[20, y].x == 0.75)
    }
  }

  @Test func jpegLeavesArtefacts() throws {
    var image = LinearImage(width: 40, height: 24)
    for y in 0..<24 { for x in 0..<40 { image[x, y] = (x / 5 + y / 5) % 2 == 0 ? SIMD3(1, 0, 0) : SIMD3(0, 0.2, 1) } }
    func difference(_ quality: Int?) throws -> Int {
      var (light, chain) = (image, PhotographicChain())
      chain.development.jpegQuality = quality
      let camera = Camera.straight(40, 24, f: 30)
      let a = try Photographer().develop(&light, depth: nil, camera: camera, chain, exposure: 0)
      light = image
      let b = try Photographer().develop(&light, depth: nil, camera: camera, PhotographicChain(), exposure: 0)
      guard case .eight(let p) = a.samples, case .eight(let q) = b.samples else { return -1 }
      return zip(p, q).reduce(0) { $0 + abs(Int($1.0) - Int($1.1)) } / p.count
    }
    let (none, fine, coarse) = (try difference(nil), try difference(98), try difference(10))
    #expect(none == 0 && coarse > fine && coarse > 5)
  }

  /// Slots outside a row's exposure have no weight, and all weights of a row sum to one.
  @Test func shuttersRoll() {
    var shutter = Shutter()
    (shutter.time, shutter.readout, shutter.samples) = (0.01, 0.03, 16)
    let plan = ShutterPlan(shutter)
    #expect(plan.moments.count == 16 && abs(plan.moments[0] + 0.01875) < 1e-12)
    for y in 0..<48 {
      let w = plan.weights(row: y, of: 48)
      #expect(abs(w.reduce(0, +) - 1) < 1e-5)
      let mean = zip(w, plan.moments).reduce(0) { $0 + Double($1.0) * $1.1 }
      #expect(abs(mean - 0.03 * ((Double(y) + 0.5) / 48 - 0.5)) < 0.0013)
    }
    shutter.time = 0
    #expect(ShutterPlan(shutter).weights(row: 0, of: 48)[0] == 1)
    var sum = LinearImage(width: 3, height: 2)
    (shutter.time, shutter.readout, shutter.samples) = (1, 0, 4)
    for k in 0..<4 { ShutterPlan(shutter).add(LinearImage(3, 2, SIMD3(Float(k), 1, 0)), slot: k, to: &sum) }
    #expect(sum[2, 1] == SIMD3(1.5, 1, 0))
  }

  /// Two photographers, one of them used, give the same picture.
  @Test func developingIsAFunction() throws {
    var chain = PhotographicChain()
    chain.lens.vignetting = Vector3(-0.2, 0, 0)
    chain.lens.chromaticAberration = Vector2(0.002, -0.002)
    chain.lens.defocus = .init(fNumber: 1, focusDistance: 2, focalLength: 0.2)
    chain.sensor = Sensor()
    chain.sensor?.mosaic = .rggb
    chain.sensor?.noiseSeed = 5
    chain.development.toneCurve = .agx
    chain.development.sharpening = 0.5
    chain.development.jpegQuality = 80
    var image = LinearImage(width: 77, height: 41)
    var depth = Plane<Float>(width: 77, height: 41, repeating: 0)
    for y in 0..<41 {
      for x in 0..<77 {
        image[x, y] = SIMD3(Float(x) / 77, Float(y) / 41, Float((x * y) % 7) / 7)
        depth[x, y] = x % 9 == 0 ? 0 : 1 + Float(x) / 20
      }
    }
    let camera = Camera.straight(77, 41, f: 90)
    let used = Photographer()
    var small = LinearImage(9, 9, SIMD3(repeating: 0.3))
    _ = try used.develop(
      &small, depth: Plane(width: 9, height: 9, repeating: 3), camera: camera, chain, exposure: 1)
    var (a, b) = (image, image)
    let one = try used.develop(&a, depth: depth, camera: camera, chain, exposure: 0.3)
    #expect(try Photographer().develop(&b, depth: depth, camera: camera, chain, exposure: 0.3) == one)
    guard case .eight(let samples) = one.samples else { return }
    // The bits, for every build; a change by intention raises `renderVersion`.
    #expect(Digest(of: samples).description == "d7ee0d275d8cc7d855d7ecfd51892f54")
  }
}
