import Testing

@testable import Formats

@Suite struct DecimalTextTests {
  @Test func numbersHaveTheirDecimals() {
    #expect(decimal(-0.0001, 2) == "0.00")
    #expect(decimal(-12.5, 3) == "-12.500")
    #expect(decimal(0.999999, 3) == "1.000")
    #expect(decimal(3, 1) == "3.0")
  }
}
