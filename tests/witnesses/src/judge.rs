//! Judging one request: what the witnesses said, against each other and against us.

use pangulm_signer::SignError;

use crate::canonical::{Canonical, PARTS, Part};
use crate::classes::{CLASSES, Class, Ours as Stance, Takes};
use crate::ours::{self, Ours};
use crate::request::Request;
use crate::witness::{Signed, Testimony};

/// How a request ended, with the positions of the classes that explain it.
pub(crate) enum Verdict {
    /// Both witnesses, our signer and our verifier agree.
    Agreed,
    Disagreed(Vec<usize>),
    Refused(Vec<usize>),
}

/// Judges a request.
///
/// # Errors
/// What breaks a promise.
pub(crate) fn judge(
    request: &Request,
    python: &Testimony,
    node: &Testimony,
) -> Result<Verdict, String> {
    let ours = match ours::sign_request(request) {
        Ok(ours) => ours,
        Err(error) => return refused(request, &error),
    };
    let ours_parsed = Canonical::parse(&ours.canonical).map_err(|error| error.to_string())?;
    match (python, node) {
        (Testimony::Signed(python), Testimony::Signed(node))
            if python.signature() == node.signature() =>
        {
            agreed(request, python, node, &ours)
        }
        (Testimony::Signed(python), Testimony::Signed(node)) => {
            disagreed(request, python, node, &ours_parsed)
        }
        (Testimony::Error(error), Testimony::Signed(node)) => {
            one_failed(request, error, node, &ours_parsed)
        }
        (_, Testimony::Error(error)) => Err(format!("the Node signer fails: {error}")),
        _ => Err("a witness did not sign a request that we sign".to_owned()),
    }
}

/// Holds us to one witness that signed with a derived key: where its canonical request is ours, so
/// is all the rest, and our verifier takes its request. Says whether that is the case; where the
/// canonical requests differ, [`judge`] has found why.
///
/// # Errors
/// What breaks a promise.
pub(crate) fn judge_derived(request: &Request, theirs: &Testimony) -> Result<bool, String> {
    let (Ok(ours), Testimony::Signed(theirs)) = (ours::sign_request(request), theirs) else {
        return Ok(false);
    };
    let canonical = Canonical::parse(&ours.canonical).map_err(|error| error.to_string())?;
    let differs = |part: &Part| canonical.part(*part) != theirs.canonical.part(*part);
    if PARTS.iter().any(differs) {
        return Ok(false);
    }
    if ours.authorization != theirs.authorization() {
        let (ours, theirs) = (&ours.authorization, theirs.authorization());
        return Err(format!(
            "with a derived key we say `{ours}`, the witness `{theirs}`"
        ));
    }
    ours::check(request, theirs)
        .map(|()| true)
        .map_err(|refusal| format!("our verifier refuses the derived signature: {refusal}"))
}

fn refused(request: &Request, error: &SignError) -> Result<Verdict, String> {
    let classes = applying(request, |class| matches!(class.ours, Stance::Refuses(_)));
    if classes.is_empty() {
        return Err(format!("we refuse it without a class: {error}"));
    }
    Ok(Verdict::Refused(classes))
}

fn agreed(
    request: &Request,
    python: &Signed,
    node: &Signed,
    ours: &Ours,
) -> Result<Verdict, String> {
    let alone = applying(request, |class| matches!(class.ours, Stance::Alone(_)));
    if !alone.is_empty() {
        return Ok(Verdict::Disagreed(alone));
    }
    if ours.signature() != python.signature() {
        let canonical = &ours.canonical;
        return Err(format!("the witnesses agree, we differ: {canonical:?}"));
    }
    for (name, theirs) in [("Python", python), ("Node", node)] {
        if let Err(refusal) = ours::check(request, theirs) {
            return Err(format!("our verifier refuses {name}'s request: {refusal}"));
        }
    }
    Ok(Verdict::Agreed)
}

fn disagreed(
    request: &Request,
    python: &Signed,
    node: &Signed,
    ours: &Canonical,
) -> Result<Verdict, String> {
    let differs = |part: &Part| python.canonical.part(*part) != node.canonical.part(*part);
    let parts: Vec<Part> = PARTS.into_iter().filter(differs).collect();
    if parts.is_empty() {
        return Err("the signatures differ, the canonical requests do not".to_owned());
    }
    let mut explaining = Vec::new();
    for part in parts {
        let classes = applying(request, |class| class.parts.contains(&part));
        let texts = [&python.canonical, &node.canonical, ours].map(|one| one.part(part));
        if classes.is_empty() {
            return Err(format!("no class explains the {part:?}: {texts:?}"));
        }
        check_stance(part, &classes, texts)?;
        explaining.extend(classes);
    }
    explaining.sort_unstable();
    explaining.dedup();
    check_verifier(request, python, node)?;
    Ok(Verdict::Disagreed(explaining))
}

fn one_failed(
    request: &Request,
    error: &str,
    node: &Signed,
    ours: &Canonical,
) -> Result<Verdict, String> {
    let classes = applying(request, |class| class.python.starts_with("fails"));
    if classes.is_empty() {
        return Err(format!("the Python signer fails without a class: {error}"));
    }
    let path = node.canonical.part(Part::Path);
    check_stance(Part::Path, &classes, ["", path, ours.part(Part::Path)])?;
    Ok(Verdict::Disagreed(classes))
}

/// Holds us to what the classes say we do, unless they say different things at once.
fn check_stance(
    part: Part,
    classes: &[usize],
    [python, node, ours]: [&str; 3],
) -> Result<(), String> {
    let classes = classes.iter().filter_map(|index| CLASSES.get(*index));
    let (mut as_python, mut as_node, mut other) = (false, false, false);
    for class in classes {
        match class.ours {
            Stance::AsPython(_) => as_python = true,
            Stance::AsNode(_) => as_node = true,
            Stance::Own(_) | Stance::Alone(_) | Stance::Refuses(_) => other = true,
        }
    }
    let kept = match (as_python, as_node, other) {
        (true, false, false) => ours == python,
        (false, true, false) => ours == node,
        _ => true,
    };
    if kept {
        return Ok(());
    }
    Err(format!(
        "our {part:?} is not as the class says: {ours:?}, Python {python:?}, Node {node:?}"
    ))
}

/// A class says whose requests our verifier takes; held to where nothing else plays a part.
fn check_verifier(request: &Request, python: &Signed, node: &Signed) -> Result<(), String> {
    let mut classes = CLASSES.iter().filter(|class| (class.applies)(request));
    let (Some(class), None) = (classes.next(), classes.next()) else {
        return Ok(());
    };
    let outcomes = [python, node].map(|theirs| ours::check(request, theirs));
    let takes = match outcomes.each_ref().map(Result::is_ok) {
        [true, true] => Takes::Both,
        [true, false] => Takes::Python,
        [false, true] => Takes::Node,
        [false, false] => Takes::Neither,
    };
    if class.verifier == Takes::Open || class.verifier == takes {
        return Ok(());
    }
    Err(format!(
        "our verifier is not as the class `{}` says: {outcomes:?}",
        class.when
    ))
}

fn applying(request: &Request, wanted: impl Fn(&Class) -> bool) -> Vec<usize> {
    let classes = CLASSES.iter().enumerate();
    classes
        .filter(|(_, class)| wanted(class) && (class.applies)(request))
        .map(|(index, _)| index)
        .collect()
}
