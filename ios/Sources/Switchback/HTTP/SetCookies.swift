/// `URLSession` joins all `Set-Cookie` headers of a response with commas, on Apple's systems and
/// on Linux, and offers no other way to read them.
enum SetCookies {
    /// Splits them again. A cookie contains a comma in one place only (RFC 6265 §4.1.1): in the
    /// date of `Expires`, where no name and `=` follow. So a comma before a name and `=`
    /// separates two headers.
    static func split(_ joined: String) -> [String] {
        var cookies: [String] = []
        for piece in joined.split(separator: ",", omittingEmptySubsequences: false) {
            if let last = cookies.indices.last, !beginsCookie(piece) {
                cookies[last] += ",\(piece)"
            } else {
                cookies.append(String(piece.drop { $0 == " " }))
            }
        }
        return cookies
    }

    private static func beginsCookie(_ piece: Substring) -> Bool {
        let text = piece.drop { $0 == " " }
        guard let end = text.firstIndex(where: { $0 == "=" || $0 == ";" }), text[end] == "=" else {
            return false
        }
        let name = text[..<end]
        return !name.isEmpty && name.utf8.allSatisfy { isTokenCharacter($0) }
    }

    /// `tchar` of RFC 9110 §5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
        }
    }
}
