import Annotators
import ArgumentParser
import Datasets
import Glibc
import Imaging

struct PreviewCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "preview", abstract: "Draws frames with their labels over them on one contact sheet.",
    discussion: """
      Shows tinted masks, boxes, class names and frame numbers, of a dataset that is there or of frames that a scene \
      would give (nothing else is written).

      EXAMPLES
        diorama preview Renders/dominoes --out sheet.png
        diorama preview Renders/rich --show depth,normal,boxes_3d --frames 2 --out sheet.png
        diorama preview Scenes/dominoes.yaml --show instance,amodal_boxes --out sheet.png
        diorama preview Scenes/conveyor.yaml --show rgb,flow_forward,tracks --columns 3 --out sheet.png
        diorama preview Scenes/dominoes.yaml --first 40 --frames 12 --columns 4 --out sheet.png
      """)

  @Argument(help: "A scene file, or a dataset's folder.", completion: .file())
  var input: String

  @Option(help: ArgumentHelp("How many frames.", valueName: "count"))
  var frames = 6

  @Option(help: ArgumentHelp("The first frame's number.", valueName: "number"))
  var first = 0

  @Option(help: ArgumentHelp("Frames in a row. Default: 3, or fewer for fewer frames.", valueName: "count"))
  var columns: Int?

  @Option(
    help: ArgumentHelp(
      "Annotations to draw, a tile each: planes in colours, flow by the colour wheel, boxes_3d as wireframes, oriented_boxes, "
        + "amodal_boxes dashed, tracks as points and their ways. "
        + "Default: masks, boxes and names on one tile.", valueName: "names"))
  var show: String?

  @Option(help: ArgumentHelp("The PNG file to write.", valueName: "file"), completion: .file(extensions: ["png"]))
  var out: String

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    _ = try show.map { try annotationPlan(named: $0) }
    guard (1...400).contains(frames) else {
      throw ValidationError("--frames: found \(frames), expected a count from 1 to 400.")
    }
    guard (0..<RenderCommand.lastFrame - 400).contains(first) else {
      throw ValidationError("--first: found \(first), expected a frame's number.")
    }
    if let columns, !(1...20).contains(columns) {
      throw ValidationError("--columns: found \(columns), expected a count from 1 to 20.")
    }
  }

  func run() throws {
    do throws(DatasetError) {
      var isFolder = stat()
      let sheet: RasterImage
      if stat(input, &isFolder) == 0, isFolder.st_mode & S_IFMT == S_IFDIR {
        let dataset = try Dataset(folder: input)
        let shown: [PreviewFrame]
        if let shownNames {
          shown = try dataset.previewFrames(first: first, count: frames, showing: shownNames)
        } else {
          shown = try dataset.previewFrames(first: first, count: frames)
        }
        guard !shown.isEmpty else { throw .refused("\(input): found no frame from number \(first) on, expected some") }
        sheet = contactSheet(shown, categories: dataset.header.categories, columns: columns ?? min(3, shown.count))
      } else {
        sheet = try fromScene()
      }
      try writePNG(sheet, to: out)
    } catch { throw fail(error) }
  }

  private var shownNames: [String]? { show.map { $0.split(separator: ",").map(String.init) } }

  private func fromScene() throws(DatasetError) -> RasterImage {
    let source: FrameSource
    do {
      let plan = try show.map { try annotationPlan(named: $0) }
      source = try FrameSource(try arguments.load(input), annotations: plan)
    } catch {
      // What was wrong has been printed.
      Diorama.exit(withError: error)
    }
    var shown: [PreviewFrame] = []
    var passed: [FrameRecord] = []
    // One frame after another, each by all threads.
    let render: FrameRenderer
    do { render = try standardRenderer(frameThreads: ProcessAllotment.threads)(StageClock()) } catch {
      throw .frame(first, "\(error)")
    }
    for n in first..<first + frames {
      do {
        let frame = try source.frame(n)
        if let shownNames {
          shown += try annotatedTiles(source, frame, render, shownNames, passed: &passed)
        } else {
          shown.append(try PreviewFrame(frame, try render(frame, [])))
        }
      } catch { throw .frame(n, "\(error)") }
    }
    return contactSheet(shown, categories: source.categories, columns: columns ?? min(3, shown.count))
  }
}
