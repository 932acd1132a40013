#if canImport(Security) && canImport(LocalAuthentication)
    import LocalAuthentication

    /// Asks the person for the face or the finger, or for the passcode.
    ///
    /// https://developer.apple.com/documentation/localauthentication/lacontext
    struct UnlockPrompt {
        let allowsPasscode: Bool

        /// A context that fails where the system would ask the person.
        static func silentContext() -> LAContext {
            let context = LAContext()
            context.interactionNotAllowed = true
            return context
        }

        /// Returns the context with which the person authenticated. It asks nothing more: a context that was
        /// authenticated is used again.
        ///
        /// https://developer.apple.com/documentation/security/ksecuseauthenticationcontext
        func ask(_ reason: String) async throws -> LAContext {
            // The system throws an Objective-C exception, which ends the app.
            guard !reason.isEmpty else {
                throw StoreError.unavailable("the reason for the prompt is empty: pass a text for the person")
            }
            let prompt = Guarded(LAContext())
            do {
                try await withTaskCancellationHandler {
                    try Task.checkCancellation()
                    let context = prompt.read { $0 }
                    // Without the passcode there is no other way: the button would do nothing.
                    if !allowsPasscode { context.localizedFallbackTitle = "" }
                    _ = try await context.evaluatePolicy(policy, localizedReason: reason)
                } onCancel: {
                    prompt.read { $0.invalidate() }
                }
            } catch let error as LAError {
                try Task.checkCancellation()
                throw Self.failure(error)
            }
            let context = prompt.read { $0 }
            context.interactionNotAllowed = true
            return context
        }

        private var policy: LAPolicy {
            allowsPasscode ? .deviceOwnerAuthentication : .deviceOwnerAuthenticationWithBiometrics
        }

        private static func failure(_ error: LAError) -> StoreError {
            func unavailable(_ text: String) -> StoreError {
                .unavailable("the unlock failed with LAError \(error.code.rawValue): \(text)")
            }
            return switch error.code {
            case .userCancel, .userFallback: .cancelled
            // The system closed the prompt, for example for another app, or the person was not recognized.
            case .systemCancel, .appCancel, .authenticationFailed: .authenticationRequired
            case .passcodeNotSet: unavailable("the device has no passcode: ask the person to set one")
            case .biometryNotEnrolled:
                unavailable("no finger and no face is enrolled: ask the person to enrol one")
            case .biometryNotAvailable:
                unavailable(
                    "the device has no biometry, or the person did not allow it for this app: allow the "
                        + "passcode, or ask the person to allow biometry in the settings")
            case .biometryLockout:
                unavailable(
                    "there were too many attempts: let the person lock and unlock the device, then try again")
            default: unavailable("the device could not ask the person: try again")
            }
        }
    }
#endif
