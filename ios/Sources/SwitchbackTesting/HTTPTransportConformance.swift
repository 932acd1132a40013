import Switchback
internal import SwitchbackTestingBindings

/// Tries whether a transport does what an `HTTPTransport` must, against a server of its own on
/// 127.0.0.1. It sets the timeout of each request.
///
/// It takes some seconds, and blocks no thread of Swift's concurrency. On iOS the app that the tests
/// run in must allow local networking in its App Transport Security.
/// - Parameter transport: The transport, as the app makes it.
public func httpTransportConformance(transport: any HTTPTransport) async -> ConformanceReport {
    let generated = GeneratedTransport(transport)
    return await ConformanceReport {
        SwitchbackTestingBindings.httpTransportConformance(transport: generated)
    }
}
