import SwitchbackTesting

func whatOnlyOurOwnTestsNeedIsNotSeen() async throws {
    // expected-error@+1 {{cannot find 'panics' in scope}}
    try panics()
    // expected-error@+1 {{cannot find 'bytesHeld' in scope}}
    _ = bytesHeld()
    // expected-error@+1 {{cannot find 'nothing' in scope}}
    nothing()
    // expected-error@+1 {{cannot find 'clientForTests' in scope}}
    _ = clientForTests
    // expected-error@+1 {{cannot find type 'Entropy' in scope}}
    let _: (any Entropy)? = nil
}
