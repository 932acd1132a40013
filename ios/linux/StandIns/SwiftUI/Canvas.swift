import Foundation

// MARK: - For tests

/// What a person can see and tap, after one drawing of all views.
@MainActor
final class Canvas {
    var items: [Screen.Item] = []
    var environment = EnvironmentValues()
    let memory: Memory
    private var path: [String] = []
    private var number = 0

    init(_ memory: Memory) {
        self.memory = memory
    }

    /// The place of the present view in the tree of views.
    var place: String { path.joined(separator: "/") }

    func draw(_ view: any View) {
        number += 1
        inside("\(number)") { drawHere(view) }
    }

    private func drawHere(_ view: any View) {
        if let primitive = view as? any Primitive { return primitive.draw(on: self) }
        if let view = view as? any UIViewRepresentable { return view.draw(on: self) }
        if let view = view as? any UIViewControllerRepresentable { return view.draw(on: self) }
        for property in Mirror(reflecting: view).children {
            guard let stored = property.value as? any Stored else { continue }
            stored.connect(to: &memory.values, at: "\(place).\(property.label ?? "")")
        }
        draw(body(of: view))
    }

    private func body<Content: View>(of view: Content) -> any View { view.body }

    /// The numbers of the views begin again here.
    func inside(_ name: String, _ draw: () -> Void) {
        let before = number
        path.append(name)
        number = 0
        draw()
        number = before
        path.removeLast()
    }
}

/// What stays from one drawing to the next.
@MainActor
final class Memory {
    var values: [String: AnyObject] = [:]
    var tasks: [String: Task<Void, Never>] = [:]
    var openURL: [(URL) -> Void] = []
    /// The tasks and sheets of the present drawing.
    var seenTasks: Set<String> = []
    var sheets: [String: () -> Void] = [:]
    var seenSheets: Set<String> = []

    /// These views are no longer there, and their values neither.
    func forget(below place: String) {
        values = values.filter { !$0.key.hasPrefix(place) }
    }
}

/// The screen of a phone that shows this view. A test looks at it and taps it.
@MainActor
package final class Screen {
    package enum Item {
        case text(String)
        case button(String, @MainActor () -> Void)
        case link(String, any View)
        case view(UIView)
    }

    private let memory = Memory()
    private let root: any View
    /// The pages that the person has opened, and their memory.
    private var pages: [any View] = []

    package init(_ root: any View) {
        self.root = root
    }

    /// Draws the root and the page in front. As SwiftUI does, it begins the tasks of new views, and cancels
    /// those of views that are no longer there.
    @discardableResult
    private func draw() -> [Item] {
        memory.seenTasks = []
        memory.seenSheets = []
        memory.openURL = []
        let canvas = Canvas(memory)
        canvas.inside("root") { canvas.draw(root) }
        for (number, page) in pages.enumerated() {
            canvas.items = []
            canvas.inside("page \(number)") { canvas.draw(page) }
        }
        for (place, task) in memory.tasks where !memory.seenTasks.contains(place) {
            task.cancel()
            memory.tasks[place] = nil
        }
        for (place, onDismiss) in memory.sheets where !memory.seenSheets.contains(place) {
            memory.sheets[place] = nil
            memory.forget(below: place)
            onDismiss()
        }
        return canvas.items
    }

    /// The texts in front, from the top to the bottom.
    package var texts: [String] {
        var texts: [String] = []
        for item in draw() {
            switch item {
            case .text(let text), .button(let text, _), .link(let text, _): texts.append(text)
            case .view(let view): texts += view.all.compactMap { text($0) }
            }
        }
        return texts
    }

    /// The views of UIKit in front.
    package var views: [UIView] {
        var views: [UIView] = []
        for case .view(let view) in draw() { views += view.all }
        return views
    }

    private func text(_ view: UIView) -> String? {
        (view as? UILabel)?.text ?? (view as? UIButton)?.configuration?.title
    }

    /// Taps the button or the link with this text. Returns whether there is one.
    @discardableResult
    package func tap(_ wanted: String, which: Int = 0) -> Bool {
        var actions: [@MainActor () -> Void] = []
        for item in draw() {
            switch item {
            case .button(wanted, let action): actions.append(action)
            case .link(wanted, let page): actions.append { self.pages.append(page) }
            case .view(let view):
                let controls = view.all.compactMap { $0 as? UIControl }
                let wantedControls = controls.filter { $0.all.contains { text($0) == wanted } }
                for control in wantedControls { actions.append { control.tap() } }
            default: break
            }
        }
        guard which < actions.count else { return false }
        actions[which]()
        draw()
        return true
    }

    package func goBack() {
        pages.removeLast()
        memory.forget(below: "page \(pages.count)")
        draw()
    }

    /// The system opens the app with this link.
    package func open(_ url: URL) {
        draw()
        for action in memory.openURL { action(url) }
    }

    /// The app ends.
    package func close() {
        for task in memory.tasks.values { task.cancel() }
        memory.tasks = [:]
    }
}
