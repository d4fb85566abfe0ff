import Foundation
import Testing

/// `diorama replay`: a frame comes back from the dataset alone, changes do what they say, and what is not the dataset's frame
/// is told.
@Suite struct ReplayTests {
  /// Dice, a cover of the frames, a layout with ids, a rule, and no files.
  static let scene = """
    # A comment that is no part of the scene.
    image: {width: 96, height: 64}
    frames: 40
    seed: 5
    annotations: [instance, depth, {boxes: {least_pixels: 2}}]
    camera: {eye: [{$latin: {$uniform: [-0.5, 0.5]}}, -3.6, 1.5], target: [0, 0, 0.35], fov: 45}
    sun: {azimuth: {$uniform: [0, 90]}, elevation: 50}
    ambient: {sky: 0.3, ground: 0.1}
    rules:
      - visible: {at_least: 1, pixels: 20}
    objects:
      - {id: ground, shape: {plane: {size: [12, 12]}}, material: {color: "#808478"}}
      - {id: boxes, count: 3, category: box, shape: {box: {size: [0.5, 0.5, 0.5]}}, position: [{$expr: "index - 1"}, 0, 0.25]}
    """

  /// A dataset of three frames of a scene.
  func rendered(_ text: String = scene, _ options: String...) throws -> Scratch {
    let scratch = try Scratch()
    let path = try scratch.write(text, to: "scene.yaml")
    let outcome = try diorama(
      arguments: ["render", path, "--frames", "3", "--out", scratch.path("set"), "--quiet"] + options)
    #expect(outcome.code == 0, "\(outcome.errors)")
    return scratch
  }

  func replay(_ scratch: Scratch, _ options: String...) throws -> Outcome {
    try diorama(arguments: ["replay", scratch.path("set")] + options)
  }

