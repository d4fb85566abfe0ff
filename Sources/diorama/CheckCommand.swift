import ArgumentParser
import Datasets
import Sampling

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Reads a scene, samples some frames and says what they hold.",
    discussion: """
      Finds what is wrong with names, types, files and ranges; counts how often each rule holds at the first attempt; and \
      shows what every distribution drew. What mesh files hold that is not drawn is said once, on standard error. Nothing is rendered but what rules on visibility ask for.

      EXAMPLES
        diorama check Scenes/shelf.yaml
        diorama check Scenes/shelf.yaml --frames 1000
      """)

  @Argument(help: "The scene file.", completion: .file(extensions: ["yaml", "yml"]))
  var scene: String

  @Option(help: ArgumentHelp("How many frames to sample.", valueName: "count"))
  var frames = 100

  @OptionGroup var arguments: SceneArguments

  func validate() throws {
    guard (1...1_000_000).contains(frames) else {
      throw ValidationError("--frames: found \(frames), expected a number from 1 to 1000000.")
    }
  }

  func run() throws {
    let compiled = try arguments.load(scene)
    let assets = equip(compiled, notes: printNote)
    let check: SceneCheck
    do { check = try SceneCheck(compiled, frames: frames, assets: assets) } catch {
      throw fail(error.description, code: 65)
    }
    try writeText(check.text(), to: nil)
  }
}
