import ArgumentParser
import CProcessShims
import Datasets

struct VerifyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "verify", abstract: "Derives a dataset's labels again from its planes and reports what disagrees.",
    discussion: """
      Boxes, areas, counts, masks, ids, occluders, projections and places are worked out again from what the planes and \
      the records hold, without the scene. Each disagreement is a line with its frame and instance; the exit code is 1 \
      if there is one, 0 if all agree.

      EXAMPLES
        diorama verify Renders/dominoes
        diorama verify Renders/many --first 1000 --frames 200
      """)

  @Argument(help: "A dataset's folder.", completion: .directory)
  var dataset: String

  @Option(help: ArgumentHelp("The first frame's number.", valueName: "number"))
  var first = 0

  @Option(help: ArgumentHelp("How many frame numbers from there on. Default: all.", valueName: "count"))
  var frames: Int?

  @Option(help: ArgumentHelp("Frames verified at a time. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  func validate() throws {
    guard (0..<RenderCommand.lastFrame).contains(first) else {
      throw ValidationError("--first: found \(first), expected a frame's number.")
    }
    if let frames, frames < 1 { throw ValidationError("--frames: found \(frames), expected a count of 1 or more.") }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  func run() throws {
    diorama_note_signals()
    let last = frames.map { min($0, RenderCommand.lastFrame - first) + first } ?? RenderCommand.lastFrame
    let report: VerifyReport
    do throws(DatasetError) {
      report = try verifyDataset(
        dataset, frames: first..<last, threads: threads ?? ProcessAllotment.threads,
        shouldStop: { diorama_noted_signal() != 0 }, tell: { print($0) })
    } catch { throw fail(error) }
    print("\(report.frames) frames, \(report.instances) instances, \(report.disagreements) disagreements")
    if report.isStopped { throw ExitCode(75) }
    if report.disagreements > 0 { throw ExitCode(1) }
    guard report.frames > 0 else { throw fail("\(dataset): found no frame to verify, expected some", code: 65) }
  }
}
