import Annotators
import Datasets
import Imaging
import Testing

/// The command line from end to end, on small frames of both scenes.
@Suite struct CommandTests {
  static let scenes = ["Scenes/dominoes.yaml", "Scenes/primitives.yaml"]

  /// Digests of all planes, by frame.
  func digests(_ folder: String) throws -> [Int: [String: Digest]] {
    var found: [Int: [String: Digest]] = [:]
    try Dataset(folder: folder).forEachRecord { record throws(DatasetError) in
      found[record.frame] = Dictionary(uniqueKeysWithValues: record.planes.map { ($0.name, $0.digest) })
      return true
    }
    return found
  }

  func render(_ scene: String, _ out: String, _ options: String...) throws -> Outcome {
    let words = ["exec", "\"$diorama\"", "render", "'\(scene)'", "--out", "'\(out)'"] + options
    return try shell(words.joined(separator: " "))
  }

  @Test(arguments: scenes) func printedFrameRendersToTheSame(scene: String) throws {
    let scratch = try Scratch()
    let whole = scratch.path("whole")
    #expect(try render(scene, whole, "--frames 6 --size 160x120").code == 0)
    let expected = try digests(whole)
    #expect(expected.count == 6 && Set(expected.values.compactMap { $0["rgb"] }).count == 6)
    for frame in [0, 3, 5] {
      let printed = scratch.path("frame\(frame).yaml")
      let sampled = try diorama("sample", scene, "--frame", "\(frame)", "--size", "160x120", "--out", printed)
      #expect(sampled.code == 0, "\(sampled.errors)")
      let again = scratch.path("again\(frame)")
      // One frame by three threads: they share it.
      let outcome = try render(printed, again, "--frames 1 --threads 3")
      #expect(outcome.code == 0, "\(outcome.errors)")
      #expect(try digests(again)[0] == expected[frame], "frame \(frame)")
    }
    // To standard output it prints the same.
    let printed = try diorama("sample", scene, "--frame", "3", "--size", "160x120")
    let written = try scratch.files(in: "")["frame3.yaml"].map { String(decoding: $0, as: UTF8.self) }
    #expect(printed.code == 0 && printed.output == written)
  }

  @Test(arguments: scenes) func partsGiveTheWhole(scene: String) throws {
    let scratch = try Scratch()
    let (whole, parts) = (scratch.path("whole"), scratch.path("parts"))
    let fixed = "--size 96x64 --chunk 4"
    #expect(try render(scene, whole, fixed, "--frames 10 --threads 1").code == 0)
    #expect(try render(scene, parts, fixed, "--first 7 --frames 2 --threads 5").code == 0)
    #expect(try digests(parts).keys.sorted() == [7, 8])
    #expect(try render(scene, parts, fixed, "--first 2 --frames 1 --threads 5").code == 0)
    #expect(try render(scene, parts, fixed, "--frames 10 --threads 2").code == 0)
    let files = try scratch.files(in: "whole")
    #expect(files.count == 10 * 4 + 3 + 2)
    #expect(try scratch.files(in: "parts") == files)
    // Again: nothing is left to do, and nothing changes.
    let again = try render(scene, whole, fixed, "--frames 10")
    #expect(again.code == 0 && again.errors.contains("\"made\":0") && again.errors.contains("\"kept\":10"))
    #expect(try scratch.files(in: "whole") == files)
  }

  @Test func previewDrawsSceneAndDataset() throws {
    let scratch = try Scratch()
    #expect(try render(CommandTests.scenes[1], scratch.path("set"), "--frames 2 --size 96x64").code == 0)
    for input in [CommandTests.scenes[1], scratch.path("set")] {
      let outcome = try shell(
        "exec \"$diorama\" preview '\(input)' --frames 2 --out '\(scratch.path("p.png"))' "
          + (input.hasSuffix(".yaml") ? "--size 96x64" : ""))
      #expect(outcome.code == 0 && outcome.message.isEmpty, "\(outcome.errors)")
      #expect(try scratch.files(in: "")["p.png"]?.starts(with: [0x89, 0x50, 0x4E, 0x47]) == true)
    }
  }

