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
    // Of floats there are digests alone: no limit could be met.
    let floats = try diorama(
      "golden", "record", scratch.path("scene.yaml"), "--frames", "0", "--out", scratch.path("floats"),
      "--annotations", "world_position")
    #expect(floats.code == 0, "\(floats.errors)")
    let never = try diorama("golden", "check", scratch.path("floats"), "--tolerance", "world_position.max=1")
    #expect(never.code == 65 && never.errors.contains("digests alone"), "\(never.errors)")
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
    // Another layout of the same values is another file, though it holds.
    try (text + " ").write(toFile: path, atomically: false, encoding: .utf8)
    let outcome = try diorama("golden", "accept", scratch.path("gold"))
    #expect(outcome.code == 65 && outcome.errors.contains("check again"), "\(outcome.errors)")
    #expect(try check(scratch).outcome.code == 1)
    // Other values are an edit, whoever asks.
    let edited = text.replacingOccurrences(of: "\"sun.elevation\": 50", with: "\"sun.elevation\": 51")
    #expect(edited != text)
    try edited.write(toFile: path, atomically: false, encoding: .utf8)
    for command in ["accept", "check"] {
      let outcome = try diorama("golden", command, scratch.path("gold"))
      #expect(outcome.code == 65 && outcome.errors.contains("edited"), "\(command): \(outcome.errors)")
    }
  }

  /// Flow is told from the frames around, in a golden as in a dataset.
  @Test func aGoldenOfASceneWithTimeHasFlow() throws {
    let scratch = try Scratch()
    _ = try scratch.write(
      """
      image: {width: 64, height: 48}
      frames: 6
      frames_per_sequence: 3
      fps: 10
      annotations: [instance, {flow_forward: {encoding: png}}, {flow_backward: {encoding: png}}]
      camera: {eye: [0, -4, 1], target: [0, 0, 0.5]}
      objects:
        - {id: box, category: box, shape: box, position: [{$expr: "-0.5 + 2 * time"}, 0, 0.5]}

      """, to: "scene.yaml")
    let gold = scratch.path("gold")
    let recorded = try diorama("golden", "record", scratch.path("scene.yaml"), "--frames", "3-5", "--out", gold)
    #expect(recorded.code == 0, "\(recorded.errors)")
    /// How many pixels have flow to what is seen there, and the mean of u in pixels.
    func flow(_ name: String) throws -> (count: Int, mean: Double) {
      let image = try decodePNG(Array(try #require(try scratch.files(in: "gold")[name])))
      guard case .sixteen(let s) = image.samples else { return (-1, 0) }
      let seen = stride(from: 0, to: s.count, by: 3).filter { s[$0 + 2] == 1 }
      let sum = seen.reduce(0.0) { $0 + (Double(s[$1]) - 32768) / 64 }
      return (seen.count, sum / Double(max(seen.count, 1)))
    }
    // 0.2 m to the right a frame, seen from some 4 m: pixels, not hundredths of them.
    for frame in [3, 4] {
      let there = try flow("00000\(frame).flow_forward.png")
      #expect(there.count > 100 && there.mean > 1, "\(frame): \(there)")
      let back = try flow("00000\(frame + 1).flow_backward.png")
      #expect(back.count > 100 && back.mean < -1, "\(frame): \(back)")
    }
    #expect(try flow("000005.flow_forward.png").count == 0 && flow("000003.flow_backward.png").count == 0)
    #expect(try check(scratch).outcome.code == 0)
  }

  /// What is only noted is noted until it is accepted.
  @Test func aNoteCanBeAccepted() throws {
    let scratch = try recorded()
    let text = try String(contentsOfFile: scratch.path("scene.yaml"), encoding: .utf8)
    _ = try scratch.write(text + "exposure: {$expr: \"0 * frame\"}\n", to: "scene.yaml")
    let first = try check(scratch)
    #expect(first.outcome.code == 0 && first.outcome.output.contains("without effect"), "\(first.outcome.output)")
    #expect(try diorama("golden", "accept", scratch.path("gold")).code == 0)
    let second = try check(scratch)
    #expect(second.outcome.code == 0 && !second.outcome.output.contains("note:"), "\(second.outcome.output)")
    #expect(!scratch.names().contains("gold-check"))
  }

  /// The script for CI: no name hides a golden from it, and no old report stands for a check that came to nothing.
  @Test func theScriptChecksAllGoldens() throws {
    let scratch = try recorded()
    let refused = try diorama(
      "golden", "record", scratch.path("scene.yaml"), "--frames", "0", "--out", scratch.path("other-check"))
    #expect(refused.code == 65 && refused.errors.contains("-check"), "\(refused.errors)")
    func script() throws -> Outcome {
      try shell(
        "DIORAMA=\"$diorama\" OUT='\(scratch.path("out"))' exec Deploy/ci/check-goldens '\(scratch.folder)'",
        executable: "/bin/bash")
    }
    #expect(try script().code == 0)
    var scene = GoldenScene()
    scene.azimuth = "55"
    try scene.write(to: scratch)
    let differs = try script()
    #expect(differs.code == 1, "\(differs.code) \(differs.errors)")
    #expect(scratch.names().contains("out/gold.html") && scratch.names().contains("out/gold-rendered/golden.json"))
    // The golden is damaged now: what the check before it left is not its report.
    let head = scratch.path("gold/golden.json")
    let text = try String(contentsOfFile: head, encoding: .utf8)
    try "{}".write(toFile: head, atomically: false, encoding: .utf8)
    let damaged = try script()
    #expect(damaged.code == 65, "\(damaged.code) \(damaged.errors)")
    #expect(!scratch.names().contains { $0.hasPrefix("out/gold.html") || $0.hasPrefix("out/gold-rendered") })
    try text.write(toFile: head, atomically: false, encoding: .utf8)
    // A golden by the name of another's check.
    #expect(try shell("cp -r '\(scratch.path("gold"))' '\(scratch.path("b-check"))'").code == 0)
    let hidden = try script()
    #expect(hidden.code == 65 && hidden.errors.contains("b-check"), "\(hidden.code) \(hidden.errors)")
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
