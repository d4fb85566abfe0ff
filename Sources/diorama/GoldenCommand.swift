import ArgumentParser
import CProcessShims
import Datasets

struct GoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "golden", abstract: "Keeps what frames of a scene are, and tells when one has changed.",
    discussion: """
      `record` renders some frames and keeps digests of their pixels and labels with small pictures: a folder for version \
      control. `check` renders them again and compares. `accept` takes what the last check rendered for the new golden.

      EXAMPLES
        diorama golden record Scenes/dominoes.yaml --frames 0,7,100-120 --out Renders/golden/dominoes
        diorama golden check Renders/golden/dominoes
        diorama golden accept Renders/golden/dominoes
      """,
    subcommands: [RecordGoldenCommand.self, CheckGoldenCommand.self, AcceptGoldenCommand.self])
}

struct RecordGoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "record", abstract: "Renders frames of a scene and keeps what they are.",
    discussion: """
      Nothing is recorded over a golden that is there: that is for `accept`, after a look at what changed. The folder \
      appears whole or not at all.

      EXAMPLES
        diorama golden record Scenes/dominoes.yaml --frames 0,7,100-120 --out Renders/golden/dominoes
        diorama golden record Scenes/road.yaml --frames 0-3 --size 320x180 --annotations depth,normal --out Renders/golden/road
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Option(help: ArgumentHelp("The frames to keep, such as 0,7,100-120.", valueName: "numbers"))
  var frames: FrameList

  @Option(
    help: ArgumentHelp("The golden's folder, which is not there yet.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(help: ArgumentHelp("What to annotate, in place of what the scene says.", valueName: "names"))
  var annotations: String?

  @Option(help: ArgumentHelp("Threads. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    _ = try annotations.map { try annotationPlan(named: $0) }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  func run() throws {
    diorama_note_signals()
    // What is wrong with the scene is said as every command says it.
    _ = try arguments.load(scene)
    var request = GoldenRequest(scene: scene, frames: frames, folder: out)
    request.seed = arguments.seed
    request.size = arguments.size.map { [$0.width, $0.height] }
    request.annotations = annotations.map { $0.split(separator: ",").map(String.init) }
    request.threads = threads ?? ProcessAllotment.threads
    let isWhole: Bool
    do throws(DatasetError) {
      isWhole = try recordGolden(request, shouldStop: { diorama_noted_signal() != 0 })
    } catch { throw fail(error) }
    if !isWhole { throw ExitCode(75) }
    print("\(out): recorded \(frames.numbers.count) frames; look at the pictures before they are committed")
  }
}

struct CheckGoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Renders a golden's frames again and compares.",
    discussion: """
      Says the frame, the plane, the instance and the parameter of the scene that differ, and the command that renders the \
      frame. Beside the golden, in FOLDER-check, it leaves report.html and what was rendered, for `accept`. The exit code is \
      0 where nothing differs (or nothing beyond --tolerance), 1 where something does, 65 where there is no golden, it is \
      damaged, or the scene cannot be rendered.

      EXAMPLES
        diorama golden check Renders/golden/dominoes
        diorama golden check Renders/golden/dominoes --tolerance psnr=45,flip=0.02,changed=0.1%
        diorama golden check Renders/golden/dominoes --junit golden.xml --github
      """)

  @Argument(help: "The golden's folder.", completion: .directory)
  var golden: String

  @Option(
    help: ArgumentHelp("Another scene file than the one that the golden was recorded from.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @OptionGroup var arguments: ComparisonArguments

  func run() throws {
    diorama_note_signals()
    let found: GoldenCheck
    do throws(DatasetError) {
      found = try checkGolden(
        golden, scene: scene, tolerance: try limits(), threads: arguments.threadCount,
        shouldStop: { diorama_noted_signal() != 0 })
    } catch { try arguments.tell(error, title: "golden \(golden)", file: scene) }
    if found.isStopped { throw ExitCode(75) }
    let more = found.folder.map {
      ["look at \($0)/report.html; if the change is meant: diorama golden accept \(golden)"]
    }
    try arguments.tell(found.comparison, file: found.scene, more: more ?? [])
  }

  /// They were read when the command line was.
  private func limits() throws(DatasetError) -> Tolerance {
    do { return try arguments.limits } catch { throw .refused("\(error)") }
  }
}

struct AcceptGoldenCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "accept", abstract: "Takes what the last check rendered for the new golden.",
    discussion: """
      To be called after a look at the check's report. Refused where there is no check, or the golden has changed since.

      EXAMPLES
        diorama golden accept Renders/golden/dominoes
      """)

  @Argument(help: "The golden's folder.", completion: .directory)
  var golden: String

  func run() throws {
    let frames: Int
    do throws(DatasetError) { frames = try acceptGolden(golden) } catch { throw fail(error) }
    print("\(golden): \(frames) frames as the last check rendered them")
  }
}
