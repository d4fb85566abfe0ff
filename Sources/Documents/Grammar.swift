/// What a value may be, as data: the JSON Schema, the reference and the error messages are all made from it.
public indirect enum Grammar: Sendable {
  case boolean
  case integer(Bound)
  case number(Bound)
  case string
  /// One of a fixed set of words.
  case word([String])
  /// A list; `count` is its exact length, or nil where any length will do.
  case list(Grammar, count: Int?)
  /// A mapping with known keys.
  case record(String, @Sendable () -> [FieldGrammar])
  /// A mapping with one key that names a part of a registry; the value holds the part's own fields. A bare name stands
  /// for the part with its defaults.
  case part(String, @Sendable () -> [PartGrammar])
  /// Any of several forms.
  case anyOf([Grammar])
  /// `null`, or the value.
  case optional(Grammar)
  /// A mapping from free names to values of one kind.
  case dictionary(Grammar)
  /// A text of a stated form: "a colour as #rrggbb", with the regular expression that it matches.
  case text(String, pattern: String)
  /// The path of a file, from the scene's folder.
  case file
  /// Anything at all.
  case any
}

public struct FieldGrammar: Sendable {
  public let name: String
  public let summary: String
  public let isRequired: Bool
  public let grammar: Grammar

  public init(name: String, summary: String, isRequired: Bool, grammar: Grammar) {
    self.name = name
    self.summary = summary
    self.isRequired = isRequired
    self.grammar = grammar
  }
}

public struct PartGrammar: Sendable {
  public let manual: Manual
  public let fields: [FieldGrammar]

  public init(manual: Manual, fields: [FieldGrammar]) {
    self.manual = manual
    self.fields = fields
  }
}

/// Limits on a number, or on each component of a vector.
public enum Bound: Sendable, Hashable {
  case any
  case positive
  case nonNegative
  /// From 0 to 1, both included.
  case unit
  case atLeast(Double)
  case closed(Double, Double)

  @inlinable public func contains(_ x: Double) -> Bool {
    guard x.isFinite else { return false }
    return switch self {
    case .any: true
    case .positive: x > 0
    case .nonNegative: x >= 0
    case .unit: x >= 0 && x <= 1
    case .atLeast(let a): x >= a
    case .closed(let a, let b): x >= a && x <= b
    }
  }

  /// "a number above 0", for an error message.
  public func described(as noun: String) -> String {
    switch self {
    case .any: "\(noun)"
    case .positive: "\(noun) above 0"
    case .nonNegative: "\(noun) of 0 or more"
    case .unit: "\(noun) from 0 to 1"
    case .atLeast(let a): "\(noun) of \(Bound.short(a)) or more"
    case .closed(let a, let b): "\(noun) from \(Bound.short(a)) to \(Bound.short(b))"
    }
  }

  static func short(_ x: Double) -> String { x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)" }
}

/// The page that a part (a shape, a texture, a distribution ...) opens with. The reference is made from these.
public struct Manual: Sendable {
  /// The key that names the part in a scene.
  public let name: String
  /// One sentence.
  public let summary: String
  /// A YAML sample that decodes.
  public let sample: String
  /// What it does not do, or where it stops being exact; empty where there is nothing to confess.
  public let limits: String

  public init(name: String, summary: String, sample: String, limits: String = "") {
    self.name = name
    self.summary = summary
    self.sample = sample
    self.limits = limits
  }
}
