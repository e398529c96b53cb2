//! Which file is the configuration.

use std::path::{Path, PathBuf};

use super::environment::Environment;

/// Where the configuration file was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Located {
    /// Here.
    At(PathBuf),
    /// Nowhere; these places were looked at.
    Nowhere(Vec<PathBuf>),
}

/// Finds the configuration file: the flag, `PROVIDER_CONFIG`, then the usual places. What a flag or the variable names
/// is taken even where it does not exist, so that a wrong name is an error and never a silent default.
pub fn locate(flag: Option<&Path>, environment: &Environment) -> Located {
    if let Some(path) = flag {
        return Located::At(path.to_path_buf());
    }
    if let Some(path) = environment.get("PROVIDER_CONFIG").filter(|path| !path.is_empty()) {
        return Located::At(PathBuf::from(path));
    }
    let home = environment.text("HOME").map(|home| Path::new(home).join(".provider-daemon/config.yaml"));
    let system = ["/etc/provider-daemon/config.yaml", "/etc/virtengine/provider/provider-config.yaml"];
    let places: Vec<PathBuf> = home.into_iter().chain(system.iter().map(PathBuf::from)).collect();
    match places.iter().find(|path| !is_absent(path)) {
        Some(path) => Located::At(path.clone()),
        None => Located::Nowhere(places),
    }
}

/// Whether nothing is there for certain. What cannot be looked at may be there: it is an error, not an absence.
pub fn is_absent(path: &Path) -> bool {
    path.symlink_metadata()
        .is_err_and(|error| matches!(error.kind(), std::io::ErrorKind::NotFound | std::io::ErrorKind::NotADirectory))
}

/// The folder of the state file and the keyring that belong to a configuration file: beside it, or
/// `/var/lib/provider-daemon` for one under /etc; the home folder's where there is no file.
pub fn data_folder(config: Option<&Path>, environment: &Environment) -> PathBuf {
    match config {
        Some(path) if path.starts_with("/etc") => PathBuf::from("/var/lib/provider-daemon"),
        Some(path) => {
            let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
            parent.map_or_else(|| PathBuf::from("."), Path::to_path_buf)
        }
        None => environment
            .text("HOME")
            .map_or_else(|| PathBuf::from("/var/lib/provider-daemon"), |home| Path::new(home).join(".provider-daemon")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_flag_wins_over_the_variable() {
        let environment = Environment::of([("PROVIDER_CONFIG", "/b.yaml"), ("HOME", "/nowhere")]);
        assert_eq!(locate(Some(Path::new("/a.yaml")), &environment), Located::At("/a.yaml".into()));
        assert_eq!(locate(None, &environment), Located::At("/b.yaml".into()));
    }

    #[test]
    fn data_lies_beside_the_file_or_under_var() {
        let environment = Environment::of([("HOME", "/home/p")]);
        for (config, folder) in [
            (Some("/etc/provider-daemon/config.yaml"), "/var/lib/provider-daemon"),
            (Some("/srv/p/config.yaml"), "/srv/p"),
            (Some("config.yaml"), "."),
            (None, "/home/p/.provider-daemon"),
        ] {
            assert_eq!(data_folder(config.map(Path::new), &environment), PathBuf::from(folder));
        }
    }
}
