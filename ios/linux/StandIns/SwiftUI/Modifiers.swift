import Foundation

/// https://developer.apple.com/documentation/swiftui/viewmodifier
@MainActor @preconcurrency
public protocol ViewModifier {
    associatedtype Body: View
    typealias Content = _ViewModifier_Content<Self>
    @ViewBuilder func body(content: Content) -> Body
}

/// The view that a modifier changes.
public struct _ViewModifier_Content<Modifier: ViewModifier>: Primitive {
    let content: any View

    func draw(on canvas: Canvas) { canvas.draw(content) }
}

/// https://developer.apple.com/documentation/swiftui/modifiedcontent
public struct ModifiedContent<Content, Modifier> {
    public var content: Content
    public var modifier: Modifier

    public nonisolated init(content: Content, modifier: Modifier) {
        self.content = content
        self.modifier = modifier
    }
}

extension ModifiedContent: View where Content: View, Modifier: ViewModifier {
    public var body: Never { fatalError("a view of the stand-in has no body") }
}

extension ModifiedContent: Primitive where Content: View, Modifier: ViewModifier {
    func draw(on canvas: Canvas) {
        for property in Mirror(reflecting: modifier).children {
            guard let stored = property.value as? any Stored else { continue }
            stored.connect(to: &canvas.memory.values, at: "\(canvas.place).\(property.label ?? "")")
        }
        canvas.draw(modifier.body(content: _ViewModifier_Content(content: content)))
    }
}

/// A view with something that this stand-in does when it draws the view.
struct Changed<Content: View>: Primitive {
    private let content: OnMain<Content>
    private let change: @MainActor (Canvas, () -> Void) -> Void

    nonisolated init(_ content: Content, _ change: @escaping @MainActor (Canvas, () -> Void) -> Void) {
        self.content = OnMain(content)
        self.change = change
    }

    func draw(on canvas: Canvas) {
        change(canvas) { canvas.draw(content.value) }
    }
}

/// A value that only the main actor uses, although a function of SwiftUI without an actor gets it.
private struct OnMain<Value>: @unchecked Sendable {
    let value: Value

    init(_ value: Value) {
        self.value = value
    }
}

extension View {
    /// https://developer.apple.com/documentation/swiftui/view/modifier(_:)
    public nonisolated func modifier<Modifier>(_ modifier: Modifier) -> ModifiedContent<Self, Modifier> {
        ModifiedContent(content: self, modifier: modifier)
    }

    /// https://developer.apple.com/documentation/swiftui/view/navigationtitle(_:)
    public nonisolated func navigationTitle<S: StringProtocol>(_ title: S) -> some View {
        let title = String(title)
        return Changed(self) { canvas, draw in
            canvas.items.append(.text(title))
            draw()
        }
    }

    /// https://developer.apple.com/documentation/swiftui/view/disabled(_:)
    public nonisolated func disabled(_ disabled: Bool) -> some View {
        Changed(self) { canvas, draw in
            let before = canvas.environment
            canvas.environment.isEnabled = before.isEnabled && !disabled
            draw()
            canvas.environment = before
        }
    }

    /// https://developer.apple.com/documentation/swiftui/view/task(priority:_:)
    public nonisolated func task(
        priority: TaskPriority = .userInitiated, _ action: sending @escaping @isolated(any) () async -> Void
    ) -> some View {
        let action = Once(action)
        return Changed(self) { canvas, draw in
            let place = canvas.place
            canvas.memory.seenTasks.insert(place)
            if canvas.memory.tasks[place] == nil {
                canvas.memory.tasks[place] = Task(priority: priority) { await action.run() }
            }
            draw()
        }
    }

    /// https://developer.apple.com/documentation/swiftui/view/onopenurl(perform:)
    public nonisolated func onOpenURL(perform action: @escaping (URL) -> Void) -> some View {
        let action = OnMain(action)
        return Changed(self) { canvas, draw in
            canvas.memory.openURL.append(action.value)
            draw()
        }
    }

    /// SwiftUI calls `onDismiss` whenever the sheet goes away:
    /// https://developer.apple.com/documentation/swiftui/view/sheet(ispresented:ondismiss:content:)
    public nonisolated func sheet<Content: View>(
        isPresented: Binding<Bool>, onDismiss: (() -> Void)? = nil,
        @ViewBuilder content: @escaping () -> Content
    ) -> some View {
        let isPresented = OnMain(isPresented)
        let onDismiss = OnMain(onDismiss)
        let content = OnMain(content)
        return Changed(self) { canvas, draw in
            draw()
            guard isPresented.value.wrappedValue else { return }
            let place = canvas.place + "/sheet"
            canvas.memory.seenSheets.insert(place)
            canvas.memory.sheets[place] = { onDismiss.value?() }
            canvas.inside("sheet") { canvas.draw(content.value()) }
        }
    }

    /// https://developer.apple.com/documentation/swiftui/view/presentationdetents(_:)
    public nonisolated func presentationDetents(_ detents: Set<PresentationDetent>) -> some View { self }

    /// https://developer.apple.com/documentation/swiftui/view/presentationdragindicator(_:)
    public nonisolated func presentationDragIndicator(_ visibility: Visibility) -> some View { self }
}

/// The function of a task. SwiftUI runs it once for each appearance of its view.
private final class Once: @unchecked Sendable {
    private let action: @isolated(any) () async -> Void

    init(_ action: @escaping @isolated(any) () async -> Void) {
        self.action = action
    }

    func run() async { await action() }
}

/// https://developer.apple.com/documentation/swiftui/presentationdetent
public struct PresentationDetent: Hashable, Sendable {
    private let name: String

    public static let medium = PresentationDetent(name: "medium")
    public static let large = PresentationDetent(name: "large")
}

/// https://developer.apple.com/documentation/swiftui/visibility
public enum Visibility: Hashable, Sendable {
    case automatic, visible, hidden
}
