import Annotators
import Documents
import Glibc
import Testing

@testable import Sampling

@Suite struct ReportingTests {
  /// Generated pages are made again with `DIORAMA_RECORD=1 swift test --filter ReportingTests`; recording fails the run.
  private func isCurrent(_ path: String, _ text: String) throws -> Bool {
    if getenv("DIORAMA_RECORD") != nil {
      guard let file = fopen(path, "wb") else { throw SceneError(message: "cannot write \(path)") }
      fputs(text, file)
      fclose(file)
      Issue.record("recorded \(path)")
    }
    return try SceneLoader.text(path) == text
  }

  @Test func theReferenceIsCurrent() throws {
    #expect(try isCurrent("Documentation/SceneLanguage.md", sceneReference(annotation: annotatorRegistry.grammar)))
  }

  @Test func theSchemaIsCurrent() throws {
    #expect(try isCurrent("Documentation/scene.schema.json", sceneSchema(annotation: annotatorRegistry.grammar)))
  }

  @Test func theSchemaIsOneDocument() throws {
    // JSON is YAML: the schema reads back, and names every key.
    let schema = try document(sceneSchema(annotation: annotatorRegistry.grammar))
    for field in LanguageGrammar.scene(annotation: annotatorRegistry.grammar) {
      #expect(schema["properties"]?[field.name] != nil, "\(field.name)")
    }
    for kind in distributionRegistry {
      #expect(schema["$defs"]?["drawn"]?["properties"]?["$" + kind.manual.name] != nil)
    }
  }

  @Test(arguments: sceneNames) func scenesAreChecked(name: String) throws {
    let assets = TestAssets()
    let scene = try CompiledScene.load(path: sceneFolder + name + ".yaml")
    scene.attach(assets: assets, visibility: nil)
    let check = try SceneCheck(scene, frames: 6, assets: assets)
    #expect(check.frames == 6 && check.objects.lowerBound > 0 && !check.text().isEmpty)
    for r in check.rules {
      #expect(r.held * 4 >= r.tested, "\(name): \(r.rule) holds too rarely: \(r.held) of \(r.tested)")
    }
    #expect(check.text().contains("$"))
  }

  @Test func explanationsNameTheDraw() throws {
    let scene = try compiled(CompiledSceneTests.small)
    let text = try scene.explain(frame: 3, path: "objects.crates[1].material")
    #expect(text.contains("objects.crates[1].material.color = [") && text.contains("<- $hsv at scene.yaml:16:"))
    #expect(text.contains("attempt 0"))
    let value = try scene.document(frame: 3)["sun"]?["azimuth"]?.number ?? 0
    #expect(try scene.explain(frame: 3, path: "sun").hasPrefix("sun.azimuth = \(value)  <- $uniform at scene.yaml:6:"))
    #expect(try scene.explain(frame: 3, path: "nothing").contains("nothing is drawn"))
  }
}
