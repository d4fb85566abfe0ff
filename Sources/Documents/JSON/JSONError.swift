/// What is wrong with a JSON text, and where. Lines and columns count from 1; columns are bytes.
public struct JSONError: Error, Equatable, Sendable, CustomStringConvertible {
  public var line: Int
  public var column: Int
  public var found: String
  public var expected: String

  public init(line: Int, column: Int, found: String, expected: String) {
    self.line = line
    self.column = column
    self.found = found
    self.expected = expected
  }

  public var description: String { "\(line):\(column): found \(found), expected \(expected)" }
}
