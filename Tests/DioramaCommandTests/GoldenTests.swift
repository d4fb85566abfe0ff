import Foundation
import ImageCoding
import Imaging
import Testing

/// `diorama golden`: what moves is caught and named, what does not is not.
@Suite struct GoldenTests {
  /// A golden of two frames of a scene as it is.
  func recorded(_ scene: GoldenScene = GoldenScene()) throws -> Scratch {
    let scratch = try Scratch()
    try scene.write(to: scratch)
    let outcome = try diorama(
      "golden", "record", scratch.path("scene.yaml"), "--frames", "0,2", "--out", scratch.path("gold"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    return scratch
  }

  func check(_ scratch: Scratch, _ options: String...) throws -> (outcome: Outcome, told: Told) {
    let line = ["exec", "\"$diorama\"", "golden", "check", "'\(scratch.path("gold"))'"]
    let outcome = try shell((line + ["--json", "'\(scratch.path("told.json"))'"] + options).joined(separator: " "))
    return (outcome, try Told(scratch.path("told.json")))
  }

  /// Changes one thing of the scene and checks.
  func changed(_ change: (inout GoldenScene) -> Void) throws -> Told {
    let scratch = try recorded()
    var scene = GoldenScene()
    change(&scene)
    try scene.write(to: scratch)
    let (outcome, told) = try check(scratch)
    #expect(outcome.code == 1, "\(outcome.errors)")
    #expect(told.different && told.lookedAt == 2 && told.frames.count == 2)
    #expect(told.frames.allSatisfy { $0.command.contains("--first \($0.frame) --frames 1") })
    return told
  }

  @Test func aTexel() throws {
    let told = try changed { $0.texel = 121 + 60 }
    #expect(told.planes == ["rgb"], "\(told.planes)")
    #expect(told.instances(in: "rgb") == ["right"])
    #expect(told.parameters == ["file grid.png"])
  }

  @Test func aTenthOfADegree() throws {
    let told = try changed { $0.azimuth = "40.1" }
    #expect(told.planes == ["rgb", "light"], "\(told.planes)")
    #expect(told.parameters == ["sun.azimuth"])
  }

  @Test func aMillimetre() throws {
    let told = try changed { $0.corner = "0.401" }
    #expect(told.planes.isSuperset(of: ["depth"]), "\(told.planes)")
    #expect(
      told.planes.isDisjoint(with: ["light", "camera", "semantic"]) || told.instances(in: "semantic") == ["left"])
    #expect(told.instances(in: "depth") == ["left"])
    #expect(told.parameters == ["file solid.obj"])
  }

  @Test func aClass() throws {
    let told = try changed { $0.second = "chest" }
    #expect(told.planes == ["semantic"], "\(told.planes)")
    #expect(told.instances(in: "semantic") == ["right"])
    #expect(told.frames[0].differences[0].what.contains("\"crate\" -> \"chest\""))
    #expect(told.parameters == ["categories", "objects.right.category"])
  }

  @Test func theOrder() throws {
    let told = try changed { $0.isSwapped = true }
    let order = told.frames[0].differences.filter { $0.kind == "order changed" }
    #expect(
      order.count == 1 && order[0].plane == "instance" && Set(order[0].instances.map(\.name)) == ["left", "right"])
    // Nothing moved, nobody came or went, and the picture is the same.
    #expect(told.planes == ["instance"], "\(told.planes)")
    #expect(Set(told.frames[0].differences.map(\.kind)) == ["order changed", "plane changed"])
  }

  @Test func whatIsTheSameRaisesNothing() throws {
    let scratch = try recorded()
    for threads in ["1", "2", "5"] {
      let (outcome, told) = try check(scratch, "--threads", threads)
      #expect(outcome.code == 0 && !told.different && told.planes.isEmpty, "\(outcome.output)\(outcome.errors)")
    }
    // The files' bytes do not matter, their pixels do.
    let encoder = try PNGEncoder(effort: .fast)
    var changed = 0
    for (name, data) in try scratch.files(in: "gold") where name.hasSuffix(".png") {
      let again = try encoder.encode(try decodePNG(Array(data)), as: .ids)
      if Array(data) != again { changed += 1 }
      try Data(again).write(to: URL(fileURLWithPath: scratch.path("gold/" + name)))
    }
    #expect(changed == 8)
    #expect(try check(scratch).outcome.code == 0)
    #expect(!scratch.names().contains("gold-check"))
    // From another folder, and with the folder moved together with its scene.
    let moved = try Scratch()
    for (name, data) in try scratch.files(in: "") where !name.contains("told") {
      let path = URL(fileURLWithPath: moved.path(name))
      try FileManager.default.createDirectory(at: path.deletingLastPathComponent(), withIntermediateDirectories: true)
      try data.write(to: path)
    }
    #expect(try shell("cd '\(moved.folder)' && exec \"$diorama\" golden check gold/").code == 0)
  }

