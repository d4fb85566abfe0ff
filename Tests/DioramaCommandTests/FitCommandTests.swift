import Foundation
import Testing

/// `diorama fit` as its users run it.
@Suite struct FitCommandTests {
  private static let scene = """
    image: {width: 96, height: 72}  # small
    seed: 3
    camera: {eye: [0, -6, 3], target: [0, 0, 0.4], fov: 50}
    objects:
      - id: balls
        category: ball
        count: {$integer: [1, 3]}   # few
        shape: {sphere: {segments: 16, rings: 8}}
        position: {$uniform: [[-2, -1, 0.5], [2, 1, 0.5]]}
        scale: {$uniform: [0.6, 1]}

    """

  @Test func aSceneIsFittedAndWrittenOnce() throws {
    let scratch = try Scratch()
    let scene = try scratch.write(Self.scene, to: "scene.yaml")
    let real = try scratch.write(Self.scene.replacing("[1, 3]", with: "[4, 8]"), to: "real.yaml")
    #expect(try diorama("render", real, "--frames", "150", "--out", scratch.path("set")).code == 0)
    let target = scratch.path("set/annotations/coco.json")
    let (out, json) = (scratch.path("fitted.yaml"), scratch.path("fit.json"))
    let first = try diorama("fit", scene, target, "--out", out, "--json", json, "--frames", "150")
    #expect(first.code == 0, "\(first)")
    #expect(first.output.contains("objects[balls].count  $integer  [1, 3] -> ["), "\(first.output)")
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(text.hasPrefix("image: {width: 96, height: 72}  # small\nseed: 3\n") && text.contains("]}   # few\n"))
    #expect(text != Self.scene)
    #expect(try diorama("check", out).code == 0)
    let report = try JSONSerialization.jsonObject(with: Data(contentsOf: URL(fileURLWithPath: json))) as? [String: Any]
    #expect(report?["format"] as? String == "diorama-fit" && (report?["changes"] as? [Any])?.isEmpty == false)

    // Never over what is there, unless told to; and then the same again.
    let second = try diorama("fit", scene, target, "--out", out, "--frames", "150")
    #expect(second.code == 65 && second.message.count == 1 && second.errors.contains("--force"))
    let third = try diorama("fit", scene, target, "--out", out, "--frames", "150", "--force", "--threads", "1")
    let rewritten = try String(contentsOfFile: out, encoding: .utf8)
    #expect(third.code == 0 && rewritten == text && third.output == first.output)

    // What is wrong ends in one message and leaves nothing.
    let damaged = try scratch.write("{\"images\":[", to: "damaged.json")
    let foreign = try scratch.write(
      "{\"images\":[],\"annotations\":[],\"categories\":[{\"id\":1,\"name\":\"bal\"}]}", to: "foreign.json")
    let none = scratch.path("none.yaml")
    for (arguments, code, part) in [
      ([scene, damaged], 65, "damaged.json"), ([scene, foreign], 65, "--map"),
      ([scene, scratch.path("no.json")], 74, "no.json"), ([scratch.path("no.yaml"), target], 65, "no.yaml"),
      ([scene, target, "--map", "ball"], 64, "--map"), ([scene, target, "--frames", "3"], 64, "--frames"),
      ([scene, target, "--vary", "camera.fof"], 65, "did you mean \"camera.fov\"?"),
      ([scene, target, "--keep", "objects"], 65, "nothing to vary"),
      ([scene, target, "--vary", "image.width"], 65, "image.width: found"),
      ([scene, target, "--json", scratch.path("nowhere/fit.json")], 74, "nowhere/fit.json"),
      ([scene, target, "--force"], 64, "--force"),
    ] as [([String], Int32, String)] {
      let extra = arguments.contains("--force") ? [] : ["--out", none]
      let outcome = try diorama(arguments: ["fit"] + arguments + extra)
      #expect(outcome.code == code && outcome.errors.contains(part), "\(arguments): \(outcome)")
      #expect(!FileManager.default.fileExists(atPath: none))
    }
  }

  /// Paths count from the scene's folder: elsewhere it would be another scene, and that is told before the work.
  @Test func whatCountsFromTheFolderStaysInIt() throws {
    let scratch = try Scratch()
    _ = try scratch.write("description: nothing\n", to: "library.yaml")
    let scene = try scratch.write("include: [library.yaml]\n" + Self.scene, to: "scene.yaml")
    try FileManager.default.createDirectory(atPath: scratch.path("other"), withIntermediateDirectories: true)
    let out = scratch.path("other/fitted.yaml")
    let outcome = try diorama("fit", scene, scratch.path("never-read.json"), "--out", out)
    #expect(outcome.code == 65 && outcome.errors.contains("expected a file beside it"), "\(outcome)")
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  /// A field of whole numbers is varied in whole numbers.
  @Test func wholeNumbersStayWhole() throws {
    let scratch = try Scratch()
    let scene = try scratch.write(Self.scene, to: "scene.yaml")
    let real = try scratch.write(Self.scene.replacing("[1, 3]", with: "[4, 8]"), to: "real.yaml")
    #expect(try diorama("render", real, "--frames", "60", "--out", scratch.path("set")).code == 0)
    let out = scratch.path("fitted.yaml")
    let outcome = try diorama(
      "fit", scene, scratch.path("set/annotations/coco.json"), "--vary", "objects[balls].shape.sphere.segments",
      "--frames", "60", "--rounds", "2", "--out", out)
    #expect(outcome.code == 0, "\(outcome)")
    let text = try String(contentsOfFile: out, encoding: .utf8)
    #expect(!text.contains("segments: {$uniform"), "\(text)")
  }
}
