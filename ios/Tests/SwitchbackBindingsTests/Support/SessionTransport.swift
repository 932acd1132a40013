import SwitchbackBindings

@testable import Switchback

/// HTTP by `URLSession`, as the face brings it.
func sessionTransport() -> any SwitchbackBindings.HttpTransport {
    GeneratedTransport(URLSessionTransport())
}
