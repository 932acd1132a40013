// A test of a login against the sandbox, through plain HTTP. The first argument is the base
// URL of a sandbox, started with `switchback sandbox --port 8090`. Swift 6, no
// packages.

import Foundation
#if canImport(FoundationNetworking)
import FoundationNetworking
#endif
#if canImport(CryptoKit)
import CryptoKit
#endif

typealias JSON = [String: Any]

struct Wrong: Error { let what: String }

let client = "demo-app"
let redirect = "https://app.example/truid/callback"
guard CommandLine.arguments.count == 2 else { throw Wrong(what: "usage: NoFindings BASE_URL") }
let base = CommandLine.arguments[1]

@MainActor
func send(_ method: String, _ path: String, _ type: String, _ body: Data?) async throws -> (Int, JSON) {
    var request = URLRequest(url: URL(string: base + path)!)
    request.httpMethod = method
    request.httpBody = body
    if body != nil { request.setValue(type, forHTTPHeaderField: "Content-Type") }
    let (data, answer) = try await URLSession.shared.data(for: request)
    let json = try JSONSerialization.jsonObject(with: data) as? JSON
    return ((answer as! HTTPURLResponse).statusCode, json ?? [:])
}

/// The control API of the sandbox. Its errors say what is wrong.
@MainActor @discardableResult
func control(_ method: String, _ path: String, _ body: JSON? = nil) async throws -> JSON {
    let body = try body.map { try JSONSerialization.data(withJSONObject: $0) }
    let (status, json) = try await send(method, "/sandbox/v1\(path)", "application/json", body)
    guard status < 300 else { throw Wrong(what: "\(method) \(path): \(json)") }
    return json
}

/// The token endpoint, as your app or backend calls it.
@MainActor func token(_ parameters: KeyValuePairs<String, String>) async throws -> (Int, JSON) {
    let body = "client_id=\(client)&\(form(parameters))"
    return try await send("POST", "/oauth2/v1/token", "application/x-www-form-urlencoded", Data(body.utf8))
}

func form(_ parameters: KeyValuePairs<String, String>) -> String {
    let plain = CharacterSet(charactersIn: "-._~").union(.alphanumerics)
    return parameters.map { "\($0)=\($1.addingPercentEncoding(withAllowedCharacters: plain)!)" }
        .joined(separator: "&")
}

func base64url(_ bytes: some DataProtocol) -> String {
    Data(bytes).base64EncodedString().replacingOccurrences(of: "+", with: "-")
        .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
}

func unguessable() -> String { base64url((0..<32).map { _ in UInt8.random(in: .min ... .max) }) }

// Reset the sandbox. With this seed, codes and tokens are the same in each run.
try await control("POST", "/reset", ["seed": "no-findings"])

// Your app makes the authorization URL: state and PKCE verifier are new for each login.
let state = unguessable()
#if canImport(CryptoKit)
let verifier = unguessable()
let challenge = base64url(Data(SHA256.hash(data: Data(verifier.utf8))))
#else
// Foundation on Linux has no SHA-256: the pair of RFC 7636 appendix B. Use swift-crypto.
let verifier = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"
let challenge = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
#endif
let link = "\(base)/oauth2/v1/authorize/login-session?" + form([
    "response_type": "code", "client_id": client, "redirect_uri": redirect,
    "scope": "truid.app/data-point/email", "state": state,
    "code_challenge": challenge, "code_challenge_method": "S256",
])

// The phone opens the Truid app with this URL, and the person approves.
let waiting = try await control("POST", "/app/open", ["url": link])
let (id, flow) = (waiting["id"] as! String, waiting["flow"] as! String)
print("\(client) asks for \((waiting["data_points"] as! [String]).joined(separator: ","))")
let approved = try await control("POST", "/app/waiting/\(id)/approve")
let callback = URLComponents(string: approved["redirect"] as! String)!.queryItems!
func parameter(_ name: String) -> String { callback.first { $0.name == name }!.value! }
guard parameter("state") == state else { throw Wrong(what: "a callback of another login") }
print("The person approves")

// Your app exchanges the code.
let (_, tokens) = try await token([
    "grant_type": "authorization_code", "code": parameter("code"),
    "redirect_uri": redirect, "code_verifier": verifier,
])
print("Logged in for \(tokens["expires_in"]!) s")

// Time passes. The response to the next refresh is lost, as in a tunnel.
try await control("POST", "/clock", ["advance": 140])
try await control("POST", "/rules", ["misbehaviour": "dropped-after", "endpoint": "refresh"])
let refreshToken = tokens["refresh_token"] as! String
@MainActor func refresh() async throws -> (Int, JSON) {
    try await token(["grant_type": "refresh_token", "refresh_token": refreshToken])
}
let lost: Bool
do { _ = try await refresh(); lost = false } catch is URLError { lost = true }
let counters = try await control("GET", "/counters")
guard lost, counters["refreshes"] as? Int == 1 else { throw Wrong(what: "it was not lost") }
print("The refresh took place, and its answer was lost")

// Sending the old refresh token again is a reuse: the person must log in again.
let (status, again) = try await refresh()
print("Once more with the old token: \(status) \(again["error"]!)")

// The trace of the flow, step by step.
let trace = try await control("GET", "/trace/\(flow)")
for said in trace["said"] as! [JSON] {
    print("  \(said["from"]!) -> \(said["to"]!): \(said["title"]!)")
}

// The end of every test: the sandbox has no finding, except the one we provoked.
try await control("POST", "/assert/no-findings", ["flow": flow, "allow": ["refresh-token-reused"]])
print("No findings but the one that was provoked")
