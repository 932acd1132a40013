import Foundation
import TestSupport
import XCTest

@testable import Switchback

/// A document is signed: what the provider is asked, and the digest of the document.
final class SigningTests: XCTestCase {
    private let document = Data((0..<200_001).map { UInt8(truncatingIfNeeded: $0) })

    func testTheIdentityAppIsAskedToSignTheDocument() async throws {
        let phone = try await Phone()
        let opened = Guarded<URL?>(nil)
        let app = try phone.app(
            opener: ClosureOpener { url in
                opened.update { $0 = url }
                return true
            })
        let sign = SignRequest(
            id: "https://example.com/contract.pdf", digest: DocumentDigest(of: document),
            userMessage: "I sign the contract", contentType: "application/pdf")
        let login = Task { try await app.logIn(LoginRequest(.signing, scope: [.name], sign: sign)) }
        let url = try await within("no identity app is open") { await opened.first { $0 } }
        login.cancel()
        let parts = try XCTUnwrap(URLComponents(url: XCTUnwrap(url), resolvingAgainstBaseURL: false))
        XCTAssertTrue(parts.path.hasSuffix("/sign"), parts.path)
        let items = parts.queryItems ?? []
        let asked = Dictionary(uniqueKeysWithValues: items.map { ($0.name, $0.value) })
        XCTAssertEqual(asked["data_object_id"], "https://example.com/contract.pdf")
        XCTAssertEqual(asked["data_object_digest"], base64url(sign.digest.bytes))
        XCTAssertEqual(asked["data_object_b64"], "false")
        XCTAssertEqual(asked["data_object_content_type"], "application/pdf")
    }

    func testALoginThatSaysNothingToSignIsAWrongCall() async throws {
        let app = try await Phone().app(opener: ClosureOpener { _ in true })
        do {
            _ = try await app.logIn(LoginRequest(.signing, scope: [.name]))
            XCTFail("it began")
        } catch let error as SwitchbackError {
            XCTAssertEqual(error.code, .configuration)
            XCTAssertTrue(error.message.contains("sign"), error.message)
        }
    }

    func testAFileHasTheDigestOfItsBytes() async throws {
        let folder = try Folder()
        let file = folder.url.appendingPathComponent("document")
        for document in [document, Data(), document.prefix(65_536), document.dropFirst(7)] {
            try document.write(to: file)
            let digest = try await DocumentDigest(contentsOf: file)
            XCTAssertEqual(digest, DocumentDigest(of: document))
            XCTAssertEqual(digest, DocumentDigest(sha256: digest.bytes))
            let text = DocumentDigest(of: Data(base64url(document).utf8))
            let ofText = try await DocumentDigest(contentsOf: file, isOfBase64URL: true)
            XCTAssertEqual(ofText.bytes, text.bytes)
            XCTAssertNotEqual(ofText, text)
        }
    }

    func testAStreamHasTheDigestOfItsBytes() async throws {
        for document in [document, Data()] {
            let digest = try await DocumentDigest(of: InputStream(data: document))
            XCTAssertEqual(digest, DocumentDigest(of: document))
            let text = DocumentDigest(of: Data(base64url(document).utf8))
            let ofText = try await DocumentDigest(of: InputStream(data: document), isOfBase64URL: true)
            XCTAssertEqual(ofText.bytes, text.bytes)
        }
        let missing = try XCTUnwrap(InputStream(fileAtPath: "/no/such/file"))
        do {
            _ = try await DocumentDigest(of: missing)
            XCTFail("it has a digest")
        } catch {}
    }

    func testADigestHas32Bytes() {
        XCTAssertNil(DocumentDigest(sha256: Data(count: 31)))
        XCTAssertEqual(
            base64url(DocumentDigest(of: Data("abc".utf8)).bytes),
            "ungWv48Bz-pBQUDeXa4iI7ADYaOWF3qctBD_YfIAFa0")
    }

    func testAFileWithoutACertificateIsAWrongConfiguration() {
        for wrong in [Data(), Data("no certificate".utf8)] {
            for make in [
                { try SignatureVerifier(.truid(), roots: [wrong]) },
                { try SignatureVerifier(.truid(), roots: [], crls: [wrong]) },
            ] {
                XCTAssertThrowsError(try make()) { error in
                    XCTAssertEqual((error as? SwitchbackError)?.code, .configuration)
                }
            }
        }
    }

    func testWhatIsNotASignatureIsAReport() async throws {
        let verifier = try SignatureVerifier(.truid(), roots: [])
        for text in ["", "a", "a..b", "{}", String(repeating: "å", count: 1_000)] {
            let report = try await verifier.verify(text, document: DocumentDigest(of: document))
            XCTAssertEqual(report.indication, .totalFailed)
            XCTAssertEqual(report.subIndication, .formatFailure)
            XCTAssertEqual("\(report)", "TOTAL-FAILED / FORMAT_FAILURE")
        }
    }

    func testAFakeSessionHasNoSignature() async throws {
        do {
            _ = try await Session.fake().signature(try SignatureVerifier(.truid(), roots: []))
            XCTFail("it has one")
        } catch let error as SwitchbackError {
            XCTAssertEqual(error.code, .configuration)
        }
    }

    private func base64url(_ data: Data) -> String {
        data.base64EncodedString().replacingOccurrences(of: "+", with: "-")
            .replacingOccurrences(of: "/", with: "_").replacingOccurrences(of: "=", with: "")
    }
}