  @Test func floatsAreKnownByTheirDigests() throws {
    let scratch = try Scratch()
    try GoldenScene().write(to: scratch)
    let recorded = try diorama(
      "golden", "record", scratch.path("scene.yaml"), "--frames", "1", "--out", scratch.path("gold"), "--annotations",
      "world_position,visibility,boxes_3d")
    #expect(recorded.code == 0, "\(recorded.errors)")
    #expect(try check(scratch).outcome.code == 0)
    var scene = GoldenScene()
    scene.corner = "0.401"
    try scene.write(to: scratch)
    let (outcome, told) = try check(scratch)
    #expect(outcome.code == 1)
    #expect(told.planes.contains("world_position") && told.instances(in: "world_position") == ["left"])
    #expect(told.planes.contains("boxes_3d") && told.instances(in: "boxes_3d") == ["left"])
  }

  @Test func tolerances() throws {
    let scratch = try recorded()
    var scene = GoldenScene()
    scene.texel = 180
    try scene.write(to: scratch)
    for (limits, code) in [
      ("psnr=30,flip=0.1,changed=5%", 0), ("psnr=90", 1), ("changed=0", 1), ("max=255,mean=1", 0), ("depth.max=3", 1),
    ] as [(String, Int32)] {
      let (outcome, told) = try check(scratch, "--tolerance", limits)
      #expect(outcome.code == code, "\(limits): \(outcome.output)")
      #expect(told.frames.flatMap(\.differences).allSatisfy { $0.tolerated == (code == 0) })
      // A difference that is tolerated is shown too.
      #expect(scratch.names().contains("gold-check/report.html"))
    }
    // Labels stay exact, whatever the picture may.
    scene.second = "chest"
    try scene.write(to: scratch)
    #expect(try check(scratch, "--tolerance", "psnr=1").outcome.code == 1)
    for wrong in ["psnr", "psnr=x", "colour=3", "psnr=40,psnr=50", "changed=200%", "psnr=1%", ""] {
      let outcome = try diorama("golden", "check", scratch.path("gold"), "--tolerance", wrong)
      #expect(outcome.code == 64 && outcome.errors.contains("--tolerance"), "\(wrong): \(outcome.errors)")
    }
    let unknown = try diorama("golden", "check", scratch.path("gold"), "--tolerance", "normal.max=1")
    #expect(unknown.code == 65 && unknown.errors.contains("normal"))
  }

