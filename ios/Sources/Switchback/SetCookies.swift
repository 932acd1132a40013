/// `URLSession` joins all `Set-Cookie` headers of an answer to one, with commas between them,
/// on Apple's systems as on Linux, and has no other way to read them.
enum SetCookies {
    /// Takes them apart again. In a cookie there is one place for a comma (RFC 6265 §4.1.1): the
    /// date in `Expires`, which no name and `=` follow. So a comma before a name and `=` is one
    /// of those that were put in between.
    static func apart(_ joined: String) -> [String] {
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
