import Documents
import Geometry
import Stage

extension CompiledScene {
  /// A frame's document with what differs in the frames around it.
  func withNeighbours(_ sample: Sample, _ frame: Int) throws(DocumentError) -> Node {
    let all = clock.sequence(of: frame)
    guard var sequence = sample.document["sequence"] else { return sample.document }
    for (step, other) in [(SequenceStep.previous, frame - 1), (.next, frame + 1)] where all.contains(other) {
      let document = try sampled(frame: other, attempt: sample.attempt).document
      sequence.set(step.rawValue, to: DocumentChange.from(sample.document, to: document))
    }
    let first = try sampled(frame: all.lowerBound, attempt: sample.attempt).document
    if let forms = DocumentChange.ofForms(sample.document, first) {
      sequence.set(SequenceStep.first.rawValue, to: forms)
    }
    return sample.document.setting("sequence", to: sequence)
  }
}
