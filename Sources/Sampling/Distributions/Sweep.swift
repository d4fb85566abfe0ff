import Documents

/// From one value to another over the frames.
struct Sweep: MovingDistribution {
  static let manual = Manual(
    name: "sweep",
    summary: "A number that moves evenly from one value to another as the frames go by: an orbit's angle.",
    sample: "{$sweep: {from: 0, to: 360, closed: true}}",
    limits: "No chance is in it: a function of the frame's number alone.")
  static let shorthand = Shorthand.fields(["from", "to", "frames"])
  static let needsTime = false

  var from = Quantity(0)
  var to = Quantity(1)
  var pace = Pace()

  static let fields: [Field<Sweep>] = [
    Field("from", \.from, "The value in the first frame; a number or a list.", required: true),
    Field("to", \.to, "The value in the last frame.", required: true),
    Field(
      "frames", \.pace.frames,
      "Frames that it takes, after which it begins again. Default: those of a sequence, or of the dataset.",
      in: .closed(1, 1e9)),
    Field("closed", \.pace.isClosed, "Whether the end is the beginning, and so not drawn twice. Default: false."),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard Quantity.common(from, to) != nil else {
      throw DocumentError(node.mark, found: "lists of two lengths", expected: "as many numbers in `to` as in `from`")
    }
  }

  func draw(_ random: inout RandomStream) -> Node.Content {
    let t = pace.position(random)
    return Quantity.content(from, to) { $0 * (1 - t) + $1 * t }
  }
}

/// Where in a sequence of frames a frame is: the scene's, or, without time, the dataset.
struct Pace: Sendable, Hashable {
  /// Frames of the sequence; nil for the dataset's.
  var frames: Int?
  /// Whether the frame after the last is the first.
  var isClosed = false

  /// From 0 in the first frame to 1 in the last, or, if closed, to 1 in the frame after it. Between the last frame and the
  /// next beginning, where a shutter may look, it stays at 1.
  func position(_ random: RandomStream) -> Double {
    let count = frames ?? random.moment.steps
    let steps = isClosed ? count : count - 1
    guard steps > 0 else { return 0 }
    return min(random.moment.step.truncatingRemainder(dividingBy: Double(max(count, 1))) / Double(steps), 1)
  }
}
