import Documents
import Sampling

/// A constant that was made into a distribution.
struct FreedConstant {
  var path: String
  var change: SceneChange

  /// Distributions for the constants at paths, a tenth to each side of what they are: of whole numbers where a field takes no
  /// others.
  ///
  /// - Parameter holds: whether a text is a scene of which frames can be drawn.
  static func freeing(
    _ paths: [String], _ editor: SceneEditor, holds: (String) -> Bool
  ) throws(SceneError) -> [FreedConstant] {
    var freed: [FreedConstant] = []
    for name in paths where !editor.sites.contains(where: { $0.paths.contains { FitAxes.covers(name, $0) } }) {
      let found = editor.constants.filter { c in
        FitAxes.covers(name, c.path) && !freed.contains { $0.path == c.path }
      }
      guard !found.isEmpty || freed.contains(where: { FitAxes.covers(name, $0.path) }) else {
        let known = editor.sites.flatMap(\.paths) + editor.constants.map(\.path)
        let nearest = nearestName(to: name, among: known).map { "; did you mean \"\($0)\"?" } ?? ""
        throw SceneError(
          message: "\(editor.path): found no number at \"\(name)\" to vary, expected a path such as objects[ID].count"
            + nearest)
      }
      for (path, node) in found {
        let place = "\(editor.path):\(node.mark.line):\(node.mark.column): \(path): found \(node.found) to vary, "
        guard editor.isEditable(node), let x = node.number, x != 0 else {
          throw SceneError(
            message: place + "expected a number other than 0 of its own; write a distribution in its place")
        }
        var ranges: [String] = []
        if !FitAxes.isCount(path) {
          let step = DecimalStep(of: x, digits: 2)
          ranges.append("{$uniform: [\(step.text(x - 0.1 * abs(x))), \(step.text(x + 0.1 * abs(x)))]}")
        }
        if case .integer(let n) = node.content, abs(x) < 1e15 {
          let d = max(1, abs(n) / 10)
          ranges.append("{$integer: [\(n - d), \(n + d)]}")
        }
        let changes = ranges.map { SceneChange.number(node.mark, to: $0) }
        let fitting = changes.first { change in
          guard let text = try? editor.applying([change]) else { return false }
          return holds(text)
        }
        guard let fitting else {
          throw SceneError(
            message: place
              + "expected one that may be drawn from a tenth less to a tenth more; the scene does not hold with that: "
              + "write a distribution in its place")
        }
        freed.append(FreedConstant(path: path, change: fitting))
      }
    }
    return freed
  }

  /// The scene with distributions in place of constants.
  static func applying(_ freed: [FreedConstant], to editor: SceneEditor) throws(SceneError) -> SceneEditor {
    if freed.isEmpty { return editor }
    let changed = try SceneEditor(text: try editor.applying(freed.map(\.change)), path: editor.path)
    _ = try CompiledScene(text: changed.text, path: changed.path)
    return changed
  }
}
