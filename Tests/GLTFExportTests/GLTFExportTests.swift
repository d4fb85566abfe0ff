import Documents
import Geometry
import ImageCoding
import Imaging
import Stage
import Testing

@testable import GLTFExport
@testable import Importing

private func frame(_ instances: [Instance], _ change: (inout Frame) -> Void = { _ in }) -> Frame {
  let eye = Vector3(3, -4, 2)
  let turn = Camera.lookAt(eye: eye, target: Vector3(0, 0, 0.5), up: Vector3(0, 0, 1)) ?? .identity
  var made = Frame(
    width: 320, height: 240,
    camera: Camera(fx: 300, fy: 300, cx: 160, cy: 120, rotation: turn, translation: -(turn * eye)),
    sun: Sun(direction: Vector3(0.6, 0, 0.8), irradiance: Vector3(3, 2.5, 2)), instances: instances)
  change(&made)
  return made
}

private func instance(
  _ mesh: Mesh, _ name: String = "thing", id: UInt32 = 1, at transform: AffineTransform = .identity,
  material: Material = Material()
) -> Instance {
  Instance(
    id: id, category: id == 0 ? 0 : 1, name: name, mesh: mesh, objectToWorld: transform,
    materials: Array(repeating: material, count: mesh.slotNames.count))
}

private let categories = [Category(id: 1, name: "cup")]

private func export(_ frame: Frame) throws -> GLBFile { try GLBFile(frame, scene: "test", categories: categories) }

/// Our own reader's view of the file.
private func imported(_ export: GLBFile) throws -> ImportedModel {
  try GLTFModel(export.bytes, file: "frame.glb") { _ in nil }.model(.rest)
}

private func json(_ export: GLBFile) throws -> Node {
  let b = export.bytes
  let count = Int(b[12]) | Int(b[13]) << 8 | Int(b[14]) << 16 | Int(b[15]) << 24
  return try b[20..<20 + count].withUnsafeBufferPointer { try JSONReader.tree($0) }
}

extension Node {
  fileprivate var items: [Node] { if case .sequence(let s) = content { s } else { [] } }
  fileprivate var numbers: [Double] { items.compactMap(\.number) }
}

/// The corners of all triangles, in order.
private func corners(_ mesh: Mesh, _ t: AffineTransform = .identity) -> [Vector3] {
  mesh.indices.map { t * Vector3(mesh.vertices[Int($0)].position) }
}

private func expectSame(_ a: [Vector3], _ b: [Vector3], within tolerance: Double = 1e-5) {
  #expect(a.count == b.count)
  for (x, y) in zip(a, b) where (x - y).length > tolerance {
    Issue.record("found \(x), expected \(y)")
    return
  }
}

private let turned = AffineTransform(
  linear: Matrix3(Vector3(0, -2, 0), Vector3(2, 0, 0), Vector3(0, 0, 2)), translation: Vector3(1, 2, 3))

private func checkerboard(alpha: UInt16 = 65535) -> Texture {
  var texels: [SIMD4<UInt16>] = []
  for k in 0..<16 {
    texels.append((k + k / 4) % 2 == 0 ? SIMD4(65535, 0, 13107, alpha) : SIMD4(1285, 39835, 65535, 65535))
  }
  return Texture(base: Plane(width: 4, height: 4, values: texels))
}

@Suite struct GLTFExportTests {
  // MARK: Shapes and places

  @Test func trianglesComeBackWhereTheyWere() throws {
    let box = Box(size: Vector3(1, 2, 3)).makeMesh()
    let made = try imported(export(frame([instance(box, at: turned)])))
    expectSame(corners(made.mesh), corners(box, turned))
    #expect(made.notes == [])
    for (a, b) in zip(made.mesh.indices, box.indices) {
      let (v, w) = (made.mesh.vertices[Int(a)], box.vertices[Int(b)])
      #expect((Vector3(v.normal) - turned.linear * Vector3(w.normal) / 2).length < 1e-5)
    }
  }

  @Test func whatIsShearedOrMirroredComesBackToo() throws {
    let ball = Sphere().makeMesh()
    let shear = AffineTransform(linear: Matrix3(Vector3(1, 0.5, 0), Vector3(0, 1, 0), Vector3(0, 0.2, 1)))
    let mirror = AffineTransform(linear: Matrix3(diagonal: Vector3(-1, 1, 2)), translation: Vector3(0, 1, 0))
    for t in [shear, mirror, shear * mirror] {
      let made = try imported(export(frame([instance(ball, at: t)])))
      let (found, expected) = (corners(made.mesh), corners(ball, t))
      // A mirror turns triangles over; they are the same triangles.
      func middles(_ c: [Vector3]) -> [Vector3] {
        var all: [Vector3] = []
        for k in stride(from: 0, to: c.count, by: 3) {
          let sum: Vector3 = c[k] + c[k + 1] + c[k + 2]
          all.append(sum / 3.0)
        }
        return all
      }
      expectSame(middles(found), middles(expected))
      #expect(made.mesh.isClosed, "wound outwards")
    }
  }

