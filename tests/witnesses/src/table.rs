//! The table of classes as the documentation shows it.

use std::fmt::Write;

use crate::classes::{CLASSES, Ours, Takes};

pub(crate) fn markdown() -> String {
    let mut table = String::from(
        "| when | official Python | official Node | we | our verifier takes |\n\
         |---|---|---|---|---|\n",
    );
    for class in CLASSES {
        let ours = match class.ours {
            Ours::AsPython(why) => format!("as Python: {why}"),
            Ours::AsNode(why) => format!("as Node: {why}"),
            Ours::Own(what) | Ours::Alone(what) => what.to_owned(),
            Ours::Refuses(remedy) => format!("refuse: {remedy}"),
        };
        let takes = match class.verifier {
            Takes::Both => "both",
            Takes::Python => "Python's",
            Takes::Node => "Node's",
            Takes::Neither => "neither",
            Takes::Open => "–",
        };
        let cells = [class.when, class.python, class.node, &ours, takes];
        // A bar ends a cell, even inside code.
        let cells = cells.map(|cell| cell.replace('|', "\\|"));
        let _ = writeln!(table, "| {} |", cells.join(" | "));
    }
    table
}
