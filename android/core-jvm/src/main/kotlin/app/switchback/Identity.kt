package app.switchback

/**
 * What a person can be asked to share. The constants are Truid's; any other key can be asked for as
 * well: `DataPoint("example.org/data-point/shoe-size")`.
 *
 * Truid has confirmed the keys of [BIRTHDATE], [EMAIL] and [NAME]. Those of the others are a guess from its
 * guide.
 *
 * @property key as it is sent in a scope
 */
public class DataPoint(public val key: String) {
    override fun equals(other: Any?): Boolean = other is DataPoint && other.key == key

    override fun hashCode(): Int = key.hashCode()

    override fun toString(): String = key

    public companion object {
        private fun truid(name: String) = DataPoint("truid.app/data-point/$name")

        /** The postal address. */
        public val ADDRESS: DataPoint = truid("address")

        /** The date of birth. */
        public val BIRTHDATE: DataPoint = truid("birthdate")

        /** The e-mail address. */
        public val EMAIL: DataPoint = truid("email")

        /** The gender. */
        public val GENDER: DataPoint = truid("gender")

        /** The country that issued the id document. */
        public val ID_DOCUMENT_ISSUING_COUNTRY: DataPoint = truid("id-document/issuing-country")

        /** The name as an authority confirms it. */
        public val LEGAL_NAME: DataPoint = truid("legal-name")

        /** The name that the person goes by. */
        public val NAME: DataPoint = truid("name")

        /** The nationality. */
        public val NATIONALITY: DataPoint = truid("nationality")

        /** The passport. */
        public val PASSPORT: DataPoint = truid("passport")

        /** The number of the passport. */
        public val PASSPORT_NUMBER: DataPoint = truid("passport-number")

        /** The Swedish personal number. */
        public val PERSONAL_NUMBER_SWE: DataPoint = truid("personal-number/swe")

        /** The telephone number. */
        public val PHONE_NUMBER: DataPoint = truid("phone-number")

        /** A picture of the face. */
        public val PORTRAIT_IMAGE: DataPoint = truid("portrait-image")

        /** The right to drive. *Guess.* */
        public val RIGHT_TO_DRIVE: DataPoint = truid("right-to-drive")

        /** All of Truid's that this version knows. */
        public val values: List<DataPoint> = listOf(
            ADDRESS, BIRTHDATE, EMAIL, GENDER, ID_DOCUMENT_ISSUING_COUNTRY, LEGAL_NAME, NAME, NATIONALITY,
            PASSPORT, PASSPORT_NUMBER, PERSONAL_NUMBER_SWE, PHONE_NUMBER, PORTRAIT_IMAGE,
            RIGHT_TO_DRIVE,
        )
    }
}

/**
 * A claim: data of a shared [DataPoint] in one format. The constants are Truid's; any other key can be
 * asked for as well.
 *
 * @property key as it is sent, `truid.app/claim/email/v1` for example
 */
public class ClaimType(public val key: String) {
    override fun equals(other: Any?): Boolean = other is ClaimType && other.key == key

    override fun hashCode(): Int = key.hashCode()

    override fun toString(): String = key

    public companion object {
        private fun truid(name: String) = ClaimType("truid.app/claim/$name")

        /** Postal address, in no guaranteed format. */
        public val ADDRESS: ClaimType = truid("address/v1")

        /** Date of birth, `YYYY-MM-DD`. */
        public val BIRTHDATE: ClaimType = truid("birthdate/v1")

        /** E-mail address. */
        public val EMAIL: ClaimType = truid("email/v1")

        /** Family names; may be absent. */
        public val FAMILY_NAME: ClaimType = truid("family-name/v1")

        /** `M`, `F` or `X`. */
        public val GENDER: ClaimType = truid("gender/v1")

        /** Given names; may be absent. */
        public val GIVEN_NAME: ClaimType = truid("given-name/v1")

        /** Country that issued the id document, ISO 3166 alpha-3. */
        public val ID_DOCUMENT_ISSUING_COUNTRY: ClaimType = truid("id-document/issuing-country/v1")

        /** The name in international spelling. */
        public val INTERNATIONAL_NAME: ClaimType = truid("international-name/v1")

        /** The full legal name. */
        public val LEGAL_NAME: ClaimType = truid("legal-name/v1")

        /** The full name, in no guaranteed format. */
        public val NAME: ClaimType = truid("name/v1")

        /** Nationality, ISO 3166 alpha-3. */
        public val NATIONALITY: ClaimType = truid("nationality/v1")

        /** Passport number. */
        public val PASSPORT_NUMBER: ClaimType = truid("passport-number/v1")

        /** Swedish personal number, ten digits. */
        public val PERSONAL_NUMBER_SWE_10: ClaimType = truid("personal-number/swe-10/v1")

        /** Telephone number, E.164. */
        public val PHONE_NUMBER: ClaimType = truid("phone-number/v1")

        /** Portrait: [Presentation.portraitImage] reads it. */
        public val PORTRAIT_IMAGE: ClaimType = truid("portrait-image/v1")

        /** The right to drive. */
        public val RIGHT_TO_DRIVE: ClaimType = truid("right-to-drive/v1")

        /** The name in parts: [Presentation.structuredName] reads it. */
        public val STRUCTURED_NAME: ClaimType = truid("structured-name/v1")

        /** All of Truid's that this version knows. */
        public val values: List<ClaimType> = listOf(
            ADDRESS, BIRTHDATE, EMAIL, FAMILY_NAME, GENDER, GIVEN_NAME, ID_DOCUMENT_ISSUING_COUNTRY,
            INTERNATIONAL_NAME, LEGAL_NAME, NAME, NATIONALITY, PASSPORT_NUMBER, PERSONAL_NUMBER_SWE_10,
            PHONE_NUMBER, PORTRAIT_IMAGE, RIGHT_TO_DRIVE, STRUCTURED_NAME,
        )
    }
}

