import Geometry
import Imaging
import Rasterization
import Stage
import Testing

/// Threads inside one frame share its tiles; which of them draws which tile decides nothing.
@Suite struct ThreadTests {
  /// Five by four tiles, the last ones cut; bodies that reach over many tiles, behind each other and in shadow.
  static func frame(_ turn: Double) -> Frame {
    let eye = Vector3(4 * StableMath.cos(turn), 4 * StableMath.sin(turn), 3)
    let rotation = Camera.lookAt(eye: eye, target: Vector3(0, 0, 0.3), up: Vector3(0, 0, 1)) ?? .identity
    var ground = PlaneShape()
    ground.size = Vector2(20, 20)
    let checker = TextureUse(
      texture: Texture.baked(CheckerPattern(), resolution: 64), scale: Vector2(8, 8),
      ramp: .init(first: Vector3(0.1, 0.2, 0.3), second: Vector3(0.9, 0.8, 0.6)))
    var instances = [
      Instance(
        id: 0, category: 0, name: "ground", mesh: ground.makeMesh(), objectToWorld: .identity,
        materials: [Material(baseColorTexture: checker)])
    ]
    let meshes = [
      Box().makeMesh(), Torus(majorRadius: 0.7, minorRadius: 0.3).makeMesh(), Sphere(radius: 0.6).makeMesh(),
    ]
    for k in 0..<9 {
      instances.append(
        Instance(
          id: UInt32(k + 1), category: 1 + k % 3, name: "things[\(k)]", mesh: meshes[k % 3],
          objectToWorld: AffineTransform(
            translation: Vector3(Double(k % 3) - 1, Double(k / 3) - 1, 0.3 + 0.2 * Double(k % 4))),
          materials: [Material(baseColorTexture: checker, roughness: 0.2 + 0.08 * Double(k))]))
    }
    return Frame(
      index: 0, width: 150, height: 110,
      camera: Camera(
        fx: 130, fy: 130, cx: 75, cy: 55, rotation: rotation, translation: -(rotation * eye)),
      background: Vector3(0.3, 0.5, 0.8),
      sun: Sun(direction: Vector3(0.48, 0.36, 0.8), irradiance: Vector3(3, 2.9, 2.7)),
      ambient: HemisphericLight(sky: Vector3(0.35, 0.4, 0.5), ground: Vector3(0.2, 0.18, 0.15)), instances: instances)
  }

  @Test func pixelsAndLabelsDoNotDependOnThreads() {
    let one = Rasterizer()
    let many = [2, 5].map { Rasterizer(threads: $0) }
    for turn in [0.3, 1.9, 4.4] {
      let frame = ThreadTests.frame(turn)
      let expected = one.render(frame)
      #expect(Set(expected.gbuffer.instanceIndex.values).count > 8, "most of the bodies are seen")
      for (rasterizer, threads) in zip(many, [2, 5]) {
        // Again and again, as which thread takes which tile is the scheduler's choice.
        for _ in 0..<4 {
          let found = rasterizer.render(frame)
          #expect(found.rgb == expected.rgb, "\(threads) threads")
          #expect(found.gbuffer.instanceIndex.values == expected.gbuffer.instanceIndex.values, "\(threads) threads")
          #expect(found.gbuffer.depth.values == expected.gbuffer.depth.values, "\(threads) threads")
        }
      }
    }
  }
}
