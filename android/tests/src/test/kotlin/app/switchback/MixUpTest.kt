package app.switchback

import app.switchback.support.AppStore
import app.switchback.support.bounded
import app.switchback.support.requestFor
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.assertThrows

/** Two providers share one redirect URI: RFC 9700 section 4.4. */
class MixUpTest {
    private fun client(baseUrl: String, store: SecureStore = AppStore()): SwitchbackClient {
        val config = SwitchbackConfig(Provider.truid(baseUrl = baseUrl), Mode.direct("c"), "https://app.example/mix-up")
        return SwitchbackClient(config, Platform(store, opener = { false }))
    }

    @Test
    fun `no login begins while two clients share a redirect URI`() = bounded {
        val store = AppStore()
        val one = client("https://one.example", store)
        for (theirs in listOf(store, AppStore())) {
            client("https://two.example", theirs).use {
                for (client in listOf(one, it)) {
                    val error = assertThrows<SwitchbackException.Configuration> { client.logIn(requestFor()) }
                    assertTrue("https://app.example/mix-up" in error.message, error.message)
                }
            }
        }
        // The other clients are closed.
        assertEquals(LoginFailure.Code.NOT_OPENED, one.logIn(requestFor()).failure().code)
        one.close()
    }
}
