import Stage
import Testing

@testable import Sampling

@Suite struct TutorialTests {
  @Test func everyBlockIsAScene() throws {
    let text = try SceneLoader.text("Documentation/SceneTutorial.md")
    let blocks = text.split(separator: "```yaml\n").dropFirst().compactMap { $0.split(separator: "```").first }
    #expect(blocks.count == 5)
    let assets = TestAssets()
    for (i, block) in blocks.enumerated() {
      let scene = try compiled(String(block))
      var seen: [Int: Int] = [:]
      for k in 0..<min(scene.frameCount, 20) {
        for instance in try scene.frame(k, assets: assets).instances { seen[instance.category, default: 0] += 1 }
      }
      #expect(seen[1] ?? 0 > 0, "block \(i)")
    }
  }

  @Test func theLastBlockIsBalanced() throws {
    let text = try SceneLoader.text("Documentation/SceneTutorial.md")
    let last = text.split(separator: "```yaml\n").last?.split(separator: "```").first
    let scene = try compiled(String(last ?? ""), overrides: .init(frames: 30))
    let assets = TestAssets()
    var crates = 0
    for k in 0..<30 {
      let labelled = try scene.frame(k, assets: assets).instances.filter { $0.id > 0 }
      #expect(labelled.count == 1)
      crates += labelled[0].category == 1 ? 1 : 0
    }
    #expect(crates == 15)
  }
}
