/// Finds the known name that a mistyped one was probably meant to be.
package enum NearestName {
    /// The nearest of the known names, or nil where none is near.
    ///
    /// Case, `_` and `-` do not count, so that `learning_rate` is `learningRate`; beyond that one
    /// edit in three letters is forgiven.
    package static func find(_ name: String, among known: [String]) -> String? {
        let letters = normalised(name)
        let allowed = max(1, letters.count / 3)
        var best: (name: String, distance: Int)?
        for candidate in known {
            let other = normalised(candidate)
            guard abs(other.count - letters.count) <= allowed else { continue }
            let distance = distance(letters, other)
            if distance <= allowed, distance < best?.distance ?? .max {
                best = (candidate, distance)
            }
        }
        return best?.name
    }

    /// The number of insertions, deletions, replacements and swaps of neighbours between two words.
    ///
    /// Source: the optimal string alignment distance, Damerau 1964 and Levenshtein 1966.
    static func distance(_ first: [Character], _ second: [Character]) -> Int {
        var beforeLast: [Int] = []
        var last = Array(0...second.count)
        for i in first.indices {
            var row = [i + 1]
            for j in second.indices {
                let replaced = last[j] + (first[i] == second[j] ? 0 : 1)
                var cost = min(replaced, last[j + 1] + 1, row[j] + 1)
                let isSwap =
                    i > 0 && j > 0 && first[i] == second[j - 1] && first[i - 1] == second[j]
                if isSwap { cost = min(cost, beforeLast[j - 1] + 1) }
                row.append(cost)
            }
            beforeLast = last
            last = row
        }
        return last[second.count]
    }

    private static func normalised(_ name: String) -> [Character] {
        Array(name.lowercased().filter { $0 != "_" && $0 != "-" })
    }
}

/// The names that settings have in other programs, each with our own for the same thing.
///
/// A name is only offered where the reader knows it, so that a word may stand for several.
enum ForeignNames {
    /// Our names for `name` among the known ones; empty where there is none.
    static func find(_ name: String, among known: [String]) -> [String] {
        let candidates = names[normalised(name)] ?? []
        return candidates.filter(known.contains)
    }

    /// Where a setting that other programs have at the top is found in a training's configuration.
    static func place(of name: String) -> String? {
        let word = normalised(name)
        return places.first { $0.words.contains(word) }?.place
    }

    /// Case, `_`, `-` and spaces make no difference.
    static func normalised(_ name: String) -> String {
        String(name.lowercased().filter { !"_- .".contains($0) })
    }

    private static let names: [String: [String]] = {
        var names: [String: [String]] = [:]
        for (ours, theirs) in ourNames {
            for name in theirs.split(separator: " ") {
                names[String(name), default: []].append(ours)
            }
        }
        return names
    }()

