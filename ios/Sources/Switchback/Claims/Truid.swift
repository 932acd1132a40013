import Foundation
internal import SwitchbackBindings

/// A name in parts, in Truid's format. Show ``fullName`` to people: not every country writes the
/// given name first. *The field names are a guess.* Its text shows nothing of the person.
public struct TruidStructuredName: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The whole name in its right order.
    public let fullName: String?
    /// Given names.
    public let givenName: String?
    /// Family names.
    public let familyName: String?
    /// All other fields, as a JSON object.
    public let more: String

    init(_ generated: SwitchbackBindings.TruidStructuredName) {
        fullName = generated.fullName
        givenName = generated.givenName
        familyName = generated.familyName
        more = generated.more
    }

    /// A fixed text that shows nothing of the person.
    public var description: String { "TruidStructuredName([redacted])" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}

/// A portrait, in Truid's format. Its text shows nothing of the person.
public struct TruidPortraitImage: Hashable, Sendable, CustomStringConvertible, CustomReflectable {
    /// The media type, for example `image/png`.
    public let format: String
    /// The picture; `nil` if it is not in base64.
    public let image: Data?
    /// All other fields, as a JSON object.
    public let more: String

    init(_ generated: SwitchbackBindings.TruidPortraitImage) {
        format = generated.format
        image = generated.image
        more = generated.more
    }

    /// A fixed text that shows nothing of the picture.
    public var description: String { "TruidPortraitImage([redacted])" }

    /// A mirror that shows only ``description``, and no property.
    public var customMirror: Mirror { Mirror(closed: self) }
}
