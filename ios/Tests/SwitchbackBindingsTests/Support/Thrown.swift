import SwitchbackBindings
import TestSupport

/// Returns the Switchback error that this call throws.
func switchbackError<Value>(_ work: () async throws -> Value) async throws -> SwitchbackError {
    let error = try await thrown(work)
    guard let ours = error as? SwitchbackError else {
        throw TestFailure("something else was thrown: \(error)")
    }
    return ours
}
