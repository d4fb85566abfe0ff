import ArgumentParser
import Datasets
import Formats

/// What every command that compares takes: what is allowed, and where to say what was found.
struct ComparisonArguments: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "What may differ, such as psnr=45,flip=0.02,changed=0.1% of the picture, depth.max=1 of a plane, box=1, area=1% or "
        + "values=1e-6 of the records. Default: nothing.", valueName: "limits"))
  var tolerance: String?

  @Option(
    help: ArgumentHelp("Write the page of what differs there.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp("Write what differs as JSON there.", valueName: "file"), completion: .file(extensions: ["json"]))
  var json: String?

  @Option(help: ArgumentHelp("Write a JUnit report there.", valueName: "file"), completion: .file(extensions: ["xml"]))
  var junit: String?

  @Flag(help: "Print what differs as annotations for GitHub Actions too.")
  var github = false

  @Option(help: ArgumentHelp("Threads. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  func validate() throws {
    _ = try limits
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  var limits: Tolerance {
    get throws {
      guard let tolerance else { return .exact }
      do { return try Tolerance(tolerance) } catch { throw ValidationError("--tolerance: \(error)") }
    }
  }

  var threadCount: Int { threads ?? ProcessAllotment.threads }

  /// Writes and prints what was found, and ends with 1 where it lies beyond what is allowed.
  ///
  /// - Parameter file: what annotations stand beside.
  func tell(_ comparison: Comparison, file: String?, more: [String] = []) throws {
    if let report { try writeText(comparison.page, to: report) }
    if let json { try writeText(String(decoding: comparison.json, as: UTF8.self), to: json) }
    if let junit { try writeText(comparison.junit, to: junit) }
    var lines = comparison.lines()
    if github { lines += comparison.githubLines(file: file) }
    lines += more + [comparison.summary]
    try writeText(lines.joined(separator: "\n") + "\n", to: nil)
    if comparison.isDifferent { throw ExitCode(1) }
  }

  /// Says in all the ways asked for that there is no result, and ends with the error's exit code.
  func tell(_ error: DatasetError, title: String, file: String?) throws -> Never {
    if let junit { try writeText(junitReport(title: title, error: error.description), to: junit) }
    if github { try writeText(githubError(error.description, title: title, file: file) + "\n", to: nil) }
    throw fail(error)
  }
}

extension FrameList: ExpressibleByArgument {
  /// `0,7,100-120`.
  public init?(argument: String) { self.init(argument) }
}
