import UIKit

/// https://developer.apple.com/documentation/swiftui/uiviewrepresentable
@MainActor @preconcurrency
public protocol UIViewRepresentable: View where Body == Never {
    associatedtype UIViewType: UIView
    typealias Context = UIViewRepresentableContext<Self>
    func makeUIView(context: Context) -> UIViewType
    func updateUIView(_ uiView: UIViewType, context: Context)
    /// https://developer.apple.com/documentation/swiftui/uiviewrepresentable/sizethatfits(_:uiview:context:)
    func sizeThatFits(_ proposal: ProposedViewSize, uiView: UIViewType, context: Context) -> CGSize?
}

/// https://developer.apple.com/documentation/swiftui/uiviewrepresentablecontext
@MainActor
public struct UIViewRepresentableContext<Representable: UIViewRepresentable> {
    public let environment: EnvironmentValues

    // MARK: - For tests

    package init(isEnabled: Bool) {
        var environment = EnvironmentValues()
        environment.isEnabled = isEnabled
        self.environment = environment
    }
}

extension UIViewRepresentable {
    public var body: Never { fatalError("a view of the stand-in has no body") }

    public func sizeThatFits(
        _ proposal: ProposedViewSize, uiView: UIViewType, context: Context
    ) -> CGSize? {
        nil
    }

    /// Makes the view once, and updates it in each drawing.
    func draw(on canvas: Canvas) {
        let context = Context(isEnabled: canvas.environment.isEnabled)
        let view = canvas.memory.values[canvas.place] as? UIViewType ?? makeUIView(context: context)
        canvas.memory.values[canvas.place] = view
        updateUIView(view, context: context)
        canvas.items.append(.view(view))
    }
}

/// https://developer.apple.com/documentation/swiftui/uiviewcontrollerrepresentable
@MainActor @preconcurrency
public protocol UIViewControllerRepresentable: View where Body == Never {
    associatedtype UIViewControllerType: UIViewController
    typealias Context = UIViewControllerRepresentableContext<Self>
    func makeUIViewController(context: Context) -> UIViewControllerType
    func updateUIViewController(_ uiViewController: UIViewControllerType, context: Context)
}

/// https://developer.apple.com/documentation/swiftui/uiviewcontrollerrepresentablecontext
@MainActor
public struct UIViewControllerRepresentableContext<Representable: UIViewControllerRepresentable> {}

extension UIViewControllerRepresentable {
    public var body: Never { fatalError("a view of the stand-in has no body") }

    func draw(on canvas: Canvas) {
        let controller =
            canvas.memory.values[canvas.place] as? UIViewControllerType
            ?? makeUIViewController(context: Context())
        canvas.memory.values[canvas.place] = controller
        updateUIViewController(controller, context: Context())
        canvas.items.append(.view(controller.view))
    }
}

/// https://developer.apple.com/documentation/swiftui/proposedviewsize
public struct ProposedViewSize: Sendable {
    public var width: CGFloat?
    public var height: CGFloat?

    public init(width: CGFloat?, height: CGFloat?) {
        self.width = width
        self.height = height
    }
}
