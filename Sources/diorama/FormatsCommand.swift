import ArgumentParser
import Formats

struct FormatsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "formats", abstract: "Prints which formats there are, and which annotations each carries.",
    discussion: """
      The table is made from the formats' own declarations; Documentation/Formats.md holds the same.

      EXAMPLES
        diorama formats
        diorama formats --update Documentation/Formats.md
      """)

  @Option(
    help: ArgumentHelp("A page whose table is to be replaced by the current one.", valueName: "file"),
    completion: .file())
  var update: String?

  func run() throws {
    guard let update else { return try writeText(formatTable(), to: nil) }
    let page: String
    do throws(FileError) { page = String(decoding: try FileSystem.read(update), as: UTF8.self) } catch {
      throw fail(error.description, code: 74)
    }
    guard let new = pageWithFormatTable(page) else {
      throw fail("\(update): found no line \"\(formatTableBegin)\" before \"\(formatTableEnd)\"", code: 65)
    }
    try writeText(new, to: update)
  }
}
