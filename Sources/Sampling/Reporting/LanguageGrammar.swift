import Documents

/// The grammar of scene files: that of concrete documents, and what is used up on the way to them. The schema and the
/// reference are made from it.
enum LanguageGrammar {
  /// - Parameter annotation: that of an element of `annotations:`.
  static func scene(annotation: Grammar) -> [FieldGrammar] {
    SceneSpec.fieldGrammars.map { field in
      switch field.name {
      case "objects": with(field, .list(.record("Element") { element }, count: nil))
      case "annotations": with(field, .list(annotation, count: nil))
      case "formats": with(field, .list(.string, count: nil))
      default: field
      }
    } + [
      FieldGrammar(
        name: "let", summary: "Named values for formulas, drawn once a frame.", isRequired: false,
        grammar: .dictionary(.any)),
      FieldGrammar(
        name: "prototypes", summary: "Named objects for others to begin with.", isRequired: false,
        grammar: .dictionary(.record("Prototype") { prototype })),
      FieldGrammar(
        name: "materials", summary: "Named materials, for `material: name`.", isRequired: false,
        grammar: .dictionary(MaterialSpec.grammar)),
      FieldGrammar(
        name: "include",
        summary: "Files whose `let`, `prototypes` and `materials` count where this file has none of the name.",
        isRequired: false, grammar: .anyOf([.file, .list(.file, count: nil)])),
      FieldGrammar(
        name: "frames_per_sequence",
        summary: "Gives the scene time: so many frames are one sequence, drawn once; what moves, moves over them. "
          + "Default: no time.",
        isRequired: false, grammar: .integer(.closed(1, 1_000_000))),
      FieldGrammar(
        name: "fps", summary: "Frames a second of a sequence. Default: 24.", isRequired: false,
        grammar: .number(.closed(1e-3, 1e6))),
      FieldGrammar(
        name: "rules", summary: "What every frame must satisfy.", isRequired: false,
        grammar: .list(ruleRegistry.grammar, count: nil)),
      FieldGrammar(
        name: "attempts", summary: "How often a frame that breaks a rule is drawn again. Default: 100.",
        isRequired: false,
        grammar: .integer(.closed(1, 100_000))),
    ]
  }

  /// Keys of an element of `objects:` beside those of a concrete object.
  static var control: [FieldGrammar] {
    [
      FieldGrammar(
        name: "count",
        summary: "How many copies there are; they are called id[0], id[1], ..., each with dice of its own.",
        isRequired: false, grammar: .integer(.closed(0, Double(ElementTemplate.countLimit)))),
      FieldGrammar(
        name: "layout", summary: "How the copies stand to each other.", isRequired: false,
        grammar: layoutRegistry.grammar),
      FieldGrammar(
        name: "rest", summary: "Whether the object sinks or rises until it stands on what is under it. Default: false.",
        isRequired: false, grammar: .boolean),
      FieldGrammar(
        name: "solid", summary: "Whether layouts keep other objects out of this one. Default: true.", isRequired: false,
        grammar: .boolean),
      FieldGrammar(
        name: "prototype", summary: "A named object to begin with; the keys given here win.", isRequired: false,
        grammar: .string),
      FieldGrammar(
        name: "variants",
        summary: "Ways that a copy can be, each with a `weight`, or bound to a share of the `frames`.",
        isRequired: false, grammar: .list(.record("Variant") { variant }, count: nil)),
      FieldGrammar(
        name: "let", summary: "Named values for formulas, drawn once a copy.", isRequired: false,
        grammar: .dictionary(.any)),
      FieldGrammar(
        name: "objects", summary: "Makes the element a group, whose objects move with it.", isRequired: false,
        grammar: .list(.record("Element") { element }, count: nil)),
    ]
  }

  static var element: [FieldGrammar] { ObjectSpec.fieldGrammars + control }

  static var prototype: [FieldGrammar] { element.map { $0.name == "id" ? optional($0) : $0 } }

  static var variant: [FieldGrammar] {
    prototype.filter { !["id", "count", "layout", "variants", "rest", "solid"].contains($0.name) } + [
      FieldGrammar(
        name: "weight", summary: "How often the variant is picked, relative to the others. Default: 1.",
        isRequired: false,
        grammar: .number(.nonNegative)),
      FieldGrammar(
        name: "frames", summary: "The exact share of the frames in which one copy is bound to be this variant.",
        isRequired: false, grammar: .number(.unit)),
    ]
  }

  private static func with(_ f: FieldGrammar, _ grammar: Grammar) -> FieldGrammar {
    FieldGrammar(name: f.name, summary: f.summary, isRequired: f.isRequired, grammar: grammar)
  }

  private static func optional(_ f: FieldGrammar) -> FieldGrammar {
    FieldGrammar(name: f.name, summary: f.summary, isRequired: false, grammar: f.grammar)
  }
}
