import FileTestSupport
import TensorGraph

extension GoldenTensor {
    var reference: ReferenceTensor { ReferenceTensor(shape: Shape(shape), values: data) }
}

/// What a training is expected to give: numbers, arrays, names, or several of them by name.
enum GoldenResult: Decodable {
    case number(Double)
    case numbers([Double])
    case names([String])
    case tensor(GoldenTensor)
    case group([String: GoldenResult])

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Double.self) {
            self = .number(number)
        } else if let numbers = try? container.decode([Double].self) {
            self = .numbers(numbers)
        } else if let names = try? container.decode([String].self) {
            self = .names(names)
        } else if let tensor = try? container.decode(GoldenTensor.self) {
            self = .tensor(tensor)
        } else {
            self = .group(try container.decode([String: GoldenResult].self))
        }
    }
}

/// A file of schema `wgan-golden-training/1`.
struct GoldenTrainingFile: Decodable {
    let schema: String
    let tol: Tolerance
    let tolF32: Tolerance
    let cases: [GoldenTrainingCase]
}

struct GoldenTrainingCase: Decodable {
    let id: String
    let kind: String
    let networks: [String: [GoldenLayer]]
    let params: [String: GoldenTensor]
    let buffers: [String: GoldenTensor]
    let inputs: [String: GoldenTensor]
    let hyper: Hyperparameters
    let expected: [String: GoldenResult]
    let optimisers: [GoldenOptimiserRun]

    struct Hyperparameters: Decodable {
        let lambda: Double?
        let targetNorm: Double?
        let variant: String?
        let clip: Double?
        let nCritic: Int?
        let generatorIterations: Int?
        let optimiser: GoldenOptimiserSettings?
    }
}

struct GoldenLayer: Decodable {
    let type: String
    let name: String?
    let `in`: Int?
    let out: Int?
    let kernel: Int?
    let stride: Int?
    let padding: Int?
    let bias: Bool?
    let slope: Double?
    let shape: [Int]?
    let eps: Double?
    let channels: Int?
    let momentum: Double?
}

struct GoldenOptimiserSettings: Decodable {
    let kind: String
    let lr: Double
    let momentum: Double?
    let alpha: Double?
    let eps: Double?
    let rho: Double?
    let initialAccumulator: Double?
    let beta1: Double?
    let beta2: Double?
    let clip: Double?
}

struct GoldenOptimiserRun: Decodable {
    let id: String
    let target: String
    let loss: String
    let settings: GoldenOptimiserSettings
    let steps: Int
    let lossBeforeStep: [Double]
    let paramsAfter1: [String: GoldenTensor]
    let paramsAfter: [String: GoldenTensor]
    let buffersAfter: [String: GoldenTensor]?
    let evalOutputAfter: GoldenTensor?
    let f32Loose: [String]
    let f32LooseAbs: Double
}

/// A golden file that says something this harness does not know.
struct GoldenError: Error, CustomStringConvertible {
    let description: String
    init(_ description: String) { self.description = description }
}
