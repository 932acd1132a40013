package app.switchback.android

import android.app.Activity
import android.content.ComponentName
import android.content.Intent
import android.net.Uri
import android.os.Build
import app.switchback.AttemptId
import app.switchback.internal.Browser
import app.switchback.internal.Facts
import app.switchback.internal.Handler
import app.switchback.internal.HostState
import app.switchback.internal.Login
import app.switchback.internal.Question
import app.switchback.internal.checkAndroidLinks
import java.io.File
import org.json.JSONArray
import org.json.JSONObject
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Before
import org.junit.Rule
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.ParameterizedRobolectricTestRunner
import org.robolectric.ParameterizedRobolectricTestRunner.Parameters
import org.robolectric.Robolectric
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.util.ReflectionHelpers

/**
 * Runs the cases of `tests/vectors/android-links.json` on a phone that is like the facts of the case: the library
 * gathers these facts, the check has the expected result, the login opens what the plan says, and the system opens
 * the link with the predicted app.
 */
@RunWith(ParameterizedRobolectricTestRunner::class)
@Config(sdk = [36], shadows = [Device.Packages::class, Device.Starts::class])
internal class LinkVectorsTest(@Suppress("unused") private val name: String, private val case: JSONObject) {
    @get:Rule
    val app = TestApp()

    private val context = RuntimeEnvironment.getApplication()
    private val facts = facts(case.getJSONObject("facts"))
    private val question = question(case.getJSONObject("question"))

    /** What the phone says about the host. */
    private val domains = object : DomainVerification {
        override val mayOpenLinks: Boolean? get() = facts.mayOpenLinks

        override fun stateOf(host: String): HostState? = facts.host
    }

    @Before
    fun makePhone() {
        ReflectionHelpers.setStaticField(Build.VERSION::class.java, "SDK_INT", facts.apiLevel.toInt())
        Device.reset()
        shadowOf(context.packageManager).removeActivity(ComponentName(context, RedirectActivity::class.java))
        facts.browsers.forEach(Device::installBrowser)
        install(facts.redirect, question.redirectUri)
        install(facts.authorization, question.authorizationUrl)
        facts.redirectOpens?.let { Device.choose(question.redirectUri, it) }
        facts.authorization.firstOrNull { it.isIdentityApp() }?.let { Device.choose(question.authorizationUrl, it.`package`) }
    }

    private fun Handler.isIdentityApp() = `package` != facts.`package` && !isBrowser()

    private fun Handler.isBrowser() = facts.browsers.any { it.`package` == `package` }

    private fun install(handlers: List<Handler>, url: String) = handlers.filterNot { it.isBrowser() }.forEach {
        Device.install(it.`package`, url, it.activity.ifEmpty { "Link" }, it.isExported)
    }

    @Test
    fun `the login opens and comes back as predicted`() {
        val found = DeviceFacts(context) { domains }.gather(question.authorizationUrl, question.redirectUri)
        assertEquals(facts.comparable(), found.comparable())

        val check = checkAndroidLinks(question, found).forApps()
        assertEquals(case.getString("returns"), check.returns.name.lowercase())
        assertEquals(strings(case.getJSONArray("warnings")), check.warnings.map { it.code })
        val plan = check.steps.filterNot { it.isLeftOut }
        assertEquals(strings(case.getJSONArray("plan")), plan.map { it.inVectors() })

        assertEquals(plan.map { it.opens }, opened(check))
        assertEquals(check.returns, returned())
    }

    /** What a login opens, one way after the other. */
    private fun opened(check: LinkCheck): List<LinkCheck.Opens> {
        val activity = Robolectric.buildActivity(Activity::class.java).get()
        val plan = LoginPlan(Uri.parse(question.redirectUri), check, facts.browsers.map { it.`package` }.toSet())
        val login = OpenLogin(AttemptId("id"), Uri.parse(question.authorizationUrl), plan, DeviceFacts(context) { domains }) { null }
        val opened = generateSequence(login.openWith(activity)) { login.openWith(activity, after = it.opens) }.map { it.opens }.toList()
        val started = generateSequence { shadowOf(activity).nextStartedActivityForResult?.intent }.toList().reversed()
        assertEquals(opened.size, started.size)
        opened.zip(started).forEach { (opens, intent) ->
            assertEquals(opens == LinkCheck.Opens.AUTH_TAB, intent.hasExtra(BrowserIntents.EXTRA_AUTH_TAB))
            assertEquals(opens == LinkCheck.Opens.IDENTITY_APP, intent.`package` == null)
        }
        return opened
    }

