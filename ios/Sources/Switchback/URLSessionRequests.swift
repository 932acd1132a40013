import Foundation

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

extension URLSession {
    /// Sends a request of the app's own with what a session is authorized by: an access token that is
    /// good, or the backend's cookies. After a 401 it is sent once more with another token.
    ///
    /// A redirect is not followed, and its answer is given: what a session is authorized by is for the
    /// URL that was asked for, and goes to no other.
    ///
    /// Throws ``SwitchbackError/Code-swift.struct/configuration`` where the URL is of an origin that
    /// this session is not for: nothing is sent then. Throws what `URLSession` throws where no answer
    /// came.
    /// - Parameters:
    ///   - request: What to send. An `Authorization` or `Cookie` that it has is replaced.
    ///   - session: Whose request it is.
    /// - Returns: The body of the answer, and its status and headers, whatever the status.
    public func data(
        for request: URLRequest, session: Session
    ) async throws -> (Data, HTTPURLResponse) {
        guard let url = request.url else {
            throw SwitchbackError(.configuration, "the request has no URL: give it one")
        }
        var authorization = try await session.authorize(url)
        while true {
            let (body, answer) = try await send(request, authorization)
            let cookies = answer.partedHeaders.filter { $0.name == "set-cookie" }.map(\.value)
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
            // Here the delegate of a task is not asked about redirects, only that of a session.
            return try await Exchange(longest: Int.max).send(request, configuration)
        #else
            let (body, answer) = try await data(for: request, delegate: Unredirected())
            guard let answer = answer as? HTTPURLResponse else { throw URLError(.badServerResponse) }
            return (body, answer)
        #endif
    }
}

#if !canImport(FoundationNetworking)
    /// Follows no redirect, and leaves all else to the delegate of the app's own session.
    private final class Unredirected: NSObject, URLSessionTaskDelegate {
        func urlSession(
            _ session: URLSession, task: URLSessionTask, willPerformHTTPRedirection response: HTTPURLResponse,
            newRequest request: URLRequest, completionHandler: @escaping @Sendable (URLRequest?) -> Void
        ) {
            completionHandler(nil)
        }
    }
#endif
