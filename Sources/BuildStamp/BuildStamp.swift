/// Which commit of this package was built.
package enum BuildStamp {
    /// Its short hash, with a word where files had been changed; nil where that is not known, as
    /// outside a repository.
    package static var commit: String? { stampedCommit.isEmpty ? nil : stampedCommit }
}
