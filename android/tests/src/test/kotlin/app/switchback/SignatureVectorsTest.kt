package app.switchback

import app.switchback.support.bounded
import app.switchback.support.property
import app.switchback.support.text
import java.io.File
import java.util.Base64
import kotlin.time.Duration.Companion.seconds
import kotlinx.serialization.json.Json
import kotlinx.serialization.json.JsonObject
import kotlinx.serialization.json.JsonPrimitive
import kotlinx.serialization.json.boolean
import kotlinx.serialization.json.contentOrNull
import kotlinx.serialization.json.jsonArray
import kotlinx.serialization.json.jsonObject
import kotlinx.serialization.json.jsonPrimitive
import kotlinx.serialization.json.long
import kotlinx.serialization.json.longOrNull
import org.junit.jupiter.api.Assertions.assertEquals
import org.junit.jupiter.api.Assertions.assertTrue
import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.DynamicTest.dynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

/** Verifies all signatures in `tests/vectors/jades/`. Rust and Swift verify them, too. */
class SignatureVectorsTest {
    @Test
    fun `there are enough mutations`() {
        val wrong = files.flatMap(::cases).count { it.expected("check") != null }
        assertTrue(wrong >= 60, "$wrong")
    }

    @TestFactory
    fun `signatures match the vectors`(): List<DynamicTest> =
        files.flatMap(::cases).map { case -> dynamicTest(case.text("name")) { verify(case) } }

    private fun verify(case: JsonObject) = bounded {
        val verifier = SignatureVerifier(
            Provider.truid(),
            case.files("anchors"),
            timestampRoots = case.files("timestamp_anchors"),
            crls = case.files("crls"),
        )
        val report = verifier.verify(
            case.text("signature"),
            document = (case["document"] as? JsonObject)?.digest(),
            id = case.maybe("id"),
            contentType = case.maybe("content_type"),
            userMessage = case.maybe("user_message"),
            atEpochSeconds = case.getValue("time").jsonPrimitive.long,
            maxAge = case["max_age"]?.jsonPrimitive?.longOrNull?.seconds,
        )
        val firstWrong = report.checks.find { it.subIndication != null }
        val found = listOf(report.indication.text, report.subIndication?.text, report.atClaimedTime.text, firstWrong?.name)
        val expected = listOf("indication", "sub_indication", "at_claimed_time", "check").map { case.expected(it) }
        report.subIndication?.let { assertTrue(it in SignatureReport.SubIndication.values, it.text) }
        assertEquals(expected, found) { report.checks.joinToString("\n") { "$it: ${it.text}" } }
        case.expected("level")?.let { assertEquals(it, report.summary?.level) }
    }

    private companion object {
        val files: List<File> =
            File(property("switchback.vectors"), "jades").listFiles { file -> file.extension == "json" }!!.sorted()

        fun cases(file: File): List<JsonObject> =
            Json.parseToJsonElement(file.readText()).jsonObject.getValue("cases").jsonArray.flatMap { moments(it.jsonObject) }

        /** The case; and with the members of `later`, if it has them, the same verification at a later time. */
        fun moments(case: JsonObject): List<JsonObject> {
            val later = case["later"]?.jsonObject ?: return listOf(case)
            val name = JsonPrimitive("${case.text("name")}, later")
            return listOf(case, JsonObject(case + later + ("name" to name)))
        }

        fun JsonObject.maybe(name: String): String? = this[name]?.jsonPrimitive?.contentOrNull

        fun JsonObject.expected(name: String): String? = getValue("expected").jsonObject.maybe(name)

        fun JsonObject.files(name: String): List<ByteArray> =
            get(name)?.jsonArray.orEmpty().map { it.jsonPrimitive.content.toByteArray() }

        fun JsonObject.digest(): DocumentDigest = DocumentDigest.sha256(
            Base64.getUrlDecoder().decode(text("sha256")),
            base64url = getValue("b64").jsonPrimitive.boolean,
        )
    }
}
