import Annotators
import ArgumentParser
import Datasets
import Documents
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
      let scene = try CompiledScene.load(
        path: path, overrides: SceneOverrides(width: size?.width, height: size?.height, seed: seed))
      // What it asks for that there is not is wrong whatever is done with the scene.
      _ = try AnnotationPlan(scene)
      return scene
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

/// The annotations of a list such as `depth,normal,boxes_3d`, with their defaults.
func annotationPlan(named list: String) throws -> AnnotationPlan {
  let names = list.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
  do { return try AnnotationPlan(names: list.isEmpty ? [] : names) } catch {
    var message = "--annotations: found \(error.found), expected \(error.expected)"
    if let name = error.suggestion { message += "; did you mean \"\(name)\"?" }
    throw ValidationError(message)
  }
}
