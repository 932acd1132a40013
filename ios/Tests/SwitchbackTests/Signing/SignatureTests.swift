import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// A person signs a document, and the app or its backend verifies the signature.
final class SignatureTests: XCTestCase {
    private let document = Data("the contract".utf8)
    private let message = "Jag signerar hyresavtalet: hyran är 9 000 kr"

    func testTheAppVerifiesASignatureOfBytesOfAFileOfAStreamAndOfADigest() async throws {
        let phone = try await Phone()
        let folder = try Folder()
        let file = folder.url.appendingPathComponent("contract.txt")
        try document.write(to: file)
        let digest = DocumentDigest(of: document)
        let digests = [
            digest, try await DocumentDigest(contentsOf: file),
            try await DocumentDigest(contentsOf: file, isOfBase64URL: true),
            try await DocumentDigest(of: InputStream(data: document)),
            try XCTUnwrap(DocumentDigest(sha256: digest.bytes)),
        ]
        for digest in digests {
            let session = try await signed(phone, digest)
            let verifier = try await verifier(phone.sandbox)
            let signature = try await session.signature(verifier)
            let checks = signature.report.checks.map { "\($0): \($0.text)" }
            XCTAssertTrue(signature.report.isPassed, checks.joined(separator: "\n"))
            XCTAssertEqual("\(signature)", "DocumentSignature(TOTAL-PASSED)")
            XCTAssertNil(signature.report.subIndication)
            // The provider returns it as often as it is requested.
            let again = try await session.signature(verifier)
            XCTAssertEqual(signature.jws, again.jws)
        }
        try await phone.sandbox.hasNoFindings()
    }

    func testAReportSaysWhoSignedWhatAndWhen() async throws {
        let phone = try await Phone()
        let session = try await signed(phone)
        let report = try await session.signature(try await verifier(phone.sandbox)).report
        let summary = try XCTUnwrap(report.summary)
        XCTAssertEqual(summary.level, "B-B")
        let claimed = try XCTUnwrap(summary.claimedTime)
        XCTAssertEqual(claimed.timeIntervalSince(phone.time.now.date), 0, accuracy: 60)
        XCTAssertEqual(summary.claimedIn, "iat")
        XCTAssertNil(summary.provenTime)
        XCTAssertNil(summary.provenBy)
        XCTAssertEqual(summary.document?.id, "https://service.example/contract.txt")
        XCTAssertEqual(summary.document?.contentType, "text/plain")
        XCTAssertEqual(summary.userMessage, message)
        let info = try await session.userInfo()
        XCTAssertEqual(summary.subject, info.subject)
        XCTAssertEqual(summary.presentation?.subject, info.subject)
        XCTAssertEqual(summary.presentation?[.name], info.name)
        let signer = try XCTUnwrap(summary.certificates.first)
        XCTAssertEqual(signer.issuer, summary.certificates.dropFirst().first?.subject)
        XCTAssertTrue(signer.notBefore < signer.notAfter)
        XCTAssertTrue(signer.attributes.contains { $0.name == "PSEUDONYM" }, "\(signer.attributes)")
    }

    func testAWrongSignatureIsAReportThatNamesTheCheck() async throws {
        let phone = try await Phone()
        let session = try await signed(phone)
        let verifier = try await verifier(phone.sandbox)
        let wrong: [(String, SignatureReport.SubIndication, String)] = [
            ("other-document", .hashFailure, "document-digest"),
            ("other-message", .sigConstraintsFailure, "user-message"),
            ("changed-header", .sigCryptoFailure, "signature-value"),
            ("foreign-root", .noCertificateChainFound, "certificate-chain"),
        ]
        for (name, reason, check) in wrong {
            try await phone.sandbox.next("signature-\(name)", at: "signature")
            let report = try await session.signature(verifier).report
            XCTAssertFalse(report.isPassed)
            XCTAssertEqual(report.subIndication, reason, name)
            XCTAssertEqual(report.checks.first { $0.subIndication == reason }?.name, check, name)
        }
        let right = try await session.signature(verifier).report
        XCTAssertTrue(right.isPassed, "\(right)")
    }

    func testAfterItsCertificateASignatureIsGoodOnlyAtTheTimeThatItClaims() async throws {
        let phone = try await Phone()
        let jws = try await signed(phone).signature(try await verifier(phone.sandbox)).jws
        try await phone.advance(31 * 24 * 60 * 60)
        let report = try await verifier(phone.sandbox).verify(
            jws, document: DocumentDigest(of: document), at: phone.time.now.date)
        XCTAssertEqual("\(report)", "INDETERMINATE / OUT_OF_BOUNDS_NO_POE")
        XCTAssertEqual(report.atClaimedTime, .totalPassed)
        let undecided = report.checks.filter { $0.outcome == .undecided }
        XCTAssertEqual(undecided.map(\.name), ["certificate-validity"])
    }