  @Test func instancesShareTheirMesh() throws {
    let box = Box().makeMesh()
    let made = try export(
      frame([
        instance(box, "a"), instance(box, "b", id: 2, at: turned),
        instance(box, "c", id: 3, material: Material(baseColor: Vector3(1, 0, 0))),
      ]))
    let root = try json(made)
    #expect(root["meshes"]?.items.count == 2)
    #expect(root["materials"]?.items.count == 2)
    // Another material shows the same vertices: positions, normals, indices.
    #expect(root["accessors"]?.items.count == 3)
  }

  @Test func nodesSayWhoTheyAre() throws {
    let box = Box().makeMesh()
    let root = try json(export(frame([instance(box, "boxes[3]", id: 7), instance(box, "ground", id: 0)])))
    let nodes = root["nodes"]?.items ?? []
    #expect(nodes[0]["name"] == Node(.string("boxes[3]")))
    #expect(nodes[0]["extras"]?["instance_id"] == Node(.integer(7)))
    #expect(nodes[0]["extras"]?["category"] == Node(.string("cup")))
    #expect(nodes[1]["extras"]?["instance_id"] == Node(.integer(0)))
    #expect(nodes[1]["extras"]?["category"] == nil)
  }

  @Test func slotsBecomePrimitives() throws {
    let box = Box().makeMesh()
    let slots = box.indices.indices.filter { $0 % 3 == 0 }.map { UInt16($0 / 3 % 2) }
    let two = Mesh(
      vertices: box.vertices, indices: box.indices, materialSlots: slots, slotNames: ["lid", "body", "unused"])
    var shown = instance(two)
    shown.materials[1].baseColor = Vector3(0, 1, 0)
    let made = try export(frame([shown]))
    #expect(try json(made)["meshes"]?.items[0]["primitives"]?.items.count == 2)
    let again = try imported(made)
    #expect(again.materials.map(\.name) == ["thing/lid", "thing/body"])
    #expect(again.mesh.materialSlots.count { $0 == 0 } == 6)
  }

  @Test func tangentsAndColoursComeBack() throws {
    let plane = PlaneShape().makeMesh().addingTangents()
    let colors = plane.vertices.indices.map { SIMD4<Float>(Float($0) / 8, 0.5, 1, 0.25) }
    let mesh = Mesh(vertices: plane.vertices, indices: plane.indices, tangents: plane.tangents, colors: colors)
    var material = Material()
    material.normalTexture = TextureUse(texture: checkerboard(), encoding: .linear)
    material.normalScale = 0.75
    let again = try imported(export(frame([instance(mesh, material: material)])))
    for (a, b) in zip(again.mesh.indices, mesh.indices) {
      #expect(again.mesh.tangents[Int(a)] == mesh.tangents[Int(b)])
      #expect(again.mesh.colors[Int(a)] == mesh.colors[Int(b)])
      #expect(again.mesh.vertices[Int(a)].uv == mesh.vertices[Int(b)].uv)
    }
    #expect(again.materials[0].normalScale == 0.75)
  }

  // MARK: Materials

  @Test func everyFactorComesBack() throws {
    var m = Material(
      baseColor: Vector3(0.25, 0.5, 0.75), metallic: 0.125, roughness: 0.375, emission: Vector3(4, 2, 0.5))
    m.opacity = 0.5
    m.alphaMode = .mask(cutoff: 0.25)
    m.isDoubleSided = false
    m.occlusionTexture = TextureUse(texture: checkerboard(), encoding: .linear)
    m.occlusionStrength = 0.25
    (m.clearcoat, m.clearcoatRoughness) = (0.5, 0.25)
    (m.sheenColor, m.sheenRoughness) = (Vector3(0.5, 0.25, 0), 0.75)
    (m.specular, m.specularColor, m.ior, m.transmission) = (0.5, Vector3(1, 0.5, 0.25), 1.25, 0.125)
    let again = try imported(export(frame([instance(Box().makeMesh(), material: m)])))
    var found = try again.materials[0].material { (texture, isColour) throws(ImportError) in
      Texture(image: try readImage(texture.embedded?.bytes ?? [], file: texture.file), isColour: isColour)
    }
    #expect((found.emission - m.emission).length < 1e-12)
    found.emission = m.emission
    // The texels are as exact as 8 bits are; the test's own are.
    #expect(found == m)
  }

