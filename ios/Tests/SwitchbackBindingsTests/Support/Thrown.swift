import SwitchbackBindings
import TestSupport

/// The error of Switchback's that this throws.
func switchbackError<Value>(_ work: () async throws -> Value) async throws -> SwitchbackError {
    let error = try await thrown(work)
    guard let ours = error as? SwitchbackError else { throw Wrong("something else was thrown: \(error)") }
    return ours
}
