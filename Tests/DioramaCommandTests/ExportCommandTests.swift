import Foundation
import Testing

/// Exports as users make them: whole or not at all, from either layout, at the end of a render or later.
@Suite struct ExportCommandTests {
  static let scene = "Scenes/primitives.yaml"

  private func render(_ out: String, _ more: String...) throws {
    let outcome = try diorama(
      arguments: ["render", Self.scene, "--size", "48x32", "--frames", "9", "--chunk", "4", "--quiet", "--out", out]
        + more)
    #expect(outcome.code == 0, "\(outcome.errors)")
  }

  @Test func layoutsLinksAndShardsGiveTheSameBytes() throws {
    let scratch = try Scratch()
    try render(scratch.path("set"))
    try render(scratch.path("tar"), "--layout", "tar")
    for i in 0..<3 { try render(scratch.path("shard\(i)"), "--shard", "\(i)/3") }
    let shards = (0..<3).map { scratch.path("shard\($0)") }
    #expect(try diorama(arguments: ["merge"] + shards + ["--out", scratch.path("merged")]).code == 0)
    for (source, link) in [("set", "hard"), ("tar", "hard"), ("merged", "symlink"), ("set", "copy")] {
      let out = "out-\(source)-\(link)"
      let outcome = try diorama(
        "export", scratch.path(source), "--format", "coco,yolo-seg", "--link", link, "--out", scratch.path(out))
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(outcome.output.contains("coco, 9 frames (train 9)"))
      #expect(try scratch.files(in: out) == scratch.files(in: "out-set-hard"))
    }
    let link = scratch.path("out-merged-symlink/coco/images/000000.png")
    #expect(try FileManager.default.destinationOfSymbolicLink(atPath: link) == "../../../merged/images/000000.png")
  }

