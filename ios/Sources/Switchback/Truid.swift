import Foundation
internal import SwitchbackBindings

/// A name in parts, as Truid has it. For showing it use the full name: not every country writes the
/// given name first. *The field names are a guess.* Printed, it shows nothing of the person.
public struct TruidStructuredName: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The whole name in its right order.
    public let fullName: String?
    /// Given names.
    public let givenName: String?
    /// Family names.
    public let familyName: String?
    /// What else came, as the text of a JSON object.
    public let more: String

    init(_ generated: SwitchbackBindings.TruidStructuredName) {
        fullName = generated.fullName
        givenName = generated.givenName
        familyName = generated.familyName
        more = generated.more
    }

    /// Nothing of the person.
    public var description: String { "TruidStructuredName([redacted])" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// A picture of the face, as Truid has it. Printed, it shows nothing of it.
public struct TruidPortraitImage: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The media type, `image/png` for example.
    public let format: String
    /// The picture, absent where it came in something that is not base64.
    public let image: Data?
    /// What else came, as the text of a JSON object.
    public let more: String

    init(_ generated: SwitchbackBindings.TruidPortraitImage) {
        format = generated.format
        image = generated.image
        more = generated.more
    }

    /// Nothing of the picture.
    public var description: String { "TruidPortraitImage([redacted])" }

    /// Nothing but ``description``.
    public var customMirror: Mirror { Mirror(closed: self) }
}
