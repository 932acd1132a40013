import Foundation
import SwitchbackBindings
import TestSupport

/// A transport whose responses the test decides.
final class ScriptedTransport: HttpTransport {
    private let seen = Locked<[HttpRequest]>([])
    private let answer: @Sendable (HttpRequest, HttpCompletion) throws -> Void

    init(_ answer: @escaping @Sendable (HttpRequest, HttpCompletion) throws -> Void) {
        self.answer = answer
    }

    /// A transport that always returns the same response.
    convenience init(always response: HttpResponse) {
        self.init { _, completion in completion.succeed(response: response) }
    }

    func start(request: HttpRequest, completion: HttpCompletion) throws {
        seen.with { $0.append(request) }
        try answer(request, completion)
    }

    var requests: [HttpRequest] { seen.with { $0 } }

    /// The parameters of the forms that were sent.
    var forms: [[String: String]] { requests.map { parameters($0.body ?? "") } }
}

/// The parameters of a form, or of a URL's query.
func parameters(_ text: String) -> [String: String] {
    let query = text.split(separator: "?", maxSplits: 1).last ?? ""
    let pairs = query.split(separator: "&").map { pair in
        let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        return (decoded(parts[0]), parts.count > 1 ? decoded(parts[1]) : "")
    }
    return Dictionary(pairs) { first, _ in first }
}

private func decoded(_ text: Substring) -> String {
    text.replacingOccurrences(of: "+", with: " ").removingPercentEncoding ?? "not UTF-8"
}

func json(_ body: String, status: Int32 = 200, _ more: Header...) -> HttpResponse {
    let type = Header(name: "content-type", value: "application/json")
    return HttpResponse(status: status, headers: [type] + more, body: Data(body.utf8))
}

/// A successful response of the token endpoint.
func tokens(_ number: Int, expiresIn: Int = 60) -> HttpResponse {
    json(
        """
        {"access_token":"A\(number)","token_type":"bearer","expires_in":\(expiresIn),\
        "refresh_token":"R\(number)"}
        """)
}
