import ArgumentParser
import Datasets
import Sampling

struct SampleCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sample", abstract: "Prints one frame's concrete scene, with no dice left in it.",
    discussion: """
      What is printed is a scene of its own: rendering it gives the same pixels and labels. Paths in it are as in the \
      scene, so keep it in the same folder.

      EXAMPLES
        diorama sample Scenes/dominoes.yaml --frame 12
        diorama sample Scenes/dominoes.yaml --frame 12 --out Scenes/frame12.yaml
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Option(help: ArgumentHelp("The frame's number, from 0.", valueName: "number"))
  var frame: Int

  @Option(help: ArgumentHelp("The file to write. Default: standard output.", valueName: "file"), completion: .file())
  var out: String?

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    guard (0..<RenderCommand.lastFrame).contains(frame) else {
      throw ValidationError("--frame: found \(frame), expected a number from 0 to \(RenderCommand.lastFrame - 1).")
    }
  }

  func run() throws {
    let compiled = try arguments.load(scene)
    equip(compiled)
    let text: String
    do { text = yaml(try compiled.document(frame: frame)) } catch { throw fail(error.description, code: 65) }
    try writeText(text, to: out)
  }
}