  /// Formats of the hubs too, and the import reads what the export wrote.
  @Test func hubFormatsHaveTheSameBytes() throws {
    let scratch = try Scratch()
    try render(scratch.path("set"))
    try render(scratch.path("tar"), "--layout", "tar")
    for (source, link) in [("set", "hard"), ("tar", "hard"), ("set", "symlink")] {
      let outcome = try diorama(
        "export", scratch.path(source), "--format", "webdataset,hf-imagefolder,hf-parquet,croissant,coco", "--link",
        link,
        "--license", "CC0-1.0", "--date", "2026-02-28", "--out", scratch.path("out-\(source)-\(link)"))
      #expect(outcome.code == 0 && outcome.errors.contains("what --url would say"), "\(outcome.errors)")
      #expect(try scratch.files(in: "out-\(source)-\(link)") == scratch.files(in: "out-set-hard"))
    }
    let file = scratch.path("out-set-hard/coco/annotations/instances_train.json")
    let text = try diorama("import", "coco", file)
    #expect(text.code == 0 && text.output.contains("9 images"), "\(text.errors)")
    #expect(try diorama("import", "coco", file, "--json", "--out", scratch.path("s.json")).code == 0)
    #expect(
      try String(contentsOfFile: scratch.path("s.json"), encoding: .utf8).hasPrefix(
        "{\"format\":\"diorama-statistics\""))
    let wrong = try diorama("import", "coco", scratch.write("{\"images\": 3}", to: "bad.json"))
    #expect(wrong.code == 65 && wrong.message.count == 1 && wrong.errors.contains("bad.json"), "\(wrong.errors)")
    #expect(try diorama("import", "coco", scratch.path("none.json")).code == 74)
  }

  @Test func nothingElseIsReplacedAndNothingIsLeft() throws {
    let scratch = try Scratch()
    try render(scratch.path("set"))
    let out = scratch.path("out")
    func export(_ more: String...) throws -> Outcome {
      try diorama(arguments: ["export", scratch.path("set"), "--out", out, "--format", "yolo"] + more)
    }
    #expect(try export().code == 0)
    let twice = try export()
    #expect(twice.code == 65 && twice.message.count == 1 && twice.errors.contains("--overwrite"), "\(twice.errors)")
    #expect(try export("--overwrite", "--min-area", "5").code == 0)
    _ = try scratch.write("precious", to: "out/mine.txt")
    try FileManager.default.removeItem(atPath: out + "/export.json")
    #expect(try export("--overwrite").code == 65)
    #expect(FileManager.default.fileExists(atPath: out + "/mine.txt"))
    // What a dead process left beside the export is gone with the next one.
    #expect(!scratch.names().contains { $0.hasPrefix(".") })
    let damaged = scratch.path("set/images/000004.png")
    try FileManager.default.removeItem(atPath: damaged)
    let lacking = try diorama("export", scratch.path("set"), "--out", scratch.path("x"), "--format", "voc")
    #expect(lacking.code == 74 && lacking.errors.contains("000004.png"), "\(lacking.errors)")
    #expect(!scratch.names().contains { $0.hasPrefix(".") || $0 == "x" })
  }

  @Test func splitsBecomeTheFormats() throws {
    let scratch = try Scratch()
    let set = scratch.path("set")
    try render(set)
    #expect(try diorama("split", set, "--parts", "train=1,val=1").code == 0)
    #expect(try diorama("export", set, "--format", "yolo", "--out", scratch.path("out")).code == 0)
    for part in ["train", "val"] {
      let list = try String(contentsOfFile: set + "/splits/\(part).txt", encoding: .utf8)
      let frames = list.split(separator: "\n").map { String(repeating: "0", count: 6 - $0.count) + $0 + ".txt" }
      #expect(scratch.names(in: "out/labels/" + part) == Set(frames))
    }
    // A set that has grown since has frames in no list.
    try render(set, "--first", "9")
    let grown = try diorama("export", set, "--format", "yolo", "--out", scratch.path("more"))
    #expect(grown.code == 65 && grown.errors.contains("diorama split"), "\(grown.errors)")
    #expect(try diorama("export", set, "--format", "yolo", "--no-splits", "--out", scratch.path("more")).code == 0)
    #expect(scratch.names(in: "more/labels/train").count == 18)
  }

  /// What the scene or --format asks for is derived at the end, and follows the set.
  @Test func formatsAreDerivedAtTheEnd() throws {
    let scratch = try Scratch()
    let text = try String(contentsOfFile: Self.scene, encoding: .utf8)
    let scene = try scratch.write("formats: [coco, yolo]\n" + text, to: "scene.yaml")
    let set = scratch.path("set")
    let words = ["render", scene, "--size", "48x32", "--quiet", "--out", set, "--frames"]
    #expect(try diorama(arguments: words + ["3"]).code == 0)
    #expect(scratch.names(in: "set/exports/yolo/labels/train").count == 3)
    #expect(scratch.names(in: "set/annotations").contains("coco.json"))
    #expect(try diorama(arguments: words + ["5"]).code == 0)
    #expect(scratch.names(in: "set/exports/yolo/labels/train").count == 5)
    // A complete set gets what it lacks, and loses what is not asked for any more.
    #expect(try diorama(arguments: words + ["5", "--format", "yolo-seg"]).code == 0)
    #expect(scratch.names(in: "set/exports").filter { !$0.contains("/") } == ["yolo-seg"])
    #expect(scratch.names(in: "set/annotations").isEmpty)
    let typo = try scratch.write("formats: [coco, yolo-sag]\n" + text, to: "typo.yaml")
    let outcome = try diorama("render", typo, "--out", scratch.path("x"))
    #expect(outcome.code == 65 && outcome.errors.contains("typo.yaml:1:17: formats[1]: found format \"yolo-sag\""))
    #expect(outcome.errors.contains("did you mean \"yolo-seg\"?"), "\(outcome.errors)")
    #expect(try diorama("render", Self.scene, "--format", "yolo,yolo", "--out", scratch.path("x")).code == 64)
  }

  @Test func wrongOptionsAreNamed() throws {
    let scratch = try Scratch()
    let set = scratch.path("set")
    try render(set)
    for (words, code, part) in [
      ("--format yol", 64, "did you mean \"yolo\"?"), ("--format coco,coco", 64, "second time"),
      ("--format yolo --annotations keypiont", 64, "did you mean \"keypoints\"?"),
      ("--format yolo --annotations masks", 65, "yolo cannot carry"),
      ("--format croissant --date 2026-02-29", 64, "a day"), ("--format webdataset --shard-size 0", 64, "MiB"),
      ("--format yolo --polygons largest", 64, "largest"), ("--format coco --min-area=-1", 64, "0 pixels"),
      ("--format coco --min-visibility 0.5", 65, "--annotations"), ("--format voc --min-visibility 2", 64, "share"),
    ] {
      let list = words.split(separator: " ").map(String.init)
      let outcome = try diorama(arguments: ["export", set, "--out", scratch.path("x")] + list)
      #expect(Int(outcome.code) == code && outcome.errors.contains(part), "\(words): \(outcome.errors)")
    }
    #expect(!scratch.names().contains { $0 == "x" })
  }
}
