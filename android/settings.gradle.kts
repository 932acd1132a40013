// Builds the Android library from source, for a project that uses Gradle. Maven builds and
// tests the modules, and these files are untested. `cargo test -p xtask` keeps their versions and modules equal to
// those of Maven.
pluginManagement {
    repositories {
        google()
        mavenCentral()
        gradlePluginPortal()
    }
    plugins {
        id("com.android.library") version "8.12.0"
        kotlin("android") version "2.4.21"
        kotlin("jvm") version "2.4.21"
    }
}

dependencyResolutionManagement {
    repositories {
        google()
        mavenCentral()
    }
}

rootProject.name = "switchback-parent"

include(":core-jvm", ":android")
