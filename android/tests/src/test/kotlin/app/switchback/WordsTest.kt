package app.switchback

import app.switchback.internal.AfterReinstall as RustAfterReinstall
import app.switchback.internal.Purpose as RustPurpose
import app.switchback.internal.Revocation as RustRevocation
import app.switchback.internal.SessionEnd as RustSessionEnd
import app.switchback.internal.TruidClaimType
import app.switchback.internal.TruidDataPoint
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertNotEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.Test

/** The constants match those of the native library. */
class WordsTest {
    @Test
    fun `a claim has the key that is sent`() {
        assertEquals(TruidClaimType.entries.map { it.key() }, ClaimType.values.map(ClaimType::text))
        assertEquals(TruidClaimType.PERSONAL_NUMBER_SWE10.key(), ClaimType.PERSONAL_NUMBER_SWE_10.text)
        assertEquals(TruidClaimType.NAME.key(), ClaimType.NAME.text)
    }

    @Test
    fun `a data point has the key that is sent`() {
        assertEquals(TruidDataPoint.entries.map { it.key() }, DataPoint.values.map(DataPoint::text))
        assertEquals(TruidDataPoint.EMAIL.key(), DataPoint.EMAIL.text)
    }

    @Test
    fun `every constant is under its own name`() {
        for ((type, values) in listOf(ClaimType::class to ClaimType.values, DataPoint::class to DataPoint.values)) {
            for (value in values) {
                val key = value.toString().substringAfter("/").substringAfter("/").removeSuffix("/v1")
                val name = key.uppercase().replace('-', '_').replace('/', '_')
                val constant = type.java.getDeclaredField(name).apply { isAccessible = true }.get(null)
                assertEquals(value, constant)
            }
        }
    }

    @Test
    fun `codes match those of the native library`() {
        assertEquals(RustPurpose.entries.map { it.name.lowercase() }, Purpose.values.map(Purpose::text))
        assertEquals(RustPurpose.entries.map { it.forApps() }, Purpose.values)
        assertEquals(RustSessionEnd.entries.map { it.forApps() }, SessionEnd.values)
        val told = listOf(Revocation.NOT_OFFERED, Revocation.NOT_NEEDED, Revocation.DONE, Revocation.FAILED)
        assertEquals(RustRevocation.entries.map { it.name.lowercase() }, told.map(Revocation::text))
        val kept = listOf(AfterReinstall.KEEP, AfterReinstall.WIPE)
        assertEquals(RustAfterReinstall.entries.map { it.name.lowercase() }, kept.map(AfterReinstall::text))
    }

    @Test
    fun `every failure has a description for developers`() {
        for (code in LoginFailure.Code.values) assertTrue(" " in code.message, code.text)
        assertEquals("new_one", LoginFailure(LoginFailure.Code("new_one")).message)
    }

    @Test
    fun `every outcome and error has a message for people`() {
        val outcomes = listOf(LoginOutcome.Declined(), LoginOutcome.LoggedIn(Session.fake()))
        val failures = LoginFailure.Code.values.map { LoginOutcome.Failed(LoginFailure(it)) }
        for (language in listOf("en", "sv", "fr", "nl", "de")) {
            val otherwise = Messages.text("nothing", language)
            for (outcome in outcomes + failures) assertNotEquals(otherwise, outcome.userMessage(language), outcome.code)
            for (end in SessionEnd.values) assertNotEquals(otherwise, end.userMessage(language), end.text)
            // A code that only a later version knows.
            assertEquals(otherwise, LoginFailure(LoginFailure.Code("new_one")).userMessage(language))
        }
        assertEquals(LoginOutcome.Declined().userMessage("en"), LoginOutcome.Declined().userMessage("fi"))
        assertNotEquals(LoginOutcome.Declined().userMessage("en"), LoginOutcome.Declined().userMessage("sv-SE"))
    }
}