  @Test func aFrameComesBackFromTheDatasetAlone() throws {
    let scratch = try rendered()
    try FileManager.default.removeItem(atPath: scratch.path("scene.yaml"))
    for frame in ["0", "2"] {
      let outcome = try replay(scratch, "--frame", frame)
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("as recorded: rgb, instance, depth, labels\n"))
    }
  }

  @Test func itComesBackFromTheScenesFileInTheSizeItWasMadeIn() throws {
    let scratch = try rendered(ReplayTests.scene, "--size", "48x32", "--seed", "9", "--annotations", "normal")
    for source in [[], ["--scene", scratch.path("scene.yaml")]] {
      let outcome = try diorama(arguments: ["replay", scratch.path("set"), "--frame", "1"] + source)
      #expect(outcome.code == 0, "\(outcome.output)\(outcome.errors)")
      #expect(outcome.output.hasSuffix("as recorded: rgb, normal, labels\n"))
    }
  }

  @Test func whatIsSetIsTold() throws {
    let scratch = try rendered()
    let path = "objects.boxes[1].position"
    let same = try replay(scratch, "--frame", "1", "--set", "\(path)=[0, 0, 0.25]")
    #expect(same.code == 0 && same.output.hasSuffix("no difference\n"), "\(same.output)")
    let moved = try replay(scratch, "--frame", "1", "--set", "\(path)=[0, 0, 0.5]", "--report", scratch.path("r.html"))
    #expect(moved.code == 0, "\(moved.errors)")
    #expect(moved.output.contains("instance 2 \"boxes[1]\" (box): box moved"))
    #expect(moved.output.contains("parameter \(path): [0,0,0.25] -> [0,0,0.5]"))
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("r.html"))).count > 10_000)
    let light = try replay(scratch, "--frame", "1", "--set", "sun.elevation=20", "--set", "exposure=0.5")
    #expect(light.output.contains("parameter sun.elevation: 50 -> 20"))
    #expect(light.output.contains("parameter exposure: nothing -> 0.5"))
    #expect(!light.output.contains("box moved"))
  }

  @Test func anElementOfAListAndAPartByItsBareNameAreSetToo() throws {
    let scratch = try rendered(
      ReplayTests.scene + "\n  - {id: ball, category: ball, shape: sphere, scale: 0.2, position: [0, -1, 0.2]}\n")
    let outcome = try replay(
      scratch, "--frame", "0", "--set", "objects.ball.position[2]=0.4", "--set", "objects.ball.shape.sphere.radius=0.7")
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("parameter objects.ball.position: [0,-1,0.2] -> [0,-1,0.4]"))
  }

  @Test func namesThatThereAreNotNameTheNearest() throws {
    let scratch = try rendered()
    for (set, hint) in [
      ("objects.boxs[1].position=[0, 0, 0]", "did you mean \"boxes[1]\"?"),
      ("objects.boxes[1].positoin=[0, 0, 0]", "did you mean \"position\"?"),
      ("sun.elevaton=3", "did you mean \"elevation\"?"),
      ("exposre=3", "did you mean \"exposure\"?"), ("image.width.x=3", "expected a path that ends there"),
      ("objects.boxes[1].position[3]=1", "expected [0] to [2]"), ("sun.elevation=high", "found \"high\""),
    ] {
      let outcome = try replay(scratch, "--frame", "0", "--set", set)
      #expect(outcome.code == 65 && outcome.message.count == 1, "\(set): \(outcome.errors)")
      #expect(outcome.errors.contains(hint), "\(outcome.errors)")
      #expect(!outcome.errors.contains("scene.yaml"), "a file that nobody wrote: \(outcome.errors)")
    }
    let empty = try replay(scratch, "--frame", "0", "--set", "lights=[]", "--set", "lights[0].radius=1")
    #expect(empty.code == 65 && empty.errors.contains("the list is empty"), "\(empty.errors)")
    for set in ["sun", "=3", "sun.elevation={$uniform: [0, 1]}"] {
      #expect(try replay(scratch, "--frame", "0", "--set", set).code == 64, "\(set)")
    }
  }

  @Test func whatIsWrittenIsWrittenOnce() throws {
    let scratch = try rendered()
    let options = ["--png", scratch.path("p.png"), "--glb", scratch.path("f.glb"), "--out", scratch.path("one")]
    let line = ["replay", scratch.path("set"), "--frame", "2"] + options
    let first = try diorama(arguments: line)
    #expect(first.code == 0, "\(first.errors)")
    let made = try scratch.files(in: "one")
    #expect(made.keys.contains("annotations/coco.json") && made.keys.contains("labels/depth/000000.png"))
    // The picture is the frame's, pixel by pixel, and so is the dataset's.
    for other in ["p.png", "one/images/000000.png"] {
      let same = try diorama("diff", scratch.path("set/images/000002.png"), scratch.path(other))
      #expect(same.code == 0, "\(same.output)")
    }
    #expect(try diorama("diff", scratch.path("set#2"), scratch.path("one#0")).code == 0)
    #expect(try Data(contentsOf: URL(fileURLWithPath: scratch.path("f.glb"))).starts(with: Data("glTF".utf8)))
    // What was made again is made again from itself.
    #expect(try diorama("replay", scratch.path("one"), "--frame", "0").code == 0)
    for option in [0, 2, 4] {
      let again = try diorama(arguments: Array(line[..<4]) + options[option...option + 1])
      #expect(again.code == 65 && again.message.count == 1, "\(again.errors)")
    }
    #expect(try diorama(arguments: line + ["--overwrite"]).code == 0)
    #expect(try scratch.files(in: "one") == made)
  }

  @Test func theDatasetIsNeverWrittenOver() throws {
    let scratch = try rendered()
    let before = try scratch.files(in: "set")
    try FileManager.default.createSymbolicLink(
      atPath: scratch.path("link"), withDestinationPath: scratch.path("set"))
    for out in ["set", "set/", "link", "set/one/two", "."] {
      let outcome = try replay(scratch, "--frame", "0", "--out", scratch.path(out), "--overwrite")
      #expect(outcome.code == 65 && outcome.message.count == 1, "\(out): \(outcome.errors)")
    }
    let file = try replay(scratch, "--frame", "0", "--png", scratch.path("link/images/000000.png"), "--overwrite")
    #expect(file.code == 65 && file.errors.contains("found a file of the dataset"), "\(file.errors)")
    #expect(try scratch.files(in: "set") == before)
  }

  @Test func whatCannotBeWrittenIsToldBefore() throws {
    let scratch = try rendered()
    let page = try scratch.write("mine", to: "r.html")
    #expect(try replay(scratch, "--frame", "0", "--report", page).code == 65)
    #expect(try String(contentsOfFile: page, encoding: .utf8) == "mine")
    #expect(try replay(scratch, "--frame", "0", "--png", scratch.path("none/p.png")).code == 65)
    for option in ["--png", "--glb", "--report", "--out"] {
      #expect(try replay(scratch, "--frame", "0", option, "").code == 64, "\(option)")
    }
    #expect(try replay(scratch, "--frame", "0", "--png", scratch.path("a"), "--glb", scratch.path("./a")).code == 64)
  }

  @Test func keysThatChangeNothingAreRefused() throws {
    let scratch = try rendered()
    for set in ["annotations=[depth]", "seed=9", "frames=3", "formats=[coco]"] {
      let outcome = try replay(scratch, "--frame", "0", "--set", set)
      #expect(outcome.code == 65, "\(set): \(outcome.errors)")
      #expect(outcome.errors.contains("changes nothing of the frame"), "\(outcome.errors)")
      #expect(outcome.errors.contains("--annotations") == set.hasPrefix("annotations"))
    }
  }

  @Test func outTakesOtherAnnotations() throws {
    let scratch = try rendered()
    let outcome = try replay(
      scratch, "--frame", "0", "--annotations", "normal,boxes_3d", "--set", "sun.elevation=20", "--out",
      scratch.path("one"))
    #expect(outcome.code == 0, "\(outcome.errors)")
    #expect(try scratch.files(in: "one").keys.contains("labels/normal/000000.png"))
  }

  @Test func whatIsNotTheDatasetsFrameIsRefused() throws {
    let scratch = try rendered()
    let missing = try replay(scratch, "--frame", "3")
    #expect(missing.code == 65 && missing.errors.contains("expected one of those it has, from 0 to 2"))
    let other = try scratch.write(ReplayTests.scene.replacing("elevation: 50", with: "elevation: 51"), to: "other.yaml")
    let moved = try replay(scratch, "--frame", "0", "--scene", other)
    #expect(moved.code == 65 && moved.errors.contains("sun.elevation: 50 -> 51"), "\(moved.errors)")
    // Records of another state of the renderer.
    let head = scratch.path("set/dataset.json")
    var text = try String(contentsOfFile: head, encoding: .utf8)
    let document = try #require(text.firstRange(of: #/"document":"(?:[^"\\]|\\.)*",/#))
    text.removeSubrange(document)
    try text.write(toFile: head, atomically: true, encoding: .utf8)
    let old = try replay(scratch, "--frame", "0")
    #expect(old.code == 65 && old.errors.contains("expected --scene"), "\(old.errors)")
    #expect(try replay(scratch, "--frame", "0", "--scene", scratch.path("scene.yaml")).code == 0)
  }

  @Test func aRecordThatIsNotWhatRendersIsTold() throws {
    let scratch = try rendered()
    // The text that the head keeps is not what the frames were made from.
    let head = scratch.path("set/dataset.json")
    let text = try String(contentsOfFile: head, encoding: .utf8)
    try text.replacing("frames: 40", with: "frames: 80").write(toFile: head, atomically: true, encoding: .utf8)
    let outcome = try replay(scratch, "--frame", "1", "--png", scratch.path("p.png"))
    #expect(outcome.code == 1, "\(outcome.errors)")
    #expect(outcome.output.contains("frame 1, rgb"))
    #expect(outcome.output.contains("frame 1, camera: value changed"))
    #expect(scratch.names().contains("p.png") == false)
  }

  @Test func filesAreLookedForWhereTheyAreSaidToBe() throws {
    let scratch = try Scratch()
    try GoldenScene().write(to: scratch)
    let made = try diorama(
      "render", scratch.path("scene.yaml"), "--frames", "1", "--out", scratch.path("set"), "--quiet")
    #expect(made.code == 0, "\(made.errors)")
    let alone = try replay(scratch, "--frame", "0")
    #expect(alone.code == 65 && alone.errors.contains("solid.obj") && alone.errors.contains("expected --assets"))
    #expect(try replay(scratch, "--frame", "0", "--assets", scratch.folder).code == 0)
    #expect(try replay(scratch, "--frame", "0", "--scene", scratch.path("scene.yaml")).code == 0)
    var changed = GoldenScene()
    changed.texel = 9
    try changed.write(to: scratch)
    let other = try replay(scratch, "--frame", "0", "--assets", scratch.folder)
    #expect(other.code == 65 && other.errors.contains("grid.png has other bytes"), "\(other.errors)")
  }

  @Test func aRigsViewAndAMomentOfASequenceComeBack() throws {
    for (scene, frame) in [("Scenes/stereo.yaml", "3"), ("Scenes/conveyor.yaml", "1")] {
      let scratch = try Scratch()
      let made = try diorama(
        "render", scene, "--frames", "4", "--size", "96x72", "--out", scratch.path("set"), "--quiet")
      #expect(made.code == 0, "\(made.errors)")
      let outcome = try replay(scratch, "--frame", frame, "--set", "image.width=96", "--out", scratch.path("one"))
      #expect(outcome.code == 0 && outcome.output.contains("no difference"), "\(outcome.output)\(outcome.errors)")
    }
  }
}
