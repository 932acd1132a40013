package app.switchback

/**
 * Data that an app can ask a person to share. The constants are Truid's; an app can use any other key:
 * `DataPoint("example.org/data-point/shoe-size")`.
 *
 * Truid has confirmed the keys of [BIRTHDATE], [EMAIL] and [NAME]. The other keys are a guess from
 * Truid's guide.
 *
 * @property text the key that is sent in a scope
 */
public class DataPoint(public val text: String) {
    override fun equals(other: Any?): Boolean = other is DataPoint && other.text == text

    override fun hashCode(): Int = text.hashCode()

    override fun toString(): String = text

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

        /** The legal name, as an authority confirms it. */
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

        /** All data points of Truid that this version knows. */
        public val values: List<DataPoint> = listOf(
            ADDRESS, BIRTHDATE, EMAIL, GENDER, ID_DOCUMENT_ISSUING_COUNTRY, LEGAL_NAME, NAME, NATIONALITY,
            PASSPORT, PASSPORT_NUMBER, PERSONAL_NUMBER_SWE, PHONE_NUMBER, PORTRAIT_IMAGE,
            RIGHT_TO_DRIVE,
        )
    }
}

/**
 * The type of a claim: the data of a shared [DataPoint], in one format. The constants are Truid's; an app
 * can use any other key.
 *
 * @property text the key that is sent, for example `truid.app/claim/email/v1`
 */
public class ClaimType(public val text: String) {
    override fun equals(other: Any?): Boolean = other is ClaimType && other.text == text

    override fun hashCode(): Int = text.hashCode()

    override fun toString(): String = text

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

        /** The portrait: [Presentation.portraitImage] decodes it. */
        public val PORTRAIT_IMAGE: ClaimType = truid("portrait-image/v1")

        /** The right to drive. */
        public val RIGHT_TO_DRIVE: ClaimType = truid("right-to-drive/v1")

        /** The name in parts: [Presentation.structuredName] decodes it. */
        public val STRUCTURED_NAME: ClaimType = truid("structured-name/v1")

        /** All claim types of Truid that this version knows. */
        public val values: List<ClaimType> = listOf(
            ADDRESS, BIRTHDATE, EMAIL, FAMILY_NAME, GENDER, GIVEN_NAME, ID_DOCUMENT_ISSUING_COUNTRY,
            INTERNATIONAL_NAME, LEGAL_NAME, NAME, NATIONALITY, PASSPORT_NUMBER, PERSONAL_NUMBER_SWE_10,
            PHONE_NUMBER, PORTRAIT_IMAGE, RIGHT_TO_DRIVE, STRUCTURED_NAME,
        )
    }
}

/**
 * Facts about the person: a presentation of the claims that the app asked for. Its text shows which
 * claims there are, but not their values.
 */
public class Presentation internal constructor(private val core: PresentationCore) {
    /** An identifier of the person: stable at this service, and different at every other service. */
    public val subject: String get() = core.subject

    /** Every claim, in the order in which the service sent them. */
    public val claims: List<Claim> get() = core.claims

    /** Everything that the service sent beside the claims, as a JSON object. */
    public val more: String get() = core.more

    /** The name in parts; null if there is no [ClaimType.STRUCTURED_NAME], or it cannot be decoded. */
    public val structuredName: StructuredName? get() = core.structuredName

    /** The portrait; null if there is no [ClaimType.PORTRAIT_IMAGE], or it cannot be decoded. */
    public val portraitImage: PortraitImage? get() = core.portraitImage

    /** The text of a claim; null if the service did not send it, or it is not a text. */
    public operator fun get(type: ClaimType): String? = claim(type)?.text

    /** The value of a claim; null if the service did not send it. */
    public fun claim(type: ClaimType): ClaimValue? = core.claim(type)

    override fun toString(): String = "Presentation(claims=${claims.map { it.type.text }})"
}

/**
 * One claim. Its text shows only the type.
 *
 * @property type the type of the claim
 * @property value the value of the claim
 * @property more everything that the service sent beside the value, as a JSON object
 */
public class Claim internal constructor(public val type: ClaimType, public val value: ClaimValue, public val more: String) {
    override fun toString(): String = "$type [redacted]"
}

/**
 * The value of a claim: a text, or any other JSON. Its text shows nothing of the value.
 *
 * @property text the value, if it is a text
 * @property json the value as JSON, if it is not a text
 */
public class ClaimValue internal constructor(public val text: String?, public val json: String?) {
    override fun toString(): String = "[redacted]"
}

/**
 * A name in parts, in Truid's format. Show [fullName] to people: not every country writes the given name
 * first. Its text shows nothing of the person.
 *
 * @property fullName the whole name in its right order
 * @property givenName given names
 * @property familyName family names
 * @property more all other fields, as a JSON object
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
 * A portrait, in Truid's format. Its text shows nothing of the person.
 *
 * @property format the media type, for example `image/png`
 * @property image the picture; null if it is not in base64
 * @property more all other fields, as a JSON object
 */
public class PortraitImage internal constructor(
    public val format: String,
    public val image: ByteArray?,
    public val more: String,
) {
    override fun toString(): String = "PortraitImage([redacted])"
}

/**
 * Facts about the person, as OpenID user info. Every property except [subject] may be absent. Its text
 * shows nothing of the person.
 *
 * @property subject an identifier of the person: stable at this service, and different at every other
 *   service (a pairwise identifier, OpenID Connect Core §8.1)
 * @property issuer the issuer that states these facts
 * @property audience the client that they are for
 * @property name the full name
 * @property givenName given names
 * @property familyName family names
 * @property birthdate `YYYY-MM-DD`
 * @property gender `female`, `male` or `other`
 * @property email e-mail address
 * @property emailVerified whether the service verified the e-mail address
 * @property phoneNumber telephone number, E.164
 * @property phoneNumberVerified whether the service verified the telephone number
 * @property address the postal address as one text
 * @property more all other fields, as a JSON object
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
