import Documents
import Glibc
import Testing

@testable import Sampling

/// The checks that every distribution passes: its sample reads as its manual says, the same key gives the same draw,
/// values lie in the support, mean and variance are those of the closed form, and the empirical distribution is within
/// the Kolmogorov-Smirnov distance of the true one. Every limit is set so that a right distribution fails one run in a
/// million; the runs are fixed by their seed, so none fails by chance.
///
/// - Parameters:
///   - parameters: the distribution as a scene writes it, without its name.
///   - component: the number that is checked, of the value drawn.
///   - probability: the probability that the number is at most x; nil to skip.
func checkDistribution<D: Distribution>(
  _ type: D.Type, _ parameters: String, support: ClosedRange<Double>, mean: Double, variance: Double,
  component: (Node.Content) -> Double? = { Node($0).number }, probability: ((Double) -> Double)? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) throws {
  let kind = DistributionKind(D.self)
  let sample = try document(D.manual.sample)
  #expect(sample["$" + D.manual.name] != nil, "the sample shows the distribution", sourceLocation: sourceLocation)
  if let p = sample["$" + D.manual.name] {
    _ = try kind.decode(D.shorthand.expanded(p))
  }
  #expect(distributionKinds["$" + D.manual.name] != nil, "registered", sourceLocation: sourceLocation)
  let distribution = try kind.decode(D.shorthand.expanded(try document(parameters)))
  let path = PathHash.root.child("check").child(D.manual.name)
  let n = 20_000
  var values: [Double] = []
  for frame in 0..<n {
    var one = RandomStream(seed: 11, frame: frame, path: path)
    var two = RandomStream(seed: 11, frame: frame, path: path)
    let content = distribution.draw(&one)
    #expect(Node(content) == Node(distribution.draw(&two)), sourceLocation: sourceLocation)
    guard let x = component(content) else {
      Issue.record("no number in \(yaml(Node(content)))", sourceLocation: sourceLocation)
      return
    }
    guard support.contains(x) else {
      Issue.record("\(x) is outside \(support)", sourceLocation: sourceLocation)
      return
    }
    values.append(x)
  }
  let count = Double(n)
  let m = values.reduce(0, +) / count
  let deviations = values.map { ($0 - m) * ($0 - m) }
  let v = deviations.reduce(0, +) / (count - 1)
  // Beyond 4.9 standard errors lies a millionth.
  #expect(
    abs(m - mean) <= 4.9 * (variance / count).squareRoot() + 1e-12, "mean \(m), not \(mean)",
    sourceLocation: sourceLocation)
  let fourth = deviations.map { $0 * $0 }.reduce(0, +) / count
  let error = (max(fourth - v * v, 0) / count).squareRoot()
  #expect(
    abs(v - variance) <= 5.5 * error + variance * 25 / count + 1e-9, "variance \(v), not \(variance)",
    sourceLocation: sourceLocation)
  guard let probability else { return }
  // P(D > d) < 2 exp(-2 n d^2) (Massart 1990). At ties the distance is to both sides of the step.
  let limit = (log(2 / 1e-6) / (2 * count)).squareRoot()
  values.sort()
  var distance = 0.0
  var i = 0
  while i < n {
    var j = i
    while j < n, values[j] == values[i] { j += 1 }
    distance = max(distance, abs(Double(j) / count - probability(values[i])))
    distance = max(distance, abs(Double(i) / count - probability(values[i].nextDown)))
    i = j
  }
  #expect(distance <= limit, "Kolmogorov distance \(distance) above \(limit)", sourceLocation: sourceLocation)
}

/// The number at `index` of a list drawn.
func element(_ index: Int) -> (Node.Content) -> Double? {
  { content in
    guard case .sequence(let items) = content, index < items.count else { return nil }
    return items[index].number
  }
}
