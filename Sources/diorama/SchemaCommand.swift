import Annotators
import ArgumentParser
import Documents
import Sampling

struct SchemaCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "schema", abstract: "Prints the JSON Schema of scene files.",
    discussion: """
      Editors complete and check scenes with it. For the YAML language server, put this on a scene's first line:

        # yaml-language-server: $schema=../Documentation/scene.schema.json

      EXAMPLES
        diorama schema --out scene.schema.json
      """)

  @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"), completion: .file())
  var out: String?

  func run() throws { try writeText(sceneSchema(annotation: annotatorRegistry.grammar), to: out) }
}

struct ReferenceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference", abstract: "Prints the reference of the scene language, in Markdown.",
    discussion: """
      It is made from the parts' own manuals.

      EXAMPLES
        diorama reference --out Documentation/SceneLanguage.md
      """)

  @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"), completion: .file())
  var out: String?

  func run() throws { try writeText(sceneReference(annotation: annotatorRegistry.grammar), to: out) }
}
