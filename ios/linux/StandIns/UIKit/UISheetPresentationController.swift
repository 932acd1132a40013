/// https://developer.apple.com/documentation/uikit/uisheetpresentationcontroller
@MainActor
public final class UISheetPresentationController {
    /// https://developer.apple.com/documentation/uikit/uisheetpresentationcontroller/detent
    public final class Detent: Sendable {
        package let name: String

        init(_ name: String) {
            self.name = name
        }

        public class func medium() -> Detent { Detent("medium") }
        public class func large() -> Detent { Detent("large") }
    }

    public var detents = [Detent.large()]
    public var prefersGrabberVisible = false

    init() {}
}
