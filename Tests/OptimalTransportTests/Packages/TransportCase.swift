import FileTestSupport
import Foundation
import OptimalTransport
import Philox
import PythonTestSupport
import Testing

/// A random problem, and which function of which package solves it too.
struct TransportCase: Sendable, Encodable, CustomTestStringConvertible {
    /// What is computed elsewhere.
    enum Kind: String, Encodable, CaseIterable {
        case exact, matrix, line, sliced, sinkhorn, sinkhornLoss, balanced, unbalanced
        case translated, soft, reach, partial
    }

    let kind: Kind
    let id: Int
    let dimensions: Int
    let x: [Double]
    let y: [Double]
    /// Masses of any total.
    let a: [Double]
    let b: [Double]
    var cost: [Double] = []
    var norm = "l2"
    var p = 1.0
    var epsilon = 0.0
    var penalty = 0.0
    var mass = 0.0
    var directions: [Double] = []

    var testDescription: String {
        "\(kind) \(id): \(a.count)×\(b.count), \(dimensions) dimensions, \(norm), p \(p), "
            + "ε \(epsilon), ρ \(penalty), mass \(mass)"
    }

    static let counts: [Kind: Int] = [
        .exact: 60, .matrix: 20, .line: 24, .sliced: 30, .sinkhorn: 24, .sinkhornLoss: 10,
        .balanced: 10, .unbalanced: 24, .translated: 8, .soft: 10, .reach: 10, .partial: 30,
    ]

    static let all: [TransportCase] = Kind.allCases.flatMap { kind in
        (0..<(counts[kind] ?? 0)).map { TransportCase(kind, $0) }
    }

    /// Dimensions 1 to 10, unequal counts; every fourth case on a lattice of few places, so that
    /// points repeat and many plans are equally good; every third with weights of zero.
    private init(_ kind: Kind, _ id: Int) {
        let place = Kind.allCases.firstIndex(of: kind) ?? 0
        var clouds = Clouds(seed: 700, stream: place * 1000 + id)
        self.kind = kind
        self.id = id
        dimensions = kind == .line ? 1 : 1 + id % 10
        let counts = (3 + (id * 7) % 38, 2 + (id * 11) % 45)
        let points = { (count: Int, clouds: inout Clouds) -> [Double] in
            let size = count * (kind == .line ? 1 : 1 + id % 10)
            return id % 4 == 3
                ? clouds.whole(size, upTo: 3).map { $0 / 2 } : clouds.normal(size)
        }
        x = points(counts.0, &clouds)
        y = points(counts.1, &clouds).map { $0 + 0.3 }
        let weights = { (count: Int, clouds: inout Clouds) -> [Double] in
            let weights = clouds.weights(count)
            // The entropic functions there take no zeros.
            let isEntropic = place >= 4 && kind != .partial
            return id % 3 == 2 && !isEntropic
                ? weights.enumerated().map { $0.offset % 3 == 1 ? 0 : $0.element } : weights
        }
        let isEqual = id % 3 == 0
        a =
            isEqual
            ? Array(repeating: 1 / Double(counts.0), count: counts.0) : weights(counts.0, &clouds)
        b =
            isEqual
            ? Array(repeating: 1 / Double(counts.1), count: counts.1) : weights(counts.1, &clouds)
        norm = id % 2 == 0 ? "l2" : "l1"
        p = [1, 2, 1.5, 3][(id / 2) % 4]
        choose(&clouds)
    }

    private mutating func choose(_ clouds: inout Clouds) {
        switch kind {
        case .matrix: cost = clouds.normal(a.count * b.count)
        case .sliced: directions = clouds.normal(dimensions * (1 + id))
        case .sinkhorn, .balanced:
            let largest = (try? costs())?.values.max() ?? 1
            epsilon = [0.02, 0.05, 0.1, 0.5, 2][id % 5] * largest
        case .sinkhornLoss, .reach:
            (norm, p) = ("l2", Double(1 + id % 2))
            epsilon = [0.5, 0.8, 1.2][id % 3]
            penalty = [0.7, 1.5, 4][id % 3]
        case .unbalanced, .translated, .soft:
            // POT's kernel exp(−C/ε) must not underflow.
            epsilon = [0.1, 0.4, 2][id % 3] * (kind == .soft ? 1 : Double(dimensions))
            penalty = [0.3, 1, 5, 20][id % 4]
            p = Double(1 + id % 2)
        case .partial:
            mass = min(a.reduce(0, +), b.reduce(0, +)) * [0.1, 0.5, 0.9, 1, 0.999][id % 5]
        case .exact, .line: break
        }
    }
}

