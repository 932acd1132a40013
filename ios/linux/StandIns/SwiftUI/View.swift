// Apple's module re-exports both, too.
@_exported import Foundation
@_exported import UIKit

/// https://developer.apple.com/documentation/swiftui/view
@MainActor @preconcurrency
public protocol View {
    associatedtype Body: View
    @ViewBuilder var body: Body { get }
}

extension Never: View {
    public var body: Never { fatalError("a view of the stand-in has no body") }
}

/// A view of this stand-in: it has no body, and draws itself.
@MainActor
protocol Primitive: View where Body == Never {
    func draw(on canvas: Canvas)
}

extension Primitive {
    public var body: Never { fatalError("a view of the stand-in has no body") }
}

/// https://developer.apple.com/documentation/swiftui/viewbuilder
@MainActor @resultBuilder
public enum ViewBuilder {
    public static func buildBlock() -> EmptyView { EmptyView() }
    public static func buildBlock<Content: View>(_ content: Content) -> Content { content }
    public static func buildBlock<each Content: View>(
        _ content: repeat each Content
    ) -> TupleView<(repeat each Content)> {
        TupleView((repeat each content))
    }
    public static func buildExpression<Content: View>(_ content: Content) -> Content { content }
    public static func buildIf<Content: View>(_ content: Content?) -> Content? { content }
    public static func buildEither<First: View, Second: View>(
        first: First
    ) -> _ConditionalContent<First, Second> { .first(first) }
    public static func buildEither<First: View, Second: View>(
        second: Second
    ) -> _ConditionalContent<First, Second> { .second(second) }
    public static func buildLimitedAvailability<Content: View>(_ content: Content) -> AnyView {
        AnyView(content)
    }
}

/// https://developer.apple.com/documentation/swiftui/emptyview
public struct EmptyView: Primitive {
    public init() {}

    func draw(on canvas: Canvas) {}
}

/// https://developer.apple.com/documentation/swiftui/anyview
public struct AnyView: Primitive {
    private let content: any View

    public init<Content: View>(_ view: Content) {
        content = view
    }

    func draw(on canvas: Canvas) { canvas.draw(content) }
}

/// https://developer.apple.com/documentation/swiftui/tupleview
public struct TupleView<Content>: Primitive {
    public let value: Content

    public init(_ value: Content) {
        self.value = value
    }

    func draw(on canvas: Canvas) {
        for part in Mirror(reflecting: value).children {
            if let view = part.value as? any View { canvas.draw(view) }
        }
    }
}

public enum _ConditionalContent<First: View, Second: View>: Primitive {
    case first(First)
    case second(Second)

    func draw(on canvas: Canvas) {
        switch self {
        case .first(let view): canvas.inside("first") { canvas.draw(view) }
        case .second(let view): canvas.inside("second") { canvas.draw(view) }
        }
    }
}

extension Optional: View where Wrapped: View {
    public var body: Never { fatalError("a view of the stand-in has no body") }
}

extension Optional: Primitive where Wrapped: View {
    func draw(on canvas: Canvas) {
        if let view = self { canvas.draw(view) }
    }
}
