import Switchback

// Code that must not compile. The compiler fails if an expected error is missing, or if there is
// another error.

func anAttemptIsNoText(client: SwitchbackClient) async throws {
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'AttemptID'}}
    try await client.cancelLogin("5e551011")
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'AttemptID'}}
    _ = try await client.reopen("5e551011")
}

func aSessionIsNoText(client: SwitchbackClient) async throws {
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'SessionID'}}
    _ = try await client.session("5e551011")
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'SessionID'}}
    try await client.removeSession("5e551011")
}

func aSessionIsNoAttempt(client: SwitchbackClient, session: Session) async throws {
    // expected-error@+1 {{cannot convert value of type 'SessionID' to expected argument type 'AttemptID'}}
    try await client.cancelLogin(session.id)
}

func anAttemptIsNoSession(client: SwitchbackClient, login: PendingLogin) async throws {
    // expected-error@+1 {{cannot convert value of type 'AttemptID' to expected argument type 'SessionID'}}
    try await client.removeSession(login.id)
}

func anAccessTokenIsNoText(session: Session) async throws {
    // expected-error@+1 {{cannot convert value of type 'AccessToken' to specified type 'String'}}
    let _: String = try await session.accessToken()
    // expected-error@+1 {{cannot convert value of type 'String' to expected argument type 'AccessToken'}}
    _ = try await session.accessToken(after: "A1")
}
