android {
    defaultConfig {
        manifestPlaceholders["switchbackHost"] = "{{host}}"
        manifestPlaceholders["switchbackPath"] = "{{path}}"
    }
}
