import Documents
import Stage

/// What was drawn at one place of a scene file, and for whom.
public struct LoggedDraw: Sendable {
  public enum Outcome: Sendable {
    /// What the distribution gave.
    case value(Node)
    /// Which of its options, or of a population's variants, was picked.
    case option(Int)
  }

  /// Where the distribution stands, or the list of variants.
  public var mark: Mark
  public var outcome: Outcome
  /// The object, group or population that it was drawn for, as instances are named (`goods.row[2]`); empty for the frame.
  public var owner: String

  /// Whether an object of that name stands under what was drawn.
  public func concerns(_ name: String) -> Bool {
    guard !owner.isEmpty else { return true }
    guard name.utf8.starts(with: owner.utf8) else { return false }
    let rest = name.utf8.dropFirst(owner.utf8.count).first
    return rest == nil || rest == UInt8(ascii: ".") || rest == UInt8(ascii: "[")
  }
}

/// The draws at chosen places whose parameters are the same in every frame: those that have a density of their own.
struct DrawLog {
  let places: Set<Mark>
  private(set) var draws: [LoggedDraw] = []

  init(places: Set<Mark>) { self.places = places }

  mutating func add(_ draw: Draw, _ outcome: LoggedDraw.Outcome, scope: String) {
    guard places.contains(draw.mark) else { return }
    draws.append(LoggedDraw(mark: draw.mark, outcome: outcome, owner: DrawLog.owner(of: draw.name, in: scope)))
  }

  mutating func add(variant: Int, at mark: Mark, owner: String) {
    guard places.contains(mark) else { return }
    draws.append(LoggedDraw(mark: mark, outcome: .option(variant), owner: owner))
  }

  /// Of a parameter `objects[child].scale` in the copy `objects.group[2]`: `group[2].child`.
  private static func owner(of name: String, in scope: String) -> String {
    var owner = scope.hasPrefix("objects.") ? String(scope.dropFirst(8)) : ""
    var rest = name[...]
    while rest.hasPrefix("objects["), let end = rest.firstIndex(of: "]") {
      let id = rest[rest.index(rest.startIndex, offsetBy: 8)..<end]
      owner += (owner.isEmpty ? "" : ".") + id
      rest = rest[rest.index(after: end)...]
      guard rest.first == "." else { break }
      rest = rest.dropFirst()
    }
    return owner
  }
}

extension CompiledScene {
  /// A frame with what was drawn for it at some places of the scene's files; a frame for each view of a rig.
  ///
  /// - Parameter places: of distributions, or of lists of variants. A distribution whose parameters are drawn themselves is
  ///   not logged.
  public func logged(
    _ index: Int, at places: Set<Mark>, assets: some AssetSource
  ) throws(SceneError) -> (frames: [Frame], draws: [LoggedDraw]) {
    do throws(DocumentError) {
      let first = try accepted(index, assets)
      var frames = [first.frame]
      for view in 1..<max(pictures, 1) {
        frames.append(try assembled(first.document, index, view: view, assets))
      }
      let draws = try sampled(frame: index, attempt: first.attempt, logging: places).log
      return (frames, draws)
    } catch { throw failure(error, frame: index) }
  }
}
