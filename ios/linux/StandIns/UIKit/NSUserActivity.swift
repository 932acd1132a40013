import Foundation

/// https://developer.apple.com/documentation/foundation/nsuseractivitytypebrowsingweb
// swift-format-ignore: AlwaysUseLowerCamelCase
public let NSUserActivityTypeBrowsingWeb = "NSUserActivityTypeBrowsingWeb"

/// Replaces `NSUserActivity`, which is part of Foundation on Apple's systems only:
/// https://developer.apple.com/documentation/foundation/nsuseractivity
public final class NSUserActivity: Hashable {
    public let activityType: String
    public var webpageURL: URL?

    public init(activityType: String) {
        self.activityType = activityType
    }

    public static func == (one: NSUserActivity, other: NSUserActivity) -> Bool { one === other }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(ObjectIdentifier(self))
    }
}
