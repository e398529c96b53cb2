//! Files that the program writes of itself are checked in; each must be what it would write today.
//! `BLESS=1 tests/run generated` writes them anew.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use clap_complete::Shell;

const ADAPTERS: &[&str] =
    &["local", "kubernetes", "slurm", "openstack", "waldur", "vmware", "aws", "azure", "ansible", "multipass"];

/// Each generated file with its content.
fn files() -> Vec<(PathBuf, String)> {
    let mut files = Vec::new();
    for (name, text) in provider::cli::man::pages() {
        files.push((Path::new("man").join(name), text));
    }
    for (shell, name) in [
        (Shell::Bash, "provider.bash"),
        (Shell::Zsh, "_provider"),
        (Shell::Fish, "provider.fish"),
        (Shell::Elvish, "provider.elv"),
        (Shell::PowerShell, "_provider.ps1"),
    ] {
        files.push((Path::new("completions").join(name), provider::cli::completions::script(shell, "provider")));
    }
    let schema = serde_json::to_string_pretty(&provider::config::json_schema()).unwrap() + "\n";
    files.push(("config/schema.json".into(), schema));
    files.push(("config/complete.yaml".into(), provider::config::example(None)));
    for adapter in ADAPTERS {
        let text = provider::config::example(Some(&format!("orchestration.{adapter}")));
        files.push((format!("config/back-ends/{adapter}.yaml").into(), text));
    }
    files.push(("config/kubernetes-rbac.yaml".into(), provider::adapters::kubernetes::rbac()));
    for unit in provider::cli::timers::packaged(&defaults()) {
        files.push((Path::new("systemd-timers").join(unit.name), unit.text));
    }
    files
}

/// The settings of an empty configuration.
fn defaults() -> provider::config::Settings {
    use provider::config::{Build, Environment, Request, load};
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("config.yaml");
    fs::write(&file, "").unwrap();
    let environment = Environment::of([]);
    let working_folder = folder.path().to_owned();
    let request =
        Request { file: Some(&file), flags: Vec::new(), environment: &environment, working_folder, build: Build::THIS };
    load(&request).settings.unwrap()
}

#[test]
fn generated_files_are_fresh() {
    let files = files();
    for (path, text) in &files {
        if std::env::var_os("BLESS").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
        let found = fs::read_to_string(path).unwrap_or_default();
        assert!(found == *text, "{} is stale; write it anew with BLESS=1 tests/run generated", path.display());
    }
    for folder in ["man", "completions", "config/back-ends", "systemd-timers"] {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            assert!(files.iter().any(|(known, _)| *known == path), "{} is left over", path.display());
        }
    }
}

#[test]
fn manual_pages_are_clean() {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files().iter().filter(|(path, _)| path.starts_with("man")) {
        let page = folder.path().join(path.file_name().unwrap());
        fs::write(&page, text).unwrap();
        let Ok(lint) = Command::new("mandoc").args(["-T", "lint"]).arg(&page).output() else {
            eprintln!("could not run: mandoc is not installed");
            return;
        };
        let said = String::from_utf8_lossy(&lint.stdout).into_owned() + &String::from_utf8_lossy(&lint.stderr);
        assert_eq!(said, "", "{}", path.display());
    }
}