  @Test func reviewAndAccept() throws {
    let scratch = try recorded()
    let gold = scratch.path("gold")
    #expect(try diorama("golden", "accept", gold).code == 65)
    let before = try scratch.files(in: "gold")
    var scene = GoldenScene()
    scene.azimuth = "55"
    try scene.write(to: scratch)
    let (outcome, _) = try check(
      scratch, "--junit", "'\(scratch.path("j.xml"))'", "--github", "--report", "'\(scratch.path("r.html"))'")
    #expect(outcome.code == 1)
    #expect(outcome.output.contains("parameter sun.azimuth: 40 -> 55"))
    #expect(outcome.output.contains("::error file=") && outcome.output.contains("golden accept"))
    let files = try scratch.files(in: "")
    let junit = String(decoding: try #require(files["j.xml"]), as: UTF8.self)
    #expect(junit.contains("tests=\"3\" failures=\"2\"") && junit.contains("sun.azimuth"))
    #expect(files["r.html"] == files["gold-check/report.html"])
    let page = String(decoding: try #require(files["r.html"]), as: UTF8.self)
    #expect(page.contains("data:image/png;base64,") && !page.contains("http://") && !page.contains("https://"))
    // Paths count from the folder that the check ran in.
    #expect(!page.contains(" " + scratch.folder))
    // A check changes nothing of the golden; accepting does.
    #expect(try scratch.files(in: "gold") == before)
    #expect(try diorama("golden", "accept", gold).code == 0)
    #expect(try scratch.files(in: "gold") != before)
    #expect(try check(scratch).outcome.code == 0)
    // Nothing is left of the check, and nothing unfinished.
    #expect(
      Set(scratch.names().filter { !$0.contains("/") }) == [
        "scene.yaml", "solid.obj", "grid.png", "gold", "told.json", "j.xml", "r.html",
      ])
    // What was accepted is what recording gives.
    let again = try diorama(
      "golden", "record", scratch.path("scene.yaml"), "--frames", "0,2", "--out", scratch.path("twin"))
    #expect(again.code == 0)
    #expect(try scratch.files(in: "twin") == scratch.files(in: "gold"))
  }

  @Test func aCheckOfAnotherGoldenIsNotAccepted() throws {
    let scratch = try recorded()
    var scene = GoldenScene()
    scene.azimuth = "55"
    try scene.write(to: scratch)
    #expect(try check(scratch).outcome.code == 1)
    let path = scratch.path("gold/golden.json")
    let text = try String(contentsOfFile: path, encoding: .utf8)
    try text.replacingOccurrences(of: "\"elevation\"", with: "\"elevation\" ").write(
      toFile: path, atomically: false, encoding: .utf8)
    try (text + " ").write(toFile: path, atomically: false, encoding: .utf8)
    let outcome = try diorama("golden", "accept", scratch.path("gold"))
    #expect(outcome.code == 65 && outcome.errors.contains("check again"), "\(outcome.errors)")
  }

  @Test func whatIsMissingOrDamagedIsNoPass() throws {
    let scratch = try recorded()
    let gold = scratch.path("gold")
    let whole = try scratch.files(in: "gold")
    // Recording never goes over what is there.
    let over = try diorama("golden", "record", scratch.path("scene.yaml"), "--frames", "0", "--out", gold)
    #expect(over.code == 65 && over.errors.contains("accept"))
    #expect(try scratch.files(in: "gold") == whole)
    let none = try diorama("golden", "check", scratch.path("none"), "--junit", scratch.path("j.xml"))
    #expect(none.code == 65 && none.errors.contains("golden record"))
    #expect(
      try scratch.files(in: "")["j.xml"].map { String(decoding: $0, as: UTF8.self).contains("errors=\"1\"") } == true)
    #expect(!scratch.names().contains("none"))
    for (name, data) in whole {
      let file = URL(fileURLWithPath: gold + "/" + name)
      try FileManager.default.removeItem(at: file)
      let missing = try diorama("golden", "check", gold)
      #expect(missing.code == 65 && missing.message.count == 1, "\(name): \(missing.code) \(missing.errors)")
      try data.prefix(data.count / 2).write(to: file)
      let cut = try diorama("golden", "check", gold)
      #expect(
        cut.code == 65 && cut.message.count == 1 && cut.errors.contains(name), "\(name): \(cut.code) \(cut.errors)")
      try data.write(to: file)
    }
    // Edited by hand: a label value, and a plane's picture in the place of another.
    let frame = URL(fileURLWithPath: gold + "/000002.json")
    let text = try String(contentsOf: frame, encoding: .utf8)
    let edited = text.replacingOccurrences(of: "\"triangles\": 12", with: "\"triangles\": 13")
    #expect(edited != text)
    try edited.write(to: frame, atomically: false, encoding: .utf8)
    #expect(try diorama("golden", "check", gold).code == 65)
    try text.write(to: frame, atomically: false, encoding: .utf8)
    try whole["000000.rgb.png"]?.write(to: URL(fileURLWithPath: gold + "/000002.rgb.png"))
    #expect(try diorama("golden", "check", gold).code == 65)
    #expect(!scratch.names().contains("gold-check"))
    for wrong in ["", "x", "3-1", "-1", "0,,1", "99999999999", "0-99999"] {
      let outcome = try diorama(
        "golden", "record", scratch.path("scene.yaml"), "--frames", wrong, "--out", scratch.path("no"))
      #expect(outcome.code == 64 && !scratch.names().contains("no"), "\(wrong): \(outcome.errors)")
    }
  }

  @Test func aRecordingThatEndsEarlyLeavesNothing() throws {
    let scratch = try Scratch()
    // Stopped: 75, and no trace.
    let stopped = try shell(
      """
      "$diorama" golden record Scenes/dominoes.yaml --frames 0-2000 --out '\(scratch.path("gold"))' & p=$!
      sleep 0.7; kill -TERM $p; wait $p
      """)
    #expect(stopped.code == 75 && scratch.names().isEmpty, "\(stopped.code) \(stopped.errors)")
    // A frame that cannot be made: 65.
    try GoldenScene().write(to: scratch)
    let text = try String(contentsOfFile: scratch.path("scene.yaml"), encoding: .utf8)
    _ = try scratch.write(text + "output: {depth_scale: 1.0e-5}\n", to: "deep.yaml")
    let deep = try diorama(
      "golden", "record", scratch.path("deep.yaml"), "--frames", "0", "--out", scratch.path("gold"))
    #expect(deep.code == 65 && deep.message.count == 1 && deep.errors.contains("depth"), "\(deep.code) \(deep.errors)")
    #expect(!scratch.names().contains { $0.contains("gold") })
  }
}
