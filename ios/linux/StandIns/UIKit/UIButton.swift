import Foundation

/// https://developer.apple.com/documentation/uikit/uibutton
@MainActor
open class UIButton: UIControl {
    /// https://developer.apple.com/documentation/uikit/uibutton/configuration-swift.struct
    public struct Configuration {
        public var title: String?
        /// https://developer.apple.com/documentation/uikit/uibutton/configuration-swift.struct/basebackgroundcolor
        public var baseBackgroundColor: UIColor?
        /// https://developer.apple.com/documentation/uikit/uibutton/configuration-swift.struct/baseforegroundcolor
        public var baseForegroundColor: UIColor?
        public var buttonSize = Size.medium
        public var titleAlignment = TitleAlignment.automatic
        /// Which of the functions below made it.
        package let name: String

        public enum Size: Int {
            case medium, small, mini, large
        }

        public enum TitleAlignment: Int {
            case automatic, leading, center, trailing
        }

        public static func filled() -> Configuration { Configuration(name: "filled") }
        public static func gray() -> Configuration { Configuration(name: "gray") }
        public static func plain() -> Configuration { Configuration(name: "plain") }
    }

    open var configuration: Configuration?

    /// "If the primary action contains a title or an image, this method copies them to the configuration":
    /// https://developer.apple.com/documentation/uikit/uibutton/init(configuration:primaryaction:)
    public convenience init(configuration: Configuration, primaryAction: UIAction? = nil) {
        self.init(frame: .zero)
        self.configuration = configuration
        guard let primaryAction else { return }
        if !primaryAction.title.isEmpty { self.configuration?.title = primaryAction.title }
        addAction(primaryAction, for: .primaryActionTriggered)
    }

    /// https://developer.apple.com/documentation/uikit/uicontrol/event/primaryactiontriggered
    open override func sendActions(for controlEvents: Event) {
        super.sendActions(for: controlEvents)
        if controlEvents.contains(.touchUpInside) { super.sendActions(for: .primaryActionTriggered) }
    }
}
