import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

@Suite struct CompiledSceneTests {
  static let small = """
    # A comment.
    image: {width: 320, height: 200}
    frames: 10
    seed: 5
    camera: {eye: [0, -5, 2], target: [0, 0, 0], fov: 40}
    sun: {azimuth: {$uniform: [0, 360]}, elevation: 50}
    objects:
      - id: ground
        shape: {plane: {size: [10, 10]}}
      - id: crates
        category: crate
        count: {$integer: [2, 4]}
        shape: box
        position: {$in_cylinder: {radius: 2, height: 0.5}}
        rotation: {$yaw: [0, 90]}
        material: {color: {$hsv: {value: [0.5, 1]}}, roughness: {$choice: [0.2, {$uniform: [0.5, 0.6]}]}}
      - id: ball
        category: {$choice: [ball, marble]}
        shape: {sphere: {radius: {$uniform: [0.2, 0.4]}}}
        position: [0, {$normal: [0, 0.1]}, 1]
    """

  @Test(arguments: sceneNames + ["small"]) func whatSamplePrintsIsTheSameFrame(name: String) throws {
    let assets = TestAssets()
    let scene =
      name == "small"
      ? try compiled(CompiledSceneTests.small) : try CompiledScene.load(path: sceneFolder + name + ".yaml")
    scene.attach(assets: assets, visibility: nil)
    var seen: Set<String> = []
    for k in 0..<5 {
      let text = yaml(try scene.document(frame: k))
      #expect(!text.contains("$"))
      let again = try CompiledScene(text: text, path: sceneFolder + "concrete.yaml")
      let frame = try scene.frame(k, assets: assets)
      #expect(fingerprint(frame) == fingerprint(try again.frame(0, assets: assets)))
      #expect(again.categories == scene.categories)
      #expect(yaml(try again.document(frame: 0)) == text, "a concrete document describes itself")
      seen.insert(fingerprint(frame))
    }
    #expect(seen.count == 5, "every frame is another")
  }

  @Test func framesDoNotDependOnOrderOrThreads() async throws {
    let assets = TestAssets()
    let scene = try CompiledScene.load(path: sceneFolder + "dominoes.yaml")
    let alone = try (0..<16).map { fingerprint(try scene.frame($0, assets: assets)) }
    let together = try await withThrowingTaskGroup(of: (Int, String).self) { group in
      for k in (0..<16).reversed() { group.addTask { (k, fingerprint(try scene.frame(k, assets: assets))) } }
      return try await group.reduce(into: [:]) { $0[$1.0] = $1.1 }
    }
    for k in 0..<16 { #expect(together[k] == alone[k]) }
  }

  @Test func addingAndMovingLeavesOtherDrawsAlone() throws {
    let assets = TestAssets()
    func instances(_ text: String) throws -> [String: String] {
      let frame = try compiled(text).frame(3, assets: assets)
      return Dictionary(uniqueKeysWithValues: frame.instances.map { ($0.name, "\($0.objectToWorld) \($0.materials)") })
    }
    let before = try instances(CompiledSceneTests.small)
    let ball = """
        - id: new
          shape: {torus: {major_radius: {$uniform: [0.5, 1]}}}
          position: {$uniform: [[0, 0, 0], [1, 1, 1]]}
      """
    let grown = CompiledSceneTests.small.replacing(
      "objects:\n", with: "exposure: {$uniform: [0, 1]}\nobjects:\n\(ball)\n")
    let after = try instances(grown)
    #expect(after.count == before.count + 1)
    for (name, value) in before { #expect(after[name] == value, "\(name)") }
  }

  @Test func theDigestIsOfWhatCounts() throws {
    let base = try compiled(CompiledSceneTests.small).digest
    func digest(_ old: String, _ new: String) throws -> Bool {
      #expect(CompiledSceneTests.small.contains(old))
      return try compiled(CompiledSceneTests.small.replacing(old, with: new)).digest == base
    }
    #expect(try digest("# A comment.", "# Another one.\nname: x\ndescription: y"))
    #expect(try digest("seed: 5", "seed: 6"))
    #expect(try digest("frames: 10", "frames: 11"))
    #expect(try digest("eye: [0, -5, 2], target: [0, 0, 0]", "target: [0, 0, 0], eye: [0, -5, 2]"))
    #expect(try !digest("fov: 40", "fov: 41"))
    #expect(try !digest("width: 320", "width: 321"))
    #expect(try !digest("category: crate", "category: box"))
    #expect(try compiled(CompiledSceneTests.small, overrides: .init(width: 100)).digest != base)
    #expect(try compiled(CompiledSceneTests.small, overrides: .init(frames: 3, seed: 9)).digest == base)
    #expect(try CompiledScene(text: CompiledSceneTests.small, path: "/elsewhere/x.yaml").digest == base)
  }

  @Test func settingsAndOverrides() throws {
    let scene = try compiled(CompiledSceneTests.small)
    #expect(scene.name == "scene" && scene.frameCount == 10 && scene.seed == 5 && scene.output.depthScale == 0.001)
    #expect(
      scene.categories == [.init(id: 1, name: "crate"), .init(id: 2, name: "ball"), .init(id: 3, name: "marble")])
    let other = try compiled(
      CompiledSceneTests.small, overrides: .init(width: 64, height: 48, frames: 7, seed: .max))
    #expect(other.width == 64 && other.height == 48 && other.frameCount == 7 && other.seed == .max)
    let frame = try other.frame(0, assets: TestAssets())
    #expect(frame.width == 64 && frame.height == 48 && frame.camera.cx == 32)
    #expect(throws: SceneError.self) { try compiled(CompiledSceneTests.small, overrides: .init(width: 0)) }
    #expect(throws: SceneError.self) {
      try compiled(CompiledSceneTests.small, overrides: .init(width: 32768, height: 32768))
    }
  }

