import Documents

/// One option after the other.
struct Cycle: Chooser {
  static let manual = Manual(
    name: "cycle", summary: "The options in turn, frame by frame: of N frames each gets its share to within one.",
    sample: "{$cycle: [morning, noon, evening]}",
    limits: "In step with the frame number, and so with every other cycle; where that matters use `quota`.")
  static let shorthand = Shorthand.whole("options")
  static let optionsField = "options"

  var options: [Verbatim] = []
  var every = 1

  static let fields: [Field<Cycle>] = [
    Field("options", \.options, "The values to go through.", required: true),
    Field("every", \.every, "Frames for which an option stays. Default: 1.", in: .closed(1, 1e9)),
  ]

  func validate(_ node: Node) throws(DocumentError) {
    guard !options.isEmpty else { throw DocumentError(node["options"] ?? node, expected: "at least one option") }
  }

  func pick(_ random: inout RandomStream) -> Int { random.frame / every % options.count }

  func draw(_ random: inout RandomStream) -> Node.Content { options[pick(&random)].node.content }
}
