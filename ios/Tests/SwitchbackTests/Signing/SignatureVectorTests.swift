import Foundation
import Switchback
import TestSupport
import XCTest

/// Verifies all signatures in `tests/vectors/jades/`. Rust and Kotlin verify them, too.
final class SignatureVectorTests: XCTestCase {
    func testSignaturesMatchTheVectors() async throws {
        var wrong = 0
        for one in try cases() {
            let verifier = try SignatureVerifier(
                .truid(), roots: one.anchors.map { Data($0.utf8) },
                timestampRoots: (one.timestampAnchors ?? []).map { Data($0.utf8) },
                crls: one.crls.map { Data($0.utf8) })
            let report = try await verifier.verify(
                one.signature, document: try one.document?.digest(), id: one.id,
                contentType: one.contentType, userMessage: one.userMessage,
                at: Date(timeIntervalSince1970: one.time), maxAge: one.maxAge)
            let found = Expected(
                indication: report.indication.rawValue, subIndication: report.subIndication?.rawValue,
                atClaimedTime: report.atClaimedTime.rawValue,
                check: report.checks.first { $0.subIndication != nil }?.name,
                level: one.expected.level.flatMap { _ in report.summary?.level })
            if let reason = report.subIndication {
                XCTAssertTrue(SignatureReport.SubIndication.allCases.contains(reason), "\(reason)")
            }
            let checks = report.checks.map { "\($0): \($0.text)" }.joined(separator: "\n")
            XCTAssertEqual(found, one.expected, "\(one.name)\n\(checks)")
            wrong += one.expected.check == nil ? 0 : 1
        }
        XCTAssertGreaterThanOrEqual(wrong, 60)
    }

    private func cases() throws -> [Case] {
        let folder = Checkout.vectors.appendingPathComponent("jades")
        let files = try FileManager.default.contentsOfDirectory(at: folder, includingPropertiesForKeys: nil)
        let decoder = JSONDecoder()
        decoder.keyDecodingStrategy = .convertFromSnakeCase
        return try files.filter { $0.pathExtension == "json" }.flatMap { file in
            try decoder.decode(Vectors.self, from: Data(contentsOf: file)).cases.flatMap(\.moments)
        }
    }
}

private struct Vectors: Decodable {
    let cases: [Case]
}

private struct Case: Decodable {
    let name, signature: String
    let document: Document?
    let id, contentType, userMessage: String?
    let anchors: [String]
    let timestampAnchors: [String]?
    private(set) var crls: [String]
    private(set) var time: TimeInterval
    let maxAge: TimeInterval?
    private(set) var expected: Expected
    let later: Later?

    /// The case; and with the members of `later`, the same verification at a later time.
    var moments: [Case] {
        guard let later else { return [self] }
        var second = self
        (second.crls, second.time, second.expected) = (later.crls, later.time, later.expected)
        return [self, second]
    }
}

private struct Later: Decodable {
    let crls: [String]
    let time: TimeInterval
    let expected: Expected
}

private struct Document: Decodable {
    let sha256: String
    let b64: Bool

    func digest() throws -> DocumentDigest {
        let base64 = sha256.replacingOccurrences(of: "-", with: "+").replacingOccurrences(of: "_", with: "/")
        let bytes = try XCTUnwrap(Data(base64Encoded: base64 + "="))
        return try XCTUnwrap(DocumentDigest(sha256: bytes, isOfBase64URL: b64))
    }
}

private struct Expected: Decodable, Equatable {
    let indication: String
    let subIndication: String?
    let atClaimedTime: String
    let check: String?
    /// Only where the signature has a timestamp.
    let level: String?
}
