#if canImport(Security) && canImport(LocalAuthentication)
    import LocalAuthentication
    import Security

    extension StoreError {
        /// The meaning of a result code of the keychain. The text names the function and the code, and no
        /// part of an item.
        ///
        /// https://developer.apple.com/documentation/security/security-framework-result-codes
        init(_ status: OSStatus, in call: String) {
            switch status {
            // The device was not unlocked since it was started. Nothing is lost.
            case errSecInteractionNotAllowed: self = .locked
            case errSecUserCanceled: self = .cancelled
            case errSecMissingEntitlement:
                self = .denied(
                    "\(call) returned errSecMissingEntitlement (\(status)): sign the app with the capability "
                        + "Keychain Sharing, and with the access group of the store if it has one")
            case errSecRestrictedAPI:
                self = .denied(
                    "\(call) returned errSecRestrictedAPI (\(status)): this program may not use the keychain")
            case errSecDecode:
                self = .corrupt(
                    "\(call) returned errSecDecode (\(status)): call `reset` and let the person log in again")
            case errSecDiskFull: self = .full("\(call) returned errSecDiskFull (\(status))")
            case errSecDuplicateItem:
                self = .unavailable(
                    "\(call) returned errSecDuplicateItem (\(status)) again and again: another process adds "
                        + "and removes the same entry; try again")
            case errSecNotAvailable:
                self = .unavailable(
                    "\(call) returned errSecNotAvailable (\(status)): there is no keychain now; try again, "
                        + "and restart the device if that persists")
            default:
                self = .unavailable(
                    "\(call) returned \(status): see Security Framework Result Codes in Apple's documentation"
                )
            }
        }

        /// The meaning of a failure of a key that the person unlocks.
        ///
        /// Apple documents that a change of the enrolled biometry ends the key
        /// (https://developer.apple.com/documentation/security/secaccesscontrolcreateflags/biometrycurrentset),
        /// and not with which code: the codes below are those that apps have reported.
        init(_ error: Unmanaged<CFError>?, in call: String) {
            guard let error = error?.takeRetainedValue() else {
                self = .unavailable("\(call) failed without an error: try again")
                return
            }
            let (domain, code) = (CFErrorGetDomain(error) as String, CFErrorGetCode(error))
            let text = "\(call) failed with \(domain) \(code)"
            switch (domain, code) {
            case (Self.ofSecurity, Int(errSecInteractionNotAllowed)),
                (LAErrorDomain, LAError.Code.notInteractive.rawValue),
                (LAErrorDomain, LAError.Code.invalidContext.rawValue),
                (Self.ofSecureEnclave, Self.authenticationNeeded):
                self = .authenticationRequired
            case (LAErrorDomain, LAError.Code.userCancel.rawValue): self = .cancelled
            case (Self.ofSecurity, Int(errSecAuthFailed)), (Self.ofSecurity, Int(errSecItemNotFound)),
                (Self.ofSecureEnclave, Self.corruptedData):
                self = .keyLost(
                    "\(text): the enrolled fingers or face changed, or the device was reset; call `reset` "
                        + "and let the person log in again")
            case (Self.ofSecurity, Int(errSecParam)):
                self = .corrupt(
                    "\(text): an entry does not belong to its key, or was changed; call `reset` and let the "
                        + "person log in again")
            case (Self.ofSecurity, _): self.init(OSStatus(truncatingIfNeeded: code), in: call)
            default: self = .unavailable("\(text): try again")
            }
        }

        /// `NSOSStatusErrorDomain`.
        private static let ofSecurity = "NSOSStatusErrorDomain"
        /// `TKErrorDomain`, with `TKError.Code.corruptedData` and `authenticationNeeded`:
        /// https://developer.apple.com/documentation/cryptotokenkit/tkerror-swift.struct/code
        private static let ofSecureEnclave = "CryptoTokenKit"
        private static let corruptedData = -3
        private static let authenticationNeeded = -9
    }
#endif
