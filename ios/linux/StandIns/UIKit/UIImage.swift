import Foundation

/// https://developer.apple.com/documentation/uikit/uiimage
public final class UIImage: Sendable {
    /// In points: https://developer.apple.com/documentation/uikit/uiimage/size
    public let size: CGSize

    /// Finds an image of the app's bundle: https://developer.apple.com/documentation/uikit/uiimage/init(named:)
    public convenience init?(named name: String) {
        guard let size = Self.bundled[name] else { return nil }
        self.init(size: size)
    }

    // MARK: - For tests

    package init(size: CGSize) {
        self.size = size
    }

    /// The images of the app's bundle.
    private static let bundled = ["Truid": CGSize(width: 30, height: 30)]
}

/// https://developer.apple.com/documentation/uikit/uiimageview
@MainActor
open class UIImageView: UIView {
    open var image: UIImage?
}
