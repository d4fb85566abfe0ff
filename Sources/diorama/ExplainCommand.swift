import ArgumentParser
import Datasets
import Sampling

struct ExplainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "explain", abstract: "Says which draw gave which value in a frame.",
    discussion: """
      A line a draw: its path in the scene, the distribution, the value, and the attempt that the frame is. With a path, \
      only what lies under it.

      EXAMPLES
        diorama explain Scenes/dominoes.yaml --frame 12
        diorama explain Scenes/dominoes.yaml --frame 12 objects.dominoes
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Argument(help: "A path in the scene, such as sun.azimuth.")
  var path: String?

  @Option(help: ArgumentHelp("The frame's number, from 0.", valueName: "number"))
  var frame: Int

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    guard (0..<RenderCommand.lastFrame).contains(frame) else {
      throw ValidationError("--frame: found \(frame), expected a number from 0 to \(RenderCommand.lastFrame - 1).")
    }
  }

  func run() throws {
    let compiled = try arguments.load(scene)
    let assets = equip(compiled)
    let text: String
    do { text = try compiled.explain(frame: frame, path: path, assets: assets) } catch {
      throw fail(error.description, code: 65)
    }
    try writeText(text, to: nil)
  }
}
