import Documents

/// The JSON Schema (draft 2020-12) of scene files, with descriptions, for editors and validators. It accepts every scene
/// that Diorama accepts; the other way round it cannot see names, formulas and how values go together.
///
/// - Parameter annotation: the grammar of an element of `annotations:`, whose makers stand above this module.
public func sceneSchema(annotation: Grammar) -> String {
  var schema = SchemaWriter()
  let root = schema.record(LanguageGrammar.scene(annotation: annotation), drawn: false)
  schema.define("drawn", schema.distributions())
  guard case .object(let members) = root else { return "" }
  let defs = schema.definitions.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  return JSON.object(
    [
      ("$schema", .string("https://json-schema.org/draft/2020-12/schema")), ("title", .string("Diorama scene")),
    ] + members + [("$defs", .object(defs))]
  ).text() + "\n"
}

/// JSON, as far as a schema needs it.
indirect enum JSON {
  case string(String)
  case number(Double)
  case boolean(Bool)
  case array([JSON])
  case object([(String, JSON)])

  func text(_ indent: String = "") -> String {
    switch self {
    case .string(let s): return JSON.quoted(s)
    case .number(let x): return x == x.rounded() && abs(x) < 1e15 ? "\(Int(x))" : "\(x)"
    case .boolean(let b): return "\(b)"
    case .array(let items):
      if items.isEmpty { return "[]" }
      let flat = "[" + items.map { $0.text() }.joined(separator: ", ") + "]"
      if flat.utf8.count < 100, !flat.contains("\n") { return flat }
      return "[\n" + items.map { indent + "  " + $0.text(indent + "  ") }.joined(separator: ",\n") + "\n\(indent)]"
    case .object(let members):
      if members.isEmpty { return "{}" }
      let flat = "{" + members.map { JSON.quoted($0.0) + ": " + $0.1.text() }.joined(separator: ", ") + "}"
      if flat.utf8.count < 100, !flat.contains("\n") { return flat }
      return "{\n"
        + members.map { indent + "  " + JSON.quoted($0.0) + ": " + $0.1.text(indent + "  ") }.joined(separator: ",\n")
        + "\n\(indent)}"
    }
  }

  static func quoted(_ s: String) -> String {
    var q = "\""
    for u in s.unicodeScalars {
      switch u {
      case "\"": q += "\\\""
      case "\\": q += "\\\\"
      case "\n": q += "\\n"
      default:
        if u.value < 0x20 {
          q += "\\u00" + (u.value < 16 ? "0" : "") + String(u.value, radix: 16)
        } else {
          q.unicodeScalars.append(u)
        }
      }
    }
    return q + "\""
  }
}

private struct SchemaWriter {
  private(set) var definitions: [String: JSON] = [:]
  private var begun: Set<String> = []

  mutating func define(_ name: String, _ value: JSON) { definitions[name] = value }

  private func reference(_ name: String) -> JSON { .object([("$ref", .string("#/$defs/\(name)"))]) }

  /// A value where a distribution may stand in its place.
  private mutating func drawable(_ g: Grammar) -> JSON {
    if case .any = g { return .object([]) }
    return .object([("anyOf", .array([reference("drawn"), schema(g)]))])
  }

  mutating func record(_ fields: [FieldGrammar], drawn: Bool = true) -> JSON {
    var properties: [(String, JSON)] = []
    for f in fields {
      let fixed = !drawn && (SceneTemplate.fixedKeys.contains(f.name) || SceneTemplate.usedKeys.contains(f.name))
      let inner = fixed ? schema(f.grammar) : drawable(f.grammar)
      guard case .object(let members) = inner else { continue }
      properties.append((f.name, .object([("description", .string(f.summary))] + members)))
    }
    var result: [(String, JSON)] = [("type", .string("object"))]
    let required = fields.filter(\.isRequired).map { JSON.string($0.name) }
    if !required.isEmpty { result.append(("required", .array(required))) }
    result += [("properties", .object(properties)), ("additionalProperties", .boolean(false))]
    return .object(result)
  }

  private mutating func named(_ name: String, _ make: (inout SchemaWriter) -> JSON) -> JSON {
    if begun.insert(name).inserted { definitions[name] = make(&self) }
    return reference(name)
  }

