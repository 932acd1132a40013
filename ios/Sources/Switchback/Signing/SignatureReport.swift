import Foundation
internal import SwitchbackBindings

/// What a verification found, in the words of ETSI EN 319 102-1. ``isPassed`` says whether to accept
/// the signature. Its text shows nothing of the document and of the person.
public struct SignatureReport: Sendable {
    /// The result.
    public let indication: Indication
    /// The reason; `nil` if the result is ``Indication-swift.enum/totalPassed``.
    public let subIndication: SubIndication?
    /// The result if the signature was made at the time that it claims. It differs from
    /// ``indication-swift.property`` where no timestamp proves that time, for example after the
    /// certificate has expired.
    public let atClaimedTime: Indication
    /// The checks, in the order in which they were made.
    public let checks: [Check]
    /// What the signature says about itself; `nil` if it cannot be read. Believe it only if the
    /// indication allows that.
    public let summary: Summary?

    /// Whether every check passed: the indication is ``Indication-swift.enum/totalPassed``.
    public var isPassed: Bool { indication == .totalPassed }

    /// The result of a verification. The standard has no others.
    public enum Indication: String, Hashable, Sendable, CaseIterable {
        /// Every check passed.
        case totalPassed = "TOTAL-PASSED"
        /// The signature is wrong, or it is not of what was asked.
        case totalFailed = "TOTAL-FAILED"
        /// Nothing shows that the signature is wrong, and what is here does not prove that it is
        /// right.
        case indeterminate = "INDETERMINATE"
    }

    /// The reason for a result that is not TOTAL-PASSED (ETSI EN 319 102-1, tables 5 and 6). With a
    /// reason whose description does not say TOTAL-FAILED, the result is INDETERMINATE. A later
    /// version may add reasons.
    public struct SubIndication: Hashable, Sendable, CaseIterable, CustomStringConvertible {
        /// TOTAL-FAILED: the signature does not have the form that the standard demands.
        public static let formatFailure = SubIndication("FORMAT_FAILURE")
        /// TOTAL-FAILED: the document is not the signed one.
        public static let hashFailure = SubIndication("HASH_FAILURE")
        /// TOTAL-FAILED: the signature was not made with the key of the certificate.
        public static let sigCryptoFailure = SubIndication("SIG_CRYPTO_FAILURE")
        /// TOTAL-FAILED: the certificate was revoked before the signature existed.
        public static let revoked = SubIndication("REVOKED")
        /// TOTAL-FAILED: the signature was made after the certificate had expired.
        public static let expired = SubIndication("EXPIRED")
        /// TOTAL-FAILED: the signature was made before the certificate was valid.
        public static let notYetValid = SubIndication("NOT_YET_VALID")
        /// The signature is not as the app demands: another id or message, for example.
        public static let sigConstraintsFailure = SubIndication("SIG_CONSTRAINTS_FAILURE")
        /// The certificate chain is not as the verifier demands.
        public static let chainConstraintsFailure = SubIndication("CHAIN_CONSTRAINTS_FAILURE")
        /// The certificates cannot be judged: they are in the wrong order, for example.
        public static let certificateChainGeneralFailure = SubIndication("CERTIFICATE_CHAIN_GENERAL_FAILURE")
        /// An algorithm is not one that this library knows, or it is too weak.
        public static let cryptoConstraintsFailureNoPoE = SubIndication("CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
        /// The document was not given.
        public static let signedDataNotFound = SubIndication("SIGNED_DATA_NOT_FOUND")
        /// The signature has no signing certificate, or another one than it names.
        public static let noSigningCertificateFound = SubIndication("NO_SIGNING_CERTIFICATE_FOUND")
        /// No chain leads to a trusted root.
        public static let noCertificateChainFound = SubIndication("NO_CERTIFICATE_CHAIN_FOUND")
        /// The certificate was revoked, and nothing proves that the signature is older.
        public static let revokedNoPoE = SubIndication("REVOKED_NO_POE")
        /// An authority's certificate was revoked, and nothing proves that the signature is older.
        public static let revokedCaNoPoE = SubIndication("REVOKED_CA_NO_POE")
        /// A certificate is not valid at this time, and nothing proves that it was when the signature was
        /// made.
        public static let outOfBoundsNoPoE = SubIndication("OUT_OF_BOUNDS_NO_POE")
        /// A proof that the signature existed at a time is missing.
        public static let noPoE = SubIndication("NO_POE")
        /// The times of the signature and of its timestamps contradict each other.
        public static let timestampOrderFailure = SubIndication("TIMESTAMP_ORDER_FAILURE")
        /// A revocation list is missing or too old.
        public static let tryLater = SubIndication("TRY_LATER")
        /// Another reason, which the check's text explains.
        public static let generic = SubIndication("GENERIC")

        /// All reasons that this version knows.
        public static let allCases: [SubIndication] = [
            .formatFailure, .hashFailure, .sigCryptoFailure, .revoked, .expired, .notYetValid,
            .sigConstraintsFailure, .chainConstraintsFailure, .certificateChainGeneralFailure,
            .cryptoConstraintsFailureNoPoE, .signedDataNotFound, .noSigningCertificateFound,
            .noCertificateChainFound, .revokedNoPoE, .revokedCaNoPoE, .outOfBoundsNoPoE, .noPoE,
            .timestampOrderFailure, .tryLater, .generic,
        ]

        /// Its name in the standard, for example `HASH_FAILURE`.
        public let rawValue: String

        init(_ rawValue: String) {
            self.rawValue = rawValue
        }

        /// Its ``rawValue``.
        public var description: String { rawValue }
    }

