import StrictYAML
import WGAN

/// A small training in the plane, of which tests change single lines.
let smallYAML = """
    name: small
    data: mixtureGrid
    batchSize: 8
    latent: {size: 2}
    generator:
      layers:
      - linear: 2
      optimiser: {rmsprop: {learningRate: 5e-5}}
    critic:
      layers:
      - linear: 5
      - relu
      - linear: 1
      optimiser: {rmsprop: {learningRate: 5e-5}}
    constraint: clipping
    steps: 10

    """

/// Reads YAML, after overrides.
func configuration(
    _ yaml: String, _ overrides: String...
) throws -> TrainingConfiguration { try configuration(yaml, overrides) }

/// Reads YAML, after overrides.
func configuration(
    _ yaml: String, _ overrides: [String]
) throws -> TrainingConfiguration {
    let document = try ConfigurationDocument(
        yaml: yaml, file: "a.yaml", vocabulary: TrainingConfiguration.vocabulary)
    for override in overrides { try document.set(override) }
    return try TrainingConfiguration(document)
}
