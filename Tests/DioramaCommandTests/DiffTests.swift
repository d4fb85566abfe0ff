import Foundation
import Testing

/// `diorama diff`: datasets, frames and pictures.
@Suite struct DiffTests {
  func dataset(_ scratch: Scratch, _ name: String, _ scene: GoldenScene, _ options: String...) throws -> String {
    try scene.write(to: scratch)
    let outcome = try shell(
      ([
        "exec", "\"$diorama\"", "render", "'\(scratch.path("scene.yaml"))'", "--quiet", "--out",
        "'\(scratch.path(name))'",
      ]
        + options).joined(separator: " "))
    #expect(outcome.code == 0, "\(outcome.errors)")
    return scratch.path(name)
  }

  @Test func datasets() throws {
    let scratch = try Scratch()
    let a = try dataset(scratch, "a", GoldenScene(), "--frames 5 --chunk 2")
    // Other chunks, another layout: the same frames.
    let same = try dataset(scratch, "same", GoldenScene(), "--frames 5 --chunk 4 --layout tar --threads 3")
    let equal = try diorama("diff", a, same)
    #expect(equal.code == 0 && equal.output.contains("5 frames, no difference"), "\(equal.output)\(equal.errors)")

    var scene = GoldenScene()
    scene.corner = "0.401"
    let b = try dataset(scratch, "b", scene, "--frames 4")
    let told = scratch.path("told.json")
    let outcome = try diorama("diff", a, b, "--json", told, "--report", scratch.path("r.html"))
    #expect(outcome.code == 1)
    let found = try Told(told)
    #expect(found.lookedAt == 5 && found.frames.count == 5)
    // The gravest first: a frame that is missing.
    #expect(found.frames[0].frame == 4 && found.frames[0].differences[0].kind == "frame missing")
    #expect(found.instances(in: "depth") == ["left"])
    #expect(found.frames[1].command.contains("#"))
    // Of the frames asked for.
    #expect(try diorama("diff", a, b, "--frames", "4").code == 1)
    #expect(try diorama("diff", a, b, "--frames", "9").code == 65)

    // One frame against itself, against another, against its picture.
    #expect(try diorama("diff", a + "#2", same + "#2").code == 0)
    let other = try diorama("diff", a + "#2", same + "#3")
    #expect(other.code == 1 && other.output.contains("camera"), "\(other.output)")
    #expect(try diorama("diff", a + "#2", a + "/images/000002.png").code == 0)
    #expect(try diorama("diff", a + "/images/000001.png", a + "/images/000002.png").code == 1)
    for (x, y) in [
      (a, a + "#1"), (a, a + "/images/000001.png"), (a + "#77", a + "#1"), (a, scratch.path("scene.yaml")),
    ] {
      let wrong = try diorama("diff", x, y)
      #expect(wrong.code == 65 && wrong.message.count == 1, "\(x) \(y): \(wrong.code) \(wrong.errors)")
    }
    #expect(try diorama("diff", a, scratch.path("none")).code == 74)
  }

  @Test func labels() throws {
    let scratch = try Scratch()
    let a = try dataset(scratch, "a", GoldenScene(), "--frames 1")
    func difference(_ name: String, _ change: (inout GoldenScene) -> Void) throws -> Told {
      var scene = GoldenScene()
      change(&scene)
      let b = try dataset(scratch, name, scene, "--frames 1")
      let told = scratch.path(name + ".json")
      #expect(try diorama("diff", a, b, "--json", told).code == 1)
      return try Told(told)
    }
    let swapped = try difference("swapped") { $0.isSwapped = true }
    #expect(swapped.frames[0].differences.first?.kind == "order changed")
    let renamed = try difference("renamed") { $0.second = "chest" }
    #expect(renamed.planes == ["semantic"] && renamed.instances(in: "semantic") == ["right"])
  }
}
