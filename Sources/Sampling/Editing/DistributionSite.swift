import Documents

/// A place of a scene's own file where something is drawn.
public struct DistributionSite: Sendable {
  /// Where it stands; what is drawn there is logged under the same mark.
  public var mark: Mark
  /// As `diorama explain` names it, `objects[boxes].scale`; several where aliases repeat it.
  public var paths: [String]
  /// The distribution's name without its dollar sign; `variants` for the list of a population's variants.
  public var kind: String
  /// Its parameters under their names, as the file writes them; the list itself for variants.
  public var parameters: Node

  /// All sites of a document, in the order of the file.
  static func list(in root: Node) -> [DistributionSite] {
    var collector = Collector()
    collector.walk(root, "")
    return collector.sites
  }

  private struct Collector {
    var sites: [DistributionSite] = []
    private var known: [Mark: Int] = [:]

    mutating func add(_ mark: Mark, _ path: String, _ kind: String, _ parameters: Node) {
      if let i = known[mark] {
        if !sites[i].paths.contains(path) { sites[i].paths.append(path) }
        return
      }
      known[mark] = sites.count
      sites.append(DistributionSite(mark: mark, paths: [path], kind: kind, parameters: parameters))
    }

    mutating func walk(_ node: Node, _ path: String) {
      switch node.content {
      case .sequence(let items):
        for (i, item) in items.enumerated() {
          var name = "\(i)"
          if case .string(let id)? = item["id"]?.content { name = id }
          walk(item, path + "[" + name + "]")
        }
      case .mapping(let members):
        if members.count == 1, let kind = distributionKinds[members[0].key] {
          if !kind.isCovering {
            add(node.mark, path, kind.manual.name, kind.shorthand.expanded(members[0].value))
          }
          // Options and what is spread have places of their own within.
          walk(members[0].value, path + (kind.isCovering ? "" : "." + members[0].key))
          return
        }
        for m in members {
          let inner = path.isEmpty ? m.key : path + "." + m.key
          if m.key == "variants", case .sequence(let items) = m.value.content, !items.isEmpty {
            add(m.value.mark, inner, "variants", m.value)
          }
          // The name under which a spread distribution's own stands.
          walk(m.value, m.key == "of" || m.key == "options" ? path : inner)
        }
      default: break
      }
    }
  }
}
