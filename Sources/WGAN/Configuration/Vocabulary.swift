public import StrictYAML

extension TrainingConfiguration {
    /// The words of a training's configuration: which keys name kinds, and what other programs call
    /// the settings. Give it to every `ConfigurationDocument` that a training is read from.
    public static let vocabulary = Vocabulary(
        taggedKeys: [
            "data", "initialisation", "layers", "shortcut", "optimiser", "constraint",
            "constraints", "schedule", "learningRate", "events", "onNonFinite", "objective",
            "beta2", "coefficient", "gamma", "halfLife", "then", "probability", "transformations",
            "softness",
        ],
        synonyms: [
            // Optimisers.
            "learningRate": "lr alpha eta stepsize rate", "beta1": "b1 betas betaadam",
            "beta2": "b2 betas", "epsilon": "eps", "weightDecay": "wd decay l2 regularization",
            "alpha": "rho decay decayrate smoothing", "rho": "alpha decay decayrate smoothing",
            "rmsprop": "rms rmspropoptimizer", "adam": "adamoptimizer", "sgd": "gd momentum",
            "optimiser": "optim opt optimizer",
            // Lengths, batches and latents.
            "batchSize": "bs batch nbatch minibatch minibatchsize mbsize",
            "epochs": "epoch numepochs nepochs nbepochs maxepochs nepoch",
            "steps": "niter iters iterations maxsteps maxiter trainsteps numsteps nsteps kimg",
            "iterations": "ncritic criticits diters discriters fratio niter steps numiterations",
            "period": "every fratio iterations ncritic",
            "size":
                "zdim nz latentdim noisedim latentsize latentvector dim imagesize imgsize imsize",
            "distribution": "noise prior", "seed": "manualseed randomseed randomstate",
            "latent": "noise z", "critic": "discriminator netd dis disc dualvariable",
            "generator": "netg gen", "name": "run runname experiment",
            "data": "dataset datasets", "initialisation": "init initialization weightinit",
            "constraint": "lipschitz regularizer", "signs": "sign", "averaging": "ema",
            "outputs": "output out", "condition": "conditional numclasses",
            // Constraints.
            "coefficient": "lambda lambdagp gplambda gpweight weight penalty lam lambdaterm gamma",
            "gamma": "lambda coefficient r1gamma weight",
            "bound": "clip c clipvalue clipping limit",
            "clipping": "clip weightclipping wc weightclip",
            "gradientPenalty": "gp wgangp gradpenalty",
            "spectralReparametrisation": "sn spectralnorm spectralnormalization sngan",
            "orthonormal": "bjorck björck orthogonal orthogonalization orthonormalization",
            // Layers.
            "linear": "dense fc fullyconnected", "conv2d": "conv convolution",
            "convTranspose2d": "deconv convtranspose conv2dtranspose deconvolution",
            "batchNorm2d": "bn batchnorm batchnormalization",
            "instanceNorm2d": "instancenorm instancenormalization",
            "layerNorm": "ln layernormalization", "leakyReLU": "lrelu",
            "minibatchStandardDeviation": "mbstd minibatchstd minibatchstddev stddev",
            "groupSort": "maxmin groupsort2 fullsort sort", "group": "groupsize numunits",
            "pixelNorm": "pixelnormalization", "selfAttention": "attention selfattn sagan",
            "residualUp": "resblockup genblock", "residualDown": "resblockdown disblock",
            "invertedBottleneck": "r3gan r3ganblock resnext", "groups": "cardinality group",
            "upsample": "upsampling upsampling2d", "reshape": "view unflatten",
            "outputs": "outfeatures outchannels units filters features width",
            "kernel": "kernelsize ksize k", "stride": "strides s", "padding": "pad p",
            "bias": "usebias", "slope": "negativeslope alpha", "factor": "scalefactor scale",
            "probability": "p rate dropout", "decay": "beta halflife",
            // Initial values.
            "heNormal": "he kaiming kaiminguniform kaimingnormal",
            "xavier": "glorot glorotuniform xavieruniform", "pyTorch": "default torch",
            "deviation": "std stddev sigma scale standarddeviation",
            // Data.
            "path": "root dir folder dataroot datadir datapath", "images": "image files",
            "labels": "label targets", "channels": "nc numberchannels imgchannels nchannels",
            "modes": "n count components ncomponents", "workers": "numworkers loaderworkers",
            "flip": "hflip mirror", "every": "interval freq frequency sampleinterval saveinterval",
        ],
        places: [
            "lr learningrate stepsize lrg lrd":
                "generator.optimiser.<kind>.learningRate, and critic.… alike",
            "betas b1 b2 beta1 beta2 eps epsilon weightdecay momentum":
                "a setting of generator.optimiser.<kind> and of critic.optimiser.<kind>",
            "optimizer optim optimiser":
                "generator.optimiser and critic.optimiser",
            "ncritic criticits criticiterations diters fratio ndis":
                "schedule.fixed.iterations",
            "lambda lambdagp gplambda gpweight lambdaterm":
                "constraint.gradientPenalty.coefficient",
            "clip clipvalue c weightclip clipbound wclip clipping":
                "constraint.clipping.bound",
            "zdim nz latentdim noisedim latentsize latentvector":
                "latent.size",
            "imagesize imgsize":
                "data.imageFolder.size",
            "ema emadecay":
                "averaging.decay",
        ])
}
