internal import SwitchbackBindings

/// What a person is asked to sign, in direct mode. In mediated mode the backend decides it: there
/// the app names the backend's request in ``LoginRequest/extra``.
///
/// The document stays in the app: the provider gets its id and its digest. The text of a request
/// shows neither the id nor the message.
public struct SignRequest: Hashable, Sendable {
    /// The document's id: a URI, preferably one that locates the document. On one line, without control
    /// characters.
    public var id: String
    /// The document's digest.
    public var digest: DocumentDigest
    /// The text that the identity app shows to the person, in the person's language. On one line,
    /// without control characters.
    public var userMessage: String
    /// The document's media type, for example `application/pdf`. On one line, without control
    /// characters.
    public var contentType: String?

    /// A request for the signature of the document with this id and digest.
    public init(id: String, digest: DocumentDigest, userMessage: String, contentType: String? = nil) {
        self.id = id
        self.digest = digest
        self.userMessage = userMessage
        self.contentType = contentType
    }

    var generated: SwitchbackBindings.SignRequest {
        SwitchbackBindings.SignRequest(
            id: id, digest: digest.generated, userMessage: userMessage, contentType: contentType)
    }
}

extension SignRequest: CustomStringConvertible, CustomReflectable {
    /// The content type.
    public var description: String { "SignRequest(contentType: \(contentType ?? "nil"))" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
