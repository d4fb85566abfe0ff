/// What a caller may set in place of what the scene says.
public struct SceneOverrides: Sendable {
  public var width: Int?
  public var height: Int?
  public var frames: Int?
  public var seed: UInt64?

  public init(width: Int? = nil, height: Int? = nil, frames: Int? = nil, seed: UInt64? = nil) {
    self.width = width
    self.height = height
    self.frames = frames
    self.seed = seed
  }
}
