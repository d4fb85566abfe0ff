import Datasets
import Foundation
import Testing

/// Batches as a cluster runs them: processes side by side, signals, shards and their merging.
@Suite struct BatchCommandTests {
  static let scene = "render Scenes/primitives.yaml --size 32x24"

  /// Processes that make other frames of one chunk at the same time lose nothing of each other.
  @Test(arguments: ["folder", "tar"]) func partsOfAChunkAtOnce(layout: String) throws {
    let scratch = try Scratch()
    let (whole, shared) = (scratch.path("whole"), scratch.path("shared"))
    let options = "--layout \(layout) --chunk 16 --threads 1 --quiet"
    #expect(try shell("\"$diorama\" \(Self.scene) --frames 16 \(options) --out '\(whole)'").code == 0)
    let outcome = try shell(
      """
      for start in 0 1 2 3; do (
        for n in $start $((start + 4)) $((start + 8)) $((start + 12)); do
          "$diorama" \(Self.scene) --first $n --frames 1 \(options) --out '\(shared)' || echo failed
        done
      ) & done; wait
      """)
    #expect(outcome.output.isEmpty && outcome.message.isEmpty, "\(outcome.errors)")
    let again = try shell(
      "exec \"$diorama\" \(Self.scene) --frames 16 --layout \(layout) --chunk 16 --out '\(shared)'")
    #expect(again.errors.contains("\"made\":0") && !again.errors.contains("damage"), "\(again.errors)")
    #expect(try scratch.files(in: "shared") == scratch.files(in: "whole"))
  }

  /// Stopped in order within seconds, with 75, and the same command goes on to the same bytes.
  @Test(arguments: ["TERM", "INT"]) func signalsStopInOrder(signal: String) throws {
    let scratch = try Scratch()
    let (whole, out) = (scratch.path("whole"), scratch.path("out"))
    let render = "render Scenes/dominoes.yaml --size 320x240 --frames 40 --chunk 8 --threads 1"
    #expect(try shell("\"$diorama\" \(render) --quiet --out '\(whole)'").code == 0)
    let began = Date()
    let outcome = try shell(
      // A shell starts what runs beside it deaf to SIGINT; `env` gives it its ears back.
      "env --default-signal=INT \"$diorama\" \(render) --out '\(out)' & pid=$!; "
        + "while ! [ -e '\(out)/chunks/000000.jsonl' ]; do sleep 0.02; done; kill -\(signal) $pid; wait $pid")
    #expect(outcome.code == 75 && outcome.errors.contains("\"event\":\"stopped\""), "\(outcome.errors)")
    #expect(Date().timeIntervalSince(began) < 30)
    #expect(!scratch.names(in: "out").contains { $0.contains(".part") })
    #expect(try shell("exec \"$diorama\" \(render) --quiet --out '\(out)'").code == 0)
    #expect(try scratch.files(in: "out") == scratch.files(in: "whole"))
  }

  /// A frame that takes longer than schedulers wait is not waited for.
  @Test func longFramesAreNotWaitedFor() throws {
    let scratch = try Scratch()
    let out = scratch.path("out")
    let outcome = try shell(
      "\"$diorama\" render Scenes/dominoes.yaml --size 16000x16000 --frames 1 --threads 1 --out '\(out)' & pid=$!; "
        + "while ! [ -e '\(out)/dataset.json' ]; do sleep 0.02; done; kill -TERM $pid; "
        + "began=$(date +%s%N); wait $pid; code=$?; echo $(( ($(date +%s%N) - began) / 1000000 )); exit $code")
    #expect(outcome.code == 75, "\(outcome.errors)")
    let milliseconds = Int(outcome.output.split(separator: "\n").last ?? "") ?? Int.max
    #expect(milliseconds < 5000)
  }

