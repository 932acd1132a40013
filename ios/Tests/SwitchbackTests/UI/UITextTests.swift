import Foundation
import TestSupport
import XCTest

@testable import Switchback

final class UITextTests: XCTestCase {
    func testEachTextIsThereInEachLanguageWithTheNameOfTheProviderWhereEnglishHasIt() {
        for text in UIText.allCases {
            XCTAssertEqual(text.texts.count, UIText.languages.count, "\(text)")
            let hasName = text.texts[0].contains("%s")
            for translation in text.texts {
                XCTAssertFalse(translation.isEmpty, "\(text)")
                XCTAssertEqual(translation.contains("%s"), hasName, translation)
            }
        }
    }

    func testTheLanguageDecides() {
        func logIn(_ language: String) -> String { UIText.logIn.text(in: language) }
        XCTAssertEqual(logIn("en-GB"), "Login with Truid")
        XCTAssertEqual(logIn("sv"), "Logga in med Truid")
        XCTAssertEqual(logIn("fr_CA"), "Se connecter avec Truid")
        XCTAssertEqual(logIn("nl-BE"), "Inloggen met Truid")
        XCTAssertEqual(logIn("de-AT"), "Mit Truid anmelden")
        XCTAssertEqual(logIn("fi"), "Login with Truid")
        XCTAssertEqual(UIText.openAgain.text(provider: "Example ID", in: "de"), "Example ID erneut öffnen")
    }

    /// The texts of a person's two phones are the same.
    func testAndroidHasTheSameTexts() throws {
        let file = Checkout.root.appendingPathComponent(
            "android/android/src/main/kotlin/app/switchback/android/ui/UiText.kt")
        let kotlin = try String(contentsOf: file, encoding: .utf8)
        let strings = kotlin.split(separator: "\n").compactMap { line -> String? in
            let line = line.trimmingCharacters(in: .whitespaces)
            guard line.hasPrefix("\""), line.hasSuffix("\",") else { return nil }
            return String(line.dropFirst().dropLast(2))
        }
        XCTAssertEqual(strings, UIText.allCases.flatMap(\.texts))
        let languages = UIText.languages.map { "\"\($0)\"" }.joined(separator: ", ")
        XCTAssertTrue(kotlin.contains("arrayOf(\(languages))"))
    }
}
