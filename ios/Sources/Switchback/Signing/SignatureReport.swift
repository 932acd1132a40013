import Foundation
internal import SwitchbackBindings

/// What a verification found, in the words of ETSI EN 319 102-1. Its text shows nothing of the
/// document and of the person.
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

    /// The reason for a result that is not TOTAL-PASSED (ETSI EN 319 102-1, tables 5 and 6). A later
    /// version may add reasons.
    public struct SubIndication: Hashable, Sendable, CustomStringConvertible {
        /// The signature does not have the form that the standard demands.
        public static let formatFailure = SubIndication("FORMAT_FAILURE")
        /// The document is not the signed one.
        public static let hashFailure = SubIndication("HASH_FAILURE")
        /// The signature was not made with the key of the certificate.
        public static let sigCryptoFailure = SubIndication("SIG_CRYPTO_FAILURE")
        /// The signature is not as the app demands: another id or message, for example.
        public static let sigConstraintsFailure = SubIndication("SIG_CONSTRAINTS_FAILURE")
        /// No chain leads to a trusted root.
        public static let noCertificateChainFound = SubIndication("NO_CERTIFICATE_CHAIN_FOUND")
        /// An algorithm is not one that this library knows, or it is too weak.
        public static let cryptoConstraintsFailureNoPoE = SubIndication("CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
        /// The document was not given.
        public static let signedDataNotFound = SubIndication("SIGNED_DATA_NOT_FOUND")
        /// The certificate has expired, and nothing proves that the signature is older.
        public static let outOfBoundsNoPoE = SubIndication("OUT_OF_BOUNDS_NO_POE")
        /// A revocation list is missing or too old.
        public static let tryLater = SubIndication("TRY_LATER")

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
