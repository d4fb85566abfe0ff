import Documents

extension Expression {
  /// Whether the value may change within a sequence by itself: it asks for the time or the frame.
  var asksForFrame: Bool {
    switch self {
    case .value, .slot: false
    case .builtin(let b): b == .time || b == .frame
    case .list(let items), .call(_, let items): items.contains { $0.asksForFrame }
    case .unary(_, let x): x.asksForFrame
    case .binary(_, let a, let b), .index(let a, let b): a.asksForFrame || b.asksForFrame
    case .condition(let a, let b, let c): a.asksForFrame || b.asksForFrame || c.asksForFrame
    }
  }

  /// A name that only a scene with time has; nil where it asks for none.
  var timeAskedFor: Builtin? {
    switch self {
    case .value, .slot: nil
    case .builtin(let b): b.needsTime ? b : nil
    case .list(let items), .call(_, let items): items.lazy.compactMap(\.timeAskedFor).first
    case .unary(_, let x): x.timeAskedFor
    case .binary(_, let a, let b), .index(let a, let b): a.timeAskedFor ?? b.timeAskedFor
    case .condition(let a, let b, let c): a.timeAskedFor ?? b.timeAskedFor ?? c.timeAskedFor
    }
  }
}

extension Template {
  /// Whether its value may change within a sequence.
  func moves(_ lets: [LetTemplate]) -> Bool {
    var seen: Set<Int> = []
    return moves(lets, &seen)
  }

  /// - Parameter seen: slots that were looked at; each is looked at once, so that chains of names cost what they are long.
  private func moves(_ lets: [LetTemplate], _ seen: inout Set<Int>) -> Bool {
    switch self {
    case .constant: return false
    case .sequence(let parts, _):
      for p in parts where p.moves(lets, &seen) { return true }
      return false
    case .mapping(let parts, _):
      for p in parts where p.value.moves(lets, &seen) { return true }
      return false
    case .draw(let draw): return Template.moves(draw, lets, &seen)
    case .formula(let formula):
      if formula.expression.asksForFrame { return true }
      for s in formula.slots where s < lets.count && seen.insert(s).inserted {
        if lets[s].template.moves(lets, &seen) { return true }
      }
      return false
    }
  }

  private static func moves(_ draw: Draw, _ lets: [LetTemplate], _ seen: inout Set<Int>) -> Bool {
    if draw.kind.isMoving { return true }
    switch draw.source {
    case .fixed: return false
    case .parametric(let t): return t.moves(lets, &seen)
    case .chooser(_, let options):
      for o in options where o.moves(lets, &seen) { return true }
      return false
    case .parametricChooser(let rest, _, let options):
      if rest.moves(lets, &seen) { return true }
      for o in options where o.moves(lets, &seen) { return true }
      return false
    case .covering(_, let inner): return moves(inner, lets, &seen)
    }
  }
}
