package com.example.app

import android.app.Activity
import android.os.Bundle
import app.switchback.LoginOutcome
import app.switchback.Mode
import app.switchback.Provider
import app.switchback.Purpose
import app.switchback.SwitchbackConfig
import app.switchback.android.Switchback
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.cancel
import kotlinx.coroutines.launch

class MainActivity : Activity() {
    private val scope = CoroutineScope(Dispatchers.Default)
    private lateinit var switchback: Switchback

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val provider = Provider.truid("https://id.example")
        val config = SwitchbackConfig(provider, Mode.direct("demo-app"), "https://app.example/callback")
        switchback = Switchback(this, config)
        scope.launch {
            val outcome = switchback.logIn(this@MainActivity, Purpose.LOGIN)
            runOnUiThread { title = if (outcome is LoginOutcome.LoggedIn) "Hello" else "Not logged in" }
        }
    }

    override fun onDestroy() {
        scope.cancel()
        switchback.close()
        super.onDestroy()
    }
}
