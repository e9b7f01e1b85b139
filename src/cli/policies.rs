//! Where policy files come from: those shipped inside the program, or a folder.

use crate::policy::library::Files;
use rust_embed::RustEmbed;
use std::path::Path;

#[derive(RustEmbed)]
#[folder = "policies/"]
#[include = "*.toml"]
struct Shipped;

/// The files shipped with the program.
pub fn shipped() -> Files {
    Shipped::iter()
        .filter_map(|path| {
            let file = Shipped::get(&path)?;
            Some((
                path.into_owned(),
                String::from_utf8_lossy(&file.data).into_owned(),
            ))
        })
        .collect()
}

/// One shipped file.
pub fn shipped_file(path: &str) -> Option<String> {
    Shipped::get(path).map(|file| String::from_utf8_lossy(&file.data).into_owned())
}

/// Every `.toml` below a folder, by its path in it with `/` between the parts.
pub fn of_folder(folder: &Path) -> std::io::Result<Files> {
    let mut files = Files::new();
    let mut open = vec![folder.to_path_buf()];
    while let Some(current) = open.pop() {
        for entry in std::fs::read_dir(&current)? {
            let path = entry?.path();
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|e| e == "toml") {
                let name = path.strip_prefix(folder).unwrap_or(&path);
                let parts: Vec<_> = name.iter().map(|part| part.to_string_lossy()).collect();
                files.insert(parts.join("/"), std::fs::read_to_string(&path)?);
            }
        }
    }
    Ok(files)
}