extension TransportCase {
    var ground: GroundNorm { norm == "l1" ? .l1 : .l2 }

    func measures() throws -> (DiscreteMeasure, DiscreteMeasure) {
        (
            try DiscreteMeasure(x, dimensions: dimensions, weights: a),
            try DiscreteMeasure(y, dimensions: dimensions, weights: b)
        )
    }

    func costs() throws -> CostMatrix {
        if !cost.isEmpty {
            return try CostMatrix(rows: a.count, columns: b.count, values: cost)
        }
        let (first, second) = try measures()
        return try .distances(first, second, norm: ground, p: p)
    }

    /// What the packages say of each case.
    static let expected: Result<[[Double]], any Error> = Result {
        let folder = try TemporaryFolder()
        defer { withExtendedLifetime(folder) {} }
        try JSONEncoder().encode(all).write(to: folder.file("cases"))
        let output = try Python.run(program, folder.file("cases").path)
        return try JSONDecoder().decode([[Double]].self, from: Data(output.utf8))
    }

    /// One process computes all values, in double precision and with stopping rules as tight as
    /// each function has.
    private static let program = """
        import json, sys, warnings
        warnings.simplefilter("ignore")
        import numpy as np, ot, torch, geomloss, geomloss.ot
        from scipy.spatial.distance import cdist
        torch.set_num_threads(1)
        def kl(p, q): return (p * np.log(np.maximum(p, 1e-320) / q) - p + q).sum()
        def loss(c, x, y, a, b, reach):
            f = geomloss.SamplesLoss("sinkhorn", p=int(c["p"]), blur=c["epsilon"], reach=reach,
                                     scaling=0.999, backend="tensorized")
            return [f(*map(torch.from_numpy, (a, x, b, y))).item()]
        def soft(c, M, a, b):
            r = geomloss.ot.solve(torch.from_numpy(M), reg=c["epsilon"], a=torch.from_numpy(a),
                                  b=torch.from_numpy(b), max_iter=4000,
                                  unbalanced=c["penalty"] or None)
            return [r.value.item()]
        def value(c):
            kind, d, p, eps = c["kind"], c["dimensions"], c["p"], c["epsilon"]
            x, y = (np.array(c[k]).reshape(-1, d) for k in "xy")
            a, b = np.array(c["a"]), np.array(c["b"])
            u, v = a / a.sum(), b / b.sum()
            M = cdist(x, y, "cityblock" if c["norm"] == "l1" else "euclidean") ** p
            if c["cost"]: M = np.array(c["cost"]).reshape(M.shape)
            if kind in ("exact", "matrix"): return [ot.emd2(u, v, M, numItermax=10 ** 7)]
            if kind == "line": return [ot.wasserstein_1d(x[:, 0], y[:, 0], u, v, p=p)]
            if kind == "sliced":
                w = np.array(c["directions"]).reshape(-1, d)
                w /= np.linalg.norm(w, axis=1, keepdims=True)
                return [f(x, y, u, v, p=p, projections=w.T)
                        for f in (ot.sliced_wasserstein_distance,
                                  ot.max_sliced_wasserstein_distance)]
            if kind == "sinkhorn":
                P = ot.bregman.sinkhorn_log(u, v, M, eps, numItermax=10 ** 5, stopThr=1e-13)
                return [(P * M).sum(), (P * M).sum() + eps * kl(P, np.outer(u, v))]
            if kind == "sinkhornLoss": return loss(c, x, y, u, v, None)
            if kind == "reach": return loss(c, x, y, a, b, c["penalty"])
            if kind == "balanced": return soft(c, M, u, v)
            if kind == "soft": return soft(c, M, a, b)
            if kind in ("unbalanced", "translated"):
                method = "sinkhorn" + ("_translation_invariant" if kind == "translated" else "")
                P = ot.unbalanced.sinkhorn_unbalanced(
                    a, b, M, eps, c["penalty"], method=method, numItermax=10 ** 5, stopThr=1e-15)
                penalties = kl(P.sum(1), a) + kl(P.sum(0), b)
                return [(P * M).sum() + eps * kl(P, np.outer(a, b)) + c["penalty"] * penalties,
                        (P * M).sum(), P.sum()]
            P = ot.partial.partial_wasserstein(a, b, M, m=c["mass"], numItermax=10 ** 7)
            return [(P * M).sum(), P.sum()]
        print(json.dumps([[float(x) for x in value(c)] for c in json.load(open(sys.argv[1]))]))
        """
}
