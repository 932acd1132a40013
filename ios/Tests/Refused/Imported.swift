import SwitchbackBindings
import SwitchbackTestingBindings

// A module that imports a module over generated code sees nothing of that code.

func theGeneratedCodeIsEmptyToAnApp() throws {
    // expected-error@+1 {{cannot find type 'Client' in scope}}
    let _: Client? = nil
    // expected-error@+1 {{cannot find type 'HttpCompletion' in scope}}
    let _: HttpCompletion? = nil
    // expected-error@+1 {{cannot find 'truidStructuredName' in scope}}
    _ = truidStructuredName
    // expected-error@+1 {{cannot find 'panics' in scope}}
    try panics()
}
