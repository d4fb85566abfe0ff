import Documents
import Stage

/// The reference of the scene language as Markdown, made from the manuals and grammars of the parts.
///
/// - Parameter annotation: the grammar of an element of `annotations:`, whose makers stand above this module.
public func sceneReference(annotation: Grammar) -> String {
  var text = """
    # The scene language

    A scene is a YAML file. This page is made from the program's own descriptions of its parts; `diorama schema` prints
    the same as a JSON Schema for editors.

    Wherever a value stands, a distribution may stand in its place: a mapping with one key that begins with a dollar sign,
    such as `{$uniform: [0.1, 0.3]}`. Its value is drawn anew for every frame, and for every copy of a population. What is
    drawn hangs on the seed, the frame's number and the path of the parameter in the document (with the `id` of objects
    in place of their positions), and on nothing else: adding, removing or moving a parameter leaves all other draws as
    they were.

    World: right-handed, z up, metres; angles in degrees. A colour is `[r, g, b]` in linear light, or `"#rrggbb"` in sRGB.
    A rotation is a list of three Euler angles (about fixed x, then y, then z), of four quaternion components w, x, y, z,
    or of three matrix rows, or `{euler: ...}`, `{quaternion: ...}`, `{matrix: ...}`, `{yaw: ...}`, `{axis: ..., angle: ...}`.
    Paths of files count from the folder of the scene.


    """
  func section(_ title: String, _ fields: [FieldGrammar]) {
    text += "## \(title)\n\n" + table(fields) + "\n"
  }
  func parts(_ title: String, _ intro: String, _ list: [PartGrammar], prefix: String = "") {
    text += "## \(title)\n\n\(intro)\n\n"
    for p in list {
      text += "### `\(prefix)\(p.manual.name)`\n\n\(p.manual.summary)\n\n```yaml\n\(p.manual.sample)\n```\n\n"
      if !p.manual.limits.isEmpty { text += "Limits: \(p.manual.limits)\n\n" }
      if !p.fields.isEmpty { text += table(p.fields) + "\n" }
    }
  }
  func registered(_ grammar: Grammar) -> [PartGrammar] {
    if case .part(_, let list) = grammar { return list() }
    return []
  }
  section("The scene", LanguageGrammar.scene(annotation: annotation))
  section("`image`", ImageSpec.fieldGrammars)
  section("`camera`", CameraSpec.fieldGrammars)
  section("`sun`", SunSpec.fieldGrammars)
  section("`ambient`", AmbientSpec.fieldGrammars)
  section("`environment`", EnvironmentSpec.fieldGrammars)
  section("`output`", OutputSettings.fieldGrammars)
  section("`categories`", CategorySpec.Full.fieldGrammars)
  section("Objects", ObjectSpec.fieldGrammars)
  section("Populations and groups", LanguageGrammar.control)
  section("`parts`", PartSpec.fieldGrammars)
  section("`symmetries`", SymmetrySpec.fieldGrammars)
  section("`material`", MaterialSpec.fieldGrammars)
  section("`texture`", TextureSpec.fieldGrammars)
  section("`surface`", SurfaceSpec.fieldGrammars)
  section("`decals`", DecalSpec.fieldGrammars)
  text += """
    ## Formulas

    `{$expr: "0.4 * width"}` is worked out from `let` values of the object, of the groups around it and of the scene, and
    from `pi`, `frame`, `frames` (their number), `index` (of the copy) and `count` (of the copies). Operators: `+ - * / % ^`,
    `== != < <= > >=`, `and or not`, `x if condition else y`, `list[0]`, `vector.x`, `'text' + name`. Lists are reckoned with
    component by component. Functions: \(ExpressionFunction.allCases.map { "`\($0.rawValue)`" }.joined(separator: ", "));
    angles are in degrees.

    ## Files by pattern

    `file: {$glob: "textures/*.png"}` picks one of the files that match, all alike; `*` and `?` match within a name, `**`
    any folders. Several patterns may have weights:

    \(table(GlobSpec.fieldGrammars))

    """
  parts(
    "Distributions", "", distributionRegistry.map { $0.grammar() }, prefix: "$")
  parts("Shapes", "For `shape:`.", registered(shapeRegistryGrammar))
  parts("Lights", "For `lights:`. 1 candela a square metre is white at exposure 0.", registered(lightRegistry.grammar))
  parts(
    "Patterns", "For `texture: {pattern: ...}`; the two `colors` are mixed.",
    registered(SceneParts.standard.patterns.grammar))
  parts("Surface layers", "For `material: {surface: {layers: [...]}}`.", registered(surfaceRegistry.grammar))
  parts("Modifiers", "For `modifiers:` of an object.", registered(modifierRegistry.grammar))
  parts("Skies", "For `environment: {sky: ...}`.", registered(SceneParts.standard.skies.grammar))
  parts("Backgrounds", "For `background:`, in place of a colour.", registered(backgroundRegistry.grammar))
  parts(
    "Layouts", "For `layout:`. Unless a layout says otherwise, copies stand on its ground, z = 0.",
    registered(layoutRegistry.grammar))
  parts(
    "Rules", "For `rules:`. A frame that breaks one is drawn again, up to `attempts` times.",
    registered(ruleRegistry.grammar))
  parts(
    "Annotations",
    "For `annotations:` and `--annotations`; [Annotations.md](Annotations.md) shows what they look like. rgb, boxes and masks are always there.",
    registered(annotation))
  return text.split(separator: "\n", omittingEmptySubsequences: false).reduce(into: "") { result, line in
    // One empty line between blocks, not more.
    if !(line.isEmpty && result.hasSuffix("\n\n")) { result += line + "\n" }
  }.trimmedEnd + "\n"
}

private var shapeRegistryGrammar: Grammar { SceneParts.standard.shapes.grammar }

private func table(_ fields: [FieldGrammar]) -> String {
  var text = "| key | value | meaning |\n|---|---|---|\n"
  for f in fields {
    let words = describe(f.grammar).replacing("|", with: "\\|")
    let meaning = f.summary.replacing("|", with: "\\|")
    text += "| `\(f.name)`\(f.isRequired ? " (required)" : "") | \(words) | \(meaning) |\n"
  }
  return text
}

private func describe(_ g: Grammar) -> String {
  switch g {
  case .boolean: "true or false"
  case .integer(let b): b.described(as: "a whole number")
  case .number(let b): b.described(as: "a number")
  case .string: "text"
  case .word(let words): words.joined(separator: ", ")
  case .list(let item, let count?): "[\(count) x \(describe(item))]"
  case .list(let item, nil): "list of \(describe(item))"
  case .record(let name, _): name.lowercased()
  case .part(let kind, _): "a \(kind)"
  case .anyOf(let forms): forms.map(describe).joined(separator: ", or ")
  case .optional(let inner): describe(inner)
  case .dictionary(let value): "names with \(describe(value)) each"
  case .text(let what, _): what
  case .file: "path of a file"
  case .any: "any value"
  }
}

extension String {
  fileprivate var trimmedEnd: String {
    var s = self[...]
    while s.last == "\n" { s.removeLast() }
    return String(s)
  }
}
