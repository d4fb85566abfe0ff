import ArgumentParser
import CProcessShims
import Datasets
import Formats
import Sampling

struct RenderCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "render", abstract: "Renders a scene into a dataset, or goes on with one.",
    discussion: """
      Frames that are in the dataset already are left alone: running a command again resumes it, asking for more frames \
      grows the set. Frames are written chunk by chunk; a chunk counts once its record file is there. A process may be \
      killed at any moment; SIGTERM and SIGINT end it within five seconds, with exit code 75 if there is work left.

      A frame that cannot be made fails its chunk: the command that makes it alone is printed, the other chunks go on, \
      and the exit code is 65 at the end.

      With --shard I/N, I from 0, a run makes the I-th of N parts, whole chunks, for one of N machines. Shards may share \
      a folder or have one each; `diorama merge` then checks them and writes the annotations.

      EXAMPLES
        diorama render Scenes/dominoes.yaml
        diorama render Scenes/dominoes.yaml --frames 5000 --out Renders/many --threads 8
        diorama render Scenes/dominoes.yaml --first 812 --frames 1 --out Renders/one
        diorama render Scenes/dominoes.yaml --frames 100000 --chunk 1000 --layout tar --shard 7/20 --out Renders/large
        diorama render Scenes/dominoes.yaml --frames 5000 --out Renders/many --check
        diorama render Scenes/dominoes.yaml --annotations depth,normal,visibility,boxes_3d --out Renders/rich

      On a terminal a progress bar is drawn on standard error; elsewhere each event is a line of JSON there: start, \
      open and chunk (work on a chunk begins; it is on the disk), damage, note, failed, heartbeat (every ten \
      seconds), deriving, stopped, done.
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Option(help: ArgumentHelp("How many frames. Default: as many as the scene says.", valueName: "count"))
  var frames: Int?

  @Option(help: ArgumentHelp("The first frame's number.", valueName: "number"))
  var first = 0

  @Option(
    help: ArgumentHelp("The dataset's folder. Default: Renders/ and the scene's name.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @OptionGroup var arguments: SceneArguments

  @Option(
    help: ArgumentHelp(
      "Frames made at a time; fewer frames than that share the threads. Default: the processors allotted.",
      valueName: "count"))
  var threads: Int?

  @Option(
    help: ArgumentHelp("Frames a chunk, fixed when the dataset is made. Default: 64.", valueName: "count"))
  var chunk: Int?

  @Option(
    help: ArgumentHelp(
      "How files lie: folder (a file each) or tar (WebDataset shards, one a chunk). Fixed when the dataset is made. "
        + "Default: folder.", valueName: "layout"))
  var layout: FileLayout?

  @Option(
    help: ArgumentHelp(
      "What to annotate, such as depth,normal,boxes_3d, in place of what the scene says; `diorama reference` lists all. "
        + "Fixed when the dataset is made.", valueName: "names"))
  var annotations: String?

  @Option(
    help: ArgumentHelp(
      "What to derive at the end, such as coco,yolo, in place of what the scene says; `diorama formats` lists all. "
        + "Default: coco, or coco-chunks above 50,000 frames.", valueName: "names"))
  var format: String?

  @Option(help: ArgumentHelp("Make the I-th of N parts of the frames, I from 0; no annotations.", valueName: "I/N"))
  var shard: Shard?

  @Flag(help: "Decode the frames that are there, and make again those whose pixels are not as recorded.")
  var check = false

  @Option(
    help: ArgumentHelp(
      "How many chunks may fail by frames that cannot be made before the run ends.", valueName: "count"))
  var maxFailures = RenderOptions.defaultMaxFailures

  @Flag(help: "Report nothing but errors.")
  var quiet = false

  /// The largest frame number: annotation ids stay within 53 bits, and sampling takes 32.
  static let lastFrame = Int(UInt32.max) - 1

  func validate() throws {
    _ = try annotations.map { try annotationPlan(named: $0) }
    _ = try format.map { try derivedFormats(named: $0) }
    if let frames, frames < 1 { throw ValidationError("--frames: found \(frames), expected a count of 1 or more.") }
    guard first >= 0, first < Self.lastFrame else {
      throw ValidationError("--first: found \(first), expected a number from 0 to \(Self.lastFrame - 1).")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
    if let chunk, !(1...1_000_000).contains(chunk) {
      throw ValidationError("--chunk: found \(chunk), expected a count from 1 to 1000000.")
    }
    guard maxFailures >= 0 else {
      throw ValidationError("--max-failures: found \(maxFailures), expected a count of 0 or more.")
    }
    if let frames, frames > Self.lastFrame - first {
      throw ValidationError("--frames: found \(frames), expected frames up to number \(Self.lastFrame).")
    }
  }

  func run() throws {
    diorama_note_signals()
    let compiled = try arguments.load(scene)
    let count = frames ?? max(compiled.frameCount * compiled.pictures - first, 1)
    let folder = out ?? "Renders/" + compiled.name
    var options = RenderOptions(
      folder: folder, frames: first..<first + count, threads: threads ?? ProcessAllotment.threads, chunk: chunk)
    options.layout = layout
    options.shard = shard
    options.isChecked = check
    do throws(SceneError) { options.formats = try DerivedFormat.list(of: compiled) } catch {
      throw fail(error.description, code: 65)
    }
    if let format { options.formats = try derivedFormats(named: format) }
    options.maxFailures = maxFailures
    let progress = Progress(scene: compiled, options, isQuiet: quiet)
    let plan = try annotations.map { try annotationPlan(named: $0) }
    let source: FrameSource
    do throws(SceneError) {
      source = try FrameSource(compiled, annotations: plan, notes: { progress.note(ofFile: $0) })
    } catch {
      throw fail(error.description, code: 65)
    }
    let summary: RenderSummary
    do {
      summary = try renderDataset(
        source, options, renderer: standardRenderer(frameThreads: options.frameThreads),
        shouldStop: { diorama_noted_signal() != 0 },
        events: { event in
          progress.note(event)
          if case .failed(_, let frame, let reason) = event {
            progress.clear()
            printError("diorama: frame \(frame): \(reason)")
            printError("diorama: to see it again: " + reproduction(of: frame))
          }
        })
    } catch {
      progress.clear()
      switch error {
      // Said when it happened.
      case .frame: throw ExitCode(error.exitCode)
      case .chunks(let n, _):
        let isEnded = n > maxFailures ? ", more than --max-failures \(maxFailures): the run ended" : ""
        throw fail(
          "\(n) chunks failed\(isEnded); what is whole stays, the same command tries again", code: error.exitCode)
      default: throw fail(error)
      }
    }
    progress.finish(summary)
    if summary.isStopped { throw ExitCode(75) }
  }

  /// The command that renders one frame as this run would.
  private func reproduction(of frame: Int) -> String {
    var words = ["diorama", "render", scene, "--first", "\(frame)", "--frames", "1"]
    if let seed = arguments.seed { words += ["--seed", "\(seed)"] }
    if let size = arguments.size { words += ["--size", "\(size.width)x\(size.height)"] }
    if let annotations { words += ["--annotations", annotations] }
    return words.joined(separator: " ") + " --out FOLDER"
  }
}

extension FileLayout: ExpressibleByArgument {}

/// The formats of a list such as `coco,yolo`.
func derivedFormats(named list: String) throws -> [DerivedFormat] {
  do { return try DerivedFormat.list(list.split(separator: ",").map(String.init)) } catch {
    throw ValidationError("--format: \(error)")
  }
}

extension Shard: ExpressibleByArgument {
  /// `7/20`.
  public init?(argument: String) {
    let parts = argument.split(separator: "/", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let index = parts[0], let count = parts[1] else { return nil }
    self.init(index: index, count: count)
  }
}
