import Switchback
internal import SwitchbackTestingBindings

/// Tests whether a transport meets the requirements of `HTTPTransport`, with a local server on
/// 127.0.0.1. The suite sets the timeout of each request.
///
/// It takes some seconds, and blocks no thread of Swift's concurrency. On iOS the app that runs the
/// tests must allow local networking in its App Transport Security.
/// - Parameter transport: The transport, as the app makes it.
public func httpTransportConformance(transport: any HTTPTransport) async -> ConformanceReport {
    let generated = GeneratedTransport(transport)
    return await ConformanceReport {
        SwitchbackTestingBindings.httpTransportConformance(transport: generated)
    }
}