  @Test func texturesComeBackWithTheirPlaceAndWrap() throws {
    var m = Material()
    m.baseColorTexture = TextureUse(
      texture: checkerboard(), scale: Vector2(2, 3), offset: Vector2(0.25, 0.5), rotation: 0.75, wrapU: .mirror,
      wrapV: .clamp)
    let made = try export(frame([instance(Box().makeMesh(), material: m)]))
    let use = try #require(try imported(made).materials[0].baseColorTexture)
    #expect(use.scale == Vector2(2, 3) && use.offset == Vector2(0.25, 0.5) && use.rotation == 0.75)
    #expect(use.wrapU == .mirror && use.wrapV == .clamp)
    #expect(try json(made)["extensionsUsed"]?.items.contains(Node(.string("KHR_texture_transform"))) == true)
  }

  @Test func aRampIsPutIntoTheTexels() throws {
    var m = Material(baseColor: Vector3(1, 1, 1))
    let scalar = Texture(scalar: Plane(width: 2, height: 1, values: [0, 65535]))
    m.baseColorTexture = TextureUse(
      texture: scalar, ramp: .init(first: Vector3(1, 0, 0), second: Vector3(0, 0.21586, 1)))
    let use = try #require(
      try imported(export(frame([instance(Box().makeMesh(), material: m)]))).materials[0].baseColorTexture)
    let image = try decodeImage(use.embedded?.bytes ?? [])
    #expect(image.samples == .eight([255, 0, 0, 0, 128, 255]))
  }

  @Test func alphaIsKeptWhereItCounts() throws {
    for (mode, channels) in [(Material.AlphaMode.opaque, 3), (.mask(cutoff: 0.5), 4), (.blend, 4)] {
      var m = Material()
      m.alphaMode = mode
      m.baseColorTexture = TextureUse(texture: checkerboard(alpha: 32896))
      let use = try #require(
        try imported(export(frame([instance(Box().makeMesh(), material: m)]))).materials[0].baseColorTexture)
      let image = try decodeImage(use.embedded?.bytes ?? [])
      #expect(image.channels == channels)
      if channels == 4, case .eight(let s) = image.samples { #expect(s[3] == 128 && s[7] == 255) }
    }
  }

  @Test func projectedTexturesGetCoordinates() throws {
    var m = Material()
    m.projection = .triplanar(scale: 2)
    m.baseColorTexture = TextureUse(texture: checkerboard())
    let box = Box(size: Vector3(1, 1, 1)).makeMesh()
    let made = try export(frame([instance(box, material: m)]))
    let again = try imported(made).mesh
    expectSame(corners(again), corners(box))
    for v in again.vertices {
      // Seen along y from the front, x runs to the right and z up.
      if v.normal.y < -0.9 { #expect(v.uv == Vector2f(2 * v.position.x, -2 * v.position.z)) }
      if v.normal.z > 0.9 { #expect(v.uv == Vector2f(2 * v.position.x, -2 * v.position.y)) }
    }
    #expect(made.notes.contains { $0.hasPrefix("thing: textures that are projected") })
  }

  @Test func decalsAreCutToTheirBox() throws {
    var m = Material()
    let decal = Decal(
      center: Vector3(0, 0, 0.5), facing: Vector3(0, 0, 1), up: Vector3(0, 1, 0), size: Vector2(0.5, 0.25), depth: 0.1,
      texture: TextureUse(texture: Texture(scalar: Plane(width: 2, height: 1, values: [0, 65535]))), isMask: true,
      color: Vector3(1, 0, 0), opacity: 0.75)
    m.decals = [decal]
    let made = try export(frame([instance(Box().makeMesh(), id: 4, material: m)]))
    let again = try imported(made)
    #expect(again.materials.map(\.name) == ["thing", "thing/decal"])
    #expect(again.materials[1].alphaMode == .blend && again.materials[1].opacity == 0.75)
    let image = try decodeImage(try #require(again.materials[1].baseColorTexture?.embedded).bytes)
    #expect(image.samples == .eight([255, 255, 255, 0, 255, 255, 255, 255]))
    var area = 0.0
    let c = corners(again.mesh)
    for t in 0..<again.mesh.triangleCount where again.mesh.materialSlots[t] == 1 {
      area += cross(c[3 * t + 1] - c[3 * t], c[3 * t + 2] - c[3 * t]).length / 2
      for k in 0..<3 {
        let (p, v) = (c[3 * t + k], again.mesh.vertices[Int(again.mesh.indices[3 * t + k])])
        #expect(p.z > 0.5 && p.z < 0.501 && abs(p.x) <= 0.2501 && abs(p.y) <= 0.1251)
        #expect(abs(Double(v.uv.x) - (p.x / 0.5 + 0.5)) < 1e-5 && abs(Double(v.uv.y) - (0.5 - p.y / 0.25)) < 1e-5)
      }
    }
    #expect(abs(area - 0.125) < 1e-5)
    // Who is seen there is the object.
    let nodes = try json(made)["nodes"]?.items ?? []
    #expect(nodes.count { $0["extras"]?["instance_id"] == Node(.integer(4)) } == 2)
  }

  // MARK: Camera and lights

  /// Takes a node's matrix as glTF has it: columns, +Y up.
  private func place(_ node: Node) -> AffineTransform {
    let m = node["matrix"]?.numbers ?? []
    return AffineTransform(
      linear: Matrix3(columns: Vector3(m[0], m[1], m[2]), Vector3(m[4], m[5], m[6]), Vector3(m[8], m[9], m[10])),
      translation: Vector3(m[12], m[13], m[14]))
  }

  @Test func theCameraSeesPointsWhereTheFramesDoes() throws {
    let made = frame([instance(Box().makeMesh())]) {
      ($0.camera.fx, $0.camera.fy) = (310, 290)
    }
    let root = try json(export(made))
    let node = try #require(root["nodes"]?.items.first { $0["camera"] != nil })
    let lens = try #require(root["cameras"]?.items[0]["perspective"])
    let (yfov, aspect) = (try #require(lens["yfov"]?.number), try #require(lens["aspectRatio"]?.number))
    let toCamera = try #require(place(node).inverse)
    for p in [Vector3(0, 0, 0), Vector3(0.5, -0.25, 1), Vector3(-1, 1, 0.5)] {
      // glTF 2.0, section 3.10.3: normalized device coordinates, y up.
      let q = toCamera * p
      let half = StableMath.sincos(yfov / 2)
      let t = half.sin / half.cos
      let device = Vector2(q.x / (-q.z * t * aspect), q.y / (-q.z * t))
      let pixel = Vector2((device.x + 1) / 2 * 320, (1 - device.y) / 2 * 240)
      let expected = try #require(made.camera.project(made.camera.worldToCamera * p))
      #expect((pixel - expected).x.magnitude < 1e-6 && (pixel - expected).y.magnitude < 1e-6)
    }
  }

  @Test func lightsHaveTheirUnitsPlacesAndDirections() throws {
    let made = frame([instance(Box().makeMesh())]) {
      $0.exposure = 1
      $0.lights = [
        LocalLight(.point, position: Vector3(1, 2, 3), intensity: Vector3(10, 5, 0)),
        LocalLight(
          .spot(axis: Vector3(0, 1, 0), inner: 0.25, outer: 0.5), position: Vector3(0, -2, 1),
          intensity: Vector3(4, 4, 4)),
        LocalLight(
          .rectangle(halfWidth: Vector3(0.5, 0, 0), halfHeight: Vector3(0, -0.25, 0)), position: Vector3(0, 0, 2),
          intensity: Vector3(3, 3, 3)),
      ]
    }
    let file = try export(made)
    let root = try json(file)
    let lights = root["extensions"]?["KHR_lights_punctual"]?["lights"]?.items ?? []
    #expect(lights.map { $0["type"] } == ["directional", "point", "spot", "spot"].map { Node(.string($0)) })
    // Exposure 1 is twice the light; the rectangle has half a square metre.
    #expect(lights.map { $0["intensity"]?.number } == [6, 20, 8, 3])
    #expect(lights[1]["color"]?.numbers == [1, 0.5, 0])
    #expect(lights[2]["spot"]?["innerConeAngle"]?.number == 0.25)
    #expect(lights[3]["spot"]?["outerConeAngle"]?.number == .pi / 2)
    let nodes = (root["nodes"]?.items ?? []).filter { $0["extensions"] != nil }.map(place)
    let rays = nodes.map { -$0.linear.column2 }
    #expect((rays[0] + Vector3(0.6, 0, 0.8)).length < 1e-12)
    #expect((rays[2] - Vector3(0, 1, 0)).length < 1e-12)
    #expect((rays[3] - Vector3(0, 0, -1)).length < 1e-12)
    #expect(nodes[1].translation == Vector3(1, 2, 3))
    #expect(nodes.allSatisfy { $0.linear.orthonormalityError < 1e-12 && $0.linear.determinant > 0 })
    #expect(file.notes.contains("a rectangular light is a wide spot"))
  }

  // MARK: The file

  @Test func whatIsLeftOutIsTold() throws {
    let file = try export(
      frame([instance(Box().makeMesh())]) {
        $0.camera.cx = 150
        $0.ambient.sky = Vector3(1, 1, 1)
        $0.photography.lens.naturalVignetting = 1
      })
    #expect(file.notes.count == 3, "\(file.notes)")
    #expect(try json(file)["asset"]?["extras"]?["notes"]?.items == file.notes.map { Node(.string($0)) })
  }

  @Test func whatLightsAndShadowsLoseIsTold() throws {
    var box = instance(Box().makeMesh())
    box.castsShadow = false
    let file = try export(
      frame([box]) {
        $0.sun?.castsShadow = false
        $0.ambientOcclusion = AmbientOcclusion()
        $0.lights = [
          LocalLight(
            .spot(axis: Vector3(0, 0, -1), inner: 0.2, outer: 0.5), position: Vector3(0, 0, 3),
            intensity: Vector3(1, 1, 1), castsShadow: false)
        ]
      })
    for part in [
      "sun, light 1: that the light casts no shadows", "the radius of points and spots", "the edge of a spot",
      "out of corners", "thing: that it casts no shadow",
    ] { #expect(file.notes.contains { $0.contains(part) }, "\(part): \(file.notes)") }
  }

  @Test func allThatShareAProjectedMeshAreTold() throws {
    var m = Material()
    m.projection = .triplanar(scale: 2)
    m.baseColorTexture = TextureUse(texture: checkerboard())
    let box = Box().makeMesh()
    let made = try export(frame([instance(box, "a", material: m), instance(box, "b", id: 2, material: m)]))
    #expect(made.notes.contains { $0.hasPrefix("a, b: textures that are projected") }, "\(made.notes)")
  }

  @Test func aSmallDecalLiesCloseToALargeObject() throws {
    var m = Material()
    m.decals = [
      Decal(
        center: Vector3(0, 0, 20), facing: Vector3(0, 0, 1), up: Vector3(0, 1, 0), size: Vector2(0.5, 0.25), depth: 0.1,
        texture: TextureUse(texture: checkerboard()), isMask: false)
    ]
    let box = Box(size: Vector3(40, 40, 40)).makeMesh()
    let mesh = try imported(export(frame([instance(box, material: m)]))).mesh
    let top = corners(mesh).map(\.z).max() ?? 0
    #expect(top > 20 && top < 20.001, "\(top)")
  }

  @Test func theBytesFollowFromTheFrame() throws {
    let shown = frame([instance(Sphere().makeMesh(), "a"), instance(Box().makeMesh(), "b", id: 2)])
    let bytes = try export(shown).bytes
    #expect(try export(shown).bytes == bytes)
    #expect(bytes.count % 4 == 0)
    #expect(bytes.count == Int(bytes[8]) | Int(bytes[9]) << 8 | Int(bytes[10]) << 16)
  }

  @Test func viewsAreAlignedAndWithinTheBuffer() throws {
    var m = Material()
    m.baseColorTexture = TextureUse(texture: checkerboard())
    let root = try json(
      export(frame([instance(Sphere().makeMesh(), material: m), instance(Box().makeMesh(), "b", id: 2)])))
    let count = try #require(root["buffers"]?.items[0]["byteLength"]?.number)
    var end = 0.0
    for view in root["bufferViews"]?.items ?? [] {
      let (offset, length) = (view["byteOffset"]?.number ?? -1, view["byteLength"]?.number ?? -1)
      #expect(offset.truncatingRemainder(dividingBy: 4) == 0 && offset >= end && length > 0)
      end = offset + length
    }
    #expect(end == count)
  }

  @Test func namesComeOnce() throws {
    let box = Box().makeMesh()
    let root = try json(
      export(frame([instance(box, "camera"), instance(box, "sun", id: 2), instance(box, "world", id: 3)])))
    let names = (root["nodes"]?.items ?? []).compactMap { $0["name"]?.json }
    #expect(Set(names).count == names.count && names.count == 6)
  }
}
