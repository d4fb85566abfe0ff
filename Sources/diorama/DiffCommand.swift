import ArgumentParser
import CProcessShims
import Datasets

struct DiffCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff", abstract: "Says how two datasets, frames or pictures differ.",
    discussion: """
      Frames are compared by number: planes by the digests of their pixels and, where those differ, by the largest and the \
      mean difference, the share of pixels, PSNR, SSIM and FLIP; labels by who was added, removed, moved, renamed or \
      swapped. The gravest comes first. The exit code is 0 where nothing differs (or nothing beyond --tolerance), 1 where \
      something does.

      EXAMPLES
        diorama diff Renders/before Renders/after --report diff.html
        diorama diff Renders/before Renders/after --frames 0,7,100-120 --tolerance psnr=45,changed=0.1%
        diorama diff Renders/before#12 Renders/after#12
        diorama diff a.png b.png --json diff.json
      """)

  @Argument(help: "A dataset's folder, FOLDER#FRAME, or a PNG or JPEG image.", completion: .file())
  var before: String

  @Argument(help: "The same to compare it with.", completion: .file())
  var after: String

  @Option(help: ArgumentHelp("The frames to compare, such as 0,7,100-120. Default: all.", valueName: "numbers"))
  var frames: FrameList?

  @OptionGroup var arguments: ComparisonArguments

  func run() throws {
    diorama_note_signals()
    var options = DiffOptions()
    options.tolerance = try arguments.limits
    options.frames = frames
    options.threads = arguments.threadCount
    let found: (comparison: Comparison, isStopped: Bool)
    do throws(DatasetError) {
      found = try compareInputs(
        (before, try DiffInput(before)), (after, try DiffInput(after)), options,
        shouldStop: { diorama_noted_signal() != 0 })
    } catch { try arguments.tell(error, title: "diff", file: nil) }
    if found.isStopped { throw ExitCode(75) }
    try arguments.tell(found.comparison, file: nil)
  }
}
