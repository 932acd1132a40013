import Foundation

/// https://developer.apple.com/documentation/uikit/uitouch
@MainActor
public final class UITouch {}

/// https://developer.apple.com/documentation/uikit/uievent
@MainActor
public final class UIEvent {}

/// https://developer.apple.com/documentation/uikit/uicontrol
@MainActor
open class UIControl: UIView {
    /// https://developer.apple.com/documentation/uikit/uicontrol/event
    public struct Event: OptionSet, Hashable, Sendable {
        public let rawValue: UInt

        public init(rawValue: UInt) {
            self.rawValue = rawValue
        }

        public static let touchDown = Event(rawValue: 1 << 0)
        public static let touchUpInside = Event(rawValue: 1 << 6)
        public static let primaryActionTriggered = Event(rawValue: 1 << 13)
    }

    open var isEnabled = true
    open var isHighlighted = false
    public private(set) var isTracking = false
    private var actions: [(event: Event, action: UIAction)] = []

    /// An action replaces an earlier one with the same identifier:
    /// https://developer.apple.com/documentation/uikit/uicontrol/addaction(_:for:)
    open func addAction(_ action: UIAction, for controlEvents: Event) {
        actions.removeAll { $0.event == controlEvents && $0.action.identifier == action.identifier }
        actions.append((controlEvents, action))
    }

    /// https://developer.apple.com/documentation/uikit/uicontrol/sendactions(for:)
    open func sendActions(for controlEvents: Event) {
        for (event, action) in actions where !event.isDisjoint(with: controlEvents) { action.handler(action) }
    }

    /// https://developer.apple.com/documentation/uikit/uicontrol/begintracking(_:with:)
    open func beginTracking(_ touch: UITouch, with event: UIEvent?) -> Bool { true }

    /// https://developer.apple.com/documentation/uikit/uicontrol/endtracking(_:with:)
    open func endTracking(_ touch: UITouch?, with event: UIEvent?) {}

    /// "The default implementation cancels any ongoing tracking and updates the control's state information":
    /// https://developer.apple.com/documentation/uikit/uicontrol/canceltracking(with:)
    open func cancelTracking(with event: UIEvent?) {
        isTracking = false
        isHighlighted = false
    }

    // MARK: - For tests

    /// A finger touches the control. VoiceOver does the same when the person activates the control.
    package func touchDown() {
        guard isEnabled, isUserInteractionEnabled, !isHidden, alpha > 0.01 else { return }
        guard beginTracking(UITouch(), with: UIEvent()) else { return }
        isTracking = true
        isHighlighted = true
        sendActions(for: .touchDown)
    }

    /// The finger leaves the screen, on the control.
    package func touchUp() {
        guard isTracking else { return }
        isTracking = false
        isHighlighted = false
        endTracking(UITouch(), with: UIEvent())
        if isEnabled { sendActions(for: .touchUpInside) }
    }

    package func tap() {
        touchDown()
        touchUp()
    }
}
