extension DatasetReport {
  /// A few lines for a terminal: the main figures, warnings, and what to change.
  public var text: String {
    let present = classCounts.count { $0 > 0 }
    var t =
      "\(counted(frames, "frame")), \(counted(objects, "label")) of "
      + "\(present == 1 ? "1 class" : "\(present) classes"), balance "
      + "\(readable(balance)), \(counted(read.count, "picture")) read\n"
    for w in warnings { t += "\(w.severity.rawValue): \(w.text)\n" }
    for a in advice { t += "change: \(a.text)\n" }
    return t
  }
}
