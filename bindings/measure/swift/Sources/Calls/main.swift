import SwitchbackTestingBindings

let calls: UInt64 = 20_000
let times = 31

/// Prints what a call costs, in nanoseconds, several times.
func time(_ name: String, _ call: () -> Void) {
    let clock = ContinuousClock()
    for run in 0..<times {
        let took = clock.measure { for _ in 0..<calls { call() } }
        let nanoseconds = UInt64(took.components.attoseconds / 1_000_000_000)
        // As in Kotlin.
        if run >= times / 3 { print(name, nanoseconds / calls) }
    }
}

let sample = Sample(number: 7, text: "a text", texts: ["one", "two"], maybe: nil)
time("nothing") { nothing() }
time("text") { _ = text(given: "a text of thirty-two characters.") }
time("record") { _ = record(given: sample) }
