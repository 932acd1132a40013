import Foundation
internal import SwitchbackBindings

extension SignatureReport {
    /// What a signature says about itself. Its text shows only the level.
    public struct Summary: Sendable {
        /// The level: `B-B`, or `B-T` with a timestamp.
        public let level: String
        /// The signing time that the signature claims; `nil` if it has none. A claim proves nothing.
        public let claimedTime: Date?
        /// The header that has this time: `iat` or `sigT`.
        public let claimedIn: String?
        /// The earliest time for which a valid timestamp proves that the signature existed.
        public let provenTime: Date?
        /// The subject of the timestamp authority's certificate.
        public let provenBy: String?
        /// The signed document; `nil` if the signature names none.
        public let document: Document?
        /// The certificates of the chain, the signing certificate first.
        public let certificates: [Certificate]
        /// The text that the identity app showed to the person; `nil` if there is none.
        public let userMessage: String?
        /// The person's claims; `nil` if the signature has none.
        public let presentation: Presentation?
        /// The person's identifier in the signing certificate, as in ``Presentation/subject``; `nil` if
        /// there is none.
        public let subject: String?
        /// The other members of the protected header, as a JSON object.
        public let header: String
    }

    /// The document that a signature names. Its text shows only the content type.
    public struct Document: Hashable, Sendable {
        /// The id, a URI.
        public let id: String
        /// SHA-256, as base64url without padding.
        public let digest: String
        /// The content type, as it is in the signature; `nil` if there is none.
        public let contentType: String?
    }

    /// One certificate. Its text shows only the issuer: the subject of the first one is the person.
    public struct Certificate: Hashable, Sendable {
        /// The subject (RFC 4514).
        public let subject: String
        /// The issuer (RFC 4514).
        public let issuer: String
        /// The serial number, hexadecimal.
        public let serial: String
        /// The beginning of the validity.
        public let notBefore: Date
        /// The end of the validity.
        public let notAfter: Date
        /// SHA-256 of the certificate, hexadecimal.
        public let sha256: String
        /// The parts of the subject, in the order of the certificate.
        public let attributes: [Attribute]
    }

    /// One part of the subject of a certificate. Its text shows only the name.
    public struct Attribute: Hashable, Sendable {
        /// The short name in upper case (`CN`, `PSEUDONYM`), or an object identifier.
        public let name: String
        /// The value, unchanged: it can contain any character.
        public let value: String
    }
}

extension SignatureReport.Summary {
    init(_ generated: SwitchbackBindings.SignatureSummary) {
        let claimed = generated.claimedTime
        self.init(
            level: generated.level == .baselineT ? "B-T" : "B-B",
            claimedTime: claimed.map { Date(epoch: $0.time) },
            claimedIn: claimed.map { $0.header == .iat ? "iat" : "sigT" },
            provenTime: generated.provenTime.map { Date(epoch: $0.time) },
            provenBy: generated.provenTime?.authority,
            document: generated.document.map {
                SignatureReport.Document(id: $0.id, digest: $0.digest, contentType: $0.contentType)
            },
            certificates: generated.certificates.map { SignatureReport.Certificate($0) },
            userMessage: generated.userMessage,
            presentation: generated.presentation.map { Presentation($0) },
            subject: generated.subject,
            header: generated.header)
    }
}

extension SignatureReport.Certificate {
    fileprivate init(_ generated: SwitchbackBindings.CertificateSummary) {
        self.init(
            subject: generated.subject, issuer: generated.issuer, serial: generated.serial,
            notBefore: Date(epoch: generated.notBefore), notAfter: Date(epoch: generated.notAfter),
            sha256: generated.sha256,
            attributes: generated.attributes.map {
                SignatureReport.Attribute(name: $0.name, value: $0.value)
            })
    }
}

extension SignatureReport.Summary: CustomStringConvertible, CustomReflectable {
    /// The level.
    public var description: String { "Summary(level: \(level))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureReport.Document: CustomStringConvertible, CustomReflectable {
    /// The content type.
    public var description: String { "Document(contentType: \(contentType ?? "nil"))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureReport.Certificate: CustomStringConvertible, CustomReflectable {
    /// The issuer.
    public var description: String { "Certificate(issuer: \(issuer))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

extension SignatureReport.Attribute: CustomStringConvertible, CustomReflectable {
    /// The name.
    public var description: String { name }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
