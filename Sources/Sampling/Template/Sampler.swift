import Documents

/// Samples templates for one attempt at one frame.
struct Sampler {
  let seed: UInt64
  let frame: Int
  var attempt = 0
  /// Where the paths of the templates begin: the document, or one copy of a population.
  var scope = PathHash.root
  /// Where set, every draw is written down.
  var trace: [TracedDraw]?
  /// What a reader calls the scope; empty for the document.
  var scopeName = ""

  func stream(_ path: PathHash) -> RandomStream {
    RandomStream(seed: seed, frame: frame, path: scope.within(path), attempt: attempt)
  }

  mutating func sample(_ template: Template) throws(DocumentError) -> Node {
    switch template {
    case .constant(let node): return node
    case .sequence(let parts, let mark):
      var items: [Node] = []
      items.reserveCapacity(parts.count)
      for (i, p) in parts.enumerated() { do { items.append(try sample(p)) } catch { throw error.inside(index: i) } }
      return Node(.sequence(items), mark: mark)
    case .mapping(let parts, let mark):
      var members: [Node.Member] = []
      members.reserveCapacity(parts.count)
      for p in parts {
        do { members.append(.init(key: p.key, keyMark: p.keyMark, value: try sample(p.value))) } catch {
          throw error.inside(p.key)
        }
      }
      return Node(.mapping(members), mark: mark)
    case .draw(let draw): return try sample(draw)
    }
  }

  private mutating func sample(_ draw: Draw) throws(DocumentError) -> Node {
    var random = stream(draw.path)
    let value: Node
    switch draw.source {
    case .fixed(let distribution): value = Node(distribution.draw(&random), mark: draw.mark)
    case .parametric(let parameters):
      let distribution = try decoded(draw, try sample(parameters))
      value = Node(distribution.draw(&random), mark: draw.mark)
    case .chooser(let chooser, let options): value = try sample(options[chooser.pick(&random)])
    case .parametricChooser(let rest, let field, let options):
      var parameters = try sample(rest)
      if case .mapping(var members) = parameters.content, let name = draw.kind.optionsField {
        members.append(.init(key: name, keyMark: field.node.mark, value: field.node))
        parameters = Node(.mapping(members), mark: parameters.mark)
      }
      guard let chooser = try decoded(draw, parameters) as? any Chooser else { return Node(.null, mark: draw.mark) }
      value = try sample(options[chooser.pick(&random)])
    }
    if trace != nil {
      let name = scopeName.isEmpty ? draw.name : (draw.name.isEmpty ? scopeName : scopeName + "." + draw.name)
      trace?.append(
        TracedDraw(path: name, distribution: draw.kind.manual.name, value: value, mark: draw.mark, attempt: attempt))
    }
    return value
  }

  private func decoded(_ draw: Draw, _ parameters: Node) throws(DocumentError) -> any Distribution {
    do { return try draw.kind.decode(parameters) } catch { throw error.inside("$" + draw.kind.manual.name) }
  }
}

/// One draw of a frame, for the reader.
public struct TracedDraw: Sendable {
  /// The parameter's path in the document.
  public var path: String
  /// The distribution's name without its dollar sign.
  public var distribution: String
  public var value: Node
  /// The line that says so.
  public var mark: Mark
  public var attempt: Int
}
