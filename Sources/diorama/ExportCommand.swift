import ArgumentParser
import CProcessShims
import Datasets
import Documents
import Formats
import Glibc
import Imaging
import Sampling

struct ExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Writes a dataset in other people's formats.",
    discussion: """
      Reads the records, and images only where a format holds them in a form of its own. One format is written into --out \
      itself, several into a folder each inside it, as export.json says: classes, splits, counts and all that was lost. \
      The folder appears when all is whole.

      If the dataset was split, its parts become the format's; else all frames are train. Pictures are hard links unless \
      --link says otherwise; those of a tar dataset are extracted.

      A class map is a YAML file:

        classes: {car: vehicle, truck: vehicle, tree: null}   # renamed, put together, dropped
        others: keep                                          # or drop
        order: [vehicle, person]                              # ids from 1; optional

      EXAMPLES
        diorama export Renders/dominoes --format yolo-seg --out Exports/dominoes
        diorama export Renders/dominoes --format coco,coco-panoptic --out Exports/both --link symlink
        diorama export Renders/road --format yolo --classes map.yaml --min-visibility 0.1 --min-area 20 --out Exports/road
        diorama export Renders/dominoes --format coco --polygons outlines --annotations boxes,masks --out Exports/polygons
        diorama export Renders/bin --format bop --scene Scenes/bin.yaml --out Exports/bin
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(help: ArgumentHelp("Formats, such as yolo-seg,kitti; `diorama formats` lists all.", valueName: "names"))
  var format: String

  @Option(help: ArgumentHelp("The folder to make.", valueName: "folder"), completion: .directory)
  var out: String

  @Option(
    help: ArgumentHelp(
      "What must be carried, such as boxes,masks: an error where a format cannot. Default: what dataset and format both "
        + "have.", valueName: "names"))
  var annotations: String?

  @Option(help: ArgumentHelp("A class map.", valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var classes: String?

  @Option(
    help: ArgumentHelp(
      "The scene that the dataset was made from, for formats that hold models (bop): records name no geometry.",
      valueName: "file"), completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @Option(help: ArgumentHelp("The image size that the dataset was made with, if not the scene's.", valueName: "WxH"))
  var size: ImageSize?

  @Option(
    help: ArgumentHelp(
      "Instances of which a smaller share is visible become what the format has for that (iscrowd, difficult, DontCare), or "
        + "are left out.", valueName: "share"))
  var minVisibility = 0.0

  @Option(help: ArgumentHelp("The same for instances of fewer visible pixels.", valueName: "pixels"))
  var minArea = 0

  @Option(help: ArgumentHelp("How pictures get there: hard, symlink or copy.", valueName: "way"))
  var link = LinkMode.hard

  @Option(
    help: ArgumentHelp(
      "What masks become: rle or outlines (COCO), bridged or largest (YOLO). Default: the first the format has.",
      valueName: "style"))
  var polygons: PolygonStyle?

  @Option(
    help: ArgumentHelp(
      "What pictures are in: png (the dataset's own, linked) or jpeg (encoded anew, quality 95). Default: png, and jpeg for "
        + "voc, whose readers look for .jpg.", valueName: "file"))
  var pictures: PictureFile?

  @Option(
    help: ArgumentHelp(
      "What a dataset card and Croissant say: an SPDX name such as CC-BY-4.0, or a URL.", valueName: "licence"))
  var license: String?

  @Option(help: ArgumentHelp("The day of publication, such as 2026-01-31, for the same.", valueName: "day"))
  var date: String?

  @Option(help: ArgumentHelp("Where the dataset is to be found, for the same.", valueName: "url"))
  var url: String?

  @Option(
    help: ArgumentHelp(
      "MiB of a tar shard (webdataset) or of the pictures in a Parquet file (hf-parquet). Default: 256.",
      valueName: "MiB"))
  var shardSize: Int?

  @Flag(help: "Take all frames as train, even if the dataset was split.")
  var noSplits = false

  @Flag(help: "Replace an earlier export.")
  var overwrite = false

  @Option(help: ArgumentHelp("Threads that read. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  @Flag(help: "Report nothing but errors.")
  var quiet = false

  private func formats() throws -> [any FormatWriter.Type] {
    var list: [any FormatWriter.Type] = []
    for name in format.split(separator: ",") {
      let found: any FormatWriter.Type
      do { found = try Formats.format(named: String(name)) } catch { throw ValidationError("--format: \(error)") }
      guard !list.contains(where: { $0.name == found.name }) else {
        throw ValidationError("--format: found \(found.name) a second time, expected each once.")
      }
      list.append(found)
    }
    guard !list.isEmpty else { throw ValidationError("--format: found none, expected one or more.") }
    return list
  }

  private func contents() throws -> [FormatContent]? {
    guard let annotations else { return nil }
    var list: [FormatContent] = []
    for name in annotations.split(separator: ",") {
      guard let content = FormatContent(rawValue: String(name)) else {
        let known = FormatContent.allCases.map(\.rawValue)
        let hint = nearestName(to: String(name), among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw ValidationError("--annotations: found \(name), expected some of \(known.joined(separator: ", "))\(hint)")
      }
      if !list.contains(content) { list.append(content) }
    }
    return list
  }

  func validate() throws {
    let formats = try formats()
    _ = try contents()
    guard (0...1).contains(minVisibility) else {
      throw ValidationError("--min-visibility: found \(minVisibility), expected a share from 0 to 1.")
    }
    guard minArea >= 0 else { throw ValidationError("--min-area: found \(minArea), expected 0 pixels or more.") }
    if let polygons, !formats.contains(where: { $0.manual.polygons.contains(polygons) }) {
      throw ValidationError("--polygons: found \(polygons.rawValue), which none of \(format) has.")
    }
    if let date, !ExportCommand.isDay(date) {
      throw ValidationError("--date: found \(date), expected a day such as 2026-01-31.")
    }
    if let url, !url.contains("://") { throw ValidationError("--url: found \(url), expected a URL.") }
    if let license, license.isEmpty {
      throw ValidationError("--license: found nothing, expected an SPDX name or a URL.")
    }
    if let shardSize, !(1...8191).contains(shardSize) {
      throw ValidationError("--shard-size: found \(shardSize), expected 1 to 8191 MiB.")
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  /// YYYY-MM-DD, a day of the Gregorian calendar.
  static func isDay(_ s: String) -> Bool {
    let parts = s.split(separator: "-", omittingEmptySubsequences: false)
    guard parts.map(\.utf8.count) == [4, 2, 2], s.utf8.allSatisfy({ $0 == 0x2D || (0x30...0x39).contains($0) }),
      let year = Int(parts[0]), let month = Int(parts[1]), let day = Int(parts[2]), (1...12).contains(month)
    else { return false }
    let isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
    let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
    return (1...days[month - 1]).contains(day)
  }

  func run() throws {
    diorama_note_signals()
    var options = ExportOptions()
    options.minVisibility = minVisibility
    options.minArea = minArea
    options.polygons = polygons
    options.link = link
    options.pictures = pictures
    (options.license, options.date, options.url) = (license, date, url)
    if let shardSize { options.shardBytes = shardSize << 20 }
    options.wanted = try contents()
    let reports: [ExportReport]?
    do throws(DatasetError) {
      let set = try Dataset(folder: dataset)
      if let classes {
        do throws(SceneError) {
          options.classes = try loadDocument(ClassMap.self, path: classes) { (map) throws(DocumentError) in
            try map.mapping(of: set.header.categories)
          }
        } catch { throw .refused(error.description) }
      }
      let formats: [any FormatWriter.Type]
      do { formats = try self.formats() } catch { throw .refused("\(error)") }
      reports = try exportDataset(
        set, formats: formats, options: options, out: out, replaces: overwrite, meshes: try meshes(of: set),
        usesSplits: !noSplits,
        threads: threads ?? ProcessAllotment.threads, shouldStop: { diorama_noted_signal() != 0 })
    } catch { throw fail(error) }
    guard let reports else { throw fail("stopped; nothing was written", code: 75) }
    guard !quiet else { return }
    if pictures == .png, reports.contains(where: { $0.format == "voc" }) {
      printNote("voc: pictures are .png; torchvision's VOCDetection and others look for .jpg")
    }
    if reports.contains(where: { $0.format == "croissant" }) {
      let missing = [("--license", license), ("--date", date), ("--url", url)].filter { $0.1 == nil }.map(\.0)
      if !missing.isEmpty {
        printNote(
          "croissant: the specification asks for what \(missing.joined(separator: ", ")) would say; it is left out")
      }
    }
    for r in reports {
      for l in r.losses { printNote("\(r.format): \(describe(l))") }
      if r.ignored > 0 { printNote("\(r.format): \(r.ignored) instances below the thresholds: \(r.ignoredAs)") }
      let splits = r.splits.map { "\($0.name) \($0.frames)" }.joined(separator: ", ")
      try writeText(
        "\(out): \(r.format), \(r.frames) frames (\(splits)), \(r.instances) instances of \(r.classes.count) classes\n",
        to: nil)
    }
  }

  /// The meshes of the scene that was named; nil where none was.
  private func meshes(of set: Dataset) throws(DatasetError) -> MeshSource? {
    guard let scene else { return nil }
    let source: FrameSource
    let digest: Digest
    do {
      let compiled = try CompiledScene.load(
        path: scene, overrides: SceneOverrides(width: size?.width, height: size?.height, seed: set.header.seed))
      digest = compiled.digest
      source = try FrameSource(compiled)
    } catch { throw .refused(error.description) }
    guard digest == set.header.sceneDigest else {
      throw .refused(
        "\(scene): found a scene of digest \(digest), expected that of \(dataset) (\(set.header.sceneDigest)); was --size "
          + "given?")
    }
    return meshSource(source)
  }

  private func describe(_ l: ExportLoss) -> String {
    var text = "\(l.content.rawValue): \(l.reason)"
    if let n = l.count { text += ", \(n) times" }
    if let least = l.leastIoU, let mean = l.meanIoU {
      text += ", IoU \(fixed(mean)) on average, \(fixed(least)) at least"
    }
    return text
  }

  /// Three decimals.
  private func fixed(_ x: Double) -> String {
    let n = Int((x * 1000).rounded(.down))
    let digits = String(n % 1000)
    return "\(n / 1000)." + String(repeating: "0", count: 3 - digits.count) + digits
  }
}

extension LinkMode: ExpressibleByArgument {}
extension PolygonStyle: ExpressibleByArgument {}
extension PictureFile: ExpressibleByArgument {}
