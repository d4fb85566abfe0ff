// Where a frame's time goes: renders a scene as `diorama render` does, files, syncs and all, into a folder that goes
// again, first with one thread and then with more, and prints a table. Documentation/Performance.md says how to read it.

import Annotators
import ArgumentParser
import CProcessShims
import Documents
import Glibc
import Sampling

@main
struct Bench: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diorama-bench", abstract: "Measures a scene, stage by stage.",
    discussion: """
      Times are of the processor (of all threads together) but where wall time is named: another process beside this one \
      makes both longer, the second much more. Measure on a quiet machine, twice.

      EXAMPLES
        diorama-bench
        diorama-bench Scenes/primitives.yaml --frames 50 --size 1920x1080
        diorama-bench --threads 8 --folder Renders --json
        diorama-bench --no-features Scenes/primitives.yaml
        diorama-bench --sampling Scenes/shelf.yaml
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene = "Scenes/dominoes.yaml"

  @Option(help: ArgumentHelp("How many frames.", valueName: "count"))
  var frames = 200

  @Option(help: ArgumentHelp("Threads of the second run; 1 for no second run.", valueName: "count"))
  var threads = 2

  @Option(help: ArgumentHelp("Another image size than the scene's, such as 1920x1080.", valueName: "WxH"))
  var size: String?

  @Option(
    help: ArgumentHelp("Where to make the temporary folder: choose the file system.", valueName: "folder"),
    completion: .directory)
  var folder = "/tmp"

  @Flag(help: "Print JSON instead of the table.")
  var json = false

  @Flag(
    inversion: .prefixedNo,
    help: "Measure in turn what each feature costs on top of the scene; where it has blocks camera: and sun:.")
  var features = true

  @Flag(help: "Measure reading the scene and sampling its frames alone, and the same of 200 varied objects.")
  var sampling = false

  @Option(help: ArgumentHelp("Print how evenly datasets are covered, as CSV, into a file.", visibility: .hidden))
  var coverage: String?

  @Option(help: ArgumentHelp("Write so many records without images into --folder, to merge them.", visibility: .hidden))
  var records: Int?

  func validate() throws {
    guard (1...1_000_000).contains(frames) else {
      throw ValidationError("--frames: found \(frames), expected a count from 1 to 1000000.")
    }
    guard (1...1024).contains(threads) else {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
    guard size == nil || sides != nil else {
      throw ValidationError("--size: found \(size ?? ""), expected WIDTHxHEIGHT, such as 1920x1080.")
    }
  }

  func run() throws {
    if sampling { return try measureSampling() }
    if let records { return try writeRecords(records) }
    if let coverage { return try measureCoverage(into: coverage) }
    var overrides = SceneOverrides()
    overrides.width = sides?.width
    overrides.height = sides?.height
    do throws(BenchError) {
      var report = Report(scene: scene, target: String(cString: diorama_build_target()))
      for count in threads == 1 ? [1] : [1, threads] {
        let measured = try measure(scene: scene, overrides, frames: frames, threads: count, under: folder)
        report.runs.append(measured)
      }
      print(json ? report.json : report.table, terminator: "")
      if !json { print(try annotationPrices(overrides), terminator: "") }
      if features && !json {
        fflush(nil)
        let rows = try FeatureBench.rows(
          scene: scene, overrides, frames: max(frames / 20, 1), rounds: 4, under: folder)
        print("\n" + FeatureBench.table(rows), terminator: "")
      }
    } catch {
      let line = Array("diorama-bench: \(error.message)\n".utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      throw ExitCode(error.code)
    }
  }

  /// What each annotation takes: a shorter run, with one thread, of all that there are.
  private func annotationPrices(_ overrides: SceneOverrides) throws(BenchError) -> String {
    let plan: AnnotationPlan
    do { plan = try AnnotationPlan(names: annotatorRegistry.names) } catch {
      throw BenchError(message: error.message(files: []), code: 70)
    }
    let run = try measure(
      scene: scene, overrides, frames: min(frames, 40), threads: 1, under: folder, annotations: plan)
    var report = Report(scene: scene + " with all annotations", target: String(cString: diorama_build_target()))
    report.runs = [run]
    return "\n" + report.table
  }

  private var sides: (width: Int, height: Int)? {
    let parts = (size ?? "").split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let w = parts[0], let h = parts[1], w > 0, h > 0 else { return nil }
    return (w, h)
  }

  private func measureSampling() throws {
    do throws(SceneError) {
      let path = scene
      let own = try SamplingBench { () throws(SceneError) in try CompiledScene.load(path: path) }
      let many = try SamplingBench { () throws(SceneError) in
        try CompiledScene(text: SamplingBench.twoHundredObjects, path: "200 objects")
      }
      for (name, b) in [(path, own), ("200 varied objects", many)] {
        print("\(name): \(b.objects) objects, read in \(thousandths(b.load)) ms, a frame in \(thousandths(b.frame)) ms")
      }
    } catch {
      let line = Array("diorama-bench: \(error.message)\n".utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      throw ExitCode(65)
    }
  }

  private func writeRecords(_ count: Int) throws {
    do throws(BenchError) { try RecordBench.write(count, scene: scene, to: folder) } catch {
      let line = Array("diorama-bench: \(error.message)\n".utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      throw ExitCode(error.code)
    }
  }

  private func measureCoverage(into path: String) throws {
    do throws(SceneError) {
      let table = Array(try CoverageBench.table().utf8)
      guard let file = fopen(path, "w") else { throw SceneError(message: "\(path): cannot be written") }
      let isWhole = fwrite(table, 1, table.count, file) == table.count
      guard fclose(file) == 0, isWhole else { throw SceneError(message: "\(path): cannot be written") }
    } catch {
      let line = Array("diorama-bench: \(error.message)\n".utf8)
      _ = line.withUnsafeBytes { write(2, $0.baseAddress, $0.count) }
      throw ExitCode(65)
    }
  }

  private func thousandths(_ x: Double) -> Double { (x * 1000).rounded() / 1000 }
}