    /// One check.
    public struct Check: Hashable, Sendable {
        /// A stable name, for example `document-digest`.
        public let name: String
        /// The outcome.
        public let outcome: Outcome
        /// One sentence for people, in English: what was found, and what to do about it.
        public let text: String
        /// The section of the standard that demands the check.
        public let section: String
        /// The reason that this check is for ``SignatureReport/subIndication-swift.property``;
        /// `nil` if it passed.
        public let subIndication: SubIndication?
    }

    /// The outcome of one check.
    public enum Outcome: String, Hashable, Sendable, CaseIterable {
        /// The check passed.
        case passed
        /// The check failed: the signature is wrong.
        case failed
        /// The check could not be decided.
        case undecided
        /// The check was not made, because an earlier one failed or because nothing asks for it.
        case skipped
        /// A remark about conformance, which does not change the result.
        case remark
    }
}

extension SignatureReport {
    init(_ generated: SwitchbackBindings.SignatureReport) {
        self.init(
            indication: Indication(generated.indication),
            subIndication: generated.subIndication.map { SubIndication($0) },
            atClaimedTime: Indication(generated.atClaimedTime),
            checks: generated.checks.map { Check($0) },
            summary: generated.summary.map { Summary($0) })
    }
}

extension SignatureReport: CustomStringConvertible, CustomReflectable {
    /// The indication and the sub-indication.
    public var description: String {
        ([indication.rawValue] + [subIndication?.rawValue].compactMap { $0 }).joined(separator: " / ")
    }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureReport.Check: CustomStringConvertible, CustomReflectable {
    /// The name and the outcome.
    public var description: String { "\(name): \(outcome)" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }

    fileprivate init(_ generated: SwitchbackBindings.SignatureCheck) {
        self.init(
            name: generated.name, outcome: SignatureReport.Outcome(generated.outcome), text: generated.text,
            section: generated.section,
            subIndication: generated.subIndication.map { SignatureReport.SubIndication($0) })
    }
}

extension SignatureReport.Indication {
    fileprivate init(_ generated: SwitchbackBindings.Indication) {
        switch generated {
        case .totalPassed: self = .totalPassed
        case .totalFailed: self = .totalFailed
        case .indeterminate: self = .indeterminate
        }
    }
}

extension SignatureReport.Outcome {
    fileprivate init(_ generated: SwitchbackBindings.Outcome) {
        switch generated {
        case .passed: self = .passed
        case .failed: self = .failed
        case .undecided: self = .undecided
        case .skipped: self = .skipped
        case .remark: self = .remark
        }
    }
}