  private func number(_ type: String, _ bound: Bound) -> JSON {
    var m: [(String, JSON)] = [("type", .string(type))]
    switch bound {
    case .any: break
    case .positive: m.append(("exclusiveMinimum", .number(0)))
    case .nonNegative: m.append(("minimum", .number(0)))
    case .unit: m += [("minimum", .number(0)), ("maximum", .number(1))]
    case .atLeast(let a): m.append(("minimum", .number(a)))
    case .closed(let a, let b): m += [("minimum", .number(a)), ("maximum", .number(b))]
    }
    return .object(m)
  }

  mutating func schema(_ g: Grammar) -> JSON {
    switch g {
    case .boolean: return .object([("type", .string("boolean"))])
    case .integer(let b): return number("integer", b)
    case .number(let b): return number("number", b)
    case .string: return .object([("type", .array([.string("string"), .string("integer"), .string("boolean")]))])
    case .word(let words): return .object([("enum", .array(words.map { .string($0) }))])
    case .list(let item, let count):
      var m: [(String, JSON)] = [("type", .string("array")), ("items", drawable(item))]
      if let count { m += [("minItems", .number(Double(count))), ("maxItems", .number(Double(count)))] }
      return .object(m)
    case .record(let name, let fields):
      let own = named(name) { $0.record(fields()) }
      // A material may be the name of one in the library.
      guard name == "Material" else { return own }
      return .object([("anyOf", .array([own, .object([("type", .string("string"))])]))])
    case .part(let kind, let parts):
      return named(kind) { writer in
        let all = parts()
        var properties: [(String, JSON)] = []
        for p in all {
          let fields = writer.record(p.fields)
          let value = JSON.object([("anyOf", .array([fields, .object([("type", .string("null"))])]))])
          guard case .object(let m) = value else { continue }
          properties.append((p.manual.name, .object([("description", .string(p.manual.summary))] + m)))
        }
        let mapping = JSON.object([
          ("type", .string("object")), ("minProperties", .number(1)), ("maxProperties", .number(1)),
          ("properties", .object(properties)), ("additionalProperties", .boolean(false)),
        ])
        return .object([
          ("anyOf", .array([.object([("enum", .array(all.map { .string($0.manual.name) }))]), mapping]))
        ])
      }
    case .anyOf(let forms): return .object([("anyOf", .array(forms.map { schema($0) }))])
    case .optional(let inner):
      return .object([("anyOf", .array([schema(inner), .object([("type", .string("null"))])]))])
    case .dictionary(let value):
      return .object([("type", .string("object")), ("additionalProperties", drawable(value))])
    case .text(let what, let pattern):
      return .object([
        ("type", .string("string")), ("description", .string(what)), ("pattern", .string(pattern)),
      ])
    case .file: return .object([("type", .string("string"))])
    case .any: return .object([])
    }
  }

  /// What may stand wherever a value does.
  mutating func distributions() -> JSON {
    let short = JSON.object([
      (
        "type",
        .array(["array", "number", "string", "boolean", "null"].map { .string($0) })
      )
    ])
    var properties: [(String, JSON)] = [
      (
        "$expr",
        .object([
          ("description", .string("A formula of `let` values.")),
          ("type", .array([.string("string"), .string("number"), .string("boolean")])),
        ])
      ),
      (
        "$glob",
        .object([
          ("description", .string("One of the files that match a pattern.")),
          ("anyOf", .array([short, record(GlobSpec.fieldGrammars)])),
        ])
      ),
    ]
    for kind in distributionRegistry {
      var forms = [record(kind.grammar().fields), short]
      if kind.isCovering { forms.append(reference("drawn")) }
      if case .whole = kind.shorthand { forms.append(reference("drawn")) }
      properties.append(
        (
          "$" + kind.manual.name,
          .object([("description", .string(kind.manual.summary)), ("anyOf", .array(forms))])
        ))
    }
    return .object([
      ("type", .string("object")), ("minProperties", .number(1)), ("maxProperties", .number(1)),
      ("properties", .object(properties)), ("additionalProperties", .boolean(false)),
    ])
  }
}
