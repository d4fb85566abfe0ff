import Documents
import Geometry
import Stage
import Testing

@testable import Sampling

/// `modifiers:`, `surface:` and `decals:`.
@Suite struct ContentTests {
  private func frame(_ object: String, index: Int = 0) throws -> Frame {
    try compiled("camera: {eye: [5, 0, 1]}\nobjects:\n  - {id: a, \(object)}").frame(index, assets: TestAssets())
  }

  @Test func modifiersBendTheMesh() throws {
    let f = try frame("shape: {box: {size: [1, 1, 2]}}, scale: 3, modifiers: [taper: {ratio: 0.5}, twist]")
    let expected = Box(size: Vector3(1, 1, 2)).makeMesh().modified(by: [Taper(ratio: 0.5), Twist()])
    #expect(f.instances[0].mesh == expected)
    #expect(f.instances[0].objectToWorld.linear.row0.x == 3)
    // A compound is bent as one.
    let parts = try frame("parts: [{shape: box}, {shape: sphere, position: [0, 0, 1]}], modifiers: [bend: {angle: 30}]")
    #expect(parts.instances[0].mesh.slotNames.count == 2 && parts.instances[0].materials.count == 2)
  }

  /// Layouts see the bent object: a twisted bar is wider than a straight one.
  @Test func boundsFollowTheModifiers() throws {
    func height(_ modifiers: String) throws -> Double {
      let f = try frame("shape: {box: {size: [0.2, 0.2, 4]}}, rest: true, modifiers: [\(modifiers)]")
      return f.instances[0].objectToWorld.translation.z
    }
    #expect(abs(try height("taper: {ratio: 0.5}") - 2) < 1e-9)
    // Bent into three quarters of a circle of radius 4 / (3/2 pi): it reaches below its middle by less than before.
    let bent = try height("bend: {angle: 270}")
    #expect(bent > 0.7 && bent < 1.2, "\(bent)")
    // The box around the bent box is never smaller than the bent mesh.
    let shapes: [(String, [any Modifier])] = [
      ("bend: {angle: 120, direction: 30}", [Bend(angle: 120, direction: 30)]),
      ("noise: {amplitude: 0.05}", [NoiseWarp(amplitude: 0.05)]), ("twist: {angle: 200}", [Twist(angle: 200)]),
    ]
    for (text, modifiers) in shapes {
      let mesh = Box(size: Vector3(0.2, 0.2, 4)).makeMesh().modified(by: modifiers)
      #expect(try height(text) >= -mesh.lowerBound.z - 1e-3, "\(text)")
    }
  }

  @Test func layersBecomeMaps() throws {
    let f = try frame(
      "shape: box, material: {surface: {layers: [plastic, rust: {coverage: 0.5}], scale: 3, relief: 2}}")
    let m = f.instances[0].materials[0]
    #expect(m.baseColor == Vector3(1, 1, 1) && m.roughness == 1 && m.metallic == 1 && m.normalScale == 2)
    #expect(m.baseColorTexture?.scale == Vector2(3, 3) && m.metallicRoughnessTexture?.encoding == .linear)
    var rust = Rust()
    rust.coverage = 0.5
    #expect(m.normalTexture?.texture.digest == SurfaceMaps([Plastic(), rust], resolution: 16).normal?.digest)
    let tinted = try frame("shape: box, material: {color: [1, 0.5, 0.5], roughness: 0.5, surface: {layers: [plastic]}}")
    #expect(tinted.instances[0].materials[0].baseColor.y == 0.5 && tinted.instances[0].materials[0].roughness == 0.5)
  }

  @Test func decalsAreLaidOnEverySlot() throws {
    let f = try frame(
      "shape: box, decals: [{texture: {pattern: {text: {text: A7}}}, center: [0, 0, 0.5], size: [0.4, 0.2], "
        + "color: [1, 0, 0], roughness: 0.2}, {texture: {pattern: dots, colors: [0, 1]}, facing: [1, 0, 0]}]")
    let decals = f.instances[0].materials[0].decals
    #expect(decals.count == 2)
    #expect(decals[0].isMask && decals[0].color == Vector3(1, 0, 0) && decals[0].roughness == 0.2)
    #expect(decals[0].coordinates(Vector3(0, 0, 0.5), normal: Vector3(0, 0, 1)) == Vector2(0.5, 0.5))
    // Facing up, its upper edge lies along +y.
    #expect(
      decals[0].coordinates(Vector3(-0.1, 0.05, 0.5), normal: Vector3(0, 0, 1)).map { $0.x < 0.5 && $0.y < 0.5 } == true
    )
    #expect(!decals[1].isMask && decals[1].texture.ramp != nil)
  }

  @Test func aPrintedFrameIsTheSameAgain() throws {
    let text = """
      camera: {eye: [5, 0, 1]}
      objects:
        - id: things
          count: 4
          rest: true
          shape: {$choice: [{blob: {seed: {$integer: [0, 99]}}}, {superquadric: {side: {$uniform: [0.2, 1.8]}}}]}
          modifiers:
            - bend: {angle: {$uniform: [-60, 60]}, axis: {$choice: [x, z]}}
            - noise: {amplitude: {$uniform: [0, 0.05]}, seed: {$integer: [0, 99]}}
          material: {surface: {layers: [paint: {color: {$hsv: {hue: [0, 360]}}, wear: {$uniform: [0, 1]}}]}}
          decals:
            - {texture: {pattern: {text: {text: {$choice: [AB, CD]}}}}, opacity: {$uniform: [0, 1]}}
      """
    let (scene, assets) = (try compiled(text), TestAssets())
    for k in 0..<3 {
      let again = try compiled(yaml(try scene.document(frame: k)))
      #expect(fingerprint(try again.frame(0, assets: assets)) == fingerprint(try scene.frame(k, assets: assets)))
    }
  }

  @Test func faultsAreNamed() throws {
    func message(_ object: String) -> String {
      do {
        _ = try frame(object)
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(message("shape: box, modifiers: [bent]").contains("objects[0].modifiers[0]: found modifier \"bent\""))
    #expect(message("shape: box, modifiers: [taper: {ratio: 0}]").contains("modifiers[0].taper.ratio"))
    #expect(message("shape: box, material: {surface: {layers: [rost]}}").contains("did you mean \"rust\"?"))
    #expect(message("shape: box, material: {surface: {layers: []}}").contains("1 to 8 layers"))
    #expect(
      message("shape: box, material: {texture: {pattern: dots}, surface: {layers: [rust]}}").contains("one of the two"))
    #expect(message("shape: box, decals: [{size: [1, 1]}]").contains("texture"))
    #expect(
      message("shape: box, decals: [{texture: {pattern: dots}, facing: [0, 0, 1], up: [0, 0, 1]}]")
        .contains("two directions"))
    #expect(
      message("shape: {extrusion: {outline: [[0, 0], [1, 1], [1, 0], [0, 1]]}}").contains("an outline without area"))
  }
}
