/// https://developer.apple.com/documentation/corefoundation/cferror
public final class CFError: Error {
    let domain: String
    let code: Int

    package init(_ domain: String, _ code: Int) {
        self.domain = domain
        self.code = code
    }

    convenience init(_ status: OSStatus) {
        self.init("NSOSStatusErrorDomain", Int(status))
    }
}

/// https://developer.apple.com/documentation/corefoundation/cferrorgetdomain(_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func CFErrorGetDomain(_ err: CFError!) -> CFString! { err.domain }

/// https://developer.apple.com/documentation/corefoundation/cferrorgetcode(_:)
// swift-format-ignore: AlwaysUseLowerCamelCase
public func CFErrorGetCode(_ err: CFError!) -> CFIndex { err.code }

typealias ErrorPointer = UnsafeMutablePointer<Unmanaged<CFError>?>

/// Runs the work. If it throws, the error goes where the caller wants it, with a reference that the
/// caller releases.
func reporting<Value>(to pointer: ErrorPointer?, _ work: () throws -> Value) -> Value? {
    do {
        return try work()
    } catch let error as CFError {
        pointer?.pointee = .passRetained(error)
    } catch let refusal as Refusal {
        pointer?.pointee = .passRetained(CFError(refusal.status))
    } catch {
        pointer?.pointee = .passRetained(CFError(errSecInternalError))
    }
    return nil
}
