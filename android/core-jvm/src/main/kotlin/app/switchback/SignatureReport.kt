package app.switchback

import app.switchback.internal.CertificateSummary as RustCertificate
import app.switchback.internal.Level
import app.switchback.internal.SignatureCheck as RustCheck
import app.switchback.internal.SignatureReport as RustReport
import app.switchback.internal.SignatureSummary as RustSummary
import app.switchback.internal.TimeHeader

/**
 * What a verification found, in the words of ETSI EN 319 102-1. [isPassed] says whether to accept the
 * signature. Its text shows nothing of the document and of the person.
 *
 * @property indication the result
 * @property subIndication the reason; null if the result is [Indication.TOTAL_PASSED]
 * @property atClaimedTime the result if the signature was made at the time that it claims. It differs from
 *   [indication] where no timestamp proves that time, for example after the certificate has expired
 * @property checks the checks, in the order in which they were made
 * @property summary what the signature says about itself; null if it cannot be read. Believe it only if
 *   [indication] allows that
 */
public class SignatureReport internal constructor(
    public val indication: Indication,
    public val subIndication: SubIndication?,
    public val atClaimedTime: Indication,
    public val checks: List<Check>,
    public val summary: Summary?,
) {
    /** Whether every check passed: [indication] is [Indication.TOTAL_PASSED]. */
    public val isPassed: Boolean get() = indication == Indication.TOTAL_PASSED

    override fun toString(): String = listOfNotNull(indication, subIndication).joinToString(" / ")

    /**
     * The result of a verification. The standard has no others.
     *
     * @property text its name in the standard, for example `TOTAL-PASSED`
     */
    public enum class Indication(public val text: String) {
        /** Every check passed. */
        TOTAL_PASSED("TOTAL-PASSED"),

        /** The signature is wrong, or it is not of what was asked. */
        TOTAL_FAILED("TOTAL-FAILED"),

        /** Nothing shows that the signature is wrong, and what is here does not prove that it is right. */
        INDETERMINATE("INDETERMINATE"),
        ;

        override fun toString(): String = text
    }

    /**
     * The reason for a result that is not TOTAL-PASSED (ETSI EN 319 102-1, tables 5 and 6). With a reason whose
     * description does not say TOTAL-FAILED, the result is INDETERMINATE. A later version may add reasons.
     *
     * @property text its name in the standard, for example `HASH_FAILURE`
     */
    @JvmInline
    public value class SubIndication internal constructor(public val text: String) {
        override fun toString(): String = text

        public companion object {
            /** TOTAL-FAILED: the signature does not have the form that the standard demands. */
            public val FORMAT_FAILURE: SubIndication = SubIndication("FORMAT_FAILURE")

            /** TOTAL-FAILED: the document is not the signed one. */
            public val HASH_FAILURE: SubIndication = SubIndication("HASH_FAILURE")

            /** TOTAL-FAILED: the signature was not made with the key of the certificate. */
            public val SIG_CRYPTO_FAILURE: SubIndication = SubIndication("SIG_CRYPTO_FAILURE")

            /** TOTAL-FAILED: the certificate was revoked before the signature existed. */
            public val REVOKED: SubIndication = SubIndication("REVOKED")

            /** TOTAL-FAILED: the signature was made after the certificate had expired. */
            public val EXPIRED: SubIndication = SubIndication("EXPIRED")

            /** TOTAL-FAILED: the signature was made before the certificate was valid. */
            public val NOT_YET_VALID: SubIndication = SubIndication("NOT_YET_VALID")

            /** The signature is not as the app demands: another id or message, for example. */
            public val SIG_CONSTRAINTS_FAILURE: SubIndication = SubIndication("SIG_CONSTRAINTS_FAILURE")

            /** The certificate chain is not as the verifier demands. */
            public val CHAIN_CONSTRAINTS_FAILURE: SubIndication = SubIndication("CHAIN_CONSTRAINTS_FAILURE")

            /** The certificates cannot be judged: they are in the wrong order, for example. */
            public val CERTIFICATE_CHAIN_GENERAL_FAILURE: SubIndication = SubIndication("CERTIFICATE_CHAIN_GENERAL_FAILURE")

            /** An algorithm is not one that this library knows, or it is too weak. */
            public val CRYPTO_CONSTRAINTS_FAILURE_NO_POE: SubIndication = SubIndication("CRYPTO_CONSTRAINTS_FAILURE_NO_POE")

            /** The document was not given. */
            public val SIGNED_DATA_NOT_FOUND: SubIndication = SubIndication("SIGNED_DATA_NOT_FOUND")

            /** The signature has no signing certificate, or another one than it names. */
            public val NO_SIGNING_CERTIFICATE_FOUND: SubIndication = SubIndication("NO_SIGNING_CERTIFICATE_FOUND")

            /** No chain leads to a trusted root. */
            public val NO_CERTIFICATE_CHAIN_FOUND: SubIndication = SubIndication("NO_CERTIFICATE_CHAIN_FOUND")

            /** The certificate was revoked, and nothing proves that the signature is older. */
            public val REVOKED_NO_POE: SubIndication = SubIndication("REVOKED_NO_POE")

            /** An authority's certificate was revoked, and nothing proves that the signature is older. */
            public val REVOKED_CA_NO_POE: SubIndication = SubIndication("REVOKED_CA_NO_POE")

            /** A certificate is not valid at this time, and nothing proves that it was when the signature was made. */
            public val OUT_OF_BOUNDS_NO_POE: SubIndication = SubIndication("OUT_OF_BOUNDS_NO_POE")

            /** A proof that the signature existed at a time is missing. */
            public val NO_POE: SubIndication = SubIndication("NO_POE")

            /** The times of the signature and of its timestamps contradict each other. */
            public val TIMESTAMP_ORDER_FAILURE: SubIndication = SubIndication("TIMESTAMP_ORDER_FAILURE")

            /** A revocation list is missing or too old. */
            public val TRY_LATER: SubIndication = SubIndication("TRY_LATER")

            /** Another reason, which the check's text explains. */
            public val GENERIC: SubIndication = SubIndication("GENERIC")

            /** All reasons that this version knows. */
            public val values: List<SubIndication> = listOf(
                FORMAT_FAILURE, HASH_FAILURE, SIG_CRYPTO_FAILURE, REVOKED, EXPIRED, NOT_YET_VALID,
                SIG_CONSTRAINTS_FAILURE, CHAIN_CONSTRAINTS_FAILURE, CERTIFICATE_CHAIN_GENERAL_FAILURE,
                CRYPTO_CONSTRAINTS_FAILURE_NO_POE, SIGNED_DATA_NOT_FOUND, NO_SIGNING_CERTIFICATE_FOUND,
                NO_CERTIFICATE_CHAIN_FOUND, REVOKED_NO_POE, REVOKED_CA_NO_POE, OUT_OF_BOUNDS_NO_POE, NO_POE,
                TIMESTAMP_ORDER_FAILURE, TRY_LATER, GENERIC,
            )
        }
    }

    /**
     * One check.
     *
     * @property name a stable name, for example `document-digest`
     * @property outcome the outcome
     * @property text one sentence for people, in English: what was found, and what to do about it
     * @property section the section of the standard that demands the check
     * @property subIndication the reason that this check is for [SignatureReport.subIndication]; null if it
     *   passed
     */
    public class Check internal constructor(
        public val name: String,
        public val outcome: Outcome,
        public val text: String,
        public val section: String,
        public val subIndication: SubIndication?,
    ) {
        override fun toString(): String = "$name: ${outcome.name.lowercase()}"
    }

    /** The outcome of one check. */
    public enum class Outcome {
        /** The check passed. */
        PASSED,

        /** The check failed: the signature is wrong. */
        FAILED,

        /** The check could not be decided. */
        UNDECIDED,

        /** The check was not made, because an earlier one failed or because nothing asks for it. */
        SKIPPED,

        /** A remark about conformance, which does not change the result. */
        REMARK,
    }

    /**
     * What a signature says about itself. Its text shows only the level.
     *
     * @property level the level: `B-B`, or `B-T` with a timestamp
     * @property claimedAtEpochSeconds the signing time that the signature claims, in seconds since 1970-01-01
     *   UTC; null if it has none. A claim proves nothing
     * @property claimedIn the header that has this time: `iat` or `sigT`
     * @property provenAtEpochSeconds the earliest time for which a valid timestamp proves that the signature
     *   existed, in seconds since 1970-01-01 UTC; null if there is none
     * @property provenBy the subject of the timestamp authority's certificate
     * @property document the signed document; null if the signature names none
     * @property certificates the certificates of the chain, the signing certificate first
     * @property userMessage the text that the identity app showed to the person; null if there is none
     * @property presentation the person's claims; null if the signature has none
     * @property subject the person's identifier in the signing certificate, as in [Presentation.subject];
     *   null if there is none
     * @property header the other members of the protected header, as a JSON object
     */
    public class Summary internal constructor(
        public val level: String,
        public val claimedAtEpochSeconds: Long?,
        public val claimedIn: String?,
        public val provenAtEpochSeconds: Long?,
        public val provenBy: String?,
        public val document: Document?,
        public val certificates: List<Certificate>,
        public val userMessage: String?,
        public val presentation: Presentation?,
        public val subject: String?,
        public val header: String,
    ) {
        override fun toString(): String = "Summary(level=$level)"
    }

    /**
     * The document that a signature names. Its text shows only the content type.
     *
     * @property id the id, a URI
     * @property digest SHA-256, as base64url without padding
     * @property contentType the content type, as it is in the signature; null if there is none
     */
    public class Document internal constructor(
        public val id: String,
        public val digest: String,
        public val contentType: String?,
    ) {
        override fun toString(): String = "Document(contentType=$contentType)"
    }

    /**
     * One certificate. Its text shows only the issuer: the subject of the first one is the person.
     *
     * @property subject the subject (RFC 4514)
     * @property issuer the issuer (RFC 4514)
     * @property serial the serial number, hexadecimal
     * @property notBeforeEpochSeconds the beginning of the validity, in seconds since 1970-01-01 UTC
     * @property notAfterEpochSeconds the end of the validity, in seconds since 1970-01-01 UTC
     * @property sha256 SHA-256 of the certificate, hexadecimal
     * @property attributes the parts of the subject, in the order of the certificate
     */
    public class Certificate internal constructor(
        public val subject: String,
        public val issuer: String,
        public val serial: String,
        public val notBeforeEpochSeconds: Long,
        public val notAfterEpochSeconds: Long,
        public val sha256: String,
        public val attributes: List<Attribute>,
    ) {
        override fun toString(): String = "Certificate(issuer=$issuer)"
    }

    /**
     * One part of the subject of a certificate. Its text shows only the name.
     *
     * @property name the short name in upper case (`CN`, `PSEUDONYM`), or an object identifier
     * @property value the value, unchanged: it can contain any character
     */
    public class Attribute internal constructor(public val name: String, public val value: String) {
        override fun toString(): String = name
    }
}

internal fun RustReport.forApps() = SignatureReport(
    SignatureReport.Indication.valueOf(indication.name),
    subIndication?.let(SignatureReport::SubIndication),
    SignatureReport.Indication.valueOf(atClaimedTime.name),
    checks.map { it.forApps() },
    summary?.forApps(),
)

private fun RustCheck.forApps() = SignatureReport.Check(
    name, SignatureReport.Outcome.valueOf(outcome.name), text, section, subIndication?.let(SignatureReport::SubIndication),
)

private fun RustSummary.forApps() = SignatureReport.Summary(
    if (level == Level.BASELINE_T) "B-T" else "B-B",
    claimedTime?.time,
    claimedTime?.let { if (it.header == TimeHeader.IAT) "iat" else "sigT" },
    provenTime?.time,
    provenTime?.authority,
    document?.run { SignatureReport.Document(id, digest, contentType) },
    certificates.map { it.forApps() },
    userMessage,
    presentation?.let { Presentation(RustPresentationCore(it)) },
    subject,
    header,
)

private fun RustCertificate.forApps() = SignatureReport.Certificate(
    subject, issuer, serial, notBefore, notAfter, sha256, attributes.map { SignatureReport.Attribute(it.name, it.value) },
)
