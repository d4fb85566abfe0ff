import Documents
import Glibc
import Testing

@testable import Sampling

/// Includes and files by pattern, in a folder that is made for the test.
@Suite struct LoadingTests {
  private func folder(_ files: [String: String]) throws -> String {
    var template = Array("/tmp/diorama-test-XXXXXX".utf8CString)
    guard let made = mkdtemp(&template) else { throw SceneError(message: "no folder") }
    let path = String(cString: made) + "/"
    for (name, text) in files {
      let parts = name.split(separator: "/").dropLast()
      for k in 0..<parts.count { mkdir(path + parts[...(parts.startIndex + k)].joined(separator: "/"), 0o755) }
      guard let file = fopen(path + name, "wb") else { throw SceneError(message: "no file \(name)") }
      fputs(text, file)
      fclose(file)
    }
    return path
  }

  private func remove(_ path: String) {
    for pattern in ["**/*", "*"] { for f in (try? Glob.files(pattern, from: path)) ?? [] { unlink(path + f) } }
    for f in ["lib/deep", "lib", "tex/sub", "tex", ""] { rmdir(path + f) }
  }

  @Test func licencesStandBesideAssets() throws {
    let path = try folder([
      "a.obj": "v 0 0 0", "b.obj": "v 0 0 0", "c.obj": "v 0 0 0",
      "a.obj.license": "SPDX-FileCopyrightText: 2026 A: B\r\n SPDX-License-Identifier:  CC0-1.0 \r\nPhotograph: no\r\n",
      "b.obj.license": "SPDX-License-Identifier: MIT\nSPDX-License-Identifier: CC-BY-4.0\nPhotograph: perhaps\n",
    ])
    defer { remove(path) }
    #expect(AssetLicense.of(path + "a.obj") == AssetLicense(license: "CC0-1.0", isPhotograph: false))
    #expect(AssetLicense.of(path + "b.obj") == AssetLicense(license: "MIT AND CC-BY-4.0"))
    #expect(AssetLicense.of(path + "c.obj") == AssetLicense())
  }

  @Test func librariesAndPatterns() throws {
    let files = [
      "scene.yaml": """
      include: lib/all.yaml
      camera: {eye: [5, 0, 1]}
      frames: 50
      let: {size: 2}
      objects:
        - {id: a, prototype: crate, material: {texture: {file: {$glob: "tex/*.png"}}}}
        - {id: b, shape: box, material: {texture: {file: {$glob: {patterns: ["tex/a.png", "tex/**/*.png"], weights: [0, 1]}}}}}
      """,
      "lib/all.yaml":
        "include: [deep/more.yaml]\nlet: {size: 1, other: {$expr: \"size * 2\"}}\nmaterials: {m: {roughness: 0.1}}",
      "lib/deep/more.yaml":
        "prototypes: {crate: {category: crate, shape: {box: {size: [{$expr: other}, 1, 1]}}, material: m}}",
      "tex/b.png": "b", "tex/a.png": "a", "tex/sub/c.png": "c", "tex/.hidden.png": "h", "tex/note.txt": "n",
    ]
    let path = try folder(files)
    defer { remove(path) }
    let scene = try CompiledScene.load(path: path + "scene.yaml")
    var seen: Set<String> = []
    for k in 0..<50 {
      let text = yaml(try scene.document(frame: k))
      for name in ["tex/a.png", "tex/b.png", "tex/sub/c.png"] where text.contains(name) { seen.insert(name) }
      #expect(text.contains("[4, 1, 1]"), "the scene's own value counts")
    }
    #expect(seen.count == 3)
    #expect(try Glob.files("tex/*.png", from: path) == ["tex/a.png", "tex/b.png"])
    #expect(try Glob.files("**/*.png", from: path) == ["tex/a.png", "tex/b.png", "tex/sub/c.png"])
    let elsewhere = try folder(files)
    defer { remove(elsewhere) }
    #expect(try CompiledScene.load(path: elsewhere + "scene.yaml").digest == scene.digest)
    let changed = try folder(files.merging(["tex/a.png": "A"]) { _, new in new })
    defer { remove(changed) }
    #expect(try CompiledScene.load(path: changed + "scene.yaml").digest != scene.digest)
  }

  @Test func faultsOfIncludes() throws {
    let path = try folder([
      "loop.yaml": "include: loop.yaml\ncamera: {eye: [5, 0, 1]}",
      "ring.yaml": "include: a.yaml\ncamera: {eye: [5, 0, 1]}", "a.yaml": "include: b.yaml",
      "b.yaml": "let: {}\ninclude: [a.yaml]",
      "none.yaml": "include: nowhere.yaml", "wrong.yaml": "include: odd.yaml\ncamera: {eye: [5, 0, 1]}",
      "odd.yaml": "\nobjects: []",
      "bad.yaml": "include: broken.yaml", "broken.yaml": "let: {a: 1, a: 2}",
    ])
    defer { remove(path) }
    func said(_ name: String) -> String {
      do {
        _ = try CompiledScene.load(path: path + name)
        return "nothing"
      } catch { return error.message.replacing(path, with: "") }
    }
    #expect(
      said("loop.yaml")
        == "loop.yaml:1:10: include[0]: found \"loop.yaml\", which includes itself, expected files without a circle")
    #expect(said("ring.yaml").hasPrefix("b.yaml:2:11: ") && said("ring.yaml").contains("includes itself"))
    #expect(
      said("none.yaml")
        == "none.yaml:1:10: include[0]: found \"nowhere.yaml\": No such file or directory, expected a file to include")
    #expect(said("wrong.yaml").hasPrefix("odd.yaml:2:1: include[0]: found key of an included file \"objects\""))
    #expect(said("bad.yaml").contains("the key \"a\" a second time"))
  }

  @Test func namesMatchPatterns() {
    func matches(_ name: String, _ pattern: String) -> Bool {
      Glob.matches(Array(name.utf8)[...], Array(pattern.utf8)[...])
    }
    #expect(matches("a.png", "*.png") && matches("a.png", "?.p*g") && matches("a.png", "*") && matches("", "*"))
    #expect(!matches("a.jpg", "*.png") && !matches("ab.png", "?.png") && !matches("a.pngx", "*.png"))
    #expect(!matches(String(repeating: "a", count: 5000), String(repeating: "*a", count: 40) + "b"))
  }
}