    /// Our name, and other programs' as ``normalised(_:)`` has them.
    private static let ourNames: [(ours: String, theirs: String)] = [
        // Optimisers.
        ("learningRate", "lr alpha eta stepsize rate"), ("beta1", "b1 betas betaadam"),
        ("beta2", "b2 betas"), ("epsilon", "eps"), ("weightDecay", "wd decay l2 regularization"),
        ("alpha", "rho decay decayrate smoothing"), ("rho", "alpha decay decayrate smoothing"),
        ("rmsprop", "rms rmspropoptimizer"), ("adam", "adamoptimizer"), ("sgd", "gd momentum"),
        ("optimiser", "optim opt optimizer"),
        // Lengths, batches and latents.
        ("batchSize", "bs batch nbatch minibatch minibatchsize mbsize"),
        ("epochs", "epoch numepochs nepochs nbepochs maxepochs nepoch"),
        ("steps", "niter iters iterations maxsteps maxiter trainsteps numsteps nsteps kimg"),
        ("iterations", "ncritic criticits diters discriters fratio niter steps numiterations"),
        ("period", "every fratio iterations ncritic"),
        ("size", "zdim nz latentdim noisedim latentsize latentvector dim imagesize imgsize imsize"),
        ("distribution", "noise prior"), ("seed", "manualseed randomseed randomstate"),
        ("latent", "noise z"), ("critic", "discriminator netd dis disc dualvariable"),
        ("generator", "netg gen"), ("name", "run runname experiment"),
        ("data", "dataset datasets"), ("initialisation", "init initialization weightinit"),
        ("constraint", "lipschitz regularizer"), ("signs", "sign"), ("averaging", "ema"),
        ("outputs", "output out"), ("condition", "conditional numclasses"),
        // Constraints.
        ("coefficient", "lambda lambdagp gplambda gpweight weight penalty lam lambdaterm gamma"),
        ("gamma", "lambda coefficient r1gamma weight"),
        ("bound", "clip c clipvalue clipping limit"),
        ("clipping", "clip weightclipping wc weightclip"),
        ("gradientPenalty", "gp wgangp gradpenalty"),
        ("spectralReparametrisation", "sn spectralnorm spectralnormalization sngan"),
        ("orthonormal", "bjorck björck orthogonal orthogonalization orthonormalization"),
        // Layers.
        ("linear", "dense fc fullyconnected"), ("conv2d", "conv convolution"),
        ("convTranspose2d", "deconv convtranspose conv2dtranspose deconvolution"),
        ("batchNorm2d", "bn batchnorm batchnormalization"),
        ("instanceNorm2d", "instancenorm instancenormalization"),
        ("layerNorm", "ln layernormalization"), ("leakyReLU", "lrelu"),
        ("minibatchStandardDeviation", "mbstd minibatchstd minibatchstddev stddev"),
        ("groupSort", "maxmin groupsort2 fullsort sort"), ("group", "groupsize numunits"),
        ("pixelNorm", "pixelnormalization"), ("selfAttention", "attention selfattn sagan"),
        ("residualUp", "resblockup genblock"), ("residualDown", "resblockdown disblock"),
        ("invertedBottleneck", "r3gan r3ganblock resnext"), ("groups", "cardinality group"),
        ("upsample", "upsampling upsampling2d"), ("reshape", "view unflatten"),
        ("outputs", "outfeatures outchannels units filters features width"),
        ("kernel", "kernelsize ksize k"), ("stride", "strides s"), ("padding", "pad p"),
        ("bias", "usebias"), ("slope", "negativeslope alpha"), ("factor", "scalefactor scale"),
        ("probability", "p rate dropout"), ("decay", "beta halflife"),
        // Initial values.
        ("heNormal", "he kaiming kaiminguniform kaimingnormal"),
        ("xavier", "glorot glorotuniform xavieruniform"), ("pyTorch", "default torch"),
        ("deviation", "std stddev sigma scale standarddeviation"),
        // Data.
        ("path", "root dir folder dataroot datadir datapath"), ("images", "image files"),
        ("labels", "label targets"), ("channels", "nc numberchannels imgchannels nchannels"),
        ("modes", "n count components ncomponents"), ("workers", "numworkers loaderworkers"),
        ("flip", "hflip mirror"), ("every", "interval freq frequency sampleinterval saveinterval"),
    ]

    private static let places: [(words: Set<String>, place: String)] = [
        (
            ["lr", "learningrate", "stepsize", "lrg", "lrd"],
            "generator.optimiser.<kind>.learningRate, and critic.… alike"
        ),
        (
            ["betas", "b1", "b2", "beta1", "beta2", "eps", "epsilon", "weightdecay", "momentum"],
            "a setting of generator.optimiser.<kind> and of critic.optimiser.<kind>"
        ),
        (["optimizer", "optim", "optimiser"], "generator.optimiser and critic.optimiser"),
        (
            ["ncritic", "criticits", "criticiterations", "diters", "fratio", "ndis"],
            "schedule.fixed.iterations"
        ),
        (
            ["lambda", "lambdagp", "gplambda", "gpweight", "lambdaterm"],
            "constraint.gradientPenalty.coefficient"
        ),
        (
            ["clip", "clipvalue", "c", "weightclip", "clipbound", "wclip", "clipping"],
            "constraint.clipping.bound"
        ),
        (["zdim", "nz", "latentdim", "noisedim", "latentsize", "latentvector"], "latent.size"),
        (["imagesize", "imgsize"], "data.imageFolder.size"),
        (["ema", "emadecay"], "averaging.decay"),
    ]
}

/// A number as it was probably meant: with a point for a decimal comma, with the ASCII minus.
///
/// - Returns: Nil where the text is a number already, or is none in this reading either.
package func meantNumber(_ text: String) -> String? {
    let meant = text.map { character -> String in
        switch character {
        case ",": "."
        case "\u{2212}", "\u{2013}": "-"
        default: String(character)
        }
    }.joined()
    guard meant != text, DecimalText(meant) != nil else { return nil }
    return meant
}
