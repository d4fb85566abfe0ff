import Documents
import Geometry
import Imaging
import Testing

@testable import Stage

/// What is true of every surface layer.
///
/// - Parameter golden: of the three maps together.
func checkSurface(_ layer: any SurfaceLayer, golden: String, sourceLocation: SourceLocation = #_sourceLocation) {
  checkManual(layer, sourceLocation: sourceLocation)
  let n = 64
  for y in [0, 17, 63] {
    let v = (Double(y) + 0.5) / Double(n)
    var row = [SurfacePoint](repeating: SurfacePoint(), count: n)
    layer.lay(on: &row, v: v)
    for p in row {
      #expect(
        p.color.min() >= 0 && p.color.max() <= 1.5 && p.roughness >= 0 && p.roughness <= 1 && p.metallic >= 0
          && p.metallic <= 1 && abs(p.height) < 0.1, "\(p)", sourceLocation: sourceLocation)
    }
    // It tiles.
    var again = [SurfacePoint](repeating: SurfacePoint(), count: n)
    layer.lay(on: &again, v: v + 1)
    for (a, b) in zip(row, again) {
      #expect((a.color - b.color).length < 1e-9 && abs(a.height - b.height) < 1e-9, sourceLocation: sourceLocation)
    }
  }
  let maps = SurfaceMaps([Concrete(), layer], resolution: n)
  if let normal = maps.normal {
    for i in 0..<n {
      let t = normal.texel(level: 0, x: i, y: (i * 7) % n)
      let p = Vector3(Double(t.x), Double(t.y), Double(t.z)) / 65535 * 2 - 1
      #expect(abs(p.length - 1) < 1e-3 && p.z > 0, sourceLocation: sourceLocation)
    }
  }
  let digests = [maps.color.digest, maps.metallicRoughness.digest, maps.normal?.digest]
  checkGolden(Digest(of: "\(digests)"), golden, sourceLocation: sourceLocation)
}

@Suite struct SurfaceTests {
  @Test func plastic() { checkSurface(Plastic(), golden: "a4a6d15c6e4e50d9135774ee7a03e3a7") }
  @Test func paint() { checkSurface(Paint(), golden: "4842e804bf9013e8ce5bb55eb096b3a7") }
  @Test func brushedMetal() { checkSurface(BrushedMetal(), golden: "428eb841b143d9e3fb4b98c6982ae3ac") }
  @Test func fabric() { checkSurface(Fabric(), golden: "2d86dedcdafd8476f8ae831f4d0ec1e5") }
  @Test func concrete() { checkSurface(Concrete(), golden: "3257423f17255ac371ee13cb95cff723") }
  @Test func rust() { checkSurface(Rust(), golden: "1314bd5fe82ec95f2aeb47cba117bfd8") }
  @Test func scratches() { checkSurface(Scratches(), golden: "c04ea78dde8f887afb2d40a61571a196") }
  @Test func dirt() { checkSurface(Dirt(), golden: "f93c17721013f2fb1c24eefbca56bf32") }

  /// A slope of heights is a slope of normals: to the right where it falls to the right, up where it falls upwards.
  @Test func normalsFollowTheHeights() throws {
    struct Ramp: SurfaceLayer {
      static let manual = Manual(name: "ramp", summary: "A test.", sample: "ramp:")
      static let fields: [Field<Ramp>] = []
      func lay(on row: inout [SurfacePoint], v: Double) {
        for i in row.indices { row[i].height = 0.1 * StableMath.cos(2 * .pi * (Double(i) + 0.5) / Double(row.count)) }
      }
    }
    let normal = try #require(SurfaceMaps([Ramp()], resolution: 64).normal)
    // A quarter along u the surface falls by 0.2 pi.
    let t = normal.texel(level: 0, x: 16, y: 5)
    let p = Vector3(Double(t.x), Double(t.y), Double(t.z)) / 65535 * 2 - 1
    #expect(abs(p.x / p.z - 0.2 * .pi) < 0.01 && abs(p.y) < 1e-3)
  }

  /// The share that is asked for is about the share that there is.
  @Test func coverageIsAsAsked() {
    for share in [0, 0.2, 0.5, 0.8, 1] {
      var rust = Rust()
      rust.coverage = share
      var mean = 0.0
      for y in 0..<64 {
        var row = [SurfacePoint](repeating: SurfacePoint(), count: 64)
        for i in row.indices { row[i].metallic = 1 }
        rust.lay(on: &row, v: (Double(y) + 0.5) / 64)
        mean += row.reduce(0) { $0 + 1 - $1.metallic } / 4096
      }
      #expect(abs(mean - share) < 0.15, "\(share): \(mean)")
    }
  }

  @Test func everyLayerDecodesByNameAlone() throws {
    #expect(
      surfaceRegistry.names == ["plastic", "paint", "brushed_metal", "fabric", "concrete", "rust", "scratches", "dirt"])
    for name in surfaceRegistry.names { _ = try surfaceRegistry.decode(Node(.string(name))) }
    #expect(throws: DocumentError.self) { try surfaceRegistry.make("rust", ["coverage": .real(1.1)]) }
    #expect(throws: DocumentError.self) { try surfaceRegistry.make("rost") }
  }

  @Test func textIsPrinted() throws {
    checkPattern(try TextPattern(text: "LOT-42"), mean: 0.1...0.35, golden: "09b66a3140be438c50595ba9a87543a7")
    // A dash in the middle of a wide place.
    let dash = try TextPattern(text: "-", aspect: 3)
    #expect(dash.value(u: 0.5, v: 0.53) == 1 && dash.value(u: 0.1, v: 0.53) == 0 && dash.value(u: 0.5, v: 0.1) == 0)
    // The slash rises to the right: it is neither mirrored nor upside down.
    let slash = try TextPattern(text: "/", margin: 0)
    #expect(slash.value(u: 0.9, v: 0.08) == 1 && slash.value(u: 0.1, v: 0.92) == 1 && slash.value(u: 0.1, v: 0.08) == 0)
    for fault in ["", "   ", "a_b", String(repeating: "A", count: 33)] {
      #expect(throws: DocumentError.self) { try TextPattern(text: fault) }
    }
  }

  @Test func decalsLieWhereTheyAreProjected() {
    let decal = Decal(
      center: Vector3(1, 0, 2), facing: Vector3(1, 0, 0), up: Vector3(0, 0, 1), size: Vector2(0.4, 0.2), depth: 0.1,
      texture: TextureUse(texture: Texture(scalar: Plane(width: 1, height: 1, repeating: 65535))), isMask: true)
    func at(_ p: Vector3, _ n: Vector3 = Vector3(1, 0, 0)) -> Vector2? { decal.coordinates(p, normal: n) }
    #expect(at(Vector3(1, 0, 2)) == Vector2(0.5, 0.5))
    // Seen from +x, right is +y and the upper edge is v = 0.
    let corner = at(Vector3(1.05, 0.2, 2.1))
    #expect(corner.map { ($0 - Vector2(1, 0)) }.map { abs($0.x) + abs($0.y) < 1e-9 } ?? true)
    #expect(at(Vector3(1.05, 0.19, 2.09)).map { $0.x > 0.9 && $0.y < 0.1 } == true)
    #expect(at(Vector3(1.2, 0, 2)) == nil && at(Vector3(1, 0.3, 2)) == nil)
    #expect(at(Vector3(1, 0, 2), Vector3(-1, 0, 0)) == nil && at(Vector3(1, 0, 2), Vector3(0, 0, 1)) == nil)
  }
}
