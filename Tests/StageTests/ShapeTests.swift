import Documents
import Geometry
import Stage
import Testing

@Suite struct ShapeTests {
  let pi = Double.pi

  @Test func box() {
    checkShape(
      Box(size: Vector3(2, 3, 5)),
      ShapeTruths(
        area: 62, volume: 30, pieces: 6, size: Vector3(2, 3, 5), smoothness: 1, triangles: 12,
        golden: "41b95235f339a9fbd196da07719c7d00"))
  }

  @Test(arguments: [
    (0.1, 3, "7870dfe941ac4ec79983a03bc9ae8d2a"),
    (0.5, 4, "a1073749fe1d9e198dd59175ea672f3a"),
    (0.5, 1, "a09ad9e7bf57ed7294c8d1ea7dc9a121"),
  ])
  func roundedBox(radius r: Double, segments: Int, golden: String) {
    let size = Vector3(1, 2, 3)
    let i = size - 2 * r
    let faces = 2 * (i.x * i.y + i.y * i.z + i.z * i.x)
    let edges = i.x + i.y + i.z
    // The quarter turn has 2 segments steps, as a circle of 8 segments corners.
    checkShape(
      RoundedBox(size: size, radius: r, segments: segments),
      ShapeTruths(
        area: faces + 2 * pi * r * edges + 4 * pi * r * r,
        volume: i.x * i.y * i.z + faces * r + pi * r * r * edges + 4 / 3 * pi * r * r * r,
        tessellation: 2 * polygonLoss(8 * segments), pieces: 6, size: size, smoothness: segments > 1 ? 0.97 : 0.7,
        golden: golden))
  }

  @Test func roundedBoxWithoutRadiusIsABox() {
    #expect(RoundedBox(size: Vector3(1, 2, 3), radius: 0).makeMesh() == Box(size: Vector3(1, 2, 3)).makeMesh())
  }

  @Test(arguments: [
    (64, 32, "6532c6544bfd4a3f2c4c4d68778d1b51"),
    (3, 2, "fc6891e6176028fe6ea54771f65a5738"),
    (7, 5, "60064af6f54cf57a02574292a95b28da"),
  ])
  func sphere(segments: Int, rings: Int, golden: String) {
    let r = 0.7
    let isFine = segments == 64
    checkShape(
      Sphere(radius: r, segments: segments, rings: rings),
      ShapeTruths(
        area: isFine ? 4 * pi * r * r : nil, volume: isFine ? 4 / 3 * pi * r * r * r : nil, tessellation: 0.005,
        pieces: 1, size: isFine ? Vector3(repeating: 2 * r) : nil, smoothness: isFine ? 0.99 : 0.3,
        triangles: 2 * segments * (rings - 1), golden: golden))
  }

  @Test func ellipsoid() {
    let r = Vector3(0.5, 0.2, 0.3)
    checkShape(
      Ellipsoid(radii: r),
      ShapeTruths(
        volume: 4 / 3 * pi * r.x * r.y * r.z, tessellation: 0.005, pieces: 1, size: 2 * r, triangles: 3968,
        golden: "6941e41c5556e73bacb4b8d9a31ac869"))
  }

  @Test func cylinder() {
    checkShape(
      Cylinder(radius: 0.3, height: 2),
      ShapeTruths(
        area: 2 * pi * 0.3 * (2 + 0.3), volume: pi * 0.09 * 2, tessellation: polygonLoss(64), pieces: 3,
        size: Vector3(0.6, 0.6, 2), triangles: 256, golden: "4ab99e84e212e216b4a8a238a36afb70"))
  }

  @Test(arguments: [
    (0.0, 2, 128, "bef4432f16b12443052cc78b74cc2487"), (0.2, 3, 256, "11f9e3432f9e88492c19a239f7ca3f36"),
    (0.7, 3, 256, "35c2d29c6e620ee77ae7ffdb515cf61e"),
  ])
  func cone(top r: Double, pieces: Int, triangles: Int, golden: String) {
    let (a, h) = (0.4, 1.5)
    let slant = (h * h + (a - r) * (a - r)).squareRoot()
    checkShape(
      Cone(radius: a, topRadius: r, height: h),
      ShapeTruths(
        area: pi * ((a + r) * slant + a * a + r * r), volume: pi * h / 3 * (a * a + a * r + r * r),
        tessellation: polygonLoss(64), pieces: pieces, size: Vector3(2 * max(a, r), 2 * max(a, r), h),
        triangles: triangles, golden: golden))
  }

  @Test(arguments: [(1.0, "7d10c624d4974b33bab81bcc08456cd0"), (0.5, "c504f776c94e55f57203388ccaa155f1")])
  func capsule(height h: Double, golden: String) {
    let r = 0.25
    checkShape(
      Capsule(radius: r, height: h),
      ShapeTruths(
        area: 2 * pi * r * h, volume: pi * r * r * (h - 2 * r) + 4 / 3 * pi * r * r * r, tessellation: 0.005,
        pieces: 1, size: Vector3(2 * r, 2 * r, h), triangles: h > 0.5 ? 4096 : 3968, golden: golden))
  }

