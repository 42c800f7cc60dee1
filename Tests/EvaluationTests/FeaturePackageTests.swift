import Evaluation
import FileTestSupport
import Foundation
import Philox
import PythonTestSupport
import Testing

/// Measures of features beside the Python packages that have them, on random features.
///
/// One process computes all values, in double precision. Integers make many distances equal, so
/// that it matters whether a ball holds its surface.
@Suite(
    "Measures of features agree with torch-fidelity 0.4.0, pytorch-fid 0.3.0, prdc 0.2 and POT",
    .enabled(
        if: Python.hasFeatureMeasures,
        "Python has no torch_fidelity, pytorch_fid, prdc and ot: scripts/setup-comparisons"))
struct FeaturePackageTests {
    @Test("in each setting and size", arguments: FeatureCase.all)
    func each(_ test: FeatureCase) throws {
        let all = try FeatureCase.expected.get()
        try #require(all.count == FeatureCase.all.count)
        let expected = all[test.id]
        let found = try test.found()
        try #require(found.count == expected.count && !found.isEmpty)
        for (found, expected) in zip(found, expected) {
            let error = abs(found - expected)
            #expect(
                error <= test.tolerance * max(test.scale, abs(expected)), "\(found) \(expected)")
        }
    }

    @Test("in several hundred comparisons")
    func enough() throws {
        #expect(try FeatureCase.expected.get().reduce(0) { $0 + $1.count } >= 400)
    }
}

/// Two sets of features, and what is measured of them here and there.
struct FeatureCase: Sendable, CustomTestStringConvertible {
    /// Two sets of rows.
    struct Sets: Sendable {
        let x: [Double]
        let y: [Double]
        let dimensions: Int

        func matrices() throws -> (FeatureMatrix, FeatureMatrix) {
            (
                try FeatureMatrix(x, dimensions: dimensions),
                try FeatureMatrix(y, dimensions: dimensions)
            )
        }
    }

    let id: Int
    /// Rows of x and y, and features.
    let shape: [Int]
    let isGrid: Bool
    /// A Python expression of x `[n, d]` and y `[m, d]`: a list of numbers.
    let expression: String
    let tolerance: Double
    /// Errors are relative to this where values are smaller.
    let scale: Double
    private let measure: @Sendable (Sets) throws -> [Double]

    var testDescription: String { "\(expression), \(shape), \(isGrid ? "integers" : "normal")" }

    func found() throws -> [Double] { try measure(sets) }

    /// Normal features with a common part, shifted and stretched on one side; or integers.
    private var sets: Sets {
        var random = RandomStream(seed: UInt64(id), stream: 7)
        let side = { (count: Int, shift: Double, stretch: Double) in
            (0..<count).flatMap { _ in
                let common = Double(random.nextNormal())
                return (0..<shape[2]).map { column in
                    let own = Double(random.nextNormal()) * (1 + Double(column % 3))
                    return isGrid
                        ? (1.5 * own + shift).rounded() : shift + stretch * (own + 0.5 * common)
                }
            }
        }
        return Sets(x: side(shape[0], 0, 1), y: side(shape[1], 0.3, 1.2), dimensions: shape[2])
    }

    private init(_ id: Int, _ form: Form, _ shape: [Int], _ isGrid: Bool) {
        (self.id, self.shape, self.isGrid) = (id, shape, isGrid)
        (expression, tolerance, scale) = (form.expression, form.tolerance, form.scale)
        measure = form.measure
    }

    /// What is measured, whatever the features.
    private struct Form {
        let expression: String
        let shapes: [[Int]]
        var grids = [false]
        let tolerance: Double
        var scale = 1.0
        let measure: @Sendable (Sets) throws -> [Double]
    }

    private static let forms: [Form] =
        frechet + kernels + classifiers + neighbours + [path(1, 99), path(0, 100), path(12.5, 60)]
        + [monge(1), monge(7)] + lines

    static let all: [FeatureCase] = {
        var cases: [FeatureCase] = []
        for form in forms {
            for shape in form.shapes {
                for grid in form.grids { cases.append(FeatureCase(cases.count, form, shape, grid)) }
            }
        }
        return cases
    }()

    /// Covariances of full rank; below it the root of pytorch-fid loses half of the digits.
    private static let frechet = ["tf_fid(x, y)", "pytorch_fid(x, y)"].map { expression in
        Form(
            expression: expression,
            shapes: [
                [40, 40, 1], [50, 30, 2], [64, 64, 5], [100, 130, 17], [300, 200, 32],
                [1000, 700, 64], [1000, 1000, 100], [500, 2000, 3],
            ], tolerance: 1e-12
        ) { sets in
            let (x, y) = try sets.matrices()
            let (a, b) = (try GaussianStatistics(x), try GaussianStatistics(y))
            return [
                try FrechetDistance(x, y).value, try FrechetDistance(a, b).value,
                try FrechetDistance(a.distribution(), b.distribution()).value,
            ]
        }
    }