  @Test func anotherSceneIsRefused() throws {
    let scratch = try Scratch()
    let out = scratch.path("out")
    #expect(try render(CommandTests.scenes[1], out, "--frames 1 --size 32x24").code == 0)
    let before = try scratch.files(in: "out")
    let outcome = try render(CommandTests.scenes[1], out, "--frames 2 --size 32x24 --seed 9")
    #expect(outcome.code == 65 && outcome.message.count == 1 && outcome.errors.contains("seed"), "\(outcome.errors)")
    #expect(try scratch.files(in: "out") == before)
  }

  @Test(arguments: ["render", "merge", "split", "sample", "preview"]) func helpShowsExamples(command: String) throws {
    let outcome = try diorama(command, "--help")
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    #expect(outcome.output.contains("EXAMPLES") && outcome.output.contains("diorama \(command) "))
  }

  @Test func helpNamesTheExitCodes() throws {
    let help = try diorama("--help")
    #expect(help.code == 0)
    for code in ["64", "65", "70", "74", "75"] { #expect(help.output.contains(code)) }
  }

  @Test(arguments: ["bash", "zsh", "fish"]) func completionsAreWritten(for shellName: String) throws {
    let outcome = try diorama("--generate-completion-script", shellName)
    #expect(outcome.code == 0 && outcome.errors.isEmpty)
    for word in ["render", "merge", "split", "sample", "preview", "threads"] { #expect(outcome.output.contains(word)) }
  }

  @Test func bashTakesTheCompletions() throws {
    let outcome = try shell("\"$diorama\" --generate-completion-script bash | bash -n")
    #expect(outcome.code == 0 && outcome.errors.isEmpty, "\(outcome.errors)")
  }

  @Test func versionIsPrinted() throws {
    let outcome = try diorama("--version")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("render version"), "\(outcome.output)")
  }

  /// What mesh files hold that is not drawn is said once, whatever the number of frames and threads: by `check` in words, by
  /// `render` as an event, and by neither in its results.
  @Test func notesOfFilesAreSaidOnce() throws {
    let scratch = try Scratch()
    _ = try scratch.write("v 0 0 0\nv 1 0 0\nv 0 1 0\nf 1 2 3\nl 1 2\nl 2 3\n", to: "lines.obj")
    _ = try scratch.write(
      """
      {"asset": {"version": "2.0"}, "extensionsUsed": ["VENDOR_sparkle"],
       "buffers": [{"byteLength": 36, "uri": "data:application/octet-stream;base64,AAAAAAAAAAAAAAAAAACAPwAAAAAAAAAAAAAAAAAAgD8AAAAA"}],
       "bufferViews": [{"buffer": 0, "byteLength": 36}],
       "accessors": [{"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]}],
       "meshes": [{"primitives": [{"attributes": {"POSITION": 0}}]}], "nodes": [{"mesh": 0}], "scenes": [{"nodes": [0]}]}
      """, to: "sparkle.gltf")
    let scene = try scratch.write(
      FaultTests.start
        + "objects:\n  - {id: a, category: a, mesh: {file: lines.obj}, rotation: {$yaw: {}}}\n"
        + "  - {id: b, category: b, count: 3, mesh: {file: sparkle.gltf}, scale: {$uniform: [1, 2]}}\n",
      to: "scene.yaml")
    let expected = [
      "lines.obj:5: lines are not drawn (2 times)", "sparkle.gltf:1: the extension \"VENDOR_sparkle\" is not used",
    ]
    let checked = try diorama("check", scene, "--frames", "6")
    #expect(checked.code == 0 && checked.message.count == 2, "\(checked.errors)")
    for line in expected {
      #expect(
        checked.message.filter { $0.hasPrefix("diorama: note: ") && $0.contains(line) }.count == 1, "\(checked.errors)")
      #expect(!checked.output.contains(line))
    }
    let rendered = try diorama("render", scene, "--frames", "6", "--threads", "3", "--out", scratch.path("out"))
    #expect(rendered.code == 0 && rendered.message.isEmpty, "\(rendered.errors)")
    let events = rendered.errors.split(separator: "\n").filter { $0.contains("\"event\":\"note\"") }
    #expect(events.count == 2, "\(rendered.errors)")
    for line in expected {
      let quoted = line.replacing("\"", with: "\\\"")
      #expect(events.filter { $0.contains(quoted) }.count == 1, "\(events)")
    }
    let quiet = try diorama("render", scene, "--frames", "6", "--out", scratch.path("quiet"), "--quiet")
    #expect(quiet.code == 0 && quiet.errors.isEmpty)
  }
}
