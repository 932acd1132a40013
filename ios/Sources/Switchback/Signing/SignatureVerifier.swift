import Foundation
internal import SwitchbackBindings

/// Verifies the signatures that people make with the identity app (JAdES, ETSI TS 119 182-1), and
/// sends nothing. Make one, and reuse it: the initializer parses the certificates.
///
/// It knows the algorithm of Truid's signatures: ECDSA with P-256 and SHA-256. A signature, a
/// revocation list or a timestamp with another algorithm (P-384, RSA) is undecided here; a backend
/// and the command line know more.
public final class SignatureVerifier: Sendable {
    let generated: SwitchbackBindings.SignatureVerifier

    /// A verifier. Throws ``SwitchbackError/Code-swift.struct/configuration`` if a file cannot be
    /// read.
    /// - Parameters:
    ///   - provider: The service whose signatures these are.
    ///   - roots: The certificates that are trusted: those of the service, each a file as PEM or
    ///     DER. Nothing in a signature is ever trusted.
    ///   - timestampRoots: The trusted certificates of timestamp authorities. Without them, no
    ///     timestamp proves a time.
    ///   - crls: The revocation lists that the app has, each a file as PEM or DER.
    public init(_ provider: Provider, roots: [Data], timestampRoots: [Data] = [], crls: [Data] = []) throws {
        generated = try translatedAtOnce {
            try SwitchbackBindings.SignatureVerifier(
                provider: provider.generated, roots: roots, timestampRoots: timestampRoots, crls: crls)
        }
    }

    /// Verifies a signature. A wrong signature is a report, and throws nothing. It takes some
    /// milliseconds of a processor, off the caller's actor.
    /// - Parameters:
    ///   - signature: The signature: a JWS, compact or as JSON.
    ///   - document: The digest of the document. Without it, the report is
    ///     ``SignatureReport/Indication-swift.enum/indeterminate`` at best.
    ///   - id: The document's id that was asked to be signed; `nil`: any.
    ///   - contentType: The document's media type that was asked to be signed; `nil`: any.
    ///   - userMessage: The text that the identity app had to show to the person; `nil`: any.
    ///   - time: The time of the verification.
    ///   - maxAge: How old the signature may be, in seconds; `nil`: any age.
    public func verify(
        _ signature: String, document: DocumentDigest?, id: String? = nil, contentType: String? = nil,
        userMessage: String? = nil, at time: Date = Date(), maxAge: TimeInterval? = nil
    ) async throws -> SignatureReport {
        let expected = ExpectedSignature(
            document: document?.generated, id: id, contentType: contentType, userMessage: userMessage,
            time: Int64(wholeSeconds: time.timeIntervalSince1970),
            maxAge: maxAge.map { Int64(wholeSeconds: $0) })
        return SignatureReport(
            try translatedAtOnce { try generated.verify(signature: signature, expected: expected) })
    }
}

/// A signature, with the report of its verification. Its text shows only the result.
public struct DocumentSignature: Sendable, CustomStringConvertible, CustomReflectable {
    /// The signature: a JWS in compact form. It contains data of the person.
    public let jws: String
    /// What the verification found.
    public let report: SignatureReport

    init(_ generated: SwitchbackBindings.VerifiedSignature) {
        jws = generated.jws
        report = SignatureReport(generated.report)
    }

    /// The result.
    public var description: String { "DocumentSignature(\(report))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
