import ArgumentParser
import Datasets
import Formats
import Glibc
import Imaging
import Sampling
import Stage

struct FitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "fit", abstract: "Proposes a scene whose statistics are those of a real set.",
    discussion: """
      Draws labels of the scene, finds out by importance weights which arguments of its distributions bring classes, objects \
      an image, sizes, aspects, places and overlap of boxes nearer to a COCO file's, and writes a new scene file: the old \
      text with other numbers, comments and all else to the byte. What may vary is what the scene draws; a constant only \
      if --vary names it. The distances are those of frames that the fit has not seen.

      EXAMPLES
        diorama fit Scenes/shelf.yaml real.json --out Scenes/fitted.yaml
        diorama fit Scenes/shelf.yaml real.json --map "box=carton" --keep camera --out Scenes/fitted.yaml --json fit.json
        diorama fit Scenes/dominoes.yaml real.json --vary objects[balls].count --vary camera.fov --out Scenes/new.yaml
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Argument(help: "The real set's COCO annotation file.", completion: .file(extensions: ["json"]))
  var target: String

  @Option(
    help: ArgumentHelp(
      "The scene file to write; in the scene's folder where the scene names files, since paths count from there.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var out: String?

  @Flag(help: "Write over a file that is there.")
  var force = false

  @Option(help: ArgumentHelp("Write distances and changes as JSON.", valueName: "file"), completion: .file())
  var json: String?

  @Option(
    help: ArgumentHelp("A class of the real set by its name in the scene; may be repeated.", valueName: "theirs=ours"))
  var map: [String] = []

  @Option(
    help: ArgumentHelp(
      "A path to vary, as `diorama explain` names it: a constant, or a distribution that decides nothing about boxes.",
      valueName: "path"))
  var vary: [String] = []

  @Option(help: ArgumentHelp("A path to leave as it is, with all below it.", valueName: "path"))
  var keep: [String] = []

  @Option(help: ArgumentHelp("Frames a round.", valueName: "count"))
  var frames = FitOptions().frames

  @Option(help: ArgumentHelp("The most rounds.", valueName: "count"))
  var rounds = FitOptions().rounds

  @Option(help: ArgumentHelp("Threads; the result does not depend on them. Default: all.", valueName: "count"))
  var threads: Int?

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    for (name, n, range) in [("--frames", frames, 20...100_000), ("--rounds", rounds, 1...100)] {
      guard range.contains(n) else {
        throw ValidationError(
          "\(name): found \(n), expected a count from \(range.lowerBound) to \(range.upperBound).")
      }
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
    for m in map where m.split(separator: "=").count != 2 {
      throw ValidationError("--map: found \(m), expected a name of the real set, = and a name of the scene.")
    }
    guard out != nil || !force else { throw ValidationError("--force without --out, expected the file to write over.") }
  }

  func run() throws {
    let compiled = try arguments.load(scene)
    if let out, !force, access(out, F_OK) == 0 {
      throw fail("\(out): found a file, expected none; --force writes over it", code: 65)
    }
    for path in [out, json].compactMap({ $0 }) { try checkWritable(path) }
    if let out { try checkFiles(of: compiled, at: out) }
    var options = FitOptions()
    (options.frames, options.rounds, options.seed) = (frames, rounds, arguments.seed)
    (options.width, options.height) = (arguments.size?.width, arguments.size?.height)
    (options.vary, options.keep) = (vary, keep)
    options.threads = threads ?? ProcessAllotment.threads
    options.progress = { printError("diorama: " + $0) }
    var names: [String: String] = [:]
    for m in map {
      let sides = m.split(separator: "=").map(String.init)
      names[sides[0]] = sides[1]
    }
    let classes: FitClasses
    let result: FitResult
    do throws(DatasetError) {
      classes = try FitClasses(coco: target, categories: compiled.categories.map(\.name), names: names)
      result = try fitScene(path: scene, to: classes.statistics, options)
    } catch { throw fail(error) }
    if let out {
      do throws(SceneError) { _ = try CompiledScene(text: result.text, path: out, overrides: overrides) } catch {
        throw fail("\(error.description); nothing is written", code: 65)
      }
    }
    try writeText(result.summary + classes.notes.map { "note: " + $0 + "\n" }.joined(), to: nil)
    if let out { try writeText(result.text, to: out) }
    if let json { try writeText(result.json, to: json) }
  }

  private var overrides: SceneOverrides {
    SceneOverrides(width: arguments.size?.width, height: arguments.size?.height, seed: arguments.seed)
  }

  /// Ends with 74 where no file can be made at a path: before the work, not after it.
  private func checkWritable(_ path: String) throws {
    guard access(FileSystem.enclosing(path), W_OK | X_OK) == 0 else {
      throw fail("\(path): cannot create: \(String(cString: strerror(errno)))", code: 74)
    }
  }

  /// Ends with 65 where the scene would not be the same in the result's folder: the files that it names count from its own.
  private func checkFiles(of compiled: CompiledScene, at out: String) throws {
    guard FitCommand.folder(of: out) != FitCommand.folder(of: scene) else { return }
    let moved: CompiledScene? =
      if let text = try? SceneEditor(path: scene).text {
        try? CompiledScene(text: text, path: out, overrides: overrides)
      } else { nil }
    guard let moved, moved.digest == compiled.digest else {
      throw fail(
        "\(out): found another folder than that of \(scene), expected a file beside it: the files that the scene names or "
          + "includes are not found from there", code: 65)
    }
  }

  /// The real path of the folder that a file lies in.
  private static func folder(of path: String) -> String? {
    guard let real = realpath(FileSystem.enclosing(path), nil) else { return nil }
    defer { free(real) }
    return String(cString: real)
  }
}
