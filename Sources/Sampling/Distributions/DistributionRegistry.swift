import Documents

/// Every distribution, in the order of the reference.
let distributionRegistry: [DistributionKind] = [
  DistributionKind(Uniform.self),
  DistributionKind(Normal.self),
  DistributionKind(IntegerRange.self),
  DistributionKind(Coin.self),
  DistributionKind(Choice.self),
  DistributionKind(HSVColor.self),
  DistributionKind(ColorTemperature.self),
  DistributionKind(SphereDirection.self),
  DistributionKind(ConeDirection.self),
  DistributionKind(AnyRotation.self),
  DistributionKind(Yaw.self),
  DistributionKind(Tilt.self),
  DistributionKind(PointInCylinder.self),
]

/// The kinds by their names with the dollar sign.
let distributionKinds: [String: DistributionKind] = Dictionary(
  distributionRegistry.map { ("$" + $0.manual.name, $0) }, uniquingKeysWith: { first, _ in first })
