import Foundation

/// The bytes of an entry in the keychain. The first byte is the format.
enum StoredValue {
    /// Format 1: the value.
    case plain(Data)
    /// Format 2: the length of the key's label (one byte), the label, and the encrypted value. Two
    /// processes may make a key at the same time, so each entry names its key.
    case sealed(label: Data, Data)
    case newer(UInt8)
    case damaged

    /// Format 0: an entry that was deleted. Only the keychain item is left.
    static let deleted = Data([0])

    init(_ bytes: Data) {
        let rest = Data(bytes.dropFirst())
        switch bytes.first {
        case 1: self = .plain(rest)
        case 2:
            guard let length = rest.first, rest.count > Int(length) else {
                self = .damaged
                return
            }
            let label = Data(rest.dropFirst().prefix(Int(length)))
            self = .sealed(label: label, Data(rest.dropFirst(1 + Int(length))))
        case let format? where format > 2: self = .newer(format)
        default: self = .damaged
        }
    }

    var bytes: Data {
        switch self {
        case .plain(let value): Data([1]) + value
        case .sealed(let label, let value): Data([2, UInt8(label.count)]) + label + value
        case .newer, .damaged: Data()
        }
    }
}
