import Foundation

extension SwitchbackError: LocalizedError {
    public var errorDescription: String? { describe() }
}

extension StoreError: LocalizedError {
    public var errorDescription: String? { describe() }
}

extension LogError: LocalizedError {
    public var errorDescription: String? { describe() }
}

extension TransportError: LocalizedError {
    public var errorDescription: String? { describe() }
}
