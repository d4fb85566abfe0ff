import Documents
import Stage

extension CompiledScene {
  /// Which draw gave which value in a frame: one line a draw, with its path, value, distribution, line and attempt.
  ///
  /// - Parameter path: only draws whose path begins with it or contains it behind a point; nil for all.
  public func explain(frame: Int, path: String? = nil, assets: (any AssetSource)? = nil) throws(SceneError) -> String {
    let draws = try self.draws(frame: frame, assets: assets)
    let chosen = draws.filter { d in path.map { d.path.hasPrefix($0) || d.path.contains("." + $0) } ?? true }
    if chosen.isEmpty {
      return path.map { "frame \(frame): nothing is drawn at \"\($0)\"\n" } ?? "frame \(frame): nothing is drawn\n"
    }
    var text = ""
    for d in chosen {
      let file = Int(d.mark.file) < files.names.count ? files.names[Int(d.mark.file)] : "scene"
      let value = yaml(d.value).split(separator: "\n").map { $0.drop { $0 == " " } }.joined(separator: " ")
      text +=
        "\(d.path) = \(value)  <- \(d.draw == nil ? "" : "$")\(d.distribution) at \(file):\(d.mark.line):\(d.mark.column), attempt \(d.attempt)\n"
    }
    return text
  }

  /// Every draw of the attempt that the frame is.
  public func draws(frame: Int, assets: (any AssetSource)? = nil) throws(SceneError) -> [TracedDraw] {
    do throws(DocumentError) {
      var attempt = 0
      if let assets, !(rules.isEmpty && template.isAlwaysPlaced) { attempt = try acceptedAttempt(frame, assets) }
      return try sampled(frame: frame, attempt: attempt, traced: true).trace
    } catch { throw failure(error, frame: frame) }
  }
}
