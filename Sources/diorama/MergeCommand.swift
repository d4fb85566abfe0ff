import ArgumentParser
import CProcessShims
import Datasets
import Formats

struct MergeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "merge", abstract: "Puts shards together: checks that all frames are there, writes the annotations.",
    discussion: """
      All datasets must be of the same scene, seed, render version, chunk size and layout, and agree on every frame that \
      more than one of them has. Images are linked into --out, or copied where links cannot be made. Of one dataset, \
      which shards may have written together, everything is checked and made in place.

      If frames are missing or damaged, the exit code is 65, and the shards to be run again are printed on standard \
      output as a list for Slurm's --array; N is --shards, or a shard a chunk.

      EXAMPLES
        diorama merge Renders/large --frames 100000 --shards 20
        diorama merge Renders/shard-* --out Renders/all --frames 100000 --shards 20
        diorama merge Renders/large --check --annotations one
        sbatch --array="$(diorama merge Renders/large --frames 100000 --shards 20)" Deploy/slurm/render.sbatch
      """)

  @Argument(help: "The datasets' folders.", completion: .directory)
  var datasets: [String]

  @Option(
    help: ArgumentHelp("The dataset of all frames. Default: the dataset, where there is one.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(help: ArgumentHelp("How many frames must be there. Default: up to the last that is.", valueName: "count"))
  var frames: Int?

  @Option(help: ArgumentHelp("The first frame that must be there.", valueName: "number"))
  var first = 0

  @Option(help: ArgumentHelp("How many shards there are. Default: one a chunk.", valueName: "N"))
  var shards: Int?

  @Flag(help: "Decode every file and hold its pixels against its record.")
  var check = false

  @Flag(help: "Do not look at the frames' files: they lie elsewhere, only the records are here.")
  var recordsOnly = false

  @Flag(help: "Write the annotations of what is there even if frames are missing.")
  var partial = false

  enum Annotations: String, ExpressibleByArgument, CaseIterable { case auto, one, chunks, none }

  @Option(
    help: ArgumentHelp(
      "COCO annotations: one file, chunks (a file a chunk with an index), none, or auto: one file up to "
        + "\(largestSingleFile) frames.", valueName: "form"))
  var annotations = Annotations.auto

  @Option(
    help: ArgumentHelp(
      "What to derive, such as coco,yolo, in place of --annotations; `diorama formats` lists all.", valueName: "names"))
  var format: String?

  @Option(help: ArgumentHelp("Threads that read. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  @Flag(help: "Report nothing but errors and missing shards.")
  var quiet = false

  func validate() throws {
    guard datasets.count == 1 || out != nil else {
      throw ValidationError("--out: found none, expected a folder for what \(datasets.count) datasets make together.")
    }
    if let frames, !(1...RenderCommand.lastFrame).contains(frames) {
      throw ValidationError("--frames: found \(frames), expected a count of 1 or more.")
    }
    guard (0..<RenderCommand.lastFrame).contains(first) else {
      throw ValidationError("--first: found \(first), expected a frame's number.")
    }
    guard first == 0 || frames != nil else {
      throw ValidationError("--first: found \(first) without --frames, expected both or neither.")
    }
    if let shards, !(1...Shard.largestCount).contains(shards) {
      throw ValidationError("--shards: found \(shards), expected a count from 1 to \(Shard.largestCount).")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
    _ = try format.map { try derivedFormats(named: $0) }
    guard format == nil || annotations == .auto else {
      throw ValidationError("--format: found --annotations too, expected one of them.")
    }
    guard !(check && recordsOnly) else {
      throw ValidationError("--check: found --records-only too, expected one of them.")
    }
  }

  func run() throws {
    diorama_note_signals()
    var options = MergeOptions(
      sources: datasets, out: out ?? datasets[0], threads: threads ?? ProcessAllotment.threads)
    options.frames = frames.map { first..<first + $0 }
    options.shards = shards
    options.isChecked = check
    options.hasFiles = !recordsOnly
    options.acceptsGaps = partial
    switch annotations {
    case .auto: break
    case .one: options.formats = [.standing(COCOWriter.self)]
    case .chunks: options.formats = [.standing(COCOChunksWriter.self)]
    case .none: options.formats = []
    }
    if let format { options.formats = try derivedFormats(named: format) }
    let report: MergeReport
    do {
      report = try mergeDatasets(
        options, shouldStop: { diorama_noted_signal() != 0 }, damage: { printError("diorama: damaged: \($0)") })
    } catch { throw fail(error) }
    if report.isStopped { throw fail("stopped; the same command goes on", code: 75) }
    if report.missingFrames > 0 {
      try writeText(Shard.arrayList(report.missingShards) + "\n", to: nil)
      throw fail(
        "\(options.out): \(report.missingFrames) frames are missing or damaged, in \(report.missingShards.count) of "
          + "\(report.shardCount) shards\(report.isDerived ? "; the annotations hold the others" : "")", code: 65)
    }
    guard report.isDerived else {
      throw fail("\(options.out): frames were added meanwhile; the same command makes the annotations of all", code: 75)
    }
    guard !quiet else { return }
    let c = report.counts
    try writeText(
      "\(options.out): all of \(c.frames) frames, \(c.instances) instances, \(c.visible) of them visible; "
        + "\(rounded(ProcessAllotment.memory.peak)) MB at most\n", to: nil)
  }

  private func rounded(_ bytes: Int) -> Int { (bytes + 1 << 19) >> 20 }
}
