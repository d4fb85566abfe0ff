import Documents

/// Dice that are thrown in every frame of a sequence.
struct EachFrame: Covering, MovingDistribution {
  static let manual = Manual(
    name: "each_frame",
    summary:
      "Draws anew in every frame of a sequence, where all else is drawn once a sequence: flicker, a shaking camera.",
    sample: "{$each_frame: {$normal: [0, 0.01]}}",
    limits: "In scenes without `frames_per_sequence` the distribution itself.")
  static let shorthand = Shorthand.whole("of")
  static let needsTime = false

  var of = Verbatim(Node(.null))
  /// Not asked for: the numbers are not spread.
  var cover: Cover { .latin }

  static let fields: [Field<EachFrame>] = [
    Field("of", \.of, "The distribution that draws.", required: true)
  ]
}
