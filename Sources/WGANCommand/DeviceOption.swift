import ArgumentParser

/// Where programs run.
struct DeviceOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Where programs run: cpu, cuda, tpu, xla-cpu, or the path of a PJRT plugin.",
            discussion: """
                After a colon, the number of one of several devices, as in cuda:1. wgan doctor \
                lists those that are found; Documentation/accelerators.md says how to get them.
                """,
            valueName: "device"))
    var device: String?
}
