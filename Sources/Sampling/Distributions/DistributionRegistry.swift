import Documents

/// Every distribution, in the order of the reference.
let distributionRegistry: [DistributionKind] = [
  DistributionKind(Constant.self),
  DistributionKind(Uniform.self),
  DistributionKind(LogUniform.self),
  DistributionKind(Normal.self),
  DistributionKind(TruncatedNormal.self),
  DistributionKind(Beta.self),
  DistributionKind(Curve.self),
  DistributionKind(Poisson.self),
  DistributionKind(IntegerRange.self),
  DistributionKind(Coin.self),
  DistributionKind(Choice.self),
  DistributionKind(Permutation.self),
  DistributionKind(RGBColor.self),
  DistributionKind(HSVColor.self),
  DistributionKind(ColorTemperature.self),
  DistributionKind(SphereDirection.self),
  DistributionKind(ConeDirection.self),
  DistributionKind(AnyRotation.self),
  DistributionKind(Yaw.self),
  DistributionKind(Tilt.self),
  DistributionKind(PointInBox.self),
  DistributionKind(PointInBall.self),
  DistributionKind(PointOnSphere.self),
  DistributionKind(PointInDisc.self),
  DistributionKind(PointInCylinder.self),
  DistributionKind(PointOnShape.self),
  DistributionKind(Cycle.self),
  DistributionKind(Quota.self),
  DistributionKind(Sweep.self),
  DistributionKind(Spline.self),
  DistributionKind(Keyframes.self),
  DistributionKind(EachFrame.self),
  DistributionKind(LatinHypercube.self),
  DistributionKind(Stratified.self),
  DistributionKind(SobolSequence.self),
  DistributionKind(GridSequence.self),
]

/// The kinds by their names with the dollar sign.
let distributionKinds: [String: DistributionKind] = Dictionary(
  distributionRegistry.map { ("$" + $0.manual.name, $0) }, uniquingKeysWith: { first, _ in first })
