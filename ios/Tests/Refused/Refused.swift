import Foundation
import Switchback

/// What must not compile. The compiler is told to expect each error, and complains where none is.
func idsAreNoTexts(client: SwitchbackClient, session: Session) async throws {
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'AttemptID'}}
    try await client.cancelLogin("5e551011")
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'SessionID'}}
    _ = try await client.session("5e551011")
    // expected-error@+1 {{cannot convert value of type 'SessionID' to expected argument type 'AttemptID'}}
    _ = try await client.timeline(session.id)
}

func theGeneratedCodeIsNotSeen() {
    // expected-error@+1 {{cannot find 'uniffiEnsureSwitchbackBindingsInitialized' in scope}}
    uniffiEnsureSwitchbackBindingsInitialized()
    // expected-error@+1 {{cannot find type 'HttpCompletion' in scope}}
    let _: HttpCompletion? = nil
}

func tokensAreNoTexts(session: Session) async throws {
    // expected-error@+1 {{cannot convert value of type 'AccessToken' to specified type 'String'}}
    let _: String = try await session.accessToken()
}
