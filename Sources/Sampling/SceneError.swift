import Documents

/// What is wrong with a scene, ready to print: `scene.yaml:12:7: objects[2].shape: found "spere", expected ...`.
public struct SceneError: Error, Sendable, Equatable, CustomStringConvertible {
  public var message: String

  public init(message: String) { self.message = message }

  init(_ error: DocumentError, files: [String]) { message = error.message(files: files) }

  public var description: String { message }
}
