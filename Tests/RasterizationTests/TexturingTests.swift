import Geometry
import LaneMath
import Imaging
import Stage
import Testing

@testable import Rasterization

/// Textures on surfaces.
struct TexturingTests {
  /// A chessboard out to the horizon becomes its mean there: no noise, no moiré, no drift.
  @Test func checkerboardAveragesOut() {
    var frame = Frame(
      width: 96, height: 64, camera: .looking(from: Vector3(0, 0, 1.5), at: Vector3(0.3, 1, 1.5), 96, 64, f: 80),
      background: Vector3(),
      ambient: HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1)))
    let checker = TextureUse(
      texture: .baked(CheckerPattern(pairs: 1), resolution: 64), ramp: .init(first: Vector3(), second: Vector3(1, 1, 1))
    )
    frame.instances = [
      Instance(
        0, PlaneShape(size: Vector2(4000, 4000), repeats: Vector2(2000, 2000)).makeMesh(),
        material: Material(baseColor: Vector3(1, 1, 1), baseColorTexture: checker, roughness: 1))
    ]
    let image = Rasterizer().render(frame).rgb
    // The horizon is at row 32. The middle of a row r pixels below it is seen 120 / r metres away, and a pixel there is
    // 120 / r^2 metres deep: for r up to 6.5 more than the texture's 2 metres, whose mean it must show.
    for y in 33..<38 {
      let row = (0..<96).map { image.linear($0, y) }
      // Albedo 1/2, and what is mirrored of a light as bright all around.
      #expect(row.allSatisfy { $0 > 0.49 && $0 < 0.57 }, "row \(y)")
      #expect((row.max() ?? 1) - (row.min() ?? 0) < 0.02, "row \(y)")
    }
    // Near by, the squares of a metre are black and white.
    let near = (0..<96).map { image.linear($0, 63) }
    #expect((near.max() ?? 0) > 0.8 && (near.min() ?? 1) < 0.2)
  }

  /// The change of texture coordinates per pixel against differences over an eighth of a pixel.
  @Test func derivativesOfTextureCoordinates() {
    var random = Randoms(seed: 4)
    var worst = 0.0
    for _ in 0..<60 {
      var frame = Frame(width: 32, height: 32, camera: .straight(32, 32, f: 30))
      let z = random.real(1...4)
      func corner(_ x: Double, _ y: Double) -> Vector3 { Vector3(x * 2, y * 2, z + random.real(-0.6...0.6)) }
      frame.instances = [Instance(0, Mesh.soup([corner(-1, -1), corner(1, -1), corner(0, 1.5)]))]
      var geometry = GeometryStage()
      geometry.run(frame.instances, View(frame))
      guard geometry.primitiveCount == 1 else { continue }
      let blank = Texture(scalar: Plane(width: 1, height: 1, repeating: 0))
      var material = ShadingMaterial(Material(), blank: blank)
      let tables = SurfaceTables()
      withUnsafePointer(to: &material) { material in
        let inputs = ShadingInputs(
          primitives: geometry.primitives.base, positionU: geometry.positionU.base, normalV: geometry.normalV.base,
          materials: material, surfaces: tables.materials.base, instances: tables.instances.base,
          rayScale: SIMD2(repeating: Float(1 / 30.0)),
          rayOrigin: SIMD2(repeating: Float(-16 / 30.0)), near: 0.01)
        var triangle = TriangleLanes(all: 0, inputs)
        // Lane 0 the centre of a pixel in the middle, lanes 1 to 4 two sixteenths left, right, up, down of it.
        let pixel = UInt32(16 * 32 + 15)
        func place(_ dx: Int, _ dy: Int) -> UInt32 { pixel | UInt32(dx + 8) << 16 | UInt32(dy + 8) << 20 }
        let places = SIMD8(
          place(0, 0), place(-2, 0), place(2, 0), place(0, -2), place(0, 2), place(0, 0), place(0, 0), place(0, 0))
        let b = withUnsafePointer(to: &triangle) {
          FragmentBatch($0, places, inputs, TileRectangle(x: 0, y: 0, width: 32, height: 32))
        }
        func difference(_ x: Lanes, _ low: Int, _ high: Int) -> Double { (Double(x[high]) - Double(x[low])) * 4 }
        worst = max(
          worst, abs(Double(b.dudx[0]) - difference(b.u, 1, 2)), abs(Double(b.dvdx[0]) - difference(b.v, 1, 2)),
          abs(Double(b.dudy[0]) - difference(b.u, 3, 4)), abs(Double(b.dvdy[0]) - difference(b.v, 3, 4)))
      }
    }
    // u and v are Floats near 1/2, their differences are multiplied by 4; the second derivative is some 1e-3 per
    // pixel squared, and the symmetric difference does not see it.
    #expect(worst < 2e-5)
  }

  /// The level of detail follows the size of a texel in pixels.
  @Test func levelOfDetailFollowsDistance() throws {
    // Levels are told by contrast: stripes one texel wide are black and white in level 0 and grey in all others.
    let stripes = Plane<UInt16>(
      width: 64, height: 64, values: (0..<64 * 64).map { $0 % 2 == 0 ? 0 : 65535 })
    let use = TextureUse(
      texture: Texture(scalar: stripes), ramp: .init(first: Vector3(), second: Vector3(1, 1, 1)))
    func contrast(pixelsPerTexel: Double) -> Double {
      var frame = Frame(
        width: 32, height: 32, camera: .straight(32, 32, f: 64 * pixelsPerTexel),
        ambient: HemisphericLight(sky: Vector3(1, 1, 1), ground: Vector3(1, 1, 1)))
      frame.instances = [
        Instance(
          0, PlaneShape(size: Vector2(64, 64), repeats: Vector2(64, 64)).makeMesh(), at: Vector3(0, 0, 1),
          Matrix3(diagonal: Vector3(1, -1, -1)),
          material: Material(baseColor: Vector3(1, 1, 1), baseColorTexture: use, roughness: 1))
      ]
      let image = Rasterizer().render(frame).rgb
      let row = (0..<32).map { image.linear($0, 16) }
      return (row.max() ?? 0) - (row.min() ?? 0)
    }
    // Four pixels a texel: level 0, black and white. Less than half a pixel a texel: level 1 and above, grey. (At half a
    // pixel every other texel would be met, and level 0 look even.) In between, a blend of the two.
    #expect(contrast(pixelsPerTexel: 4) > 0.6)
    #expect(contrast(pixelsPerTexel: 0.7) > 0.2)
    #expect(contrast(pixelsPerTexel: 0.45) < 0.02)
    #expect(contrast(pixelsPerTexel: 0.21) < 0.02)
  }
}
