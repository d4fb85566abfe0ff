import ArgumentParser
import Formats

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import", abstract: "Reads other people's annotations into statistics.",
    subcommands: [COCO.self])

  struct COCO: ParsableCommand {
    static let configuration = CommandConfiguration(
      commandName: "coco", abstract: "Says what a COCO annotation file holds: classes, sizes, places, counts.",
      discussion: """
        Boxes, counts and classes of a real set, to be held against a rendered one. Usual faults of such files (no iscrowd, no \
        area, ids written as floats, boxes that stick out, polygons of two points) are taken and counted; what cannot be \
        understood is an error with its line and column. The file is read in blocks, however large it is.

        EXAMPLES
          diorama import coco instances_val2017.json
          diorama import coco instances_val2017.json --json --out val2017.json
        """)

    @Argument(help: "The annotation file.", completion: .file(extensions: ["json"]))
    var file: String

    @Flag(help: "Print all statistics as JSON.")
    var json = false

    @Option(help: ArgumentHelp("Write to a file instead of standard output.", valueName: "file"), completion: .file())
    var out: String?

    func run() throws {
      let found: COCOImport
      do throws(FormatError) { found = try COCOImport(path: file) } catch {
        if case .file = error { throw fail(error.description, code: 74) }
        throw fail(error.description, code: 65)
      }
      try writeText(json ? found.json : found.text, to: out)
    }
  }
}
