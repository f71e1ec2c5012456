//! What the bucket holds, in memory: at most 256 MB, 10,000 objects and 1,000 unfinished uploads.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;

use super::cors::Rule;

/// The one bucket.
pub(crate) const BUCKET: &str = "emulator-bucket";

const MOST_BYTES: u64 = 256 << 20;
const MOST_OBJECTS: usize = 10_000;
const MOST_UPLOADS: usize = 1_000;
/// Content is copied into pieces of this size, so that many small network reads cost no more.
const PIECE: usize = 1 << 20;

/// The storage of one emulator.
#[derive(Debug, Default)]
pub(crate) struct Store {
    used: Arc<AtomicU64>,
    kept: Mutex<Kept>,
}

/// What the lock guards.
#[derive(Debug, Default)]
pub(crate) struct Kept {
    pub(crate) objects: BTreeMap<String, Object>,
    pub(super) uploads: BTreeMap<String, Upload>,
    pub(super) cors: Vec<Rule>,
}

/// An object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    pub(crate) content: Content,
    /// In quotation marks, as it is sent.
    pub(crate) etag: String,
    pub(crate) content_type: Option<String>,
    /// Names without the prefix `x-obs-meta-`.
    pub(crate) metadata: Vec<(String, String)>,
    /// In microseconds.
    pub(crate) modified: u64,
}

/// An upload in parts that is not complete.
#[derive(Debug)]
pub(super) struct Upload {
    pub(super) key: String,
    pub(super) content_type: Option<String>,
    pub(super) metadata: Vec<(String, String)>,
    pub(super) parts: BTreeMap<u32, Part>,
}

#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) content: Content,
    pub(super) md5: [u8; 16],
    pub(super) modified: u64,
}

/// Why something is not kept: the storage is full.
#[derive(Debug)]
pub(crate) struct Full;

impl Store {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Kept> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An object's whole content; nothing if there is no such object.
    pub(crate) fn find(&self, bucket: &str, key: &str) -> Option<Object> {
        let kept = self.lock();
        let found = (bucket == BUCKET).then(|| kept.objects.get(key))?;
        found.cloned()
    }

    /// Keeps an object in place of the one of the same key.
    pub(crate) fn keep(&self, key: &str, object: Object) -> Result<(), Full> {
        let mut kept = self.lock();
        if kept.objects.len() >= MOST_OBJECTS && !kept.objects.contains_key(key) {
            return Err(Full);
        }
        kept.objects.insert(key.to_owned(), object);
        Ok(())
    }

    pub(super) fn begin(&self, id: String, upload: Upload) -> Result<(), Full> {
        let mut kept = self.lock();
        if kept.uploads.len() >= MOST_UPLOADS {
            return Err(Full);
        }
        kept.uploads.insert(id, upload);
        Ok(())
    }

    pub(crate) fn clear(&self) {
        *self.lock() = Kept::default();
    }

    /// Content that grows piece by piece, within the storage's bounds.
    pub(crate) fn writer(&self) -> Writer<'_> {
        Writer {
            store: self,
            open: Vec::new(),
            content: Content::default(),
        }
    }

    fn hold(&self, bytes: Vec<u8>) -> Result<Arc<Piece>, Full> {
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let room = self
            .used
            .fetch_update(Ordering::AcqRel, Ordering::Acquire, |used| {
                used.checked_add(length).filter(|used| *used <= MOST_BYTES)
            });
        room.map_err(|_| Full)?;
        Ok(Arc::new(Piece {
            bytes: bytes.into(),
            length,
            used: Arc::clone(&self.used),
        }))
    }
}

/// Bytes that count as used until the last reader lets go of them.
#[derive(Debug)]
struct Piece {
    bytes: Bytes,
    length: u64,
    used: Arc<AtomicU64>,
}

impl Drop for Piece {
    fn drop(&mut self) {
        self.used.fetch_sub(self.length, Ordering::AcqRel);
    }
}

/// The bytes of an object or a part. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Content {
    pieces: Vec<Arc<Piece>>,
    length: u64,
}

impl Content {
    pub(crate) fn len(&self) -> u64 {
        self.length
    }

    /// Appends what another content holds, sharing it.
    pub(super) fn append(&mut self, other: &Self) {
        self.pieces.extend(other.pieces.iter().cloned());
        self.length += other.length;
    }

    /// The bytes in a range, in pieces.
    pub(crate) fn slices(&self, range: Range<u64>) -> Vec<Bytes> {
        let index = |offset: u64| usize::try_from(offset).unwrap_or(usize::MAX);
        let mut begin = 0;
        let mut slices = Vec::new();
        for piece in &self.pieces {
            let end = begin + piece.length;
            let (from, to) = (range.start.max(begin), range.end.min(end));
            if from < to {
                slices.push(piece.bytes.slice(index(from - begin)..index(to - begin)));
            }
            begin = end;
        }
        slices
    }
}

/// Takes content in.
pub(crate) struct Writer<'a> {
    store: &'a Store,
    open: Vec<u8>,
    content: Content,
}

impl Writer<'_> {
    pub(crate) fn write(&mut self, mut bytes: &[u8]) -> Result<(), Full> {
        while !bytes.is_empty() {
            let room = PIECE - self.open.len();
            let (now, later) = bytes.split_at(room.min(bytes.len()));
            self.open.extend_from_slice(now);
            bytes = later;
            if self.open.len() == PIECE {
                self.close()?;
            }
        }
        Ok(())
    }

    pub(crate) fn finish(mut self) -> Result<Content, Full> {
        if !self.open.is_empty() {
            self.close()?;
        }
        Ok(self.content)
    }

    fn close(&mut self) -> Result<(), Full> {
        let piece = self.store.hold(std::mem::take(&mut self.open))?;
        self.content.length += piece.length;
        self.content.pieces.push(piece);
        Ok(())
    }
}