    private static let kernels: [Form] = [
        (3, nil, 1), (1, nil, 0), (2, 0.5, 1), (3, 0.01, 0), (4, nil, 2.5), (7, 0.003, 1),
    ].map { (degree: Int, gamma: Double?, offset: Double) in
        Form(
            expression: "tf_kid(x, y, \(degree), \(gamma.map { "\($0)" } ?? "None"), \(offset))",
            shapes: [
                [4, 4, 3], [33, 33, 1], [40, 40, 8], [65, 65, 20], [200, 200, 64], [500, 500, 16],
            ],
            tolerance: 1e-12
        ) { sets in
            let (x, y) = try sets.matrices()
            let kernel = try PolynomialKernel(degree: degree, scale: gamma, offset: offset)
            var random = RandomStream(seed: 0, stream: 0)
            let subsets = try KernelDistanceBySubsets(
                x, y, subsets: 2, size: x.count, kernel: kernel, using: &random)
            return [try KernelDistance(x, y, kernel: kernel).value, subsets.mean]
        }
    }

    private static let classifiers: [Form] = [1, 2, 3, 10].map { splits in
        Form(
            expression: "tf_is(x, \(splits))",
            shapes: [[10, 1, 2], [33, 1, 10], [100, 1, 10], [257, 1, 50], [1000, 1, 1000]],
            tolerance: 1e-12
        ) { sets in
            let width = sets.dimensions
            let probabilities = stride(from: 0, to: sets.x.count, by: width).flatMap { start in
                let row = sets.x[start..<start + width]
                let largest = row.max() ?? 0
                let powers = row.map { exp($0 - largest) }
                let sum = powers.reduce(0, +)
                return powers.map { $0 / sum }
            }
            let score = try ClassifierScore(
                probabilities: FeatureMatrix(probabilities, dimensions: width), splits: splits)
            return [score.value, score.standardDeviation]
        }
    }

    private static let neighbours: [Form] = [1, 3, 5].flatMap { k in
        let shapes = [[30, 40, 1], [40, 30, 2], [60, 60, 3], [128, 100, 20], [300, 350, 64]]
        return [
            Form(
                expression: "prdc4(x, y, \(k))", shapes: shapes, grids: [false, true],
                tolerance: 1e-14
            ) { sets in
                let (x, y) = try sets.matrices()
                let found = try NeighbourScores(real: y, generated: x, neighbour: k)
                return [found.precision, found.recall, found.density, found.coverage]
            },
            Form(
                expression: "tf_prc(x, y, \(k))", shapes: shapes, grids: [false, true],
                tolerance: 1e-6
            ) { sets in
                let (x, y) = try sets.matrices()
                let found = try NeighbourScores(
                    real: y, generated: x, neighbour: k, isClosed: true)
                return [found.precision, found.recall, found.fScore]
            },
        ]
    }

    private static func path(_ low: Double, _ high: Double) -> Form {
        Form(
            expression: "path(x, y, 0.1, \(low), \(high))",
            shapes: [[2, 2, 1], [10, 10, 4], [99, 99, 8], [1000, 1000, 16]], tolerance: 1e-12
        ) { sets in
            let (x, y) = try sets.matrices()
            let found = try PathLength(x, y, step: 0.1, percentiles: low...high)
            return [found.value, found.standardDeviation, Double(found.countedLengths)]
        }
    }

    private static func monge(_ directions: Int) -> Form {
        Form(
            expression: "pot_mind(x, y, x[:\(directions)])",
            shapes: [
                [10, 10, 1], [20, 30, 2], [64, 64, 8], [100, 37, 20], [500, 300, 64],
                [400, 400, 128],
            ],
            tolerance: 1e-11
        ) { sets in
            let (x, y) = try sets.matrices()
            let vectors = try FeatureMatrix(
                Array(sets.x.prefix(directions * sets.dimensions)), dimensions: sets.dimensions)
            return [try MongeDistance(x, y, along: vectors).value]
        }
    }