  @Test func shardsAreNamedAndMerged() throws {
    let scratch = try Scratch()
    let (whole, out) = (scratch.path("whole"), scratch.path("out"))
    let options = "--frames 20 --chunk 3 --layout tar --quiet"
    #expect(try shell("\"$diorama\" \(Self.scene) \(options) --out '\(whole)'").code == 0)
    for i in [0, 3, 4] {
      #expect(try shell("\"$diorama\" \(Self.scene) \(options) --shard \(i)/5 --out '\(out)-\(i)'").code == 0)
    }
    let merge = "\"$diorama\" merge '\(out)'-* --out '\(out)' --frames 20 --shards 5"
    let lacking = try shell(merge)
    #expect(lacking.code == 65 && lacking.output == "1-2\n" && lacking.message.count == 1, "\(lacking.errors)")
    for i in [1, 2] {
      #expect(try shell("\"$diorama\" \(Self.scene) \(options) --shard \(i)/5 --out '\(out)-\(i)'").code == 0)
    }
    let complete = try shell(merge + " --check")
    #expect(complete.code == 0 && complete.output.contains("all of 20 frames"), "\(complete.errors)")
    #expect(try scratch.files(in: "out") == scratch.files(in: "whole"))
    // A preview of an archive's images is that of the files.
    let loose = scratch.path("loose")
    #expect(try shell("\"$diorama\" \(Self.scene) --frames 20 --quiet --out '\(loose)'").code == 0)
    for name in ["out", "loose"] {
      #expect(try diorama("preview", scratch.path(name), "--out", scratch.path(name + ".png")).code == 0)
    }
    #expect(try scratch.files(in: "")["out.png"] == scratch.files(in: "")["loose.png"])
  }

  @Test func splitByAValueKeepsItTogether() throws {
    let scratch = try Scratch()
    let scene = try scratch.write(
      """
      image: {width: 32, height: 24}
      camera: {eye: [3, 3, 2], target: [0, 0, 0]}
      background: {$choice: ["#102030", "#405060", "#708090", "#a0b0c0"]}
      objects: [{id: a, shape: box}]
      """, to: "scene.yaml")
    let set = scratch.path("set")
    #expect(try diorama("render", scene, "--frames", "24", "--out", set, "--quiet").code == 0)
    let split = try diorama(
      "split", set, "--parts", "a=1,b=1", "--by", "background", "--scene", scene, "--salt", "s")
    #expect(split.code == 0, "\(split.errors)")
    var values: [Set<String>] = []
    for part in ["a", "b"] {
      let list = try String(contentsOfFile: set + "/splits/\(part).txt", encoding: .utf8)
      var found: Set<String> = []
      for frame in list.split(separator: "\n") {
        let said = try diorama("explain", scene, "--frame", String(frame), "background").output
        found.insert(String(said.split(separator: "<").first ?? ""))
      }
      values.append(found)
    }
    #expect(values[0].isDisjoint(with: values[1]) && values[0].count + values[1].count == 4, "\(values)")
    let unknown = try diorama("split", set, "--by", "objects.a.nothing", "--scene", scene)
    #expect(unknown.code == 65 && unknown.errors.contains("found 0 draws"), "\(unknown.errors)")
  }

  /// Started without standard streams, messages must not end up in images.
  @Test func closedStreamsHarmNothing() throws {
    let scratch = try Scratch()
    let (whole, out) = (scratch.path("whole"), scratch.path("out"))
    let options = "\(Self.scene) --frames 6 --chunk 2"
    #expect(try shell("\"$diorama\" \(options) --out '\(whole)'").code == 0)
    #expect(try shell("exec \"$diorama\" \(options) --out '\(out)' <&- >&- 2>&-").code == 0)
    #expect(try scratch.files(in: "out") == scratch.files(in: "whole"))
    #expect(try shell("exec \"$diorama\" sample Scenes/primitives.yaml --frame 0 >&-").code == 74)
    // A reader of the log that goes away.
    #expect(try shell("\"$diorama\" \(options) --first 6 --out '\(out)' 2>&1 | head -c 10 >/dev/null").code == 0)
    #expect(try shell("exec \"$diorama\" \(options) --first 6 --out '\(out)'").errors.contains("\"made\":0"))
  }

  /// A folder that goes while it is written.
  @Test func vanishingFolderIsNamed() throws {
    let scratch = try Scratch()
    let out = scratch.path("out")
    let outcome = try shell(
      "\"$diorama\" render Scenes/dominoes.yaml --size 320x240 --frames 400 --chunk 4 --threads 1 --out '\(out)' & pid=$!; "
        + "while ! [ -e '\(out)/chunks/000000.jsonl' ]; do sleep 0.02; done; mv '\(out)' '\(out)-moved'; wait $pid")
    #expect(outcome.code == 74 && outcome.message.count == 1 && outcome.errors.contains(out), "\(outcome.errors)")
  }

  @Test(arguments: ["1", "3/3", "-1/2", "a/b", "0/0"]) func shardsOutOfRangeAreRefused(shard: String) throws {
    let outcome = try diorama("render", "Scenes/primitives.yaml", "--shard=" + shard)
    #expect(outcome.code == 64 && outcome.errors.contains("--shard"), "\(outcome.errors)")
  }
}
