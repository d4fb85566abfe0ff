import ArgumentParser
import Glibc
import Sampling

/// What every command that reads a scene takes.
struct SceneArguments: ParsableArguments {
  @Option(help: ArgumentHelp("Another seed than the scene's: another dataset of the same kind.", valueName: "number"))
  var seed: UInt64?

  @Option(help: ArgumentHelp("Another image size than the scene's, such as 1280x720.", valueName: "WxH"))
  var size: ImageSize?

  /// Reads the scene, or ends with 65 (74 where its file cannot be read).
  func load(_ path: String) throws -> CompiledScene {
    guard access(path, R_OK) == 0 else {
      throw fail("\(path): cannot open: \(String(cString: strerror(errno)))", code: errno == ENOENT ? 65 : 74)
    }
    do {
      return try CompiledScene.load(
        path: path, overrides: SceneOverrides(width: size?.width, height: size?.height, seed: seed))
    } catch { throw fail(error.description, code: 65) }
  }
}

/// `640x480` on the command line.
struct ImageSize: ExpressibleByArgument {
  var width: Int
  var height: Int

  static let sides = 1...32768

  init?(argument: String) {
    let parts = argument.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) }
    guard parts.count == 2, let w = parts[0], let h = parts[1], ImageSize.sides.contains(w),
      ImageSize.sides.contains(h), w * h <= 1 << 28
    else { return nil }
    width = w
    height = h
  }
}
