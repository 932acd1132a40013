import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension URLSession {
    /// Sends a request of the app with the authorization of a session: a valid access token, or
    /// the backend's cookies. After a 401 it sends the request once more with another token.
    ///
    /// It follows no redirect, and returns the redirect as the response: the authorization is
    /// only for the URL of the request.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` and sends nothing if the URL
    /// belongs neither to the backend nor to the provider. Throws the error of `URLSession` if
    /// there is no response.
    /// - Parameters:
    ///   - request: The request. This replaces its headers `Authorization` and `Cookie`.
    ///   - session: The session that authorizes the request.
    /// - Returns: The body of the response, and its status and headers, whatever the status.
    public func data(
        for request: URLRequest, session: Session
    ) async throws -> (Data, HTTPURLResponse) {
        guard let url = request.url else {
            throw SwitchbackError(.configuration, "the request has no URL: give it one")
        }
        var authorization = try await session.authorize(url)
        while true {
            let (body, answer) = try await send(request, authorization)
            let cookies = answer.splitHeaders.filter { $0.name == "set-cookie" }.map(\.value)
            let next = try await session.answered(
                authorization, status: answer.statusCode, setCookie: cookies)
            guard let next else { return (body, answer) }
            authorization = next
        }
    }

    private func send(
        _ request: URLRequest, _ authorization: Authorization
    ) async throws -> (Data, HTTPURLResponse) {
        var request = request
        request.httpShouldHandleCookies = false
        for name in ["authorization", "cookie"] { request.setValue(nil, forHTTPHeaderField: name) }
        for header in authorization.headers {
            request.setValue(header.value, forHTTPHeaderField: header.name)
        }
        #if canImport(FoundationNetworking)
            // On Linux, URLSession asks only the session's delegate about redirects, not the
            // task's.
            return try await Exchange(longest: Int.max).send(request, configuration)
        #else
            let (body, answer) = try await data(for: request, delegate: Unredirected())
            guard let answer = answer as? HTTPURLResponse else { throw URLError(.badServerResponse) }
            return (body, answer)
        #endif
    }
}

#if !canImport(FoundationNetworking)
    /// Follows no redirect, and leaves everything else to the delegate of the app's session.
    private final class Unredirected: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }
#endif