/**
 * Who the person is, as a presentation of the claims that were asked for. Printed, it shows which claims
 * there are.
 */
public class Presentation internal constructor(private val core: PresentationCore) {
    /** Who: stable for this person at this service, and different at every other. */
    public val subject: String get() = core.subject

    /** Every claim, in the order in which they came. */
    public val claims: List<Claim> get() = core.claims

    /** What came beside the claims, as a JSON object. */
    public val more: String get() = core.more

    /** The name in parts, where [ClaimType.STRUCTURED_NAME] came and can be read. */
    public val structuredName: StructuredName? get() = core.structuredName

    /** The portrait, where [ClaimType.PORTRAIT_IMAGE] came and can be read. */
    public val portraitImage: PortraitImage? get() = core.portraitImage

    /** The text of a claim, where it came and is a text. */
    public operator fun get(type: ClaimType): String? = claim(type)?.text

    /** The value of a claim, where it came. */
    public fun claim(type: ClaimType): ClaimValue? = core.claim(type)

    override fun toString(): String = "Presentation(claims=${claims.map { it.type.key }})"
}

/**
 * One claim. Printed, it shows its type.
 *
 * @property type which claim it is
 * @property value what it says
 * @property more what came beside it, as a JSON object
 */
public class Claim internal constructor(public val type: ClaimType, public val value: ClaimValue, public val more: String) {
    override fun toString(): String = "$type [redacted]"
}

/**
 * What a claim says: a text, or anything else. Printed, it shows nothing of it.
 *
 * @property text what it says, where it is a text
 * @property json what it says as JSON, where it is anything else
 */
public class ClaimValue internal constructor(public val text: String?, public val json: String?) {
    override fun toString(): String = "[redacted]"
}

/**
 * A name in parts, as Truid has it. For showing it use [fullName]: not every country writes the given
 * name first. Printed, it shows nothing of the person.
 *
 * @property fullName the whole name in its right order
 * @property givenName given names
 * @property familyName family names
 * @property more everything else, as a JSON object
 */
public class StructuredName internal constructor(
    public val fullName: String?,
    public val givenName: String?,
    public val familyName: String?,
    public val more: String,
) {
    override fun toString(): String = "StructuredName([redacted])"
}

/**
 * A portrait, as Truid has it. Printed, it shows nothing of the person.
 *
 * @property format its media type, `image/png` for example
 * @property image the picture; absent where it came in something that is not base64
 * @property more everything else, as a JSON object
 */
public class PortraitImage internal constructor(
    public val format: String,
    public val image: ByteArray?,
    public val more: String,
) {
    override fun toString(): String = "PortraitImage([redacted])"
}

/**
 * Who the person is, as OpenID user info. Everything but [subject] may be absent. Printed, it shows
 * nothing of the person.
 *
 * @property subject who: stable for this person at this service, and different at every other (a
 *   pairwise identifier, OpenID Connect Core §8.1)
 * @property issuer who says so
 * @property audience for whom
 * @property name the full name
 * @property givenName given names
 * @property familyName family names
 * @property birthdate `YYYY-MM-DD`
 * @property gender `female`, `male` or `other`
 * @property email e-mail address
 * @property emailVerified whether the service verified it
 * @property phoneNumber telephone number, E.164
 * @property phoneNumberVerified whether the service verified it
 * @property address the postal address as one text
 * @property more everything else, as a JSON object
 */
public class UserInfo(
    public val subject: String,
    public val issuer: String? = null,
    public val audience: String? = null,
    public val name: String? = null,
    public val givenName: String? = null,
    public val familyName: String? = null,
    public val birthdate: String? = null,
    public val gender: String? = null,
    public val email: String? = null,
    public val emailVerified: Boolean? = null,
    public val phoneNumber: String? = null,
    public val phoneNumberVerified: Boolean? = null,
    public val address: String? = null,
    public val more: String = "{}",
) {
    override fun toString(): String = "UserInfo([redacted])"
}
