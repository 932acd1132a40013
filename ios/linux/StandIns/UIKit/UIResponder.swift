/// https://developer.apple.com/documentation/uikit/uiresponder
///
/// Apple's class is an `NSObject`. This one is not: outside of Apple's systems a class of the main actor
/// cannot inherit `NSObject`'s initializer.
@MainActor
open class UIResponder {
    public init() {}
}
