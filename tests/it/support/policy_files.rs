//! The folder `policies/` as the loader takes it; tests and benches read the same.

use dinggang::policy::library::Files;
use std::path::Path;

/// Every shipped file.
pub fn files() -> Files {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("policies");
    let mut files = Files::new();
    let mut open = vec![root.clone()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(&root).expect("below the folder");
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                let text = std::fs::read_to_string(&path).expect("readable");
                files.insert(parts.join("/"), text);
            }
        }
    }
    files
}
