import ArgumentParser
import CProcessShims
import Datasets
import Sampling

struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report", abstract: "Says what a dataset holds and whether it is any good, on a page and for CI.",
    discussion: """
      One self-contained page: classes and their balance, sizes, places, visibility, viewpoints, light, colours, what the scene \
      drew against what it was asked for, near duplicates, leaks of a split, outliers, warnings and a contact sheet to filter. \
      With --against, each distribution stands beside that of a real set, with what to change in the scene. \
      Documentation/Report.md explains every figure.

      --require METRIC>NUMBER (also >= < <= ==, and percent for shares) ends with 1 where it does not hold. Metrics:

      \(ReportCommand.metrics)

      EXAMPLES
        diorama report Renders/dominoes
        diorama report Renders/shelf --assets Scenes --out shelf.html
        diorama report Renders/road --against instances_train.json --json road.json
        diorama report Renders/dominoes --require "balance>0.8" --require "tiny_boxes<1%" --require "leaks==0"
        diorama report Renders/road --against real.json --require "size.ks<0.2"
      """)

  /// Names in lines of some length.
  private static var metrics: String {
    let plain = ReportMetric.all.filter { !$0.isDistance }.map { "  \($0.name): \($0.meaning)" }
    var keys: [String] = []
    for m in ReportMetric.all where m.isDistance {
      let key = String(m.name.prefix { $0 != "." })
      if !keys.contains(key) { keys.append(key) }
    }
    return
      (plain + [
        "  KEY.js, KEY.ks, KEY.wasserstein: distances to the real set, of \(keys.joined(separator: ", ")) (classes: js alone)"
      ]).joined(separator: "\n")
  }

  @Argument(help: "A dataset's folder.", completion: .directory)
  var dataset: String

  @Option(
    help: ArgumentHelp("The page to write. Default: report.html in the dataset's folder.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var out: String?

  @Option(
    help: ArgumentHelp("A COCO file of real pictures to hold the dataset against.", valueName: "file"),
    completion: .file(extensions: ["json"]))
  var against: String?

  @Option(
    help: ArgumentHelp("Write the report as JSON there.", valueName: "file"), completion: .file(extensions: ["json"]))
  var json: String?

  @Option(
    name: .customLong("require"),
    help: ArgumentHelp(
      "What the dataset has to satisfy, such as balance>0.8. May be given several times.", valueName: "metric>number"))
  var requirements: [String] = []

  @Option(
    help: ArgumentHelp(
      "The scene's file, in place of what the dataset keeps of it, to show every parameter that it draws.",
      valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @Option(
    help: ArgumentHelp(
      "The folder that the scene names its files from, such as Scenes; for the parameters of a scene that names files.",
      valueName: "folder"), completion: .directory)
  var assets: String?

  @Option(
    help: ArgumentHelp(
      "A path that the scene draws, of which no value should lie in two parts of the split.",
      valueName: "path"))
  var group: String?

  @Option(help: ArgumentHelp("How many pictures to read, spread evenly over the frames.", valueName: "count"))
  var pictures = 1000

  @Option(help: ArgumentHelp("Of how many frames to sample the scene again, spread evenly.", valueName: "count"))
  var draws = 1000

  @Option(help: ArgumentHelp("How many frames to show on the contact sheet.", valueName: "count"))
  var tiles = 60

  @Flag(help: "Leave out the parts that `diorama split` made.")
  var noSplits = false

  @Option(help: ArgumentHelp("Threads. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  @Flag(help: "Print nothing but what does not hold.")
  var quiet = false

  private func parsedRequirements() throws -> [ReportRequirement] {
    var list: [ReportRequirement] = []
    for text in requirements {
      let one: ReportRequirement
      do { one = try ReportRequirement(text) } catch { throw ValidationError("--require: \(error)") }
      if against == nil, ReportMetric.all.contains(where: { $0.name == one.metric && $0.isDistance }) {
        throw ValidationError("--require: found \(one.metric) without --against, expected a real set to measure it to.")
      }
      list.append(one)
    }
    return list
  }

  func validate() throws {
    _ = try parsedRequirements()
    for (name, count, most) in [
      ("--pictures", pictures, ReportOptions.mostPictures), ("--draws", draws, 1_000_000), ("--tiles", tiles, 400),
    ] where !(0...most).contains(count) {
      throw ValidationError("\(name): found \(count), expected a count from 0 to \(most).")
    }
    if group != nil, draws == 0 || noSplits {
      throw ValidationError(
        "--group: found \(draws == 0 ? "--draws 0" : "--no-splits") beside it, which leaves nothing to look at.")
    }
    if scene != nil, assets != nil { throw ValidationError("--assets: found --scene beside it, expected one of them.") }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  func run() throws {
    diorama_note_signals()
    let requirements = try parsedRequirements()
    var options = ReportOptions()
    (options.pictures, options.draws, options.tiles) = (pictures, draws, tiles)
    options.threads = threads ?? ProcessAllotment.threads
    options.usesSplits = !noSplits
    options.group = group
    let report: DatasetReport?
    do throws(DatasetError) {
      let set = try Dataset(folder: dataset)
      if scene != nil || assets != nil || DatasetScene.isKept(by: set) {
        options.scene = try DatasetScene(set, file: scene, assets: assets).scene
      }
      if group != nil, options.scene == nil {
        throw .refused(
          "--group: found a path, but not the scene that draws it; expected --scene or, for the scene that the dataset keeps, "
            + "--assets")
      }
      report = try DatasetReport(set, options, against: against, shouldStop: { diorama_noted_signal() != 0 })
    } catch { throw fail(error) }
    guard let report else { throw fail("stopped; nothing was written", code: 75) }
    let outcomes = report.outcomes(of: requirements)
    var page = dataset
    while page.count > 1, page.hasSuffix("/") { page.removeLast() }
    page = out ?? page + "/report.html"
    try writeText(report.page(outcomes: outcomes), to: page)
    if let json { try writeText(String(decoding: report.json(outcomes: outcomes), as: UTF8.self), to: json) }
    if !quiet { try writeText(report.text + "\(page): the page\n", to: nil) }
    let unmet = outcomes.filter { !$0.isMet }
    for o in unmet { printError("diorama: \(o.description)") }
    if !unmet.isEmpty { throw ExitCode(1) }
  }
}
