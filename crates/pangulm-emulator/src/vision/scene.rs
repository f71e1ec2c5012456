//! What there is to see in a picture: things made of its size and its bytes.

use super::picture::Picture;

/// What things are, and how sure the models are of them. The last one is below the usual threshold.
const KINDS: [(&str, f64); 4] = [
    ("car", 0.9375),
    ("person", 0.8125),
    ("bicycle", 0.5625),
    ("dog", 0.1875),
];

pub(super) struct Thing {
    pub(super) label: &'static str,
    pub(super) score: f64,
    pub(super) x: u32,
    pub(super) y: u32,
    pub(super) width: u32,
    pub(super) height: u32,
}

impl Thing {
    pub(super) fn covers(&self, x: u32, y: u32) -> bool {
        (self.x..self.x + self.width).contains(&x) && (self.y..self.y + self.height).contains(&y)
    }
}

/// The things in a picture, the surest first. All lie within it.
pub(super) fn things(picture: &Picture) -> Vec<Thing> {
    let mut chance = Chance(picture.digest);
    // From a fifth to two fifths of a side.
    let mut part = |side: u32| {
        let length = (side / 5 + chance.below(side / 5 + 1)).max(1);
        (chance.below(side - length + 1), length)
    };
    let things = KINDS.iter().map(|(label, score)| {
        let (x, width) = part(picture.width);
        let (y, height) = part(picture.height);
        Thing {
            label,
            score: *score,
            x,
            y,
            width,
            height,
        }
    });
    things.collect()
}

/// Numbers that follow from a first one (Knuth's MMIX).
struct Chance(u64);

impl Chance {
    /// A number from 0 on and below this, which is at least 1.
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let number = (self.0 >> 33) % u64::from(limit);
        u32::try_from(number).unwrap_or_default()
    }
}
