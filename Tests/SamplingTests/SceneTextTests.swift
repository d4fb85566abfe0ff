import Documents
import Foundation
import Testing

@testable import Sampling

/// `CompiledScene.text`: what a dataset keeps of its scene is the whole scene.
@Suite struct SceneTextTests {
  /// The scenes that come with the program.
  static let scenes: [String] = {
    let root = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appendingPathComponent("Scenes")
    let names = FileManager.default.enumerator(atPath: root.path)?.compactMap { $0 as? String } ?? []
    return names.filter { $0.hasSuffix(".yaml") }.sorted().map { root.path + "/" + $0 }
  }()

  @Test func aScenesTextIsTheScene() throws {
    #expect(SceneTextTests.scenes.count > 20)
    for path in SceneTextTests.scenes {
      let scene = try CompiledScene.load(path: path, overrides: SceneOverrides(seed: 7))
      // Files are named from the scene's folder; libraries are in the text already.
      let again = try CompiledScene(
        text: scene.annotatedText, path: path.replacing(".yaml", with: "-kept.yaml"), overrides: SceneOverrides(seed: 7)
      )
      #expect(again.text == scene.text && again.annotatedText == scene.annotatedText, "\(path)")
      #expect(again.frameCount == scene.frameCount && again.categories == scene.categories)
      #expect(again.annotations.map { canonicalText($0) } == scene.annotations.map { canonicalText($0) })
      // Where a library lies in another folder, files that it names have other paths.
      guard again.digest == scene.digest else {
        #expect(!scene.assets.isEmpty, "\(path)")
        continue
      }
      for frame in [0, 5] {
        let (a, b) = (try scene.sampled(frame: frame, attempt: 0), try again.sampled(frame: frame, attempt: 0))
        #expect(canonicalText(a.document) == canonicalText(b.document), "\(path), frame \(frame)")
      }
    }
  }

  @Test func editsFindTheirPlace() throws {
    let document = try documentTree(
      """
      sun: {elevation: 50}
      objects:
        - {id: a.b, position: [1, 2, 3], shape: sphere}
        - {id: "a[0]", parts: [{name: x, color: red}, {name: y}]}
      """)
    for (edit, find) in [
      ("sun.elevation=3", "sun: {elevation: 3}"), ("exposure=0.5", "exposure: 0.5"),
      ("objects.a.b.position[1]=9", "position: [1, 9, 3]"), ("objects.a[0].parts[1].name=z", "name: z"),
      ("objects[0].position=[0, 0, 0]", "position: [0, 0, 0]"),
      ("objects.a.b.shape.sphere.radius=2", "sphere: {radius: 2}"),
      ("camera.sensor.iso=800", "sensor: {iso: 800}"), ("sun=null", "sun: null"),
    ] {
      let changed = yaml(try DocumentEdit(edit).apply(to: document))
      #expect(changed.contains(find), "\(edit): \(changed)")
    }
    for (edit, expected) in [
      ("objects.c.position=1", "found element \"c\""), ("objects.a.b.position[3]=1", "[0] to [2]"),
      ("sun.elevation.x=1", "a path that ends there"), ("objects[2].id=1", "[0] to [1]"),
    ] {
      do {
        _ = try DocumentEdit(edit).apply(to: document)
        Issue.record("\(edit) is taken")
      } catch { #expect(error.message(files: []).contains(expected), "\(error.message(files: []))") }
    }
  }
}