    func testAPersonSignsWhatTheBackendHasPrepared() async throws {
        let demo = try Demo()
        let app = try app(demo)
        let id = try await demo.prepareSigning(fields())
        let session = try await app.client.logIn(prepared(id)).session()
        XCTAssertEqual(session.purpose, .signing)
        let name = try await session.presentation(.name)[.name]
        XCTAssertNotNil(name)
        let verifier = try await verifier(demo.sandbox)
        let error = try await switchbackError { try await session.signature(verifier) }
        XCTAssertEqual(error.code, .configuration)
        XCTAssertTrue(error.message.contains("the backend"), error.message)

        // The app verifies what the service passes on.
        let signing = try await demo.signing(id)
        XCTAssertEqual(signing["status"] as? String, "signed")
        let report = try await verifier.verify(
            try XCTUnwrap(signing["signature"] as? String), document: DocumentDigest(of: document),
            userMessage: message)
        XCTAssertTrue(report.isPassed, "\(report)")
        try await demo.sandbox.hasNoFindings()
    }

    func testASigningThatTheBackendDoesNotBeginSaysWhatToDo() async throws {
        let demo = try Demo()
        let app = try app(demo)
        func isRefused(
            _ id: String, _ why: String, _ whatToDo: String, under session: Session? = nil
        ) async throws {
            let error = try await switchbackError { try await app.client.logIn(prepared(id), under: session) }
            XCTAssertEqual(error.code, .signingUnavailable)
            XCTAssertEqual(error.detail, why)
            XCTAssertTrue(error.message.contains(whatToDo), error.message)
            XCTAssertFalse(error.isRetryable)
            XCTAssertFalse("\(error)".contains(id))
        }

        let id = try await demo.prepareSigning(fields())
        _ = try await app.client.logIn(prepared(id)).session()
        try await isRefused(id, "signing_closed", "prepare another signing")
        try await isRefused("no-id", "unknown_signing", "the id of a prepared signing")

        let forAnother = try await demo.prepareSigning(fields().merging(["sub": "another-person"]) { $1 })
        let session = try await app.client.logIn(.login).session()
        try await isRefused(forAnother, "other_person", "let that person log in", under: session)
        let pending = try await app.client.pendingLogins()
        XCTAssertEqual(pending.count, 0)
    }

    func testTheAppDoesNotDecideWhatIsSignedThroughABackend() async throws {
        let app = try app(try Demo())
        let sign = SignRequest(
            id: "https://service.example/contract.txt", digest: DocumentDigest(of: document),
            userMessage: message)
        let error = try await switchbackError {
            try await app.client.logIn(LoginRequest(.signing, sign: sign))
        }
        XCTAssertEqual(error.code, .configuration)
        XCTAssertTrue(error.message.contains("`extra`"), error.message)
    }

    private func verifier(_ sandbox: Sandbox) async throws -> SignatureVerifier {
        let (root, list) = (try await sandbox.root(), try await sandbox.revocationList())
        return try SignatureVerifier(.truid(), roots: [root], crls: [list])
    }

    private func signed(_ phone: Phone, _ digest: DocumentDigest? = nil) async throws -> Session {
        let sign = SignRequest(
            id: "https://service.example/contract.txt", digest: digest ?? DocumentDigest(of: document),
            userMessage: message, contentType: "text/plain")
        return try await phone.app().logIn(LoginRequest(.signing, scope: [.name], sign: sign)).session()
    }

    private func prepared(_ id: String) -> LoginRequest {
        LoginRequest(.signing, extra: ["request": id])
    }

    /// What the service's own code asks the person to sign.
    private func fields() -> [String: String] {
        let digest = DocumentDigest(of: document).bytes.base64EncodedString()
        return [
            "document_id": "https://service.example/contract.txt",
            "digest": digest.replacingOccurrences(of: "+", with: "-").replacingOccurrences(of: "/", with: "_")
                .replacingOccurrences(of: "=", with: ""),
            "content_type": "text/plain", "user_message": message,
        ]
    }

    /// An app beside the demo, whose person approves.
    private func app(_ demo: Demo) throws -> (client: SwitchbackClient, person: Person) {
        let config = SwitchbackConfig(
            provider: .truid(baseURL: link(demo.sandbox.url)),
            mode: .mediated(.switchback(baseURL: link(demo.service))), redirectURI: link(demo.redirectURI),
            isTestService: true)
        let person = Person(demo.sandbox, .approves)
        let client = try SwitchbackClient(
            config,
            platform: Platform(store: MemoryStore(), opener: person, transport: URLSessionTransport()))
        person.app.update { $0.client = client }
        return (client, person)
    }
}
