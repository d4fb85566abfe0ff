import ArgumentParser
import Datasets
import Sampling

struct SplitCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "split", abstract: "Divides a dataset into train, val, test, by hash.",
    discussion: """
      Writes splits/NAME.txt (a frame's number a line) and annotations/coco-NAME.json for every part; images stay where \
      they are. A frame's part follows from its own key alone, so it keeps it when the set grows. The key is:

        sequence       the number of its sequence, where the scene has time; else the frame's number (the default)
        frame          the frame's number
        sequence:K     the number of its sequence of K frames
        PATH           what the scene drew at that path, as `diorama explain` prints it (with --scene): frames with the \
      same background, texture or prototype then lie in the same part, and none of them leaks into another

      EXAMPLES
        diorama split Renders/dominoes
        diorama split Renders/dominoes --parts train=70,val=15,test=15 --salt second
        diorama split Renders/road --by sequence:30
        diorama split Renders/shelf --by camera.target --scene Scenes/shelf.yaml
      """)

  @Argument(help: "The dataset's folder.", completion: .directory)
  var dataset: String

  @Option(help: ArgumentHelp("Names and weights of the parts.", valueName: "NAME=WEIGHT,..."))
  var parts = "train=8,val=1,test=1"

  @Option(help: ArgumentHelp("sequence, frame, sequence:K or a path in the scene.", valueName: "key"))
  var by = "sequence"

  @Option(
    help: ArgumentHelp("The scene that the dataset was made from, for --by PATH.", valueName: "file"),
    completion: .file(extensions: ["yaml", "yml"]))
  var scene: String?

  @Option(help: ArgumentHelp("Any text: another gives another split.", valueName: "text"))
  var salt = ""

  @Option(help: ArgumentHelp("The image size that the dataset was made with, if not the scene's.", valueName: "WxH"))
  var size: ImageSize?

  private var rule: SplitRule? {
    var list: [SplitRule.Part] = []
    for part in parts.split(separator: ",", omittingEmptySubsequences: false) {
      let sides = part.split(separator: "=", omittingEmptySubsequences: false)
      guard sides.count == 2, let weight = Int(sides[1]) else { return nil }
      list.append(SplitRule.Part(name: String(sides[0]), weight: weight))
    }
    return SplitRule(parts: list, salt: salt)
  }

  private var sequence: Int? {
    by.hasPrefix("sequence:") ? Int(by.dropFirst(9)).flatMap { $0 > 0 ? $0 : nil } : nil
  }

  func validate() throws {
    guard rule != nil else {
      throw ValidationError(
        "--parts: found \(parts), expected names with weights from 1 to 1000000, such as train=8,val=1,test=1.")
    }
    if by.hasPrefix("sequence:"), sequence == nil {
      throw ValidationError("--by: found \(by), expected sequence:K with K of 1 or more.")
    }
    if by != "frame", by != "sequence", sequence == nil, scene == nil {
      throw ValidationError("--by: found the path \(by) without --scene, expected the scene that draws it.")
    }
  }

  func run() throws {
    guard let rule else { return }
    do throws(DatasetError) {
      let set = try Dataset(folder: dataset)
      let counts = try splitDataset(set, rule, by: try key(set), threads: ProcessAllotment.threads)
      for (part, n) in zip(rule.parts, counts) { print("\(part.name): \(n) frames") }
    } catch { throw fail(error) }
  }

  private func key(_ set: Dataset) throws(DatasetError) -> SplitKey {
    if let sequence { return .sequence(sequence) }
    if by == "sequence" { return .natural }
    guard by != "frame", let path = scene else { return .frame }
    let compiled: CompiledScene
    do {
      compiled = try CompiledScene.load(
        path: path, overrides: SceneOverrides(width: size?.width, height: size?.height, seed: set.header.seed))
    } catch { throw .refused(error.description) }
    guard compiled.digest == set.header.sceneDigest else {
      throw .refused(
        "\(path): found a scene of digest \(compiled.digest), expected that of \(dataset) (\(set.header.sceneDigest)); "
          + "was --size given?")
    }
    let assets = equip(compiled)
    let name = by
    return .value(name: name) { (frame: Int) throws(DatasetError) -> String in
      let draws: [TracedDraw]
      do { draws = try compiled.draws(frame: frame, assets: assets).filter { $0.path == name } } catch {
        throw .frame(frame, "\(error)")
      }
      guard draws.count == 1 else {
        throw .refused(
          "frame \(frame): found \(draws.count) draws at \"\(name)\", expected one; "
            + "`diorama explain \(path) --frame \(frame)` lists them")
      }
      return yaml(draws[0].value)
    }
  }
}
