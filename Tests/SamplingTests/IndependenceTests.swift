import Documents
import Testing

@testable import Sampling

/// A draw belongs to its parameter: what else is in the document does not touch it.
@Suite struct IndependenceTests {
  static let scenes = ["bin", "characters", "defects", "distractors", "dominoes", "primitives", "road", "shelf"]

  /// Every draw of a frame's first attempt by path and turn, as text.
  private func draws(_ scene: CompiledScene, frame: Int) throws -> [String: String] {
    var turns: [String: Int] = [:]
    var values: [String: String] = [:]
    for d in try scene.sampled(frame: frame, attempt: 0, traced: true).trace {
      let turn = turns[d.path, default: 0]
      turns[d.path] = turn + 1
      values["\(d.path) \(turn)"] = "\(d.distribution) \(yaml(d.value))"
    }
    return values
  }

  /// An object put before all others, with parameters of its own, and a random exposure at the end: every other object
  /// has moved in its list, and every draw is as it was. Read backwards it says the same of removing them.
  @Test(arguments: scenes) func addingAndMovingLeavesOtherDrawsAlone(name: String) throws {
    let path = sceneFolder + name + ".yaml"
    let bytes = try TextFile.bytes(path, limit: DocumentLimits.bytes)
    let text = try #require(String(validating: bytes, as: UTF8.self))
    let added = """

      objects:
        - id: added
          solid: false
          shape: {box: {size: [{$uniform: [1, 2]}, 1, 1]}}
          position: {$uniform: [[0, 0, -91], [1, 1, -90]]}

      """
    let grownText = text.replacing("\nobjects:\n", with: added, maxReplacements: 1)
    #expect(grownText != text)
    let hasExposure = text.contains("\nexposure:")
    let before = try CompiledScene(text: text, path: path)
    let after = try CompiledScene(
      text: grownText + (hasExposure ? "" : "\nexposure: {$uniform: [0, 1]}\n"), path: path)
    for frame in [0, 1, 7] {
      let (old, new) = (try draws(before, frame: frame), try draws(after, frame: frame))
      #expect(!old.isEmpty)
      for (draw, value) in old where new[draw] != value {
        Issue.record("frame \(frame), \(draw): was \(value), became \(new[draw] ?? "nothing")")
      }
      #expect(new.count >= old.count + 2)
    }
  }
}
