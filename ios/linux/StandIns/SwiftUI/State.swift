import Foundation

/// https://developer.apple.com/documentation/swiftui/binding
@propertyWrapper @MainActor
public struct Binding<Value> {
    private let get: () -> Value
    private let set: (Value) -> Void

    public init(get: @escaping () -> Value, set: @escaping (Value) -> Void) {
        self.get = get
        self.set = set
    }

    public var wrappedValue: Value {
        get { get() }
        nonmutating set { set(newValue) }
    }

    public var projectedValue: Binding<Value> { self }
}

/// The values of one view. They stay when the view's struct is made again at the same place.
@MainActor
protocol Stored {
    func connect(to places: inout [String: AnyObject], at place: String)
}

@MainActor
final class Place<Value> {
    final class Content {
        var value: Value

        init(_ value: Value) {
            self.value = value
        }
    }

    private let make: () -> Value
    private var content: Content?

    init(_ make: @escaping () -> Value) {
        self.make = make
    }

    var value: Value {
        get { filled().value }
        set { filled().value = newValue }
    }

    private func filled() -> Content {
        if let content { return content }
        let content = Content(make())
        self.content = content
        return content
    }

    func connect(to places: inout [String: AnyObject], at place: String) {
        if let existing = places[place] as? Content {
            content = existing
        } else {
            places[place] = filled()
        }
    }
}

/// https://developer.apple.com/documentation/swiftui/state
@propertyWrapper @MainActor
public struct State<Value>: Stored {
    private let place: Place<Value>

    public init(wrappedValue value: Value) {
        place = Place { value }
    }

    public init() where Value: ExpressibleByNilLiteral {
        self.init(wrappedValue: nil)
    }

    public var wrappedValue: Value {
        get { place.value }
        nonmutating set { place.value = newValue }
    }

    public var projectedValue: Binding<Value> {
        Binding(get: { place.value }, set: { place.value = $0 })
    }

    func connect(to places: inout [String: AnyObject], at name: String) {
        place.connect(to: &places, at: name)
    }
}

/// Apple's SwiftUI re-exports it from Combine: https://developer.apple.com/documentation/combine/observableobject
///
/// This stand-in draws a screen each time that a test looks at it, and so does not notice a change that
/// is not published.
public protocol ObservableObject: AnyObject {}

/// https://developer.apple.com/documentation/combine/published
@propertyWrapper
public struct Published<Value> {
    public var wrappedValue: Value

    public init(wrappedValue: Value) {
        self.wrappedValue = wrappedValue
    }
}

/// https://developer.apple.com/documentation/swiftui/observedobject
@propertyWrapper @MainActor
public struct ObservedObject<ObjectType: ObservableObject> {
    public var wrappedValue: ObjectType

    public init(wrappedValue: ObjectType) {
        self.wrappedValue = wrappedValue
    }

    /// https://developer.apple.com/documentation/swiftui/observedobject/wrapper
    @dynamicMemberLookup @MainActor
    public struct Wrapper {
        let object: ObjectType

        public subscript<Subject>(
            dynamicMember keyPath: ReferenceWritableKeyPath<ObjectType, Subject>
        ) -> Binding<Subject> {
            Binding(get: { object[keyPath: keyPath] }, set: { object[keyPath: keyPath] = $0 })
        }
    }

    public var projectedValue: Wrapper { Wrapper(object: wrappedValue) }
}

/// https://developer.apple.com/documentation/swiftui/stateobject
@propertyWrapper @MainActor
public struct StateObject<ObjectType: ObservableObject>: Stored {
    private let place: Place<ObjectType>

    public init(wrappedValue thunk: @autoclosure @escaping () -> ObjectType) {
        place = Place(thunk)
    }

    public var wrappedValue: ObjectType { place.value }

    public var projectedValue: ObservedObject<ObjectType>.Wrapper { .init(object: place.value) }

    func connect(to places: inout [String: AnyObject], at name: String) {
        place.connect(to: &places, at: name)
    }
}

/// https://developer.apple.com/documentation/swiftui/environmentvalues
@MainActor
public struct EnvironmentValues {
    /// https://developer.apple.com/documentation/swiftui/environmentvalues/isenabled
    public var isEnabled = true

    init() {}
}
