import SwitchbackBindings

@testable import Switchback

/// The `URLSession` transport of the public API, as an object for the native library.
func sessionTransport() -> any SwitchbackBindings.HttpTransport {
    GeneratedTransport(URLSessionTransport())
}
