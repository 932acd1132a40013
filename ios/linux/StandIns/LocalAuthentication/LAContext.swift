import Foundation

/// Stands in for `LAContext`: https://developer.apple.com/documentation/localauthentication/lacontext
public final class LAContext {
    public init() {}
}
