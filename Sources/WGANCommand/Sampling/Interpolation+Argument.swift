public import ArgumentParser
public import WGAN

/// The ways between latents are arguments by their names.
extension Interpolation: ExpressibleByArgument {}