    /** What the system does when a browser opens the link. */
    private fun returned(): LinkCheck.Returns {
        val link = Intent(Intent.ACTION_VIEW, Uri.parse("${question.redirectUri}?code=a&state=b")).addCategory(Intent.CATEGORY_BROWSABLE)
        val opens = context.packageManager.resolveActivity(link, 0)?.activityInfo?.packageName
        return when {
            opens == null -> LinkCheck.Returns.NOTHING
            opens == DeviceFacts.SYSTEM -> LinkCheck.Returns.ASKS
            opens == context.packageName -> LinkCheck.Returns.THIS_APP
            facts.browsers.any { it.`package` == opens } -> LinkCheck.Returns.BROWSER
            else -> LinkCheck.Returns.OTHER_APP
        }
    }

    private fun LinkCheck.Step.inVectors(): String {
        val isPage = opens == LinkCheck.Opens.CUSTOM_TAB || opens == LinkCheck.Opens.BROWSER
        return name + (if (isEphemeral) " ephemeral" else "") + (if (isPage && !needsTap) " no-tap" else "")
    }

    /** Without what the check does not use: the order, and the browsers among the handlers. */
    private fun Facts.comparable() = copy(
        redirect = redirect.filterNot { it.isBrowser() }.map { it.named() }.sortedBy { "$it" },
        authorization = authorization.filterNot { it.isBrowser() }.map { it.named() }.sortedBy { "$it" },
        browsers = browsers.sortedBy { it.`package` },
    )

    private fun Handler.named() = copy(activity = activity.ifEmpty { "Link" })

    companion object {
        @JvmStatic
        @Parameters(name = "{0}")
        fun cases(): List<Array<Any>> {
            val text = File(System.getProperty("switchback.vectors")!!, "android-links.json").readText()
            val cases = objects(JSONObject(text).getJSONArray("cases"))
            assertTrue(cases.size >= 52)
            return cases.map { arrayOf(it.getString("name"), it) }
        }

        private fun question(json: JSONObject) = Question(
            login = Login.valueOf(json.getString("login").uppercase()),
            authorizationUrl = json.getString("authorization_url"),
            redirectUri = json.getString("redirect_uri"),
            ephemeral = json.optBoolean("ephemeral"),
            browsers = json.optJSONArray("browsers")?.let(::strings).orEmpty(),
        )

        private fun facts(json: JSONObject) = Facts(
            apiLevel = json.getInt("api_level").toUInt(),
            `package` = json.getString("package"),
            redirect = handlers(json.optJSONArray("redirect")),
            redirectOpens = json.text("redirect_opens"),
            host = json.text("host")?.let { HostState.valueOf(it.uppercase()) },
            mayOpenLinks = if (json.has("may_open_links")) json.getBoolean("may_open_links") else null,
            authorization = handlers(json.optJSONArray("authorization")),
            browsers = json.optJSONArray("browsers")?.let(::objects).orEmpty().map {
                Browser(
                    it.getString("package"), it.optBoolean("is_default"), it.optBoolean("custom_tab"),
                    it.optBoolean("auth_tab"), it.optBoolean("ephemeral"),
                )
            },
        )

        private fun handlers(json: JSONArray?): List<Handler> = json?.let(::objects).orEmpty().map {
            Handler(it.getString("package"), it.optString("activity"), it.optBoolean("is_exported", true))
        }

        private fun JSONObject.text(name: String): String? = if (isNull(name)) null else getString(name)

        private fun objects(json: JSONArray): List<JSONObject> = List(json.length(), json::getJSONObject)

        private fun strings(json: JSONArray): List<String> = List(json.length(), json::getString)
    }
}
