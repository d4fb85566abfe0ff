import Annotators
import ArgumentParser
import CProcessShims
import Datasets
import Documents
import Formats
import GLTFExport
import Sampling

struct ReplayCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "replay", abstract: "Renders one frame of a dataset again, as it was or with changes, or as glTF.",
    discussion: """
      The scene is taken from the dataset, which keeps it; where it names files, --assets or --scene says where they lie. \
      First the frame is rendered as it is recorded and held against its record: where a plane or a label differs, that is \
      told and the exit code is 1. Exit code 65: another render version, another scene, no such frame.

      --set changes a value of the concrete frame, which `diorama sample` prints: keys with points between them, \
      elements of lists by their id or by number. What that comes to in pixels and labels is told.

      EXAMPLES
        diorama replay Renders/dominoes --frame 12
        diorama replay Renders/dominoes --frame 12 --set exposure=1 --set sun.elevation=12 --png evening.png
        diorama replay Renders/dominoes --frame 12 --set 'objects.dominoes[2].position=[0, 0, 1.2]' --report moved.html
        diorama replay Renders/dominoes --frame 12 --glb frame12.glb
        diorama replay Renders/shelf --frame 3 --assets Scenes --annotations depth,normal --out Renders/shelf-3
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(help: ArgumentHelp("The frame's number.", valueName: "number"))
  var frame: Int

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Give a value of the frame another one, such as sun.elevation=30; may come several times.",
      valueName: "path=value"))
  var sets: [String] = []

  @Option(help: ArgumentHelp("Another image size than the frame's, such as 1280x720.", valueName: "WxH"))
  var size: ImageSize?

  @Option(help: ArgumentHelp("Write the picture there.", valueName: "file"), completion: .file(extensions: ["png"]))
  var png: String?

  @Option(
    help: ArgumentHelp(
      "Write the frame there as a glTF 2.0 binary: meshes, materials, textures, camera and lights.", valueName: "file"),
    completion: .file(extensions: ["glb"]))
  var glb: String?

  @Option(
    help: ArgumentHelp(
      "Write the frame there as a dataset of its own, with all planes and labels.", valueName: "folder"),
    completion: .directory)
  var out: String?

  @Option(help: ArgumentHelp("What --out is annotated with, in place of what the dataset is.", valueName: "names"))
  var annotations: String?

  @Option(
    help: ArgumentHelp("Write the page of what differs there: from the record, or by the changes.", valueName: "file"),
    completion: .file(extensions: ["html"]))
  var report: String?

  @Option(
    help: ArgumentHelp("The scene's file, in place of what the dataset keeps of it.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @Option(
    help: ArgumentHelp("The folder that the scene names its files from, such as Scenes.", valueName: "folder"),
    completion: .directory)
  var assets: String?

  @Flag(help: "Replace files, and a dataset in --out, that are there.")
  var overwrite = false

  @Option(help: ArgumentHelp("Threads. Default: the processors allotted.", valueName: "count"))
  var threads: Int?

  private func edits() throws -> [DocumentEdit] {
    var list: [DocumentEdit] = []
    for text in sets {
      do { list.append(try DocumentEdit(text)) } catch {
        throw ValidationError("--set: \(error.message(files: [])).")
      }
    }
    return list
  }

  func validate() throws {
    guard (0..<RenderCommand.lastFrame).contains(frame) else {
      throw ValidationError("--frame: found \(frame), expected a number from 0 to \(RenderCommand.lastFrame - 1).")
    }
    _ = try edits()
    _ = try annotations.map { try annotationPlan(named: $0) }
    if annotations != nil, out == nil { throw ValidationError("--annotations: expected --out beside it.") }
    if scene != nil, assets != nil { throw ValidationError("--assets: found --scene beside it, expected one of them.") }
    let files = [("--png", png), ("--glb", glb), ("--report", report), ("--out", out)].compactMap { name, path in
      path.map { (name: name, path: $0) }
    }
    for (name, path) in files where path.isEmpty {
      throw ValidationError("\(name): found an empty name, expected a \(name == "--out" ? "folder" : "file")'s.")
    }
    for (k, file) in files.enumerated() {
      for other in files[(k + 1)...] {
        let relation = PathRelation(of: file.path, to: other.path)
        guard relation == .same || other.name == "--out" && relation == .inside else { continue }
        throw ValidationError("\(file.name): found \(file.path), expected another place than \(other.name)'s.")
      }
    }
    if let threads, !(1...1024).contains(threads) {
      throw ValidationError("--threads: found \(threads), expected a count from 1 to 1024.")
    }
  }

  func run() throws {
    diorama_note_signals()
    try refuseWhatIsThere()
    do { try replay() } catch let error as DatasetError { throw fail(error) }
  }

  /// A frame takes seconds: what cannot be written is said before.
  private func refuseWhatIsThere() throws {
    for path in [png, glb, report] {
      guard let path else { continue }
      let folder = FileSystem.enclosing(path)
      if !FileSystem.isFolder(folder) { throw fail("\(path): found no folder \(folder), expected one", code: 65) }
      if FileSystem.isFolder(path) { throw fail("\(path): found a folder, expected a file's name", code: 65) }
      if !overwrite, FileSystem.size(of: path) != nil {
        throw fail("\(path): found a file there, expected none; --overwrite replaces it", code: 65)
      }
      if FileSystem.size(of: path) != nil, PathRelation(of: path, to: dataset) == .inside {
        throw fail("\(path): found a file of the dataset that is replayed, expected another name", code: 65)
      }
    }
    if let out {
      guard PathRelation(of: out, to: dataset) == .apart else {
        throw fail(
          "\(out): found the dataset that is replayed, or a folder in it or around it, expected another", code: 65)
      }
      let folder = FileSystem.enclosing(out)
      if FileSystem.size(of: folder) != nil { throw fail("\(folder): found a file, expected a folder", code: 65) }
    }
    guard let out, FileSystem.isFolder(out) || FileSystem.size(of: out) != nil else { return }
    let names = FileSystem.isFolder(out) ? (try? FileSystem.names(in: out)) ?? [] : [out]
    guard !names.isEmpty, !(overwrite && Dataset.exists(in: out)) else { return }
    let hint = Dataset.exists(in: out) ? "; --overwrite replaces a dataset" : ""
    throw fail("\(out): found something there, expected an empty folder or none\(hint)", code: 65)
  }

  private func replay() throws {
    let set = try Dataset(folder: dataset)
    let replay = try FrameReplay(
      set, frame: frame, scene: scene, assets: assets, threads: threads ?? ProcessAllotment.threads)
    let check = try replay.check()
    guard !check.isDifferent else {
      try show(check)
      throw ExitCode(1)
    }
    try stopIfAsked()
    try writeText(
      "\(dataset), frame \(frame): as recorded: \(replay.planes.joined(separator: ", ")), labels\n", to: nil)
    let hasChanges = !sets.isEmpty || size != nil
    if !hasChanges, let report { try writeText(check.page, to: report) }
    guard hasChanges || png != nil || glb != nil || out != nil else { return }
    let (edits, size) = (try edits(), size.map { ($0.width, $0.height) })
    let changed = try replay.changed(edits, size: size)
    if hasChanges {
      try show(try replay.compare(with: changed))
    } else if png != nil {
      // Drawn for the picture anyway, from the frame as it is printed and read again: that has to say all.
      let again = try replay.compare(with: changed)
      guard !again.isDifferent else {
        try show(again)
        throw fail("\(dataset): found another frame when its concrete scene is read again, expected the same", code: 70)
      }
    }
    try stopIfAsked()
    if let png {
      try write(try changed.picture(), to: png)
      try writeText("\(png): the picture\n", to: nil)
    }
    if let glb {
      let made = try changed.glb()
      for note in made.notes { printNote("\(glb): \(note)") }
      try write(made.bytes, to: glb)
      try writeText("\(glb): \(made.contents)\n", to: nil)
    }
    if let out {
      let plan = try annotations.map { try annotationPlan(named: $0) }
      let own = plan == nil ? changed : try replay.changed(edits, size: size, annotations: plan)
      guard try own.write(to: out, replaces: overwrite, shouldStop: { diorama_noted_signal() != 0 }) else {
        throw ExitCode(75)
      }
      try writeText("\(out): a dataset of this one frame\n", to: nil)
    }
  }

  private func show(_ comparison: Comparison) throws {
    if let report { try writeText(comparison.page, to: report) }
    try writeText((comparison.lines() + [comparison.summary]).joined(separator: "\n") + "\n", to: nil)
  }

  private func stopIfAsked() throws { if diorama_noted_signal() != 0 { throw ExitCode(75) } }

  private func write(_ bytes: [UInt8], to path: String) throws {
    do throws(FileError) {
      let file = try OutputFile(path)
      try file.write(bytes)
      try file.commit()
    } catch { throw fail(error.description, code: 74) }
  }
}
