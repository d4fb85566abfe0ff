import Glibc

/// What stands beside an asset about where it comes from: a file of its name with `.license` behind it, by the REUSE
/// specification 3.3 (reuse.software), and a line of our own:
///
///     SPDX-FileCopyrightText: 2026 Somebody
///     SPDX-License-Identifier: CC0-1.0
///     Photograph: no
///
/// It decides no pixel, so it is no part of a scene's digest.
public struct AssetLicense: Hashable, Sendable {
  /// SPDX expression; nil where none is stated. Several are all of them: "A AND B".
  public var license: String?
  /// Whether the picture is, or has in it, a photograph; nil where nothing is said.
  public var isPhotograph: Bool?

  public init(license: String? = nil, isPhotograph: Bool? = nil) {
    (self.license, self.isPhotograph) = (license, isPhotograph)
  }

  /// More is not looked at.
  private static let limit = 1 << 16

  /// What is said of the file at `path`; nothing where nothing can be read.
  static func of(_ path: String) -> AssetLicense {
    guard access(path + ".license", R_OK) == 0, let bytes = try? TextFile.bytes(path + ".license", limit: limit) else {
      return AssetLicense()
    }
    var found = AssetLicense()
    for line in String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline) {
      let parts = line.split(separator: ":", maxSplits: 1).map { $0.trimmed }
      guard parts.count == 2, !parts[1].isEmpty else { continue }
      switch parts[0] {
      case "SPDX-License-Identifier": found.license = found.license.map { "\($0) AND \(parts[1])" } ?? parts[1]
      case "Photograph" where ["yes", "no"].contains(parts[1]): found.isPhotograph = parts[1] == "yes"
      default: break
      }
    }
    return found
  }
}

extension Substring {
  /// Without spaces at both ends.
  fileprivate var trimmed: String {
    let text = drop { $0 == " " || $0 == "\t" }
    return String(
      text[..<(text.lastIndex { $0 != " " && $0 != "\t" }.map { text.index(after: $0) } ?? text.startIndex)])
  }
}