  @Test(arguments: [(0.1, "aa8825697253dfdbde5b3b7fb2b3b09f"), (0.4, "87dc3fe4a54c2905850dd6129fc945c5")])
  func torus(minor r: Double, golden: String) {
    let a = 0.4
    checkShape(
      Torus(majorRadius: a, minorRadius: r),
      ShapeTruths(
        area: 4 * pi * pi * a * r, volume: 2 * pi * pi * a * r * r,
        tessellation: polygonLoss(64) + polygonLoss(32), pieces: 1, size: Vector3(2 * (a + r), 2 * (a + r), 2 * r),
        triangles: r < a ? 4096 : nil, golden: golden))
  }

  @Test func disc() {
    checkShape(
      Disc(radius: 0.5),
      ShapeTruths(
        area: pi / 4, tessellation: polygonLoss(64), isClosed: false, pieces: 1, size: Vector3(1, 1, 0),
        smoothness: 1, triangles: 64, golden: "a3e8ca93563307d5523b9465c9f842a8"))
  }

  @Test func plane() {
    checkShape(
      PlaneShape(size: Vector2(4, 3), repeats: Vector2(8, 6)),
      ShapeTruths(
        area: 12, isClosed: false, pieces: 1, size: Vector3(4, 3, 0), smoothness: 1, triangles: 2,
        golden: "0d7565ca6b4ff9453776d263d94a9d08"))
    let mesh = PlaneShape(size: Vector2(4, 3), repeats: Vector2(8, 6)).makeMesh()
    for v in mesh.vertices {
      #expect(v.uv == Vector2f(v.position.x < 0 ? 0 : 8, v.position.y < 0 ? 6 : 0))
    }
  }

  /// Extremes that a scene may ask for stay watertight.
  @Test func extremesAreClosed() {
    let shapes: [any Shape] = [
      Box(size: Vector3(1e-6, 1e6, 1)), Sphere(radius: 1e-6), Sphere(radius: 1e6, segments: 200, rings: 100),
      RoundedBox(size: Vector3(1, 1, 1), radius: 0.5, segments: 6), Ellipsoid(radii: Vector3(1e-3, 1, 1e3)),
      Cone(radius: 1e-3, topRadius: 1e3, height: 1e-3, segments: 3), Torus(majorRadius: 1, minorRadius: 0.01),
      Capsule(radius: 0.5, height: 1 + 1e-9),
    ]
    for shape in shapes { #expect(shape.makeMesh().isClosed, "\(shape)") }
  }

  @Test func everyShapeDecodesByNameAlone() throws {
    let names = [
      "box", "rounded_box", "sphere", "ellipsoid", "cylinder", "cone", "capsule", "torus", "disc", "plane",
      "text", "superquadric", "lathe", "extrusion", "tube", "height_field", "blob", "branch", "screw", "nut", "bracket",
      "gear",
    ]
    #expect(shapeRegistry.names == names)
    // Some have no default.
    for name in names where !["text", "lathe", "extrusion", "tube"].contains(name) {
      let mesh = try shapeRegistry.decode(Node(.string(name))).makeMesh()
      #expect(mesh.isClosed == !["disc", "plane", "height_field"].contains(name), "\(name)")
    }
  }

  @Test func fieldsAreRead() throws {
    let torus = try shapeRegistry.make(
      "torus", ["major_radius": .integer(2), "minor_radius": .real(0.5), "segments": .integer(8)])
    #expect(torus as? Torus == Torus(majorRadius: 2, minorRadius: 0.5, segments: 8))
  }

  @Test func impossibleShapesAreRefused() {
    let faults: [(String, KeyValuePairs<String, Node.Content>)] = [
      ("torus", ["major_radius": .real(0.1), "minor_radius": .real(0.2)]),
      ("rounded_box", ["radius": .real(0.51)]),
      ("rounded_box", ["radius": .real(-0.1)]),
      ("capsule", ["radius": .real(1), "height": .real(1)]),
      ("sphere", ["segments": .integer(2)]),
      ("sphere", ["segments": .integer(100_000)]),
      ("sphere", ["rings": .integer(1)]),
      ("sphere", ["radius": .integer(0)]),
      ("sphere", ["radius": .real(1e300)]),
      ("sphere", ["radus": .real(1)]),
      ("box", ["size": .sequence([Node(.integer(1)), Node(.integer(-1)), Node(.integer(1))])]),
      ("bux", [:]),
    ]
    for (name, fields) in faults {
      #expect(throws: DocumentError.self, "\(name) \(fields)") { try shapeRegistry.make(name, fields) }
    }
  }
}
