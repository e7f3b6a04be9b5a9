//! Presets: configurations for well-known layouts, which others extend.

/// A preset.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preset {
    /// Its name, as in `extends = "preset:clean"`.
    pub name: &'static str,
    /// What it is for, in a line.
    pub summary: &'static str,
    /// Its text, which is a whole configuration.
    pub text: &'static str,
}

/// All presets, sorted by name.
pub const PRESETS: [Preset; 4] = [
    Preset {
        name: "clean",
        summary: "entities and the domain inside, use cases around them, everything else outside",
        text: include_str!("presets/clean.toml"),
    },
    Preset {
        name: "functional-core",
        summary: "a functional core, an imperative shell, orchestrators between, entry points in front",
        text: include_str!("presets/functional-core.toml"),
    },
    Preset {
        name: "hexagonal",
        summary: "ports and adapters: the domain in the middle, application services that drive ports",
        text: include_str!("presets/hexagonal.toml"),
    },
    Preset {
        name: "orchestrator-strict",
        summary: "every rule denies; it says nothing of roles",
        text: include_str!("presets/orchestrator-strict.toml"),
    },
];

/// What a preset's name begins with where a configuration extends it.
pub const PRESET_MARK: &str = "preset:";

/// The preset of that name.
pub fn preset(name: &str) -> Option<&'static Preset> {
    PRESETS.iter().find(|preset| preset.name == name)
}
