import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// The meaning of the errors of `URLSession`
/// (https://developer.apple.com/documentation/foundation/urlerror/code).
extension TransportError {
    /// Passes on only the number of the error: its text contains the URL.
    ///
    /// On Linux, `URLSession` reports most failures of TLS as `URLError.unknown`, so they are
    /// ``lost(_:)`` there (`EasyHandle.swift` of swift-corelibs-foundation).
    /// - Parameter mayHaveLeft: Whether `URLSession` says that it began to send the request.
    init(ofURLSession error: any Error, mayHaveLeft: Bool) {
        let error = error as NSError
        let reason = "\(error.domain == NSURLErrorDomain ? "URLError" : error.domain) \(error.code)"
        guard error.domain == NSURLErrorDomain, !mayHaveLeft else {
            self = .lost(reason)
            return
        }
        // The request has not left, as far as `URLSession` says. In doubt, it may have arrived.
        switch URLError.Code(rawValue: error.code) {
        // There is no network now, or the host does not answer.
        case .cannotFindHost, .dnsLookupFailed, .cannotConnectToHost, .notConnectedToInternet,
            .internationalRoamingOff, .callIsActive, .dataNotAllowed:
            self = .notSent(reason)
        // Also when a network breaks the handshake, so a retry may help.
        case .secureConnectionFailed:
            self = .notSent(
                "the TLS handshake failed (\(reason)): if it always fails, the server possibly does not "
                    + "meet App Transport Security; `nscurl --ats-diagnostics` on a Mac says why")
        case .serverCertificateUntrusted, .serverCertificateHasUnknownRoot, .serverCertificateHasBadDate,
            .serverCertificateNotYetValid:
            self = .local(
                "the server's certificate is not trusted on this device (\(reason)): check the date of the "
                    + "device, and whether its Wi-Fi has a page to sign in. For a test server, install its CA "
                    + "on the device, and trust it in Settings > General > About > Certificate Trust Settings"
            )
        case .clientCertificateRequired, .clientCertificateRejected:
            self = .local(
                "the server wants a client certificate (\(reason)), and the system has none that it accepts: "
                    + "install one on the device, or let the server accept connections without it")
        case .appTransportSecurityRequiresSecureConnection:
            self = .local(
                "App Transport Security does not permit plain http to this host (\(reason)): use https; or, "
                    + "for a test service, set NSAllowsLocalNetworking, or an exception for its host in "
                    + "NSExceptionDomains, in NSAppTransportSecurity of the app's Info.plist")
        case .badURL: self = .malformedURL
        // The request may have left: there was an answer, a broken connection or a timeout, or the code
        // does not say, or is of a later system. `unsupportedURL` is here, too: on Linux it is also an
        // answer that is not HTTP, and the transport itself refuses other URLs.
        default: self = .lost(reason)
        }
    }

    /// A URL that `URLSession` does not load.
    static let malformedURL = local(
        "the URL of a request is not an absolute http or https URL: correct the URLs in the configuration")
}
