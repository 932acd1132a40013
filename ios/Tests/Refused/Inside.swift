import Foundation
import Switchback

func theGeneratedCodeIsNotSeen() {
    // expected-error@+1 {{cannot find type 'HttpCompletion' in scope}}
    let _: HttpCompletion? = nil
    // expected-error@+1 {{cannot find type 'SwitchbackBindings' in scope}}
    let _: SwitchbackBindings.Client? = nil
    // expected-error@+1 {{cannot find 'uniffiEnsureSwitchbackBindingsInitialized' in scope}}
    uniffiEnsureSwitchbackBindingsInitialized()
    // expected-error@+1 {{cannot find 'truidStructuredName' in scope}}
    _ = truidStructuredName
}

func whatTheLibraryForTestsNeedsIsNotSeen(store: any SecureStore) {
    // expected-error@+1 {{cannot find 'GeneratedStore' in scope}}
    _ = GeneratedStore(store)
    // expected-error@+1 {{cannot find 'Guarded' in scope}}
    _ = Guarded(0)
    // expected-error@+1 {{cannot find 'Timing' in scope}}
    _ = Timing.system
}

func appsCannotMakeSwitchbacksObjects(session: Session) {
    // expected-error@+1 {{'AccessToken' initializer is inaccessible due to 'internal' protection level}}
    _ = AccessToken("A1")
    // expected-error@+1 {{'SwitchbackError' initializer is inaccessible due to 'internal' protection level}}
    _ = SwitchbackError(.tryAgain, "no answer")
    // expected-error@+1 {{'Presentation' initializer is inaccessible due to 'internal' protection level}}
    _ = Presentation(subject: "me", claims: [])
    // expected-error@+1 {{'engine' is inaccessible due to 'internal' protection level}}
    _ = session.engine
    // expected-error@+1 {{'SessionEnd' initializer is inaccessible due to 'private' protection level}}
    _ = SessionEnd("tired")
}