    private static let lines = [[10, 20, 40], [40, 60, 80, 90]].map { sizes in
        Form(
            expression: "line(x, y, \(sizes))", shapes: [[90, 90, 2], [100, 95, 8]],
            tolerance: 1e-11
        ) { sets in
            let (x, y) = try sets.matrices()
            let found = try FrechetExtrapolation(x, y, sizes: sizes)
            return [found.limit, found.slope, try #require(found.standardError)]
        }
    }

    /// What the packages say of each case.
    static let expected: Result<[[Double]], any Error> = Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        var (samples, lines) = (Data(), [String]())
        for test in all {
            let sets = test.sets
            for side in [sets.x, sets.y] {
                side.withUnsafeBytes { samples.append(contentsOf: $0) }
            }
            lines.append(test.shape.map(String.init).joined(separator: " ") + " " + test.expression)
        }
        try samples.write(to: folder.file("samples"))
        try Data(lines.joined(separator: "\n").utf8).write(to: folder.file("cases"))
        let output = try Python.run(
            program, folder.file("samples").path, folder.file("cases").path)
        return try JSONDecoder().decode([[Double]].self, from: Data(output.utf8))
    }

    /// pytorch-fid takes two results of `scipy.linalg.sqrtm`, which has one: `Linalg` mends that.
    private static let program = """
        import contextlib, io, json, sys, warnings
        import numpy, torch
        warnings.simplefilter("ignore")
        import ot, prdc, scipy.linalg, scipy.stats
        from pytorch_fid import fid_score
        from torch_fidelity import metric_fid, metric_isc, metric_kid, metric_prc
        tensor = torch.from_numpy
        def tf_fid(x, y):
            sides = [metric_fid.fid_features_to_statistics(tensor(s)) for s in (x, y)]
            for s in sides: s["sigma"] = numpy.atleast_2d(s["sigma"])
            value = metric_fid.fid_statistics_to_metric(*sides, False)
            return [value["frechet_inception_distance"]] * 3
        class Linalg:
            def sqrtm(matrix, disp=True): return scipy.linalg.sqrtm(matrix), 0
        fid_score.linalg = Linalg
        def pytorch_fid(x, y):
            sides = [f(s) for s in (x, y)
                     for f in (lambda s: s.mean(0), lambda s: numpy.cov(s, rowvar=False))]
            return [fid_score.calculate_frechet_distance(*sides)] * 3
        def tf_kid(x, y, degree, gamma, coef0):
            value = metric_kid.kid_features_to_metric(
                tensor(x), tensor(y), kid_subsets=2, kid_subset_size=len(x),
                kid_kernel_poly_degree=degree, kid_kernel_poly_gamma=gamma,
                kid_kernel_poly_coef0=coef0, verbose=False)
            return [value["kernel_inception_distance_mean"]] * 2
        def tf_is(x, splits):
            value = metric_isc.isc_features_to_metric(tensor(x), splits, shuffle=False)
            return [value["inception_score_mean"], value["inception_score_std"]]
        def tf_prc(x, y, k):
            values = [metric_prc.prc_features_to_metric(
                tensor(x), tensor(y), prc_neighborhood=k, prc_batch_size=size,
                save_cpu_ram=save, verbose=False) for size, save in ((10000, False), (16, True))]
            assert values[0] == values[1]
            return [values[0][name] for name in ("precision", "recall", "f_score")]
        def prdc4(x, y, k):
            with contextlib.redirect_stdout(io.StringIO()):
                value = prdc.compute_prdc(y, x, k)
            return [float(value[n]) for n in ("precision", "recall", "density", "coverage")]
        def path(x, y, step, low, high):
            lengths = ((x - y) ** 2).sum(1) / step ** 2
            kept = lengths[(numpy.percentile(lengths, low, method="lower") <= lengths)
                           & (lengths <= numpy.percentile(lengths, high, method="higher"))]
            return [kept.mean(), kept.std(), len(kept)]
        def pot_mind(x, y, vectors):
            vectors = (vectors / numpy.linalg.norm(vectors, axis=1, keepdims=True)).T
            sliced = ot.sliced.sliced_wasserstein_distance(x, y, projections=vectors, p=2)
            return [3 * x.shape[1] * float(sliced) ** 2]
        def line(x, y, sizes):
            found = scipy.stats.linregress(
                [1 / n for n in sizes], [tf_fid(x[:n], y[:n])[0] for n in sizes])
            return [found.intercept, found.slope, found.intercept_stderr]
        samples, at, values = numpy.fromfile(sys.argv[1]), 0, []
        for text in open(sys.argv[2]):
            n, m, d, expression = text.strip().split(" ", 3)
            n, m, d = int(n), int(m), int(d)
            x = samples[at:at + n * d].reshape(n, d).copy()
            y = samples[at + n * d:at + (n + m) * d].reshape(m, d).copy()
            at += (n + m) * d
            values.append([float(v) for v in eval(expression)])
        print(json.dumps(values))
        """
}