  @Test func idsCountLabelledObjects() throws {
    let frame = try compiled(CompiledSceneTests.small).frame(0, assets: TestAssets())
    #expect(frame.instances[0].id == 0 && frame.instances[0].category == 0)
    #expect(frame.instances.dropFirst().map(\.id) == Array(1..<UInt32(frame.instances.count)))
    #expect(frame.instances[1].name == "crates[0]")
  }

  @Test func everyNumberOfAFrameCanBeSaidExactly() throws {
    let (third, odd) = (1.0 / 3, 0.1 + 0.2)
    let text = """
      image: {width: 33, height: 7}
      camera:
        R: [[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]]
        t: [\(third), \(-odd), 4.000000000000001]
        K: [[100.1, 0, \(third)], [0, \(odd), 3.3], [0, 0, 1]]
        near: 0.025
      sun: {direction: [0.36, 0.48, 0.8], irradiance: [\(third), \(odd), 7], shadows: false}
      ambient: {sky: [\(odd), 1, 2], ground: 0.1}
      background: [\(third), 0, 0]
      exposure: \(-third)
      objects:
        - id: a
          shape: box
          matrix: [[\(third), 0, 0, \(odd)], [0, 2, 1e-9, 0], [0, 0, -3, 1e300]]
        - id: b
          mesh: {file: Package.swift}
          rotation: [[0.36, 0.48, -0.8], [-0.8, 0.6, 0.0], [0.48, 0.64, 0.6]]
          position: [\(odd), \(third), -0.0]
          materials: {lid: {color: [\(third), 0.5, 1], metallic: \(third), roughness: \(third)}}
          shadow: false
      """
    let frame = try compiled(text).frame(0, assets: TestAssets())
    let r = Matrix3(Vector3(0.36, 0.48, -0.8), Vector3(-0.8, 0.6, 0), Vector3(0.48, 0.64, 0.6))
    #expect(frame.camera.rotation == r && frame.camera.translation == Vector3(third, -odd, 4.000000000000001))
    #expect(
      frame.camera.fx == 100.1 && frame.camera.fy == odd && frame.camera.cx == third && frame.camera.near == 0.025)
    #expect(frame.sun?.direction == Vector3(0.36, 0.48, 0.8) && frame.sun?.irradiance == Vector3(third, odd, 7))
    #expect(frame.background.x == third && frame.exposure == -third && frame.ambient.sky.x == odd)
    #expect(frame.instances[0].objectToWorld.linear.row1 == Vector3(0, 2, 1e-9))
    #expect(frame.instances[0].objectToWorld.translation == Vector3(odd, 0, 1e300))
    #expect(frame.instances[1].objectToWorld.linear == r)
    #expect(frame.instances[1].materials[0].baseColor.x == third && frame.instances[1].materials[0].metallic == third)
    #expect(frame.instances[1].materials[1].roughness == 0.2, "what the mesh brings stays")
    #expect(!frame.instances[1].castsShadow)
  }

  @Test func camerasSaidInDifferentWaysAgree() throws {
    func camera(_ text: String) throws -> Camera {
      try compiled("image: {width: 200, height: 100}\ncamera: \(text)").frame(0, assets: TestAssets()).camera
    }
    func close(_ a: Camera, _ b: Camera) -> Bool {
      let p = Vector3(0.3, 0.2, 0.1)
      guard let u = a.project(a.worldToCamera * p), let v = b.project(b.worldToCamera * p) else { return false }
      return abs(u.x - v.x) + abs(u.y - v.y) < 1e-9 && (a.position - b.position).length < 1e-12
    }
    let one = try camera("{eye: [3, 0, 0], target: [0, 0, 0], fov: 90}")
    #expect(abs(one.fx - 50) < 1e-12)
    #expect(close(one, try camera("{distance: 3, azimuth: 0, elevation: 0, fov: 90}")))
    #expect(close(one, try camera("{R: [[0, 1, 0], [0, 0, -1], [-1, 0, 0]], t: [0, 0, 3], K: [50, 50, 100, 50]}")))
    #expect(
      close(
        one,
        try camera(
          "{camera_to_world: [[0, 0, -1, 3], [1, 0, 0, 0], [0, -1, 0, 0], [0, 0, 0, 1]], focal_length: 9, sensor: 36}"))
    )
    #expect(close(one, try camera("{eye: [3, 0, 0], horizontal_fov: 126.86989764584402}")))
    #expect(
      close(one, try camera("{eye: [3, 0, 0], K: [[500, 0, 1000], [0, 500, 500], [0, 0, 1]], size: [2000, 1000]}")))
    let above = try camera("{distance: 3, azimuth: 30, elevation: 90}")
    #expect(above.rotation.orthonormalityError < 1e-12 && above.position.z == 3)
    let rolled = try camera("{eye: [3, 0, 0], roll: 90}")
    #expect((rolled.rotation.row0 - one.rotation.row1).length < 1e-12)
  }
}
