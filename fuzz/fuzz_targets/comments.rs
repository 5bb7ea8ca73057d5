//! Comment tasks: any bytes as a source file of any language.
#![no_main]

use libfuzzer_sys::fuzz_target;
use muster_detectors::Ruleset;
use muster_fuzz::{check_file, choose};

const NAMES: [&str; 32] = [
    "a.rs",
    "a.js",
    "a.ts",
    "a.jsx",
    "a.tsx",
    "a.vue",
    "a.svelte",
    "a.py",
    "a.go",
    "a.java",
    "a.kt",
    "a.c",
    "a.cpp",
    "a.cs",
    "a.rb",
    "a.php",
    "a.swift",
    "a.sh",
    "a.yaml",
    "a.toml",
    "a.sql",
    "a.html",
    "a.xml",
    "a.css",
    "a.scss",
    "Makefile",
    "Dockerfile",
    "a.lua",
    "a.tf",
    "a.mjs",
    "a.h",
    "a.md",
];

fuzz_target!(|input: &[u8]| {
    if let Some((path, content)) = choose(&NAMES, input) {
        let (ruleset, _) = Ruleset::new(None, None);
        check_file(&ruleset, path, &content);
    }
});
