//! The organisation tree beside every page.

use askama::Template;

/// An area or an institution with what lies in it.
#[derive(Template)]
#[template(path = "tree-node.html")]
pub struct Node {
    pub title: String,
    /// Empty = no page of its own.
    pub href: String,
    /// The page is about it.
    pub current: bool,
    pub nodes: Vec<Node>,
}

impl Node {
    /// Whether it, or something in it, is what the page is about.
    pub fn holds_current(&self) -> bool {
        self.current || self.nodes.iter().any(Self::holds_current)
    }

    /// Nodes in all.
    pub fn count(&self) -> usize {
        1 + self.nodes.iter().map(Self::count).sum::<usize>()
    }
}

/// Shuts what is far from the page when the whole would be too long to send each time.
pub fn pruned(nodes: &mut Vec<Node>, most: usize) {
    let all: usize = nodes.iter().map(Node::count).sum();
    if all <= most {
        return;
    }
    for node in nodes {
        if !node.holds_current() {
            node.nodes.clear();
        } else {
            pruned(&mut node.nodes, most);
        }
    }
}
