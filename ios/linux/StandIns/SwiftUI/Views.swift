import Foundation

/// https://developer.apple.com/documentation/swiftui/text
public struct Text: Primitive {
    private let text: String

    public init<S: StringProtocol>(_ content: S) {
        text = String(content)
    }

    /// https://developer.apple.com/documentation/swiftui/text/init(verbatim:)
    public init(verbatim content: String) {
        text = content
    }

    func draw(on canvas: Canvas) { canvas.items.append(.text(text)) }
}

/// https://developer.apple.com/documentation/swiftui/button
public struct Button<Label: View>: Primitive {
    private let title: String
    private let action: @MainActor () -> Void

    func draw(on canvas: Canvas) { canvas.items.append(.button(title, action)) }
}

extension Button where Label == Text {
    /// https://developer.apple.com/documentation/swiftui/button/init(_:action:)
    public init<S: StringProtocol>(_ title: S, action: @escaping @MainActor () -> Void) {
        self.title = String(title)
        self.action = action
    }
}

/// https://developer.apple.com/documentation/swiftui/list
public struct List<Content: View>: Primitive {
    private let content: Content

    public init(@ViewBuilder content: () -> Content) {
        self.content = content()
    }

    func draw(on canvas: Canvas) { canvas.draw(content) }
}

/// https://developer.apple.com/documentation/swiftui/vstack
public struct VStack<Content: View>: Primitive {
    private let content: Content

    public init(@ViewBuilder content: () -> Content) {
        self.content = content()
    }

    func draw(on canvas: Canvas) { canvas.draw(content) }
}

/// https://developer.apple.com/documentation/swiftui/section
public struct Section<Content: View>: Primitive {
    private let title: String?
    private let content: Content

    /// https://developer.apple.com/documentation/swiftui/section/init(_:content:)
    public init<S: StringProtocol>(_ title: S, @ViewBuilder content: () -> Content) {
        self.title = String(title)
        self.content = content()
    }

    /// https://developer.apple.com/documentation/swiftui/section/init(content:)
    public init(@ViewBuilder content: () -> Content) {
        title = nil
        self.content = content()
    }

    func draw(on canvas: Canvas) {
        if let title { canvas.items.append(.text(title)) }
        canvas.draw(content)
    }
}

/// https://developer.apple.com/documentation/swiftui/foreach
public struct ForEach<Data: RandomAccessCollection, ID: Hashable, Content: View>: Primitive {
    private let data: Data
    private let id: KeyPath<Data.Element, ID>
    private let content: (Data.Element) -> Content

    /// https://developer.apple.com/documentation/swiftui/foreach/init(_:id:content:)
    public init(
        _ data: Data, id: KeyPath<Data.Element, ID>, @ViewBuilder content: @escaping (Data.Element) -> Content
    ) {
        self.data = data
        self.id = id
        self.content = content
    }

    func draw(on canvas: Canvas) {
        for element in data {
            canvas.inside("\(element[keyPath: id])") { canvas.draw(content(element)) }
        }
    }
}

extension ForEach where Data.Element: Identifiable, ID == Data.Element.ID {
    public init(_ data: Data, @ViewBuilder content: @escaping (Data.Element) -> Content) {
        self.init(data, id: \.id, content: content)
    }
}

/// https://developer.apple.com/documentation/swiftui/navigationstack
public struct NavigationStack<Root: View>: Primitive {
    private let root: Root

    public init(@ViewBuilder root: () -> Root) {
        self.root = root()
    }

    func draw(on canvas: Canvas) { canvas.draw(root) }
}

/// https://developer.apple.com/documentation/swiftui/navigationlink
public struct NavigationLink<Label: View, Destination: View>: Primitive {
    private let title: String
    private let destination: Destination

    func draw(on canvas: Canvas) { canvas.items.append(.link(title, destination)) }
}

extension NavigationLink where Label == Text {
    /// https://developer.apple.com/documentation/swiftui/navigationlink/init(_:destination:)
    public init<S: StringProtocol>(_ title: S, @ViewBuilder destination: () -> Destination) {
        self.title = String(title)
        self.destination = destination()
    }
}
