package com.example.app

import android.app.Activity
import android.os.Bundle
import app.switchback.Mode
import app.switchback.Platform
import app.switchback.Provider
import app.switchback.SwitchbackClient
import app.switchback.SwitchbackConfig
import app.switchback.android.store.KeystoreStore
import app.switchback.okhttp.OkHttpTransport
import okhttp3.OkHttpClient

class MainActivity : Activity() {
    private lateinit var client: SwitchbackClient

    override fun onCreate(savedInstanceState: Bundle?) {
        super.onCreate(savedInstanceState)
        val provider = Provider.truid("https://id.example")
        val config = SwitchbackConfig(provider, Mode.direct("demo-app"), "https://app.example/callback")
        client = SwitchbackClient(config, Platform(KeystoreStore(this), OkHttpTransport(OkHttpClient())))
    }

    override fun onDestroy() {
        client.close()
        super.onDestroy()
    }
}
