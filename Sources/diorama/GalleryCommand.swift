import ArgumentParser
import Datasets
import Formats
import Imaging
import Rasterization

struct GalleryCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "gallery", abstract: "Draws one frame of each of many scenes, and all of them on a contact sheet.",
    discussion: """
      Writes NAME.png for every scene, and gallery.png with all of them side by side; no labels are drawn.

      EXAMPLES
        diorama gallery Scenes/*.yaml Scenes/gallery/*.yaml --out Renders/gallery
      """)

  @Argument(help: "Scene files.", completion: .file())
  var scenes: [String]

  @Option(help: ArgumentHelp("Which frame of each scene.", valueName: "number"))
  var frame = 0

  @Option(help: ArgumentHelp("Pictures in a row of the contact sheet.", valueName: "count"))
  var columns = 4

  @Option(help: ArgumentHelp("The folder to write to.", valueName: "folder"), completion: .directory)
  var out: String

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    guard (0..<RenderCommand.lastFrame).contains(frame) else {
      throw ValidationError("--frame: found \(frame), expected a frame's number.")
    }
    guard (1...20).contains(columns) else {
      throw ValidationError("--columns: found \(columns), expected a count from 1 to 20.")
    }
  }

  func run() throws {
    do throws(FileError) { try FileSystem.makeFolder(out) } catch { throw fail("\(error)", code: 74) }
    var shown: [PreviewFrame] = []
    var seen: Set<String> = []
    for path in scenes {
      let source = try FrameSource(try arguments.load(path), notes: printNote)
      guard seen.insert(source.name).inserted else {
        throw ValidationError("\(path): found a second scene \"\(source.name)\", expected names that differ.")
      }
      do throws(DatasetError) {
        let picture = try draw(source)
        try writePNG(picture, to: "\(out)/\(source.name).png")
        shown.append(PreviewFrame(caption: source.name, rgb: picture))
      } catch { throw fail(error) }
    }
    do throws(DatasetError) {
      try writePNG(
        contactSheet(shown, categories: [], columns: min(columns, shown.count), tileWidth: 480),
        to: "\(out)/gallery.png")
    } catch { throw fail(error) }
  }

  /// One frame, by all threads.
  private func draw(_ source: FrameSource) throws(DatasetError) -> RasterImage {
    do {
      let render = try standardRenderer(frameThreads: ProcessAllotment.threads)(StageClock())
      return try render(try source.frame(frame), []).rgb
    } catch { throw .frame(frame, "\(source.name): \(error)") }
  }
}
