import Foundation

extension SwitchbackError: LocalizedError {
    package var errorDescription: String? { describe() }
}

extension StoreError: LocalizedError {
    package var errorDescription: String? { describe() }
}

extension LogError: LocalizedError {
    package var errorDescription: String? { describe() }
}

extension TransportError: LocalizedError {
    package var errorDescription: String? { describe() }
}
